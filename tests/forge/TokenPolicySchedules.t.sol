// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITokenPolicy} from "../../contracts/interfaces/ITokenPolicy.sol";
import {TreasuryDesk} from "./TreasuryDesk.sol";
import {Vm} from "./Vm.sol";

/// @dev When the rules apply, subject by subject: notice, pending change, past.
contract TokenPolicySchedulesTest is TreasuryDesk {
    // ---------------------------------------------------------------------------------------------------- NOTICE

    /// @dev The notice is one function for all subjects; the rates stand for them.
    function testFuzz_schedule__any_date__taken_only_after_the_notice(uint64 validFrom) public {
        uint64 earliest = T0 + NOTICE;
        uint64 latest = earliest + 2 * 366 days;
        if (validFrom <= earliest || validFrom > latest) expectDateRefused(validFrom);
        policy.scheduleRates(ITokenPolicy.Rates(1, 2), validFrom);
    }

    function test_schedule__every_subject__keeps_the_notice() public {
        uint64 early = T0 + NOTICE;
        expectDateRefused(early);
        policy.scheduleFees(tenFees(), early);
        expectDateRefused(early);
        policy.scheduleIncentive(1, 1, rule(1), early);
        expectDateRefused(early);
        policy.scheduleBonuses(bonuses(), early);
        expectDateRefused(early);
        policy.scheduleRates(ITokenPolicy.Rates(1, 2), early);
        expectDateRefused(early);
        policy.scheduleBudgets(budgets(), early);
    }

    function test_schedule__last_second_of_two_years_and_the_next__taken_and_refused() public {
        uint64 latest = T0 + NOTICE + 2 * 366 days;
        policy.scheduleRates(ITokenPolicy.Rates(1, 2), latest);
        expectDateRefused(latest + 1);
        policy.scheduleRates(ITokenPolicy.Rates(1, 2), latest + 1);
    }

    // -------------------------------------------------------------------------------------------------- SUBJECTS

    function test_scheduleFees__applies_from_its_second_and_leaves_the_past() public {
        ITokenPolicy.Fees memory next = ITokenPolicy.Fees(10, 9, 8, 7, 6, 5, 4, 3, 2, 1);
        uint64 validFrom = soonest();
        vm.recordLogs();
        policy.scheduleFees(next, validFrom);
        requireScheduled(ITokenPolicy.FeesScheduled.selector, abi.encode(validFrom, next));
        (ITokenPolicy.Fees memory pending, uint64 date) = policy.scheduledFees();
        same(keccak256(abi.encode(pending, date)), keccak256(abi.encode(next, validFrom)), "pending");
        vm.warp(validFrom + 5);
        same(keccak256(abi.encode(policy.feesAt(validFrom - 1))), keccak256(abi.encode(tenFees())), "past");
        same(keccak256(abi.encode(policy.feesAt(validFrom))), keccak256(abi.encode(next)), "in force");
        (pending, date) = policy.scheduledFees();
        requireZeros(abi.encode(pending, date));
    }

    function test_scheduleIncentive__applies_from_its_second_to_its_kind_alone() public {
        uint64 validFrom = soonest();
        vm.recordLogs();
        policy.scheduleIncentive(4, 3, rule(7), validFrom);
        Vm.Log memory log = requireScheduled(ITokenPolicy.IncentiveScheduled.selector, abi.encode(validFrom, rule(7)));
        same(log.topics[1], bytes32(uint256(4)), "category");
        same(log.topics[2], bytes32(uint256(3)), "kind");
        (ITokenPolicy.IncentiveRule memory pending, uint64 date) = policy.scheduledIncentive(4, 3);
        same(keccak256(abi.encode(pending, date)), keccak256(abi.encode(rule(7), validFrom)), "pending");
        vm.warp(validFrom + 5);
        requireZeros(abi.encode(policy.incentiveAt(4, 3, validFrom - 1)));
        same(keccak256(abi.encode(policy.incentiveAt(4, 3, validFrom))), keccak256(abi.encode(rule(7))), "in force");
        requireZeros(abi.encode(policy.incentiveAt(4, 2, validFrom)));
        requireZeros(abi.encode(policy.incentiveAt(1, 3, validFrom)));
        (pending, date) = policy.scheduledIncentive(4, 3);
        requireZeros(abi.encode(pending, date));
    }

    function test_scheduleBonuses__applies_from_its_second_and_leaves_the_past() public {
        ITokenPolicy.Bonuses memory next = ITokenPolicy.Bonuses(1, 2, 3, 4, 5);
        uint64 validFrom = soonest();
        vm.recordLogs();
        policy.scheduleBonuses(next, validFrom);
        requireScheduled(ITokenPolicy.BonusesScheduled.selector, abi.encode(validFrom, next));
        (ITokenPolicy.Bonuses memory pending, uint64 date) = policy.scheduledBonuses();
        same(keccak256(abi.encode(pending, date)), keccak256(abi.encode(next, validFrom)), "pending");
        vm.warp(validFrom + 5);
        same(keccak256(abi.encode(policy.bonusesAt(validFrom - 1))), keccak256(abi.encode(bonuses())), "past");
        same(keccak256(abi.encode(policy.bonusesAt(validFrom))), keccak256(abi.encode(next)), "in force");
    }

    function test_scheduleRates__applies_from_its_second_and_leaves_the_past() public {
        ITokenPolicy.Rates memory next = ITokenPolicy.Rates(1, 2);
        uint64 validFrom = soonest();
        vm.recordLogs();
        policy.scheduleRates(next, validFrom);
        requireScheduled(ITokenPolicy.RatesScheduled.selector, abi.encode(validFrom, next));
        (ITokenPolicy.Rates memory pending, uint64 date) = policy.scheduledRates();
        same(keccak256(abi.encode(pending, date)), keccak256(abi.encode(next, validFrom)), "pending");
        vm.warp(validFrom);
        same(keccak256(abi.encode(policy.ratesAt(validFrom - 1))), keccak256(abi.encode(initial().rates)), "past");
        same(keccak256(abi.encode(policy.ratesAt(validFrom))), keccak256(abi.encode(next)), "in force");
    }

    function test_scheduleBudgets__applies_from_its_second_and_leaves_the_past() public {
        ITokenPolicy.Budgets memory next = ITokenPolicy.Budgets(1, 2, 3, 4);
        uint64 validFrom = soonest();
        vm.recordLogs();
        policy.scheduleBudgets(next, validFrom);
        requireScheduled(ITokenPolicy.BudgetsScheduled.selector, abi.encode(validFrom, next));
        (ITokenPolicy.Budgets memory pending, uint64 date) = policy.scheduledBudgets();
        same(keccak256(abi.encode(pending, date)), keccak256(abi.encode(next, validFrom)), "pending");
        vm.warp(validFrom + 5);
        same(keccak256(abi.encode(policy.budgetsAt(validFrom - 1))), keccak256(abi.encode(budgets())), "past");
        same(keccak256(abi.encode(policy.budgetsAt(validFrom))), keccak256(abi.encode(next)), "in force");
    }

    function test_schedule__while_one_is_pending__replaces_it_after_a_whole_notice() public {
        uint64 first = soonest();
        policy.scheduleRates(ITokenPolicy.Rates(1, 1), first);
        vm.warp(T0 + NOTICE);
        expectDateRefused(first);
        policy.scheduleRates(ITokenPolicy.Rates(2, 2), first);
        uint64 second = soonest();
        policy.scheduleRates(ITokenPolicy.Rates(2, 2), second);
        same(policy.ratesAt(first).unitsPerCent, initial().rates.unitsPerCent, "rate at the first date");
        same(policy.ratesAt(second).unitsPerCent, 2, "rate at the second date");
    }

    function testFuzz_at__before_the_deployment__is_refused_with_the_start(uint64 time) public {
        time = time % T0;
        bytes memory refusal = abi.encodeWithSelector(ITokenPolicy.TokenPolicyBeforeStart.selector, time, T0);
        vm.expectRevert(refusal);
        policy.feesAt(time);
        vm.expectRevert(refusal);
        policy.serviceFeeBpsAt(1, 1, time);
        vm.expectRevert(refusal);
        policy.assignmentFeesAt(time);
        vm.expectRevert(refusal);
        policy.bonusesAt(time);
        vm.expectRevert(refusal);
        policy.ratesAt(time);
        vm.expectRevert(refusal);
        policy.budgetsAt(time);
    }

    function testFuzz_incentiveAt__before_the_deployment__is_no_incentive(uint64 time) public view {
        requireZeros(abi.encode(policy.incentiveAt(1, 1, time % T0)));
    }

    // ------------------------------------------------------------------------------------------------ FEE BY FLOW

    function test_serviceFeeBpsAt__each_pair__is_its_own_fee() public view {
        same(policy.serviceFeeBpsAt(CITIZEN, CITIZEN, T0), 500, "citizen to citizen");
        same(policy.serviceFeeBpsAt(CITIZEN, STAKEHOLDER, T0), 600, "citizen to stakeholder");
        same(policy.serviceFeeBpsAt(STAKEHOLDER, CITIZEN, T0), 700, "stakeholder to citizen");
        same(policy.serviceFeeBpsAt(STAKEHOLDER, STAKEHOLDER, T0), 800, "stakeholder to stakeholder");
    }

    function testFuzz_serviceFeeBpsAt__one_side_no_member__is_free(uint8 other, uint8 any) public view {
        if (other == CITIZEN || other == STAKEHOLDER) other += 2;
        same(policy.serviceFeeBpsAt(other, any, T0), 0, "fee as payer");
        same(policy.serviceFeeBpsAt(any, other, T0), 0, "fee as receiver");
    }

    function test_assignmentFeesAt__change__only_from_its_date_on() public {
        ITokenPolicy.Fees memory next;
        (next.assignmentToCitizen, next.assignmentToStakeholder) = (11, 22);
        uint64 validFrom = soonest();
        policy.scheduleFees(next, validFrom);
        (uint16 citizen, uint16 stakeholder) = policy.assignmentFeesAt(validFrom - 1);
        require(citizen == 900 && stakeholder == 1000, "before");
        (citizen, stakeholder) = policy.assignmentFeesAt(validFrom);
        require(citizen == 11 && stakeholder == 22, "from then on");
    }

    // ----------------------------------------------------------------------------------------------------- TOKEN

    function test_scheduleFees__is_told_to_the_token_with_its_date() public {
        ITokenPolicy.Fees memory next;
        next.transferCitizenToStakeholder = 1234;
        policy.scheduleFees(next, soonest());
        (uint64 current, uint64 scheduled, uint40 validFrom) = token.transferFees();
        same(current, (100 << 48) | (200 << 32) | (300 << 16) | 400, "in force");
        same(scheduled, uint64(1234) << 32, "scheduled");
        same(validFrom, soonest(), "date");
    }

    /// @dev Fees scheduled at random moments; the token charges at every moment what the policy says of it.
    function testFuzz_token__any_schedules__charges_what_the_policy_says(uint64[4] memory steps) public {
        join(1, CITIZEN);
        join(2, STAKEHOLDER);
        for (uint256 i; i < steps.length; ++i) {
            uint64 validFrom = soonest() + uint16(steps[i]);
            policy.scheduleFees(randomFees(steps[i]), validFrom);
            requireFeesOfToken();
            vm.warp(block.timestamp + (steps[i] >> 16) % (2 * NOTICE));
            requireFeesOfToken();
            vm.warp(validFrom > block.timestamp && steps[i] % 3 == 0 ? validFrom : block.timestamp);
            requireFeesOfToken();
        }
    }

    function randomFees(uint256 seed) private pure returns (ITokenPolicy.Fees memory fees) {
        fees.transferCitizenToCitizen = uint16(seed % 2001);
        fees.transferCitizenToStakeholder = uint16((seed >> 11) % 2001);
        fees.transferStakeholderToCitizen = uint16((seed >> 22) % 2001);
        fees.transferStakeholderToStakeholder = uint16((seed >> 33) % 2001);
    }

    function requireFeesOfToken() private {
        ITokenPolicy.Fees memory fees = policy.feesAt(uint64(block.timestamp));
        join(3, CITIZEN);
        join(4, STAKEHOLDER);
        same(feeOfToken(1, 3), fees.transferCitizenToCitizen, "citizen to citizen");
        same(feeOfToken(1, 4), fees.transferCitizenToStakeholder, "citizen to stakeholder");
        same(feeOfToken(2, 3), fees.transferStakeholderToCitizen, "stakeholder to citizen");
        same(feeOfToken(2, 4), fees.transferStakeholderToStakeholder, "stakeholder to stakeholder");
    }

    /// @dev Of 10,000 base units, which each sender is given first.
    function feeOfToken(uint256 from, uint256 to) private returns (uint256 fee) {
        fund(10_000);
        vm.prank(address(treasury));
        token.transfer(walletOf(from), 10_000);
        (, fee) = token.previewTransfer(walletOf(from), walletOf(to), 10_000);
    }

    // ---------------------------------------------------------------------------------------------- EXPECTATIONS

    function rule(uint96 units) private pure returns (ITokenPolicy.IncentiveRule memory) {
        return ITokenPolicy.IncentiveRule(units, 50, 2 * units, 300, 2);
    }

    function expectDateRefused(uint64 validFrom) private {
        uint64 earliest = uint64(block.timestamp) + NOTICE;
        vm.expectRevert(
            abi.encodeWithSelector(
                ITokenPolicy.TokenPolicyValidFromOutOfRange.selector, validFrom, earliest, earliest + 2 * 366 days
            )
        );
    }

    function requireScheduled(bytes32 topic, bytes memory data) private returns (Vm.Log memory log) {
        log = vm.getRecordedLogs()[0];
        same(log.topics[0], topic, "event");
        same(keccak256(log.data), keccak256(data), "data of the event");
    }

    function requireZeros(bytes memory encoded) private pure {
        for (uint256 i; i < encoded.length; ++i) require(encoded[i] == 0, "not all 0");
    }
}
