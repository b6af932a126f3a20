// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

import {ICommunityToken} from "./interfaces/ICommunityToken.sol";

/// @dev Allowances, metadata and permit are OpenZeppelin's; balances and supply are kept here, in account words, and
/// the balances and the supply of the base stay empty.
contract CommunityToken is ICommunityToken, ERC20Permit, AccessManaged {
    // ------------------------------------------------------------------------------------------------- CONSTANTS

    uint8 private constant CLASS_MAX = 3;
    uint8 private constant ACTIVE = 1;
    uint8 private constant FROZEN = 2;
    uint8 private constant LEFT = 3;

    /// Position of the status in an account word, and the amount's part of a payout word; used by the batch credit.
    uint256 private constant STATUS_SHIFT = 136;
    uint256 private constant AMOUNT_MASK = 0xffffffffffffffffffffffff;

    // --------------------------------------------------------------------------------------------------- STORAGE
    // After the slots of the bases: accounts, supply.

    /// One storage word: balance in bits 0 to 127, class in 128 to 135, status in 136 to 143, the rest 0.
    struct Account {
        uint128 balance;
        uint8 class_;
        uint8 status;
    }

    mapping(address wallet => Account) private _accounts;
    uint256 private _supply;

    // ----------------------------------------------------------------------------------------------- CONSTRUCTOR

    /// @param authority_ AccessManager of the community.
    constructor(address authority_, string memory name_, string memory symbol_)
        ERC20(name_, symbol_)
        ERC20Permit(name_)
        AccessManaged(authority_)
    {}

    // ------------------------------------------------------------------------------------------- MEMBER REGISTRY

    /// @inheritdoc ICommunityToken
    function setAccount(address wallet, uint8 class_, uint8 status) external restricted {
        Account memory account = _accounts[wallet];
        if (account.class_ == class_ && account.status == status) return;
        bool isNone = class_ == 0 && status == 0;
        bool isMember = class_ != 0 && class_ <= CLASS_MAX && status != 0 && status <= LEFT;
        if (wallet == address(0) || !(isNone || isMember)) {
            revert CommunityTokenAccountInvalid(wallet, class_, status);
        }
        if (isNone && account.balance != 0) revert CommunityTokenNotEmpty(wallet, account.balance);
        _accounts[wallet] = Account(account.balance, class_, status);
        emit AccountSet(wallet, class_, status);
    }

    // ----------------------------------------------------------------------------------------- SETTLEMENT LEDGER

    /// @inheritdoc ICommunityToken
    function creditBatch(bytes32[] calldata payouts, address previous, uint96 cap)
        external
        restricted
        returns (uint256 credited, uint256 skipped)
    {
        bool refused;
        (credited, skipped, refused) = _creditEach(payouts, previous, cap);
        if (refused) _revertWithPayout(payouts, previous, cap);
        // A balance is part of the supply: while the supply has 128 bits, no addition above carried into the class.
        uint256 supply = _supply + credited;
        if (supply > type(uint128).max) revert CommunityTokenSupplyLimit(supply, type(uint128).max);
        _supply = supply;
    }

    /// @dev The only assembly of the contracts: this loop runs for every payout of a community, and the compiler's
    /// own code for it costs each payout about 500 gas more.
    /// @return credited Base units credited.
    /// @return skipped Base units of wallets that are no members.
    /// @return refused True if a wallet does not ascend or an amount exceeds the cap: the caller must revert.
    function _creditEach(bytes32[] calldata payouts, address previous, uint96 cap)
        private
        returns (uint256 credited, uint256 skipped, bool refused)
    {
        bytes32 transferTopic = IERC20.Transfer.selector;
        bytes32 skippedTopic = ICommunityToken.CreditSkipped.selector;
        assembly ("memory-safe") {
            mstore(0x20, _accounts.slot)
            let end := add(payouts.offset, shl(5, payouts.length))
            for { let cursor := payouts.offset } lt(cursor, end) { cursor := add(cursor, 0x20) } {
                let word := calldataload(cursor)
                let wallet := shr(96, word)
                let amount := and(word, AMOUNT_MASK)
                if or(iszero(gt(wallet, previous)), gt(amount, cap)) {
                    refused := 1
                    break
                }
                previous := wallet
                mstore(0x00, wallet)
                let slot := keccak256(0x00, 0x40)
                let account := sload(slot)
                mstore(0x00, amount)
                switch shr(STATUS_SHIFT, account)
                case 0 {
                    skipped := add(skipped, amount)
                    log2(0x00, 0x20, skippedTopic, wallet)
                }
                default {
                    sstore(slot, add(account, amount))
                    credited := add(credited, amount)
                    log3(0x00, 0x20, transferTopic, 0, wallet)
                }
            }
        }
    }

    /// @dev Names the first payout that is refused.
    function _revertWithPayout(bytes32[] calldata payouts, address previous, uint96 cap) private pure {
        for (uint256 i;; ++i) {
            uint256 word = uint256(payouts[i]);
            (address wallet, uint96 amount) = (address(uint160(word >> 96)), uint96(word));
            if (wallet <= previous) revert CommunityTokenWalletsNotAscending(wallet, previous);
            if (amount > cap) revert CommunityTokenPayoutAboveCap(wallet, amount, cap);
            previous = wallet;
        }
    }

    // ------------------------------------------------------------------------------------------------- TRANSFERS

    /// @dev Every movement of ERC-20 passes here. The zero address is no member, so nothing is minted or burned.
    function _update(address from, address to, uint256 value) internal override {
        Account memory sender = _accounts[from];
        if (sender.status != ACTIVE && sender.status != LEFT) revert CommunityTokenCannotSend(from, sender.status);
        if (sender.balance < value) revert ERC20InsufficientBalance(from, sender.balance, value);
        unchecked {
            // value <= balance < 2^128.
            _accounts[from].balance = sender.balance - uint128(value);
        }
        // Read after the write: sender and receiver may be the same wallet.
        Account memory receiver = _accounts[to];
        if (receiver.status != ACTIVE && receiver.status != FROZEN) {
            revert CommunityTokenCannotReceive(to, receiver.status);
        }
        unchecked {
            // Both balances are parts of the supply, which has 128 bits.
            _accounts[to].balance = receiver.balance + uint128(value);
        }
        emit Transfer(from, to, value);
    }

    // ----------------------------------------------------------------------------------------------------- VIEWS

    /// @inheritdoc ICommunityToken
    function accountOf(address wallet) external view returns (uint128 balance, uint8 class_, uint8 status) {
        Account memory account = _accounts[wallet];
        return (account.balance, account.class_, account.status);
    }

    /// @inheritdoc IERC20
    function balanceOf(address wallet) public view override(ERC20, IERC20) returns (uint256) {
        return _accounts[wallet].balance;
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
