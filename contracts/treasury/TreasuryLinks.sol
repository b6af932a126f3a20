// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {ICommunityToken} from "../interfaces/ICommunityToken.sol";
import {IMemberRegistry} from "../interfaces/IMemberRegistry.sol";
import {ITokenPolicy} from "../interfaces/ITokenPolicy.sol";
import {ITreasury} from "../interfaces/ITreasury.sol";

/// @dev What every part of the Treasury asks: token, members, policy, and the clock of the budgets.
abstract contract TreasuryLinks is ITreasury, AccessManaged {
    using SafeERC20 for ICommunityToken;

    uint256 private constant MONTH = 30 days;
    uint256 private constant YEAR = 365 days;

    ITokenPolicy internal immutable _policy;
    uint256 private immutable _start;

    ICommunityToken internal _token;
    IMemberRegistry internal _members;

    constructor(address policy_) {
        _policy = ITokenPolicy(policy_);
        _start = _policy.start();
    }

    /// @inheritdoc ITreasury
    function bind(address token_, address members_) external restricted {
        if (address(_token) != address(0)) revert TreasuryAlreadyBound(address(_token));
        _requireLink("token.treasury", ICommunityToken(token_).treasury(), address(this));
        _requireLink("members.treasury", IMemberRegistry(members_).treasury(), address(this));
        _requireLink("members.token", IMemberRegistry(members_).token(), token_);
        (_token, _members) = (ICommunityToken(token_), IMemberRegistry(members_));
        emit TreasuryBound(token_, members_);
    }

    function _requireLink(string memory part, address found, address expected) private pure {
        if (found != expected) revert TreasuryNotLinked(part, found, expected);
    }

    // -------------------------------------------------------------------------------------------------- INTERNAL

    function _now() internal view returns (uint64) {
        return uint64(block.timestamp);
    }

    function _balance() internal view returns (uint256) {
        return _token.balanceOf(address(this));
    }

    function _give(address wallet, uint256 units) internal {
        _token.safeTransfer(wallet, units);
    }

    // ----------------------------------------------------------------------------------------------------- VIEWS

    /// @inheritdoc ITreasury
    function month() public view returns (uint256) {
        return (block.timestamp - _start) / MONTH;
    }

    /// @inheritdoc ITreasury
    function year() public view returns (uint256) {
        return (block.timestamp - _start) / YEAR;
    }

    /// @inheritdoc ITreasury
    function token() external view returns (address) {
        return address(_token);
    }

    /// @inheritdoc ITreasury
    function members() external view returns (address) {
        return address(_members);
    }

    /// @inheritdoc ITreasury
    function policy() external view returns (address) {
        return address(_policy);
    }
}
