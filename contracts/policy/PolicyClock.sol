// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {ITokenPolicy} from "../interfaces/ITokenPolicy.sol";
import {Notice} from "../libraries/Notice.sol";
import {Timeline} from "../libraries/Timeline.sol";

/// @dev When a rule applies: notice, timelines, and ranges of values. Part of the TokenPolicy.
abstract contract PolicyClock is ITokenPolicy, AccessManaged {
    using Timeline for Timeline.Line;

    uint64 private immutable _minNotice;
    uint64 private immutable _start;

    constructor(uint64 minNotice_) {
        if (minNotice_ < Notice.MIN) revert TokenPolicyNoticeOutOfRange(minNotice_, Notice.MIN);
        _minNotice = minNotice_;
        _start = uint64(block.timestamp);
    }

    /// @dev The version that starts at `validFrom`, if the notice is kept.
    function _scheduleOn(Timeline.Line storage line, uint64 validFrom) internal returns (uint256 version) {
        (bool valid, uint64 earliest, uint64 latest) = Notice.check(validFrom, _minNotice);
        if (!valid) revert TokenPolicyValidFromOutOfRange(validFrom, earliest, latest);
        return line.schedule(validFrom);
    }

    /// @dev The version in force at `time` of a timeline that begins with the deployment.
    function _versionAt(Timeline.Line storage line, uint64 time) internal view returns (uint256) {
        if (time < _start) revert TokenPolicyBeforeStart(time, _start);
        return line.versionAt(time);
    }

    function _requireRange(string memory name, uint256 given, uint256 min, uint256 max) internal pure {
        if (given < min || given > max) revert TokenPolicyValueOutOfRange(name, given, min, max);
    }

    /// @inheritdoc ITokenPolicy
    function start() public view returns (uint64) {
        return _start;
    }

    /// @inheritdoc ITokenPolicy
    function minNotice() external view returns (uint64) {
        return _minNotice;
    }
}
