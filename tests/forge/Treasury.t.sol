// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Treasury} from "../../contracts/Treasury.sol";
import {CommunityToken} from "../../contracts/CommunityToken.sol";
import {ITokenPolicy} from "../../contracts/interfaces/ITokenPolicy.sol";
import {ITreasury} from "../../contracts/interfaces/ITreasury.sol";
import {MembersStub, TreasuryDesk} from "./TreasuryDesk.sol";
import {Vm} from "./Vm.sol";

/// @dev Binding, clock, issue, burn, and the price of a service to the community.
contract TreasuryTest is TreasuryDesk {
    // --------------------------------------------------------------------------------------------------- BINDING

    function test_bind__links_are_readable() public view {
        same(treasury.token(), address(token), "token");
        same(treasury.members(), address(members), "members");
        same(treasury.policy(), address(policy), "policy");
    }

    function test_bind__emits_both() public {
        Treasury other = new Treasury(address(manager), address(policy));
        CommunityToken coin = new CommunityToken(address(manager), address(other), "Other", "OTH");
        MembersStub registry = new MembersStub(address(coin), address(other));
        vm.recordLogs();
        other.bind(address(coin), address(registry));
        Vm.Log memory log = vm.getRecordedLogs()[0];
        same(log.topics[0], ITreasury.TreasuryBound.selector, "event");
        same(log.topics[1], bytes32(uint256(uint160(address(coin)))), "token");
        same(log.topics[2], bytes32(uint256(uint160(address(registry)))), "members");
    }

    function test_bind__again__is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(ITreasury.TreasuryAlreadyBound.selector, address(token)));
        treasury.bind(address(token), address(members));
    }

    function test_bind__parts_of_another_set__are_refused_by_name() public {
        Treasury other = new Treasury(address(manager), address(policy));
        expectNotLinked("token.treasury", address(treasury), address(other));
        other.bind(address(token), address(members));
        CommunityToken coin = new CommunityToken(address(manager), address(other), "Other", "OTH");
        expectNotLinked("members.treasury", address(treasury), address(other));
        other.bind(address(coin), address(members));
        MembersStub registry = new MembersStub(address(token), address(other));
        expectNotLinked("members.token", address(token), address(coin));
        other.bind(address(coin), address(registry));
    }

    function expectNotLinked(string memory part, address found, address expected) private {
        vm.expectRevert(abi.encodeWithSelector(ITreasury.TreasuryNotLinked.selector, part, found, expected));
    }

    function test_restricted_functions__stranger__is_refused() public {
        ITreasury.IncentiveRequest memory request;
        address target = address(treasury);
        requireRestricted(target, abi.encodeCall(treasury.bind, (address(token), address(members))));
        requireRestricted(target, abi.encodeCall(treasury.issue, (1)));
        requireRestricted(target, abi.encodeCall(treasury.burn, (1)));
        requireRestricted(target, abi.encodeCall(treasury.sell, (idOf(1), 1, bytes32("payment"))));
        requireRestricted(target, abi.encodeCall(treasury.grantWelcomeBonus, (idOf(1), CITIZEN)));
        requireRestricted(target, abi.encodeCall(treasury.openEnergyBonus, (1, bytes32("root"), 1, 1)));
        requireRestricted(target, abi.encodeCall(treasury.fundService, (1)));
        requireRestricted(target, abi.encodeCall(treasury.payIncentive, (request)));
    }

    // ----------------------------------------------------------------------------------------------------- CLOCK

    function testFuzz_month_and_year__whole_periods_since_the_start(uint32 waited) public {
        vm.warp(T0 + waited);
        uint256 month = treasury.month();
        require(month * MONTH <= waited && waited < (month + 1) * MONTH, "month");
        uint256 year = treasury.year();
        require(year * YEAR <= waited && waited < (year + 1) * YEAR, "year");
    }

    // ----------------------------------------------------------------------------------------------------- ISSUE

    function test_issue__within_the_budget__grows_supply_and_holdings() public {
        vm.recordLogs();
        treasury.issue(10_000e18);
        Vm.Log memory log = vm.getRecordedLogs()[0];
        same(log.topics[0], ITreasury.Issued.selector, "event");
        same(log.topics[1], bytes32(0), "year");
        same(keccak256(log.data), keccak256(abi.encode(10_000e18, 10_000e18)), "amounts");
        same(holdings(), 10_000e18, "holdings");
        same(token.totalSupply(), 10_000e18, "supply");
    }

    function testFuzz_issue__in_two_parts__refused_above_the_budget(uint256 first, uint256 second) public {
        uint256 budget = budgets().issuePerYearUnits;
        first = first % (budget + 1);
        second = second % (2 * budget);
        treasury.issue(first);
        if (first + second > budget) {
            vm.expectRevert(
                abi.encodeWithSelector(ITreasury.TreasuryYearlyBudgetExceeded.selector, second, first, budget)
            );
        }
        treasury.issue(second);
    }

    function test_issue__amount_of_256_bits__is_refused() public {
        treasury.issue(1);
        vm.expectRevert(
            abi.encodeWithSelector(
                ITreasury.TreasuryYearlyBudgetExceeded.selector, type(uint256).max, 1, budgets().issuePerYearUnits
            )
        );
        treasury.issue(type(uint256).max);
    }

    function test_issue__last_second_of_a_year_and_the_next__two_budgets() public {
        uint256 budget = budgets().issuePerYearUnits;
        vm.warp(T0 + YEAR - 1);
        treasury.issue(budget);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.TreasuryYearlyBudgetExceeded.selector, 1, budget, budget));
        treasury.issue(1);
        vm.warp(T0 + YEAR);
        same(treasury.issuedInYear(), 0, "issued in the new year");
        treasury.issue(budget);
        same(treasury.issuedInYear(), budget, "issued after it");
        same(treasury.totalIssued(), 2 * budget, "issued ever");
    }

    function test_issue__budget_lowered_below_what_was_issued__refused_with_both() public {
        treasury.issue(100);
        enforce(ITokenPolicy.Budgets(0, 0, 0, 99));
        vm.expectRevert(abi.encodeWithSelector(ITreasury.TreasuryYearlyBudgetExceeded.selector, 1, 100, 99));
        treasury.issue(1);
    }

    function test_issue__while_paused_or_suspended__is_refused_and_counts_nothing() public {
        token.pause();
        vm.expectRevert(abi.encodeWithSignature("CommunityTokenPaused(uint256)", T0));
        treasury.issue(1);
        token.unpause();
        token.setSuspended(true);
        vm.expectRevert(abi.encodeWithSignature("CommunityTokenSuspended()"));
        treasury.issue(1);
        same(treasury.issuedInYear() + treasury.totalIssued(), 0, "issued");
    }

    // ------------------------------------------------------------------------------------------------------ BURN

    function testFuzz_burn__what_is_held__shrinks_supply(uint96 held_, uint96 burned) public {
        fund(held_);
        if (burned > held_) {
            vm.expectRevert(
                abi.encodeWithSignature(
                    "ERC20InsufficientBalance(address,uint256,uint256)", address(treasury), held_, burned
                )
            );
            treasury.burn(burned);
            same(treasury.totalBurned(), 0, "burned");
        } else {
            treasury.burn(burned);
            same(token.totalSupply(), held_ - burned, "supply");
            same(treasury.totalBurned(), burned, "burned");
        }
    }

    function test_burn__emits_the_amount_and_frees_no_budget() public {
        treasury.issue(50);
        vm.recordLogs();
        treasury.burn(20);
        Vm.Log memory log = vm.getRecordedLogs()[0];
        same(log.topics[0], ITreasury.Burned.selector, "event");
        same(abi.decode(log.data, (uint256)), 20, "amount");
        same(treasury.issuedInYear(), 50, "issued in the year");
    }

    // --------------------------------------------------------------------------------------------------- SERVICE

    function test_fundService__goes_to_the_caller_without_fee() public {
        bytes32 exchange = join(9, STAKEHOLDER);
        manager.grantRole(0, walletOf(9), 0);
        fund(100);
        vm.recordLogs();
        vm.prank(walletOf(9));
        treasury.fundService(60);
        Vm.Log memory log = vm.getRecordedLogs()[0];
        same(log.topics[0], ITreasury.ServiceFunded.selector, "event");
        same(log.topics[1], bytes32(uint256(uint160(members.walletOf(exchange)))), "receiver");
        same(held(9), 60, "received");
        same(holdings(), 40, "left");
    }

    function test_fundService__more_than_held__is_refused_with_both() public {
        fund(100);
        vm.expectRevert(
            abi.encodeWithSignature(
                "ERC20InsufficientBalance(address,uint256,uint256)", address(treasury), 100, 101
            )
        );
        treasury.fundService(101);
    }
}
