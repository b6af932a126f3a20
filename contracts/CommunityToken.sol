// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

import {ICommunityToken} from "./interfaces/ICommunityToken.sol";
import {IServiceExchange} from "./interfaces/IServiceExchange.sol";
import {Accounts} from "./token/Account.sol";
import {AccountBook} from "./token/AccountBook.sol";
import {TransferAuthorizations} from "./token/TransferAuthorizations.sol";
import {BatchCredit} from "./token/BatchCredit.sol";

/// @dev Allowances, metadata and permit are OpenZeppelin's. The parts under `token/` keep the accounts, the fees and
/// the switch; here is what the other contracts of the community do with the token.
contract CommunityToken is BatchCredit, TransferAuthorizations {
    // --------------------------------------------------------------------------------------------------- STORAGE

    address private _exchange;

    // ----------------------------------------------------------------------------------------------- CONSTRUCTOR

    /// @param authority_ AccessManager of the community.
    /// @param treasury_ Treasury of the community, for good.
    constructor(address authority_, address treasury_, string memory name_, string memory symbol_)
        ERC20(name_, symbol_)
        ERC20Permit(name_)
        AccessManaged(authority_)
        AccountBook(treasury_)
    {}

    /// @inheritdoc ICommunityToken
    function bind(address exchange_) external restricted {
        if (_exchange != address(0)) revert CommunityTokenAlreadyBound(_exchange);
        address linked = IServiceExchange(exchange_).token();
        if (linked != address(this)) revert CommunityTokenNotLinked("exchange.token", linked, address(this));
        _exchange = exchange_;
        emit ExchangeBound(exchange_);
        _setAccount(exchange_, Accounts.pack(0, Accounts.SYSTEM, Accounts.LEFT));
    }

    // -------------------------------------------------------------------------------------------------- TREASURY

    /// @inheritdoc ICommunityToken
    function issue(uint256 amount) external restricted {
        requireRunning();
        _growSupply(amount);
        _credit(address(0), _treasury, amount);
    }

    /// @inheritdoc ICommunityToken
    function burn(uint256 amount) external restricted {
        _requireNotPaused();
        _accounts[_treasury] = _requireSender(_treasury, amount).minus(amount);
        _supply -= amount;
        emit Transfer(_treasury, address(0), amount);
    }

    // ------------------------------------------------------------------------------------------ SERVICE EXCHANGE

    /// @inheritdoc ICommunityToken
    function escrow(address from, uint256 amount) external restricted {
        _requireNotPaused();
        if (_accounts[msg.sender].class_() != Accounts.SYSTEM) revert CommunityTokenCannotReceive(msg.sender, 0);
        _spendAllowance(from, msg.sender, amount);
        _accounts[from] = _requireSender(from, amount).minus(amount);
        _credit(from, msg.sender, amount);
    }

    /// @inheritdoc ICommunityToken
    function release(address to, uint256 amount, uint16 feeBps) external restricted {
        _requireNotPaused();
        _requireFee(feeBps);
        _accounts[msg.sender] = _requireSender(msg.sender, amount).minus(amount);
        if (_accounts[to].status() == 0) revert CommunityTokenCannotReceive(to, 0);
        _creditLessFee(msg.sender, to, amount, _feeDown(amount, feeBps), SERVICE);
    }

    // ----------------------------------------------------------------------------------------------------- VIEWS

    /// @inheritdoc ICommunityToken
    function exchange() external view returns (address) {
        return _exchange;
    }
}
