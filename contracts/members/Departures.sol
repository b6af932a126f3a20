// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IMemberRegistry} from "../interfaces/IMemberRegistry.sol";
import {Consents} from "./Consents.sol";

/// @dev Leaving, exclusion, the grace of a wallet that left, and its sweep. Part of the MemberRegistry.
abstract contract Departures is Consents {
    // ------------------------------------------------------------------------------------------------- CONSTANTS

    uint64 private constant GRACE = 90 days;
    /// An exclusion is executed within this time after its notice, or announced again.
    uint64 private constant EXCLUSION_WINDOW = 30 days;

    // --------------------------------------------------------------------------------------------------- STORAGE

    /// The grace is measured on a clock that stands still while the token is paused: running or, of a frozen wallet,
    /// standing. Seconds of that clock have 40 bits for 34,000 years.
    struct Grace {
        bool hasLeft;
        uint40 endsAt; // on the running clock; without meaning while standing
        uint40 remaining; // seconds, while standing
        bool standsStill;
    }

    mapping(address wallet => Grace) internal _graces;
    mapping(bytes32 memberId => uint64 from) private _excludableFrom;

    // --------------------------------------------------------------------------------------------------- LEAVING

    /// @inheritdoc IMemberRegistry
    function leave(bytes32 memberId, uint256 deadline, bytes calldata signature) external {
        (address wallet, uint8 class_, uint8 status) = _present(memberId);
        _requireLeaver(memberId, wallet, deadline, signature);
        _depart(memberId, wallet, class_, status, false);
    }

    /// @inheritdoc IMemberRegistry
    function announceExclusion(bytes32 memberId) external restricted {
        _present(memberId);
        (, uint64 lastUntil) = pendingExclusion(memberId);
        if (block.timestamp <= lastUntil) return;
        uint64 from = uint64(block.timestamp) + _minNotice;
        _excludableFrom[memberId] = from;
        emit ExclusionAnnounced(memberId, from, from + EXCLUSION_WINDOW);
    }

    /// @inheritdoc IMemberRegistry
    function cancelExclusion(bytes32 memberId) external restricted {
        if (_excludableFrom[memberId] == 0) revert MemberRegistryNoExclusion(memberId);
        delete _excludableFrom[memberId];
        emit ExclusionCancelled(memberId);
    }

    /// @inheritdoc IMemberRegistry
    function exclude(bytes32 memberId) external restricted {
        (address wallet, uint8 class_, uint8 status) = _present(memberId);
        (uint64 from, uint64 until) = pendingExclusion(memberId);
        if (from == 0) revert MemberRegistryNoExclusion(memberId);
        if (block.timestamp < from || block.timestamp > until) {
            revert MemberRegistryExclusionOutsideWindow(uint64(block.timestamp), from, until);
        }
        _depart(memberId, wallet, class_, status, true);
    }

    /// @dev Wallet, class and status of a member who has not left.
    function _present(bytes32 memberId) private view returns (address wallet, uint8 class_, uint8 status) {
        (wallet, class_, status) = _existing(memberId);
        if (status != ACTIVE && status != FROZEN) revert MemberRegistryLeft(memberId, wallet);
    }

    function _depart(bytes32 memberId, address wallet, uint8 class_, uint8 status, bool excluded) private {
        bool frozen = status == FROZEN;
        delete _excludableFrom[memberId];
        _graces[wallet] = Grace(true, uint40(_runningClock() + GRACE), uint40(GRACE), frozen);
        emit MemberLeft(memberId, wallet, excluded);
        _token.setAccount(wallet, class_, frozen ? LEFT_FROZEN : LEFT);
    }

    // ----------------------------------------------------------------------------------------------------- GRACE

    /// @dev Stops the grace of a wallet that is being frozen. No effect before leaving.
    function _stopGrace(address wallet) internal {
        Grace storage grace = _graces[wallet];
        if (!grace.hasLeft) return;
        (grace.remaining, grace.standsStill) = (uint40(_secondsLeft(grace)), true);
    }

    /// @dev Lets the grace of a wallet go on that is being unfrozen. No effect before leaving.
    function _resumeGrace(address wallet) internal {
        Grace storage grace = _graces[wallet];
        if (!grace.hasLeft) return;
        (grace.endsAt, grace.standsStill) = (uint40(_runningClock() + grace.remaining), false);
    }

    /// @inheritdoc IMemberRegistry
    function sweep(address wallet) external returns (uint256 amount) {
        Grace storage grace = _graces[wallet];
        bytes32 memberId = _memberOf[wallet];
        if (!grace.hasLeft) {
            (,, uint8 status) = _token.accountOf(wallet);
            revert MemberRegistryNotLeft(wallet, status);
        }
        // Only the present wallet of a member is ever frozen: of another one the grace never stands still.
        if (grace.standsStill) _requireNotFrozen(memberId);
        _requireGraceOver(wallet);
        if (_token.balanceOf(wallet) == 0) return 0;
        amount = _token.sweep(wallet);
        emit WalletSwept(memberId, wallet, amount);
    }

    /// @dev Refuses while the owner of a wallet that left may still dispose of it.
    function _requireGraceOver(address wallet) internal view {
        uint64 secondsLeft = _secondsLeft(_graces[wallet]);
        if (secondsLeft != 0) revert MemberRegistryInGrace(wallet, secondsLeft);
    }

    function _secondsLeft(Grace storage grace) private view returns (uint64) {
        if (grace.standsStill) return grace.remaining;
        uint64 clock = _runningClock();
        return grace.endsAt > clock ? grace.endsAt - clock : 0;
    }

    /// @dev Unix seconds less all seconds in which the token was paused.
    function _runningClock() private view returns (uint64) {
        return uint64(block.timestamp - _token.pausedSeconds());
    }

    // ----------------------------------------------------------------------------------------------------- VIEWS

    /// @inheritdoc IMemberRegistry
    function pendingExclusion(bytes32 memberId) public view returns (uint64 from, uint64 until) {
        from = _excludableFrom[memberId];
        until = from == 0 ? 0 : from + EXCLUSION_WINDOW;
    }

    /// @inheritdoc IMemberRegistry
    function graceOf(address wallet) external view returns (bool hasLeft, uint64 secondsLeft, bool standsStill) {
        Grace storage grace = _graces[wallet];
        if (!grace.hasLeft) return (false, 0, false);
        return (true, _secondsLeft(grace), grace.standsStill || _token.isPaused());
    }
}
