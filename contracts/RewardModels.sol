// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {IRewardModels} from "./interfaces/IRewardModels.sol";
import {Notice} from "./libraries/Notice.sol";
import {ParameterRanges} from "./libraries/ParameterRanges.sol";

contract RewardModels is IRewardModels, AccessManaged {
    using Checkpoints for Checkpoints.Trace208;

    // ------------------------------------------------------------------------------------------------ IMMUTABLES

    uint64 private immutable _minNotice;

    // --------------------------------------------------------------------------------------------------- STORAGE
    // After the slots of the bases: count, versions, timeline.

    uint32 private _versionCount;
    mapping(uint32 version => Version) private _versions;

    /// Version in force by time: validFrom (unix seconds) to version number.
    Checkpoints.Trace208 private _timeline;

    // ----------------------------------------------------------------------------------------------- CONSTRUCTOR

    /// @param authority_ AccessManager of the community.
    /// @param minNotice_ Seconds, at least one hour.
    constructor(address authority_, uint64 minNotice_) AccessManaged(authority_) {
        if (minNotice_ < Notice.MIN) revert RewardModelsNoticeOutOfRange(minNotice_, Notice.MIN);
        _minNotice = minNotice_;
    }

    // ------------------------------------------------------------------------------------------------ SCHEDULING

    /// @inheritdoc IRewardModels
    function schedule(Parameters calldata parameters, uint64 validFrom) external restricted returns (uint32 version_) {
        _requireNotice(validFrom);
        ParameterRanges.check(parameters);
        version_ = ++_versionCount;
        _versions[version_] = Version(version_, validFrom, uint64(block.timestamp), parameters);
        _timeline.push(uint48(validFrom), version_);
        emit ModelScheduled(version_, validFrom, parameters);
    }

    function _requireNotice(uint64 validFrom) private view {
        (bool valid, uint64 earliest, uint64 latest) = Notice.check(validFrom, _minNotice);
        if (!valid) revert RewardModelsValidFromOutOfRange(validFrom, earliest, latest);
        (, uint48 lastValidFrom,) = _timeline.latestCheckpoint();
        if (validFrom < lastValidFrom) revert RewardModelsOutOfOrder(validFrom, lastValidFrom);
    }

    // ----------------------------------------------------------------------------------------------------- VIEWS

    /// @inheritdoc IRewardModels
    function modelAt(uint64 periodStart) external view returns (Version memory) {
        uint32 number = versionAt(periodStart);
        if (number == 0) revert RewardModelsNoneAt(periodStart);
        return _versions[number];
    }

    /// @inheritdoc IRewardModels
    function versionAt(uint64 periodStart) public view returns (uint32) {
        uint48 key = periodStart > type(uint48).max ? type(uint48).max : uint48(periodStart);
        return uint32(_timeline.upperLookupRecent(key));
    }

    /// @inheritdoc IRewardModels
    function version(uint32 version_) external view returns (Version memory) {
        if (version_ == 0 || version_ > _versionCount) revert RewardModelsUnknownVersion(version_, _versionCount);
        return _versions[version_];
    }

    /// @inheritdoc IRewardModels
    function versionCount() external view returns (uint32) {
        return _versionCount;
    }

    /// @inheritdoc IRewardModels
    function minNotice() external view returns (uint64) {
        return _minNotice;
    }
}
