// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {ISettlementLedger} from "../interfaces/ISettlementLedger.sol";
import {Roles} from "../libraries/Roles.sol";
import {PayoutCaps} from "./PayoutCaps.sol";

/// @dev How many oracles must sign, and whether they did. Part of the SettlementLedger.
abstract contract OracleQuorum is PayoutCaps, EIP712 {
    // These variables share one storage word with the ledger's own head.
    uint8 private _required;
    uint8 private _scheduled;
    uint40 private _scheduledFrom;

    constructor(uint8 required) {
        _requireNotZero(required);
        _required = required;
        emit RequiredSignaturesScheduled(required, uint64(block.timestamp));
    }

    /// @inheritdoc ISettlementLedger
    function setRequiredSignatures(uint8 requiredSignatures_) external restricted {
        _requireNotZero(requiredSignatures_);
        uint8 current = requiredSignatures();
        bool lowered = requiredSignatures_ < current;
        uint64 validFrom = uint64(block.timestamp) + (lowered ? minNotice() : 0);
        _required = lowered ? current : requiredSignatures_;
        _scheduled = lowered ? requiredSignatures_ : 0;
        // Block times have 40 bits for 34,000 years.
        _scheduledFrom = lowered ? uint40(validFrom) : 0;
        emit RequiredSignaturesScheduled(requiredSignatures_, validFrom);
    }

    /// @inheritdoc ISettlementLedger
    function requiredSignatures() public view returns (uint8) {
        return _scheduled != 0 && block.timestamp >= _scheduledFrom ? _scheduled : _required;
    }

    /// @inheritdoc ISettlementLedger
    function scheduledSignatures() external view returns (uint8 required, uint64 validFrom) {
        return block.timestamp < _scheduledFrom ? (_scheduled, _scheduledFrom) : (0, 0);
    }

    /// @dev Refuses unless enough distinct oracles signed the typed data with this struct hash.
    function _requireQuorum(bytes32 structHash, bytes[] calldata signatures) internal view {
        uint256 required = requiredSignatures();
        if (signatures.length < required) revert SettlementLedgerTooFewSignatures(signatures.length, required);
        bytes32 digest = _hashTypedDataV4(structHash);
        IAccessManager manager = IAccessManager(authority());
        address previous;
        for (uint256 i; i < signatures.length; ++i) {
            address signer = ECDSA.recover(digest, signatures[i]);
            if (signer <= previous) revert SettlementLedgerSignersNotAscending(signer, previous);
            (bool isOracle, uint32 delay) = manager.hasRole(Roles.ORACLE, signer);
            if (!isOracle || delay != 0) revert SettlementLedgerNotOracle(signer);
            previous = signer;
        }
    }

    function _requireNotZero(uint8 required) private pure {
        if (required == 0) {
            revert SettlementLedgerOutOfRange("requiredSignatures", required, 1, type(uint8).max);
        }
    }
}
