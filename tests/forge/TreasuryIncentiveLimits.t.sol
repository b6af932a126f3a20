// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITokenPolicy} from "../../contracts/interfaces/ITokenPolicy.sol";
import {TreasuryIncentiveDesk} from "./TreasuryIncentiveDesk.sol";

/// @dev What budgets, caps and balance leave of an incentive.
contract TreasuryIncentiveLimitsTest is TreasuryIncentiveDesk {
    function test_payIncentive__pair_cap__holds_in_both_directions() public {
        enforce(ITokenPolicy.Budgets(500e18, 500e18, 10e18, 0));
        pay(1, 2, 40e18);
        vm.recordLogs();
        pay(2, 1, 40e18);
        requireReduced(8e18, 2e18);
        same(treasury.pairIncentivesInMonth(idOf(2), idOf(1)), 10e18, "of the pair");
        pay(1, 3, 40e18);
        same(treasury.pairIncentivesInMonth(idOf(3), idOf(1)), 8e18, "of another pair");
    }

    function test_payIncentive__member_cap__holds_over_all_pairs_and_roles() public {
        enforce(ITokenPolicy.Budgets(500e18, 7e18, 500e18, 0));
        pay(1, 2, 40e18);
        pay(1, 3, 40e18);
        pay(4, 1, 40e18);
        same(held(1), 7e18, "6 and 1 as provider, nothing as payer");
        same(treasury.memberIncentivesInMonth(idOf(1)), 7e18, "of the member");
        same(held(3), 2e18, "payer of the second");
    }

    function test_payIncentive__budget__is_never_exceeded() public {
        enforce(ITokenPolicy.Budgets(9e18, 500e18, 500e18, 0));
        pay(1, 2, 40e18);
        vm.recordLogs();
        pay(3, 4, 40e18);
        requireReduced(8e18, 1e18);
        vm.recordLogs();
        pay(3, 4, 40e18);
        requireReduced(8e18, 0);
        same(treasury.incentivesInMonth(), 9e18, "of the month");
    }

    function test_payIncentive__budget_lowered_below_what_was_given__gives_nothing() public {
        pay(1, 2, 40e18);
        enforce(ITokenPolicy.Budgets(7e18, 5e18, 7e18, 0));
        require(treasury.month() == 0, "another month");
        require(pay(1, 2, 40e18), "closed");
        require(pay(3, 4, 40e18), "closed");
        same(treasury.incentivesInMonth(), 8e18, "of the month");
    }

    function test_payIncentive__treasury_short__gives_what_it_has() public {
        treasury.burn(holdings() - 5);
        vm.recordLogs();
        require(pay(1, 2, 40e18), "closed");
        requireReduced(8e18, 5);
        same(held(1), 3, "provider");
        same(held(2), 2, "payer");
        same(holdings(), 0, "left");
    }

    function test_payIncentive__next_month__begins_at_0() public {
        enforce(ITokenPolicy.Budgets(8e18, 6e18, 8e18, 0));
        pay(1, 2, 40e18);
        vm.warp(T0 + MONTH - 1);
        pay(1, 2, 40e18);
        same(held(1) + held(2), 8e18, "first month");
        vm.warp(T0 + MONTH);
        same(treasury.incentivesInMonth(), 0, "of the new month");
        same(treasury.memberIncentivesInMonth(idOf(1)), 0, "of the member");
        same(treasury.pairIncentivesInMonth(idOf(1), idOf(2)), 0, "of the pair");
        pay(1, 2, 40e18);
        same(held(1) + held(2), 16e18, "both months");
    }
}
