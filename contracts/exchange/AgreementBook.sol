// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";

import {ICommunityToken} from "../interfaces/ICommunityToken.sol";
import {IMemberRegistry} from "../interfaces/IMemberRegistry.sol";
import {IServiceExchange} from "../interfaces/IServiceExchange.sol";
import {ITokenPolicy} from "../interfaces/ITokenPolicy.sol";
import {ITreasury} from "../interfaces/ITreasury.sol";

/// @dev What the ServiceExchange remembers, its clock, and the contracts it stands on.
abstract contract AgreementBook is IServiceExchange, AccessManaged, Nonces {
    // ------------------------------------------------------------------------------------------------- CONSTANTS

    uint8 internal constant NONE = 0;
    uint8 internal constant PROPOSED = 1;
    uint8 internal constant ACCEPTED = 2;
    uint8 internal constant DELIVERED = 3;
    uint8 internal constant SETTLED = 4;
    uint8 internal constant CANCELLED = 5;
    uint8 internal constant DISPUTED = 6;
    uint8 internal constant RESOLVED = 7;
    uint8 internal constant EXPIRED = 8;
    uint8 internal constant LENT = 9;
    uint8 internal constant RETURNED = 10;

    uint64 private constant MIN_CONFIRMATION_PERIOD = 1 hours;
    uint64 private constant MAX_CONFIRMATION_PERIOD = 90 days;
    uint64 private constant DECISION_PERIOD = 60 days;

    // ------------------------------------------------------------------------------------------------ IMMUTABLES

    ICommunityToken internal immutable _token;
    IMemberRegistry internal immutable _members;
    ITokenPolicy internal immutable _policy;
    ITreasury internal immutable _treasury;
    uint64 private immutable _confirmationPeriod;

    // --------------------------------------------------------------------------------------------------- STORAGE

    mapping(bytes32 agreementId => Agreement) internal _agreements;

    // ----------------------------------------------------------------------------------------------- CONSTRUCTOR

    constructor(Configuration memory config) {
        uint64 period = config.confirmationPeriod;
        if (period < MIN_CONFIRMATION_PERIOD || period > MAX_CONFIRMATION_PERIOD) {
            revert ServiceExchangeOutOfRange(
                "confirmationPeriod", period, MIN_CONFIRMATION_PERIOD, MAX_CONFIRMATION_PERIOD
            );
        }
        _token = ICommunityToken(config.token);
        _members = IMemberRegistry(config.members);
        _policy = ITokenPolicy(config.policy);
        _treasury = ITreasury(config.treasury);
        _confirmationPeriod = period;
        _requireLinked("members.token", _members.token(), config.token);
        _requireLinked("token.treasury", _token.treasury(), config.treasury);
        _requireLinked("treasury.policy", _treasury.policy(), config.policy);
    }

    function _requireLinked(string memory part, address found, address expected) private pure {
        if (found != expected) revert ServiceExchangeNotLinked(part, found, expected);
    }

    // ----------------------------------------------------------------------------------------------------- VIEWS

    /// @inheritdoc IServiceExchange
    function agreement(bytes32 agreementId_) external view returns (Agreement memory) {
        return _agreements[agreementId_];
    }

    /// @inheritdoc IServiceExchange
    function nonces(address wallet) public view override(IServiceExchange, Nonces) returns (uint256) {
        return super.nonces(wallet);
    }

    /// @inheritdoc IServiceExchange
    function confirmationPeriod() external view returns (uint64) {
        return _confirmationPeriod;
    }

    /// @inheritdoc IServiceExchange
    function token() external view returns (address) {
        return address(_token);
    }

    /// @inheritdoc IServiceExchange
    function members() external view returns (address) {
        return address(_members);
    }

    /// @inheritdoc IServiceExchange
    function policy() external view returns (address) {
        return address(_policy);
    }

    /// @inheritdoc IServiceExchange
    function treasury() external view returns (address) {
        return address(_treasury);
    }

    // -------------------------------------------------------------------------------------------------- INTERNAL

    /// @param allowed Bit `1 << state` for each state.
    function _inState(bytes32 id, uint16 allowed) internal view returns (Agreement storage entry) {
        entry = _agreements[id];
        uint8 found = entry.state;
        if ((allowed >> found) & 1 == 0) revert ServiceExchangeWrongState(id, found, allowed);
    }

    /// @dev Present wallet of a member, also of one that left.
    function _walletOf(bytes32 memberId) internal view returns (address wallet) {
        wallet = _members.walletOf(memberId);
        if (wallet == address(0)) revert ServiceExchangeNotMember(memberId);
    }

    function _accountOf(address wallet) internal view returns (uint8 class_, uint8 status) {
        (, class_, status) = _token.accountOf(wallet);
    }

    /// @dev Enters a state and starts its clock: time in a pause does not count, be the pause running or still to come.
    function _enter(Agreement storage entry, uint8 state) internal {
        uint64 paused = _token.pausedSeconds();
        // Block times and sums of pauses have 40 bits for 34,000 years.
        (entry.state, entry.stamp, entry.stampPausedSeconds) = (state, uint40(block.timestamp), uint40(paused));
    }

    /// @dev Last second of the parties in the present state, 0 in states without a clock.
    function _dueAt(Agreement storage entry, uint64 deadline) internal view returns (uint256 due) {
        uint8 state = entry.state;
        if (state == PROPOSED || state == ACCEPTED) due = deadline;
        else if (state == DELIVERED || state == RETURNED) due = entry.stamp + _confirmationPeriod;
        else if (state == DISPUTED) due = entry.stamp + DECISION_PERIOD;
        else return 0;
        due += _token.pausedSeconds() - entry.stampPausedSeconds;
    }

    function _requireInTime(bytes32 id, Agreement storage entry, uint64 deadline) internal view {
        uint256 due = _dueAt(entry, deadline);
        if (block.timestamp > due) revert ServiceExchangeTooLate(id, block.timestamp, due);
    }

    function _requireOverdue(bytes32 id, Agreement storage entry, uint64 deadline) internal view {
        uint256 due = _dueAt(entry, deadline);
        if (block.timestamp <= due) revert ServiceExchangeTooEarly(id, block.timestamp, due + 1);
    }
}
