// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../../../contracts/interfaces/IServiceExchange.sol";
import {Vm} from "../Vm.sol";
import {AgreementDraws} from "./AgreementDraws.sol";
import {CommunityHandler} from "./CommunityHandler.sol";
import {CommunityWorld} from "./CommunityWorld.sol";

/// @dev The parties of agreements of all eight categories, verifier and administrators: each call takes an agreement
/// one step further, or sideways. What was paid as incentive is booked by month, member and pair.
contract ExchangeHandler is AgreementDraws {
    bytes32 private constant TRANSFER = keccak256("Transfer(address,address,uint256)");

    mapping(uint256 month => uint256) private incentivesOf;
    mapping(uint256 month => mapping(bytes32 member => uint256)) private incentivesOfMember;
    mapping(uint256 month => mapping(bytes32 pair => uint256)) private incentivesOfPair;

    constructor(CommunityWorld world_) CommunityHandler(world_) {}

    // --------------------------------------------------------------------------------------------------- CONSENTS

    function propose(uint256 drawn) external watching {
        uint256 seed = mix(drawn);
        IServiceExchange.Terms memory terms = drawTerms(seed);
        bytes32 proposer = (seed >> 8) % 2 == 0 || terms.payers.length == 0 ? terms.provider : terms.payers[0];
        bool byCommunity = terms.category >= 6 && (seed >> 16) % 2 == 0;
        bool stopped = world.isPaused() || world.isSuspended();
        if (!byCommunity) mayFall(members.walletOf(proposer));
        try this.proposeAs(terms, byCommunity, proposer) {
            require(!stopped, "proposed in a pause or suspended");
            remember(terms);
            world.reach("agreement proposed");
        } catch {}
    }

    function proposeAs(IServiceExchange.Terms calldata terms, bool byCommunity, bytes32 proposer) external {
        vm.prank(byCommunity ? COMMUNITY_ADMIN : members.walletOf(proposer));
        if (byCommunity) exchange.proposeForCommunity(terms);
        else exchange.propose(terms, direct(proposer), noPermit());
    }

    /// @dev Each party that has not consented yet, in the order of the bits.
    function accept(uint256 drawn) external watching {
        uint256 index = pick(mix(drawn), 1);
        if (index == NONE) return;
        bool stopped = world.isPaused() || world.isSuspended();
        IServiceExchange.Terms memory terms = termsAt(index);
        bytes32[] memory parties = partiesOf(terms);
        for (uint256 i; i < parties.length; ++i) mayFall(members.walletOf(parties[i]));
        try this.acceptAs(terms, parties) {
            require(!stopped, "accepted in a pause or suspended");
        } catch {}
        if (stateOf(index) == 2) world.reach("agreement accepted");
    }

    function acceptAs(IServiceExchange.Terms calldata terms, bytes32[] calldata parties) external {
        bool any;
        for (uint256 i; i < parties.length; ++i) any = actAs(parties[i], terms, 0) || any;
        if (terms.category >= 6) any = actForCommunity(terms, 0) || any;
        require(any, "nobody could accept");
    }

    // ------------------------------------------------------------------------------------------------------ STEPS

    /// @dev One way on from the present state; the ways out are drawn less often than the way to the end.
    function step(uint256 drawn) external watching {
        uint256 seed = mix(drawn);
        uint256 index = pickAny(seed);
        if (index == NONE) return;
        if ((seed >> 200) % 6 == 0) vm.warp(block.timestamp + (seed >> 208) % 12 days);
        uint8 before = stateOf(index);
        vm.recordLogs();
        try this.stepOf(index, seed >> 32) {} catch {}
        bookIncentives(termsAt(index));
        uint8 found = stateOf(index);
        if (found != before) world.reach(stateName(found));
    }

    function stepOf(uint256 index, uint256 seed) external {
        IServiceExchange.Terms memory terms = termsAt(index);
        uint8 state = stateOf(index);
        if (state == 1) stepProposed(terms, seed);
        else if (state == 2) stepAccepted(terms, seed);
        else if (state == 3) stepDelivered(terms, seed);
        else if (state == 6) stepDisputed(terms, seed);
        else if (state == 9 || state == 10) stepLent(terms, seed);
        else stepEnded(terms, seed);
    }

    function stepProposed(IServiceExchange.Terms memory terms, uint256 seed) private {
        if (seed % 6 != 0) return;
        if ((seed >> 8) % 2 == 0) {
            if (block.timestamp <= terms.deadline) vm.warp(uint256(terms.deadline) + 1);
            exchange.expire(terms);
        } else {
            actAll(terms, CANCEL);
        }
    }

    function stepAccepted(IServiceExchange.Terms memory terms, uint256 seed) private {
        uint256 way = seed % 10;
        if (way < 6) actAs(terms.provider, terms, DELIVER);
        else if (way == 6) actAll(terms, CANCEL);
        else if (way == 7) actAs(terms.provider, terms, DISPUTE);
        else if (way == 8) check(terms, seed >> 8);
        else exchange.expire(terms);
    }

    function stepDelivered(IServiceExchange.Terms memory terms, uint256 seed) private {
        uint256 way = seed % 10;
        if (way < 5) {
            if (terms.category >= 6) check(terms, seed >> 8);
            else for (uint256 i; i < terms.payers.length; ++i) actAs(terms.payers[i], terms, CONFIRM);
        } else if (way < 7) {
            exchange.release(terms);
        } else if (way == 7) {
            actAs(terms.provider, terms, DISPUTE);
        } else if (way == 8) {
            check(terms, seed >> 8);
        } else {
            actAll(terms, CANCEL);
        }
    }

    function stepDisputed(IServiceExchange.Terms memory terms, uint256 seed) private {
        if (seed % 3 == 0) {
            vm.warp(block.timestamp + 30 days);
            exchange.refundUndecided(terms);
            return;
        }
        uint256 toReceiver = (seed >> 8) % (uint256(terms.priceUnits) + 1);
        uint256 toStructure = (seed >> 136) % (uint256(terms.compensationUnits) + 1);
        vm.prank(terms.category >= 6 ? PLATFORM_ADMIN : COMMUNITY_ADMIN);
        if (terms.category >= 6) exchange.resolveForCommunity(terms, toReceiver, toStructure);
        else exchange.resolve(terms, toReceiver, toStructure);
    }

    function stepLent(IServiceExchange.Terms memory terms, uint256 seed) private {
        uint256 way = seed % 5;
        if (way == 0) actAs(terms.provider, terms, DISPUTE);
        else if (way == 1) exchange.releaseDeposit(terms);
        else if (way == 2) actAs(terms.provider, terms, CONFIRM_RETURN);
        else actAs(terms.payers[0], terms, DECLARE_RETURN);
    }

    function stepEnded(IServiceExchange.Terms memory terms, uint256 seed) private {
        uint256 way = seed % 3;
        if (way == 0) check(terms, seed >> 8);
        else if (way == 1) exchange.payIncentive(terms);
        else actAs(terms.provider, terms, FEEDBACK);
    }

    function check(IServiceExchange.Terms memory terms, uint256 seed) private {
        vm.prank(VERIFIER);
        exchange.recordCheck(terms, uint8(seed % 4));
    }

    // ------------------------------------------------------------------------------------------------- INCENTIVES

    /// @dev I10: where members pay each other, what the Treasury sends is incentive, and stays within the budgets.
    function bookIncentives(IServiceExchange.Terms memory terms) private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        if (terms.category >= 6) return;
        uint256 paid;
        for (uint256 i; i < logs.length; ++i) {
            Vm.Log memory entry = logs[i];
            if (entry.emitter != address(token) || entry.topics[0] != TRANSFER) continue;
            if (address(uint160(uint256(entry.topics[1]))) != address(treasury)) continue;
            uint256 units = abi.decode(entry.data, (uint256));
            paid += units;
            bytes32 member = members.memberOf(address(uint160(uint256(entry.topics[2]))));
            requireMemberBudget(member, units);
        }
        if (paid == 0) return;
        uint256 month = (block.timestamp - T0) / 30 days;
        incentivesOf[month] += paid;
        uint256 budget = policy.budgetsAt(uint64(block.timestamp)).incentivesPerMonthUnits;
        require(incentivesOf[month] <= budget, "I10: more incentives in a month than the budget");
        if (terms.payers.length == 1) requirePairBudget(month, terms, paid);
        world.reach("incentive paid");
    }

    function requireMemberBudget(bytes32 member, uint256 units) private {
        uint256 month = (block.timestamp - T0) / 30 days;
        incentivesOfMember[month][member] += units;
        uint256 cap = policy.budgetsAt(uint64(block.timestamp)).memberPerMonthUnits;
        require(incentivesOfMember[month][member] <= cap, "I10: more incentives of a member than its cap");
    }

    function requirePairBudget(uint256 month, IServiceExchange.Terms memory terms, uint256 units) private {
        (bytes32 a, bytes32 b) = (terms.provider, terms.payers[0]);
        bytes32 pair = a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
        incentivesOfPair[month][pair] += units;
        uint256 cap = policy.budgetsAt(uint64(block.timestamp)).pairPerMonthUnits;
        require(incentivesOfPair[month][pair] <= cap, "I10: more incentives of a pair than its cap");
    }
}
