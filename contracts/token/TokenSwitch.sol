// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {ICommunityToken} from "../interfaces/ICommunityToken.sol";

/// @dev Whether tokens may move: the pause and the suspension. Part of the CommunityToken.
abstract contract TokenSwitch is AccessManaged, ICommunityToken {
    /// One storage word, read by every movement. Times are unix seconds; 40 bits last 34,000 years.
    struct Head {
        /// Start of the pause that goes on, 0 if there is none.
        uint40 pausedAt;
        /// Seconds of the pauses that ended.
        uint40 pausedSeconds;
        bool suspended;
        // Transfer fees.
        uint64 fees;
        uint64 feesNext;
        /// From when `feesNext` applies, 0 if it never does.
        uint40 feesFrom;
    }

    Head internal _head;

    /// @inheritdoc ICommunityToken
    function pause() external restricted {
        if (_head.pausedAt != 0) return;
        uint40 now_ = uint40(block.timestamp);
        _head.pausedAt = now_;
        emit Paused(now_);
    }

    /// @inheritdoc ICommunityToken
    function unpause() external restricted {
        if (_head.pausedAt == 0) return;
        uint40 total = uint40(pausedSeconds());
        (_head.pausedAt, _head.pausedSeconds) = (0, total);
        emit Unpaused(total);
    }

    /// @inheritdoc ICommunityToken
    function setSuspended(bool suspended) external restricted {
        if (_head.suspended == suspended) return;
        _head.suspended = suspended;
        emit SuspensionSet(suspended);
    }

    /// @inheritdoc ICommunityToken
    function isPaused() external view returns (bool) {
        return _head.pausedAt != 0;
    }

    /// @inheritdoc ICommunityToken
    function isSuspended() external view returns (bool) {
        return _head.suspended;
    }

    /// @inheritdoc ICommunityToken
    function pausedSeconds() public view returns (uint64) {
        uint64 running = _head.pausedAt == 0 ? 0 : uint64(block.timestamp) - _head.pausedAt;
        return _head.pausedSeconds + running;
    }

    /// @inheritdoc ICommunityToken
    function requireRunning() public view {
        _requireNotPaused();
        requireNotSuspended();
    }

    /// @inheritdoc ICommunityToken
    function requireNotSuspended() public view {
        if (_head.suspended) revert CommunityTokenSuspended();
    }

    function _requireNotPaused() internal view {
        uint40 pausedAt = _head.pausedAt;
        if (pausedAt != 0) revert CommunityTokenPaused(pausedAt);
    }
}
