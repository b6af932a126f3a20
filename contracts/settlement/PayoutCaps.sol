// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {ISettlementLedger} from "../interfaces/ISettlementLedger.sol";
import {Notice} from "../libraries/Notice.sol";

/// @dev What a period and a member can receive at most; changes after the notice. Part of the SettlementLedger.
abstract contract PayoutCaps is ISettlementLedger, AccessManaged {
    using Checkpoints for Checkpoints.Trace208;

    uint64 private immutable _minNotice;

    /// Caps by time: validFrom (unix seconds) to `periodCap << 96 | memberCap` in base units.
    Checkpoints.Trace208 private _timeline;

    constructor(uint64 minNotice_, uint96 periodCap, uint96 memberCap) {
        if (minNotice_ < Notice.MIN) {
            revert SettlementLedgerOutOfRange("minNotice", minNotice_, Notice.MIN, type(uint64).max);
        }
        _minNotice = minNotice_;
        _push(periodCap, memberCap, uint64(block.timestamp));
    }

    /// @inheritdoc ISettlementLedger
    function scheduleCaps(uint96 periodCap, uint96 memberCap, uint64 validFrom) external restricted {
        (bool valid, uint64 earliest, uint64 latest) = Notice.check(validFrom, _minNotice);
        if (!valid) revert SettlementLedgerValidFromOutOfRange(validFrom, earliest, latest);
        (, uint48 lastValidFrom,) = _timeline.latestCheckpoint();
        if (validFrom < lastValidFrom) revert SettlementLedgerCapsOutOfOrder(validFrom, lastValidFrom);
        _push(periodCap, memberCap, validFrom);
    }

    function _push(uint96 periodCap, uint96 memberCap, uint64 validFrom) private {
        _timeline.push(uint48(validFrom), (uint208(periodCap) << 96) | memberCap);
        emit CapsScheduled(periodCap, memberCap, validFrom);
    }

    /// @inheritdoc ISettlementLedger
    function caps() public view returns (uint96 periodCap, uint96 memberCap) {
        return _unpack(_timeline.upperLookupRecent(uint48(block.timestamp)));
    }

    /// @inheritdoc ISettlementLedger
    function scheduledCaps() external view returns (uint96 periodCap, uint96 memberCap, uint64 validFrom) {
        (, uint48 key, uint208 value) = _timeline.latestCheckpoint();
        (periodCap, memberCap) = _unpack(value);
        validFrom = key;
    }

    /// @inheritdoc ISettlementLedger
    function minNotice() public view returns (uint64) {
        return _minNotice;
    }

    function _unpack(uint208 value) private pure returns (uint96 periodCap, uint96 memberCap) {
        return (uint96(value >> 96), uint96(value));
    }
}
