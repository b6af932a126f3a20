// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITreasury} from "../interfaces/ITreasury.sol";
import {TreasuryLinks} from "./TreasuryLinks.sol";

/// @dev Tokens sold to stakeholders for euro, each payment once. Part of the Treasury.
abstract contract Sales is TreasuryLinks {
    uint8 private constant STAKEHOLDER = 2;

    /// Statuses of the token from here on are those of members that left.
    uint8 private constant LEFT = 3;

    mapping(bytes32 paymentReference => Sale) private _sales;

    /// @inheritdoc ITreasury
    function sell(bytes32 memberId, uint64 cents, bytes32 paymentReference) external restricted {
        if (paymentReference == 0) revert TreasuryReferenceZero();
        Sale memory earlier = _sales[paymentReference];
        if (earlier.memberId != 0) {
            revert TreasuryReferenceUsed(paymentReference, earlier.memberId, earlier.cents);
        }
        address wallet = _requireBuyer(memberId);
        uint96 unitsPerCent = _policy.ratesAt(_now()).unitsPerCent;
        if (cents == 0 || unitsPerCent == 0) revert TreasuryNothingToSell(cents, unitsPerCent);
        // 64 and 96 bits make 160; more than 2^128 is more than any balance.
        uint256 units = uint256(cents) * unitsPerCent;
        _sales[paymentReference] = Sale(memberId, uint128(units), cents, uint40(block.timestamp));
        emit Sold(paymentReference, memberId, cents, units);
        _give(wallet, units);
    }

    function _requireBuyer(bytes32 memberId) private view returns (address wallet) {
        wallet = _members.walletOf(memberId);
        if (wallet == address(0)) revert TreasuryUnknownMember(memberId);
        (, uint8 class_, uint8 status) = _token.accountOf(wallet);
        if (class_ != STAKEHOLDER) revert TreasuryNotAStakeholder(memberId, class_, STAKEHOLDER);
        if (status >= LEFT) revert TreasuryMemberLeft(memberId, status);
    }

    /// @inheritdoc ITreasury
    function saleOf(bytes32 paymentReference) external view returns (Sale memory) {
        return _sales[paymentReference];
    }
}
