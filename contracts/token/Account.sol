// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @dev One storage word: balance in bits 0 to 127, class in 128 to 135, status in 136 to 143, the rest 0. The balance
/// is lowest, so that an amount is added to the word itself.
type Account is uint256;

using Accounts for Account global;

/// @title The account word of a wallet
library Accounts {
    uint8 internal constant CITIZEN = 1;
    uint8 internal constant STAKEHOLDER = 2;
    uint8 internal constant SYSTEM = 3;

    uint8 internal constant ACTIVE = 1;
    uint8 internal constant FROZEN = 2;
    uint8 internal constant LEFT = 3;
    uint8 internal constant LEFT_FROZEN = 4;

    uint256 private constant CLASS_SHIFT = 128;
    uint256 private constant STATUS_SHIFT = 136;

    Account internal constant NONE = Account.wrap(0);

    function pack(uint128 balance_, uint8 class__, uint8 status_) internal pure returns (Account) {
        return Account.wrap((uint256(status_) << STATUS_SHIFT) | (uint256(class__) << CLASS_SHIFT) | balance_);
    }

    function balance(Account account) internal pure returns (uint128) {
        return uint128(Account.unwrap(account));
    }

    function class_(Account account) internal pure returns (uint8) {
        return uint8(Account.unwrap(account) >> CLASS_SHIFT);
    }

    function status(Account account) internal pure returns (uint8) {
        return uint8(Account.unwrap(account) >> STATUS_SHIFT);
    }

    /// @notice The account with `amount` more; the caller has made sure that the supply, of which every balance is a
    /// part, stays below 2^128.
    function plus(Account account, uint256 amount) internal pure returns (Account) {
        unchecked {
            return Account.wrap(Account.unwrap(account) + amount);
        }
    }

    /// @notice The account with `amount` less, which is at most its balance.
    function minus(Account account, uint256 amount) internal pure returns (Account) {
        unchecked {
            return Account.wrap(Account.unwrap(account) - amount);
        }
    }
}
