// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../../contracts/interfaces/IServiceExchange.sol";
import {ExchangeDesk} from "./ExchangeDesk.sol";

/// @dev A book of agreements beside the exchange's, kept by other means: the amount in escrow is a number that grows
/// and shrinks here, periods run on a clock that a pause stops. It foretells whether an act is lawful.
abstract contract ExchangeModel is ExchangeDesk {
    struct Deal {
        uint8 state;
        uint8 proposer;
        uint8 checks;
        bool checked;
        bool incentiveClosed;
        bool lent;
        uint64 consents; // bits of the parties
        uint64 marks;
        uint256 due; // last second of the parties, on the running clock
        uint256 held; // base units in escrow
    }

    uint256 internal constant NOBODY = 0;
    uint8 internal constant COMMUNITY_BIT = 34;
    uint8 internal constant STRANGER_BIT = 255;

    IServiceExchange.Terms[] internal _terms;
    Deal[] internal _deals;

    mapping(uint256 member => uint8) internal statusOf;
    bool internal isPaused;
    bool internal isSuspended;
    uint256 private _pausedAt;
    uint256 private _pausedSeconds;

    // ------------------------------------------------------------------------------------------------------ CLOCK

    function runningClock() internal view returns (uint256) {
        return block.timestamp - _pausedSeconds - (isPaused ? block.timestamp - _pausedAt : 0);
    }

    function bookPause(bool paused) internal {
        if (paused == isPaused) return;
        if (paused) _pausedAt = block.timestamp;
        else _pausedSeconds += block.timestamp - _pausedAt;
        isPaused = paused;
    }

    // ---------------------------------------------------------------------------------------------------- PARTIES

    function bitOf(IServiceExchange.Terms memory terms, uint256 member) internal pure returns (uint8) {
        if (member == NOBODY) return terms.category >= 6 ? COMMUNITY_BIT : STRANGER_BIT;
        for (uint8 i; i < terms.payers.length; ++i) {
            if (uint256(terms.payers[i]) == member) return i;
        }
        if (uint256(terms.provider) == member) return 32;
        return uint256(terms.structure) == member ? 33 : STRANGER_BIT;
    }

    function allBits(IServiceExchange.Terms memory terms) internal pure returns (uint64 bits) {
        for (uint256 i; i < terms.payers.length; ++i) bits |= uint64(1) << uint64(i);
        bits |= 1 << 32;
        if (terms.structure != 0) bits |= 1 << 33;
        if (terms.category >= 6) bits |= 1 << 34;
    }

    function has(uint64 bits, uint8 bit) internal pure returns (bool) {
        return bit < 64 && (bits >> bit) & 1 == 1;
    }

    // ---------------------------------------------------------------------------------------------------- AMOUNTS

    function totalOf(IServiceExchange.Terms memory terms) internal pure returns (uint256) {
        return uint256(terms.priceUnits) + terms.compensationUnits + terms.depositUnits;
    }

    /// @dev What the party puts in: found by giving out one unit after the other where the amount does not divide.
    function fundingOf(IServiceExchange.Terms memory terms, uint8 bit) internal pure returns (uint256) {
        uint256 total = totalOf(terms);
        if (terms.category >= 6) return bit == COMMUNITY_BIT ? total : 0;
        if (terms.kind == 4) return bit == 32 ? total : 0;
        uint256 count = terms.payers.length;
        if (bit >= count) return 0;
        uint256 equal = total / count;
        return bit < total - equal * count ? equal + 1 : equal;
    }

    // --------------------------------------------------------------------------------------------------- LAWFULNESS

    function mayConsent(IServiceExchange.Terms memory terms, uint256 member) internal view returns (bool) {
        if (isPaused || isSuspended) return false;
        uint8 bit = bitOf(terms, member);
        if (bit == STRANGER_BIT) return false;
        address funder = member == NOBODY ? address(treasury) : walletOf(member);
        bool isActive = member == NOBODY || statusOf[member] == 1;
        return isActive && token.balanceOf(funder) >= fundingOf(terms, bit);
    }

    function mayAccept(uint256 index, uint256 member) internal view returns (bool) {
        Deal memory deal = _deals[index];
        if (deal.state != PROPOSED || runningClock() > deal.due) return false;
        return mayConsent(_terms[index], member) && !has(deal.consents, bitOf(_terms[index], member));
    }

    /// @return lawful True if the party may cancel.
    /// @return back Base units that it sets free.
    function mayCancel(uint256 index, uint256 member) internal view returns (bool lawful, uint256 back) {
        Deal memory deal = _deals[index];
        uint8 bit = bitOf(_terms[index], member);
        if (deal.state == 0 || deal.state > DELIVERED || !has(deal.consents, bit)) return (false, 0);
        if (deal.state == PROPOSED) back = bit == deal.proposer ? deal.held : fundingOf(_terms[index], bit);
        else back = deal.consents == uint64(1) << bit ? deal.held : 0;
        lawful = back == 0 || !isPaused;
    }

    function mayDeliver(uint256 index, uint256 member) internal view returns (bool) {
        Deal memory deal = _deals[index];
        return deal.state == ACCEPTED && bitOf(_terms[index], member) == 32 && runningClock() <= deal.due;
    }

    /// @return lawful True if the payer may confirm.
    /// @return isLast True if its confirmation releases.
    function mayConfirm(uint256 index, uint256 member) internal view returns (bool lawful, bool isLast) {
        Deal memory deal = _deals[index];
        uint8 bit = bitOf(_terms[index], member);
        uint256 count = _terms[index].payers.length;
        if (deal.state != DELIVERED || bit >= count || has(deal.marks, bit)) return (false, false);
        isLast = (deal.marks | uint64(1) << bit) == (uint64(1) << uint64(count)) - 1;
        lawful = statusOf[member] % 2 == 1 && !(isLast && isPaused);
    }

    /// @dev Whether anybody may end the state, which sets `moved` base units free.
    function isOverdue(uint256 index, uint256 moved) internal view returns (bool) {
        return runningClock() > _deals[index].due && (moved == 0 || !isPaused);
    }

    function mayDispute(uint256 index, uint256 member) internal view returns (bool) {
        uint8 state = _deals[index].state;
        bool stoppable = state == ACCEPTED || state == DELIVERED || state == LENT || state == RETURNED;
        return stoppable && bitOf(_terms[index], member) != STRANGER_BIT;
    }

    function mayCheck(uint256 index, uint8 checks) internal view returns (bool) {
        Deal memory deal = _deals[index];
        if (deal.checked) return false;
        if (_terms[index].category >= 6) return deal.state == DELIVERED && (checks == 0 || !isPaused);
        return deal.state >= ACCEPTED && deal.state != CANCELLED && deal.state != RESOLVED && deal.state != EXPIRED;
    }

    // ------------------------------------------------------------------------------------------------ TRANSITIONS

    function enterState(uint256 index, uint8 state, uint256 period) internal {
        (_deals[index].state, _deals[index].due) = (state, runningClock() + period);
    }

    function bookEnd(uint256 index, uint8 state) internal {
        (_deals[index].state, _deals[index].held) = (state, 0);
    }

    /// @dev Only services of category 1 have a rule: 4 tokens after a check of the social value.
    function bookIncentive(uint256 index) internal {
        Deal storage deal = _deals[index];
        bool hasRule = _terms[index].category == 1 && _terms[index].kind == 0;
        deal.incentiveClosed = !hasRule || (deal.checks & 2 != 0 && !isPaused);
    }

    function bookRelease(uint256 index) internal {
        Deal storage deal = _deals[index];
        deal.marks = 0;
        if (_terms[index].kind == 3) {
            (deal.state, deal.lent, deal.held) = (LENT, true, _terms[index].depositUnits);
        } else {
            bookEnd(index, SETTLED);
            bookIncentive(index);
        }
    }

    function bookDispute(uint256 index) internal {
        _deals[index].marks = 0;
        enterState(index, DISPUTED, 60 days);
    }

    // ------------------------------------------------------------------------------------------------- COMPARISON

    /// @dev I9, and that the exchange is in the state that the model foretold.
    function requireSameAsChain() external view {
        uint256 sum;
        for (uint256 i; i < _deals.length; ++i) {
            Deal memory deal = _deals[i];
            IServiceExchange.Agreement memory found = exchange.agreement(exchange.agreementId(_terms[i]));
            same(found.state, deal.state, "state of an agreement");
            same(found.consents, deal.consents, "consents of an agreement");
            same(found.marks, deal.marks, "marks of an agreement");
            require(found.incentiveClosed == deal.incentiveClosed, "incentive of an agreement");
            same(exchange.escrowOf(_terms[i]), deal.held, "I9: escrow of an agreement");
            sum += deal.held;
        }
        same(token.balanceOf(address(exchange)), sum, "I9: escrow");
    }
}
