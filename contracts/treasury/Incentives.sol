// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ITokenPolicy} from "../interfaces/ITokenPolicy.sol";
import {ITreasury} from "../interfaces/ITreasury.sol";
import {Shares} from "../libraries/Shares.sol";
import {PeriodSum} from "./PeriodSums.sol";
import {TreasuryLinks} from "./TreasuryLinks.sol";

/// @dev What settled agreements earn, within the budgets of the month. Part of the Treasury.
abstract contract Incentives is TreasuryLinks {
    uint256 private constant BPS = 10_000;
    uint256 private constant PERMILLE = 1_000;

    /// Limits of the present month; `room` is what budget and balance still allow, and shrinks leg by leg.
    struct Limits {
        uint256 month;
        uint256 pairCap;
        uint256 memberCap;
        uint256 room;
    }

    /// What one party receives.
    struct Part {
        bytes32 memberId;
        address wallet;
        uint256 units;
    }

    PeriodSum private _incentives;
    mapping(bytes32 memberId => PeriodSum) private _ofMember;
    mapping(bytes32 pair => PeriodSum) private _ofPair;

    // ---------------------------------------------------------------------------------------------------- PAYING

    /// @inheritdoc ITreasury
    function payIncentive(IncentiveRequest calldata request) external restricted returns (bool closed) {
        ITokenPolicy.IncentiveRule memory rule =
            _policy.incentiveAt(request.category, request.kind, request.acceptedAt);
        uint256 total = _totalDown(rule, request.priceUnits);
        if (total == 0 || request.payers.length == 0) return true;
        if ((request.checks & rule.requiredChecks) != rule.requiredChecks || _token.isPaused()) return false;
        Part[] memory parts = _partsOf(request);
        uint256 paid = _divide(parts, total, rule.providerPermille);
        if (paid < total) emit IncentiveReduced(request.agreementId, total, paid);
        for (uint256 i; i < parts.length; ++i) {
            Part memory part = parts[i];
            if (part.units == 0) continue;
            emit IncentivePaid(request.agreementId, part.memberId, part.wallet, part.units);
            _give(part.wallet, part.units);
        }
        return true;
    }

    function _totalDown(ITokenPolicy.IncentiveRule memory rule, uint256 priceUnits) private pure returns (uint256) {
        return Math.min(rule.fixedUnits + (priceUnits * rule.priceBps) / BPS, rule.capUnits);
    }

    /// @return parts The provider's, then those of the payers, all with nothing yet.
    function _partsOf(IncentiveRequest calldata request) private view returns (Part[] memory parts) {
        uint256 count = request.payers.length;
        parts = new Part[](count + 1);
        parts[0] = Part(request.provider, _members.walletOf(request.provider), 0);
        for (uint256 i; i < count; ++i) {
            bytes32 payer = request.payers[i];
            parts[i + 1] = Part(payer, _members.walletOf(payer), 0);
        }
    }

    /// @dev Fills the parts and burdens the budgets with what they sum to.
    /// @return paid Sum of the parts, at most `total` and what the budgets and the balance left.
    function _divide(Part[] memory parts, uint256 total, uint256 providerPermille) private returns (uint256 paid) {
        Limits memory limits = _limitsNow();
        uint256 roomBefore = limits.room;
        uint256 payers = parts.length - 1;
        uint256 shared;
        for (uint256 i; i < payers; ++i) {
            uint256 share = Shares.partOf(total, payers, i);
            shared += share;
            paid += _payLeg(limits, parts[0], parts[i + 1], share, providerPermille);
        }
        assert(shared == total && paid <= total && paid == roomBefore - limits.room);
        _incentives.add(limits.month, paid);
    }

    function _limitsNow() private view returns (Limits memory limits) {
        ITokenPolicy.Budgets memory budgets = _policy.budgetsAt(_now());
        limits.month = month();
        limits.pairCap = budgets.pairPerMonthUnits;
        limits.memberCap = budgets.memberPerMonthUnits;
        limits.room = Math.min(_incentives.leftOf(limits.month, budgets.incentivesPerMonthUnits), _balance());
    }

    // ------------------------------------------------------------------------------------------------------ LEGS

    /// @dev One payer and the provider.
    /// @return paid Base units added to their parts.
    function _payLeg(
        Limits memory limits,
        Part memory provider,
        Part memory payer,
        uint256 share,
        uint256 providerPermille
    ) private returns (uint256 paid) {
        PeriodSum storage ofPair = _ofPair[_pairOf(provider.memberId, payer.memberId)];
        uint256 leg = Math.min(Math.min(share, ofPair.leftOf(limits.month, limits.pairCap)), limits.room);
        uint256 forProvider = (leg * providerPermille) / PERMILLE;
        paid = _credit(limits, provider, forProvider) + _credit(limits, payer, leg - forProvider);
        if (paid == 0) return 0;
        ofPair.add(limits.month, paid);
        limits.room -= paid;
    }

    /// @return paid What the member's monthly cap leaves of `units`, 0 for a party without wallet.
    function _credit(Limits memory limits, Part memory part, uint256 units) private returns (uint256 paid) {
        if (units == 0 || part.wallet == address(0)) return 0;
        PeriodSum storage ofMember = _ofMember[part.memberId];
        paid = Math.min(units, ofMember.leftOf(limits.month, limits.memberCap));
        if (paid == 0) return 0;
        ofMember.add(limits.month, paid);
        part.units += paid;
    }

    /// @dev The same for both orders: who provides and who pays changes from trade to trade.
    function _pairOf(bytes32 memberA, bytes32 memberB) private pure returns (bytes32) {
        return memberA < memberB
            ? keccak256(abi.encode(memberA, memberB))
            : keccak256(abi.encode(memberB, memberA));
    }

    // ----------------------------------------------------------------------------------------------------- VIEWS

    /// @inheritdoc ITreasury
    function incentivesInMonth() external view returns (uint256) {
        return _incentives.sumOf(month());
    }

    /// @inheritdoc ITreasury
    function memberIncentivesInMonth(bytes32 memberId) external view returns (uint256) {
        return _ofMember[memberId].sumOf(month());
    }

    /// @inheritdoc ITreasury
    function pairIncentivesInMonth(bytes32 memberA, bytes32 memberB) external view returns (uint256) {
        return _ofPair[_pairOf(memberA, memberB)].sumOf(month());
    }
}
