// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../../contracts/interfaces/IServiceExchange.sol";
import {ExchangeActs} from "./ExchangeActs.sol";

/// @dev Drives a community of its own through agreements of all categories: any act, lawful or not, by anybody, at any
/// time, in pauses and suspensions, while members freeze, leave and join again. What the model refuses and passes, or
/// the other way round, breaks the run.
///
/// How to use it: deploy, call `setUp`, make `propose`, `act` and `disturb` the targets (`act` most often) and call
/// `requireSameAsChain` as the invariant.
contract ExchangeMachine is ExchangeActs {
    uint256 private constant RECENT = 4;
    uint256[7] private _people = [ANNA, BRUNO, CARLA, DINO, 5, HALL, SHOP];
    mapping(uint8 state => uint256) public reached;

    function setUp() public override {
        super.setUp();
        enter(5, CITIZEN);
        giveIncentive(2);
        for (uint256 i; i < 7; ++i) statusOf[_people[i]] = 1;
    }

    function mix(uint256 drawn) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(drawn)));
    }

    // ------------------------------------------------------------------------------------------------- PROPOSING

    function propose(uint256 drawn) external {
        uint256 seed = mix(drawn);
        IServiceExchange.Terms memory terms = draw(seed);
        uint256 member = (seed >> 8) % 4 == 0 ? drawParty(terms, seed >> 8) : uint256(terms.provider);
        if ((seed >> 8) % 4 == 1 && terms.payers.length != 0) member = uint256(terms.payers[0]);
        bool lawful = mayConsent(terms, member);
        try this.send(0, terms, member, seed) {
            require(lawful, "an unlawful proposal passed");
        } catch {
            require(!lawful, "a lawful proposal was refused");
            return;
        }
        uint8 bit = bitOf(terms, member);
        Deal memory deal;
        (deal.state, deal.proposer, deal.consents) = (PROPOSED, bit, uint64(1) << bit);
        deal.due = runningClock() + terms.deadline - block.timestamp;
        deal.held = fundingOf(terms, bit);
        _terms.push(terms);
        _deals.push(deal);
        ++reached[PROPOSED];
    }

    function draw(uint256 seed) private view returns (IServiceExchange.Terms memory terms) {
        uint8 category = (seed >> 8) % 4 == 0 ? 1 : uint8(1 + (seed >> 16) % 8);
        uint8[4] memory kinds; // a service where nothing else is
        if (category == 1) kinds = [0, 3, 3, 3];
        if (category == 3) kinds = [0, 0, 4, 4];
        if (category == 4) kinds = [2, 3, 3, 3];
        if (category == 2 || category == 6 || category == 8) kinds = [0, 0, 1, 1];
        terms = termsOf(category, kinds[(seed >> 24) % 4]);
        if (category == 2) terms.payers = (seed >> 32) % 2 == 0 ? list(BRUNO, CARLA) : list(BRUNO, CARLA, DINO);
        if (terms.kind != 1) terms.priceUnits = uint96(1 + (seed >> 64) % 20e18);
        if (terms.structure != 0) terms.compensationUnits = uint96((seed >> 128) % 3e18);
        if (terms.kind == 3 && (seed >> 40) % 3 == 0) terms.depositUnits = 0;
        terms.deadline = uint64(block.timestamp + 1 + (seed >> 48) % 20 days);
        if (terms.kind == 3) terms.returnBy = terms.deadline + 5 * DAY;
        terms.salt = bytes32(_terms.length);
    }

    // --------------------------------------------------------------------------------------------------- ACTING

    /// @dev One act on a recent agreement: one that its state waits for in three draws of four, else any.
    function act(uint256 drawn) external {
        uint256 seed = mix(drawn);
        if (_deals.length == 0) return;
        if ((seed >> 16) % 8 == 0) vm.warp(block.timestamp + (seed >> 24) % 8 days);
        uint256 count = _deals.length < RECENT ? _deals.length : RECENT;
        uint256 index = _deals.length - 1 - (seed >> 48) % count;
        uint256 way = (seed >> 56) % 4 == 0 ? 1 + (seed >> 64) % 14 : waited(_deals[index].state, seed >> 64);
        uint256 member = (seed >> 200) % 4 == 0 ? drawParty(_terms[index], seed >> 72) : expected(index, way);
        bool lawful = mayAct(index, way, member, seed);
        try this.send(way, _terms[index], member, seed) {
            require(lawful, string.concat("an unlawful act passed: ", vm.toString(way)));
        } catch {
            require(!lawful, string.concat("a lawful act was refused: ", vm.toString(way)));
            return;
        }
        uint8 before = _deals[index].state;
        book(index, way, member, seed);
        if (_deals[index].state != before) ++reached[_deals[index].state];
    }

    function waited(uint8 state, uint256 seed) private pure returns (uint256) {
        uint8[4] memory ways = [14, 14, 12, 13];
        if (state == PROPOSED) ways = [1, 1, 1, 5];
        if (state == ACCEPTED) ways = [3, 3, 3, seed % 8 == 3 ? 2 : 6];
        if (state == DELIVERED) ways = [4, 4, 12, 7];
        if (state == DISPUTED) ways = [8, 8, 9, 12];
        if (state == LENT) ways = [10, 10, 11, 6];
        if (state == RETURNED) ways = [7, 7, 11, 6];
        return ways[seed % 4];
    }

    /// @dev Who the act waits for: the first party that has not consented, the first payer that has not confirmed, or
    /// the provider.
    function expected(uint256 index, uint256 way) private view returns (uint256) {
        IServiceExchange.Terms memory terms = _terms[index];
        uint64 done = way == 1 ? _deals[index].consents : _deals[index].marks;
        if (way == 1 || way == 4 || way == 10) {
            for (uint8 i; i < terms.payers.length; ++i) {
                if (!has(done, i)) return uint256(terms.payers[i]);
            }
        }
        if (way == 1 && has(done, 32)) return has(done, 33) ? NOBODY : uint256(terms.structure);
        return uint256(terms.provider);
    }

    /// @dev A party, the community (0) where it is one, or anybody.
    function drawParty(IServiceExchange.Terms memory terms, uint256 seed) private view returns (uint256) {
        uint256 count = terms.payers.length;
        uint256 drawn = seed % (count + 4);
        if (drawn < count) return uint256(terms.payers[drawn]);
        if (drawn == count) return uint256(terms.provider);
        if (drawn == count + 1 && terms.structure != 0) return uint256(terms.structure);
        if (drawn <= count + 2 && terms.category >= 6) return NOBODY;
        return _people[(seed >> 8) % 7];
    }

    function mayAct(uint256 index, uint256 way, uint256 member, uint256 seed) private view returns (bool lawful) {
        Deal memory deal = _deals[index];
        uint8 bit = bitOf(_terms[index], member);
        if (way == 1) return mayAccept(index, member);
        if (way == 2) (lawful,) = mayCancel(index, member);
        if (way == 3) return mayDeliver(index, member);
        if (way == 4) (lawful,) = mayConfirm(index, member);
        if (way == 5) return (deal.state == PROPOSED || deal.state == ACCEPTED) && isOverdue(index, deal.held);
        if (way == 6) return mayDispute(index, member);
        if (way == 7) {
            return (deal.state == DELIVERED || deal.state == RETURNED) && isOverdue(index, deal.held);
        }
        if (way == 8) return deal.state == DISPUTED && (deal.held == 0 || !isPaused) && seed % 5 != 0;
        if (way == 9) return deal.state == DISPUTED && isOverdue(index, deal.held);
        if (way == 10) return deal.state == LENT && bit < 32;
        if (way == 11) {
            bool isOpen = (deal.state == LENT || deal.state == RETURNED) && bit == 32;
            return isOpen && statusOf[member] % 2 == 1 && (deal.held == 0 || !isPaused);
        }
        if (way == 12) return mayCheck(index, uint8(seed % 4));
        if (way == 13) return deal.state == SETTLED && !deal.incentiveClosed && deal.checks & 2 != 0 && !isPaused;
        if (way == 14) {
            bool isEnded = deal.state == SETTLED || deal.state == RESOLVED;
            return isEnded && member != NOBODY && bit != STRANGER_BIT && !has(deal.marks, bit);
        }
    }

    function book(uint256 index, uint256 way, uint256 member, uint256 seed) private {
        Deal storage deal = _deals[index];
        IServiceExchange.Terms memory terms = _terms[index];
        uint8 bit = bitOf(terms, member);
        if (way == 1) {
            deal.consents |= uint64(1) << bit;
            deal.held += fundingOf(terms, bit);
            if (deal.consents == allBits(terms)) deal.state = ACCEPTED;
        } else if (way == 2) {
            bookCancel(deal, terms, bit);
        } else if (way == 3) {
            deal.consents |= 1 << 32;
            enterState(index, DELIVERED, CONFIRMATION_PERIOD);
        } else if (way == 4) {
            deal.marks |= uint64(1) << bit;
            if (deal.marks == (uint64(1) << uint64(terms.payers.length)) - 1) bookRelease(index);
        } else if (way == 7 && deal.state == DELIVERED) {
            bookRelease(index);
        } else if (way == 7 || way == 11) {
            bookEnd(index, SETTLED);
            bookIncentive(index);
        } else if (way == 14) {
            deal.marks |= uint64(1) << bit;
        } else {
            bookRest(index, way, seed);
        }
    }

    function bookCancel(Deal storage deal, IServiceExchange.Terms memory terms, uint8 bit) private {
        deal.consents &= ~(uint64(1) << bit);
        bool isOver = deal.state == PROPOSED ? bit == deal.proposer : deal.consents == 0;
        if (deal.state == PROPOSED) deal.held -= fundingOf(terms, bit);
        if (isOver) (deal.state, deal.held) = (CANCELLED, 0);
    }

    function bookRest(uint256 index, uint256 way, uint256 seed) private {
        Deal storage deal = _deals[index];
        if (way == 5) bookEnd(index, EXPIRED);
        if (way == 6) bookDispute(index);
        if (way == 8 || way == 9) bookEnd(index, RESOLVED);
        if (way == 10) enterState(index, RETURNED, CONFIRMATION_PERIOD);
        if (way == 13) deal.incentiveClosed = true;
        if (way != 12) return;
        (deal.checks, deal.checked) = (uint8(seed % 4), true);
        if (_terms[index].category >= 6 && deal.checks == 0) bookDispute(index);
        else if (_terms[index].category >= 6) bookRelease(index);
        else if (deal.state == SETTLED && !deal.incentiveClosed) bookIncentive(index);
    }

    // ------------------------------------------------------------------------------------------------ DISTURBANCES

    /// @dev Pauses, suspensions, frozen wallets and members who leave and come back; each lasts for some acts.
    function disturb(uint256 drawn) external {
        uint256 seed = mix(drawn);
        uint256 member = _people[(seed >> 16) % 7];
        bool ends = (seed >> 8) % 6 != 0;
        if (seed % 4 == 0) disturbToken(!ends);
        else if (seed % 4 == 1) disturbCommunity(!ends);
        else if (seed % 4 == 2) disturbWallet(member, !ends);
        else disturbMember(member, !ends);
    }

    function disturbToken(bool paused) private {
        if (paused) pause();
        else unpause();
        bookPause(paused);
    }

    function disturbCommunity(bool suspended) private {
        vm.prank(PLATFORM_REGISTRY);
        token.setSuspended(suspended);
        isSuspended = suspended;
    }

    function disturbWallet(uint256 member, bool frozen) private {
        bool isFrozen = statusOf[member] % 2 == 0;
        if (frozen == isFrozen) return;
        vm.prank(COMMUNITY_ADMIN);
        if (frozen) members.freeze(bytes32(member));
        else members.unfreeze(bytes32(member));
        statusOf[member] = frozen ? statusOf[member] + 1 : statusOf[member] - 1;
    }

    function disturbMember(uint256 member, bool leaves) private {
        if (leaves && statusOf[member] == 1) {
            depart(member);
            statusOf[member] = 3;
        } else if (!leaves && statusOf[member] == 3 && !isSuspended) {
            joinMember(member, member > 10 ? STAKEHOLDER : CITIZEN);
            statusOf[member] = 1;
        }
    }
}
