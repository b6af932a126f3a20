// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITokenPolicy} from "../../contracts/interfaces/ITokenPolicy.sol";
import {ITreasury} from "../../contracts/interfaces/ITreasury.sol";
import {TreasuryIncentiveDesk} from "./TreasuryIncentiveDesk.sol";
import {Vm} from "./Vm.sol";

/// @dev What settled agreements earn by the rule, and who of the parties has it.
contract TreasuryIncentivesTest is TreasuryIncentiveDesk {
    // ------------------------------------------------------------------------------------------------------ RULE

    function test_payIncentive__one_payer__fixed_and_share_of_the_price() public {
        vm.recordLogs();
        require(pay(1, 2, 40e18), "closed");
        Vm.Log[] memory logs = vm.getRecordedLogs();
        requirePaidEvent(logs[0], 1, 6e18);
        requirePaidEvent(logs[2], 2, 2e18);
        same(logs.length, 4, "two events of the Treasury and two of the token");
        same(held(1), 6e18, "provider");
        same(held(2), 2e18, "payer");
    }

    function test_payIncentive__price_share_rounds_down_and_the_payer_has_the_rest() public {
        enforce(1, 2, ITokenPolicy.IncentiveRule(1, 3333, 100, 333, 0));
        ITreasury.IncentiveRequest memory request = requestOf(1, 2, 10);
        request.kind = 2;
        treasury.payIncentive(request);
        // 1 + floor(3.333) = 4, of which floor(1.332) for the provider.
        same(held(1), 1, "provider");
        same(held(2), 3, "payer");
    }

    function test_payIncentive__high_price__is_capped() public {
        pay(1, 2, 1_000e18);
        same(held(1) + held(2), 30e18, "received");
    }

    function test_payIncentive__no_rule__closes_without_a_trace() public {
        ITreasury.IncentiveRequest memory request = requestOf(1, 2, 40e18);
        request.kind = 3;
        vm.recordLogs();
        require(treasury.payIncentive(request), "closed");
        same(vm.getRecordedLogs().length, 0, "events");
    }

    function test_payIncentive__paid_by_the_community__closes_without_a_trace() public {
        ITreasury.IncentiveRequest memory request = requestOf(1, 2, 40e18);
        request.payers = new bytes32[](0);
        vm.recordLogs();
        require(treasury.payIncentive(request), "closed");
        same(vm.getRecordedLogs().length, 0, "events");
    }

    function test_payIncentive__rule_changed_since__counts_as_at_acceptance() public {
        uint64 acceptedAt = uint64(block.timestamp);
        enforce(1, 1, ITokenPolicy.IncentiveRule(1, 0, 1, 0, 0));
        ITreasury.IncentiveRequest memory request = requestOf(1, 2, 40e18);
        request.acceptedAt = acceptedAt;
        treasury.payIncentive(request);
        same(held(1) + held(2), 8e18, "by the rule at acceptance");
        request.acceptedAt = acceptedAt - 1;
        treasury.payIncentive(request);
        same(held(1) + held(2), 8e18, "without a rule at acceptance");
    }

    function testFuzz_payIncentive__checks__all_required_or_nothing_happens(uint8 required, uint8 given) public {
        required = required % 4;
        given = given % 4;
        enforce(1, 1, ITokenPolicy.IncentiveRule(6e18, 0, 6e18, 500, required));
        ITreasury.IncentiveRequest memory request = requestOf(1, 2, 0);
        request.checks = given;
        bool sustainable = required % 2 == 0 || given % 2 == 1;
        bool social = required < 2 || given >= 2;
        vm.recordLogs();
        require(treasury.payIncentive(request) == (sustainable && social), "closed");
        same(vm.getRecordedLogs().length, sustainable && social ? 4 : 0, "events");
    }

    function test_payIncentive__in_a_pause__waits_and_is_paid_after_it() public {
        token.pause();
        vm.recordLogs();
        require(!pay(1, 2, 40e18), "closed");
        same(vm.getRecordedLogs().length, 0, "events");
        token.unpause();
        require(pay(1, 2, 40e18), "closed after the pause");
        same(held(1) + held(2), 8e18, "received");
    }

    function test_payIncentive__suspended_community__pays_all_the_same() public {
        token.setSuspended(true);
        require(pay(1, 2, 40e18), "closed");
        same(held(1) + held(2), 8e18, "received");
    }

    // --------------------------------------------------------------------------------------------- SEVERAL PAYERS

    function test_payIncentive__three_payers__the_first_bear_the_remainder() public {
        enforce(2, 0, ITokenPolicy.IncentiveRule(11, 0, 11, 0, 0));
        payThree(0);
        same(held(2), 4, "first payer");
        same(held(3), 4, "second payer");
        same(held(4), 3, "third payer");
    }

    function test_payIncentive__three_payers__the_provider_is_paid_once_for_all() public {
        enforce(2, 0, ITokenPolicy.IncentiveRule(11, 0, 11, 500, 0));
        vm.recordLogs();
        payThree(0);
        // floor(4 / 2) + floor(4 / 2) + floor(3 / 2)
        requirePaidEvent(vm.getRecordedLogs()[0], 1, 5);
        same(held(1), 5, "provider");
        same(held(2), 2, "first payer");
        same(held(4), 2, "third payer");
    }

    function test_payIncentive__provider_at_the_member_cap__the_payers_keep_their_parts() public {
        enforce(ITokenPolicy.Budgets(500, 5, 500, 0));
        enforce(2, 0, ITokenPolicy.IncentiveRule(24, 0, 24, 500, 0));
        vm.recordLogs();
        payThree(0);
        // Legs of 8: the provider would have 4 of each, and has 5 of the first two and nothing of the third.
        same(held(1), 5, "provider");
        same(held(2) + held(3) + held(4), 12, "payers");
        same(treasury.incentivesInMonth(), 17, "of the month");
        same(treasury.pairIncentivesInMonth(idOf(1), idOf(2)), 8, "first pair");
        same(treasury.pairIncentivesInMonth(idOf(1), idOf(3)), 5, "second pair");
        same(treasury.pairIncentivesInMonth(idOf(1), idOf(4)), 4, "third pair");
    }

    function test_payIncentive__budget_ends_between_payers__the_first_come_first() public {
        enforce(ITokenPolicy.Budgets(10, 500, 500, 0));
        enforce(2, 0, ITokenPolicy.IncentiveRule(24, 0, 24, 0, 0));
        payThree(0);
        same(held(2), 8, "first payer");
        same(held(3), 2, "second payer");
        same(held(4), 0, "third payer");
    }

    // --------------------------------------------------------------------------------------------------- WALLETS

    function test_payIncentive__left_frozen_or_replaced__goes_to_the_present_wallet() public {
        token.setAccount(walletOf(1), CITIZEN, LEFT_FROZEN);
        replaceWallet(2, address(0xBEEF));
        pay(1, 2, 40e18);
        same(held(1), 6e18, "left and frozen");
        same(token.balanceOf(address(0xBEEF)), 2e18, "replaced");
    }

    function test_payIncentive__party_without_wallet__is_left_out() public {
        members.setWallet(idOf(1), address(0));
        vm.recordLogs();
        require(pay(1, 2, 40e18), "closed");
        requireReduced(8e18, 2e18);
        same(held(2), 2e18, "payer");
        same(treasury.memberIncentivesInMonth(idOf(1)), 0, "of the member");
    }
}
