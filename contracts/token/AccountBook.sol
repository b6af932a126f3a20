// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

import {ICommunityToken} from "../interfaces/ICommunityToken.sol";
import {Account, Accounts} from "./Account.sol";
import {TokenSwitch} from "./TokenSwitch.sol";

/// @dev Who holds what: account words and supply, and what the MemberRegistry writes to them. Part of the
/// CommunityToken. The balances and the supply of OpenZeppelin's base stay empty.
abstract contract AccountBook is TokenSwitch, ERC20Permit {
    address internal immutable _treasury;

    mapping(address wallet => Account) internal _accounts;
    uint256 internal _supply;

    /// @dev The Treasury has its account from the start: it receives fees before anything is bound.
    constructor(address treasury_) {
        if (treasury_ == address(0)) {
            revert CommunityTokenAccountInvalid(treasury_, Accounts.SYSTEM, Accounts.ACTIVE);
        }
        _treasury = treasury_;
        _setAccount(treasury_, Accounts.pack(0, Accounts.SYSTEM, Accounts.ACTIVE));
    }

    // ------------------------------------------------------------------------------------------- MEMBER REGISTRY

    /// @inheritdoc ICommunityToken
    function setAccount(address wallet, uint8 class_, uint8 status) external restricted {
        Account account = _accounts[wallet];
        if (account.class_() == Accounts.SYSTEM) revert CommunityTokenSystemAccount(wallet);
        if (account.class_() == class_ && account.status() == status) return;
        bool isNone = class_ == 0 && status == 0;
        bool isMember = class_ != 0 && class_ < Accounts.SYSTEM && status != 0 && status <= Accounts.LEFT_FROZEN;
        if (wallet == address(0) || !(isNone || isMember)) {
            revert CommunityTokenAccountInvalid(wallet, class_, status);
        }
        if (isNone && account.balance() != 0) revert CommunityTokenNotEmpty(wallet, account.balance());
        _setAccount(wallet, Accounts.pack(account.balance(), class_, status));
    }

    /// @inheritdoc ICommunityToken
    function moveAccount(address from, address to) external restricted {
        _requireNotPaused();
        (Account account, Account taken) = (_accounts[from], _accounts[to]);
        if (account.class_() == Accounts.SYSTEM) revert CommunityTokenSystemAccount(from);
        if (account.status() == 0) revert CommunityTokenCannotMove(from, 0, 0);
        if (to == address(0) || taken.status() != 0) {
            revert CommunityTokenCannotMove(to, taken.class_(), taken.status());
        }
        _setAccount(from, Accounts.NONE);
        _setAccount(to, account);
        emit Transfer(from, to, account.balance());
    }

    /// @inheritdoc ICommunityToken
    function sweep(address wallet) external restricted returns (uint256 amount) {
        _requireNotPaused();
        Account account = _accounts[wallet];
        if (account.class_() == Accounts.SYSTEM) revert CommunityTokenSystemAccount(wallet);
        if (account.status() != Accounts.LEFT) revert CommunityTokenNotLeft(wallet, account.status());
        amount = account.balance();
        _accounts[wallet] = account.minus(amount);
        _credit(wallet, _treasury, amount);
    }

    function _setAccount(address wallet, Account account) internal {
        _accounts[wallet] = account;
        emit AccountSet(wallet, account.class_(), account.status());
    }

    // -------------------------------------------------------------------------------------------------- INTERNAL

    /// @dev Adds to an account what was taken from `from`, or from nowhere (0).
    function _credit(address from, address to, uint256 amount) internal {
        _accounts[to] = _accounts[to].plus(amount);
        emit Transfer(from, to, amount);
    }

    /// @dev A balance is part of the supply: while the supply has 128 bits, no balance reaches into the class.
    function _growSupply(uint256 amount) internal {
        uint256 supply = _supply + amount;
        if (supply > type(uint128).max) revert CommunityTokenSupplyLimit(supply, type(uint128).max);
        _supply = supply;
    }

    // ----------------------------------------------------------------------------------------------------- VIEWS

    /// @inheritdoc ICommunityToken
    function accountOf(address wallet) external view returns (uint128 balance, uint8 class_, uint8 status) {
        Account account = _accounts[wallet];
        return (account.balance(), account.class_(), account.status());
    }

    /// @inheritdoc ICommunityToken
    function treasury() external view returns (address) {
        return _treasury;
    }

    /// @inheritdoc IERC20
    function balanceOf(address wallet) public view override(ERC20, IERC20) returns (uint256) {
        return _accounts[wallet].balance();
    }

    /// @inheritdoc IERC20
    function totalSupply() public view override(ERC20, IERC20) returns (uint256) {
        return _supply;
    }

    /// @inheritdoc IERC20Permit
    function nonces(address owner) public view override(ERC20Permit, IERC20Permit) returns (uint256) {
        return super.nonces(owner);
    }
}
