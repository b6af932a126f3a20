// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {CommunityToken} from "../../contracts/CommunityToken.sol";
import {TokenPolicy} from "../../contracts/TokenPolicy.sol";
import {Treasury} from "../../contracts/Treasury.sol";
import {ITokenPolicy} from "../../contracts/interfaces/ITokenPolicy.sol";
import {TreasuryDesk} from "./TreasuryDesk.sol";
import {Vm} from "./Vm.sol";

/// @dev Deployment, binding, and which values the policy takes.
contract TokenPolicyTest is TreasuryDesk {
    // ------------------------------------------------------------------------------------------------ DEPLOYMENT

    function test_constructor__initial_rules__in_force_and_nothing_scheduled() public view {
        ITokenPolicy.Initial memory rules = initial();
        same(keccak256(abi.encode(policy.feesAt(T0))), keccak256(abi.encode(rules.fees)), "fees");
        same(keccak256(abi.encode(policy.bonusesAt(T0))), keccak256(abi.encode(rules.bonuses)), "bonuses");
        same(keccak256(abi.encode(policy.ratesAt(T0))), keccak256(abi.encode(rules.rates)), "rates");
        same(keccak256(abi.encode(policy.budgetsAt(T0))), keccak256(abi.encode(rules.budgets)), "budgets");
        (, uint64 fees) = policy.scheduledFees();
        (, uint64 bonuses_) = policy.scheduledBonuses();
        (, uint64 rates) = policy.scheduledRates();
        (, uint64 budgets_) = policy.scheduledBudgets();
        same(fees + bonuses_ + rates + budgets_, 0, "something is scheduled");
    }

    function test_constructor__start_and_notice__are_readable() public view {
        same(policy.start(), T0, "start");
        same(policy.minNotice(), NOTICE, "notice");
        same(policy.token(), address(token), "token");
    }

    function test_constructor__initial_rules__are_told_in_events() public {
        vm.recordLogs();
        new TokenPolicy(address(manager), NOTICE, initial());
        Vm.Log[] memory logs = vm.getRecordedLogs();
        // The first event is the authority's.
        same(logs.length, 5, "events");
        same(logs[1].topics[0], ITokenPolicy.FeesScheduled.selector, "first event");
        same(keccak256(logs[1].data), keccak256(abi.encode(T0, initial().fees)), "fees");
        same(logs[2].topics[0], ITokenPolicy.BonusesScheduled.selector, "second event");
        same(keccak256(logs[2].data), keccak256(abi.encode(T0, initial().bonuses)), "bonuses");
        same(logs[3].topics[0], ITokenPolicy.RatesScheduled.selector, "third event");
        same(keccak256(logs[3].data), keccak256(abi.encode(T0, initial().rates)), "rates");
        same(logs[4].topics[0], ITokenPolicy.BudgetsScheduled.selector, "fourth event");
        same(keccak256(logs[4].data), keccak256(abi.encode(T0, initial().budgets)), "budgets");
    }

    function test_constructor__notice_below_an_hour__is_refused() public {
        uint64 notice = 1 hours - 1;
        vm.expectRevert(
            abi.encodeWithSelector(ITokenPolicy.TokenPolicyNoticeOutOfRange.selector, notice, uint64(1 hours))
        );
        new TokenPolicy(address(manager), notice, initial());
    }

    function test_constructor__fee_above_the_limit__is_refused() public {
        ITokenPolicy.Initial memory rules = initial();
        rules.fees.assignmentToCitizen = 2001;
        expectOutOfRange("assignmentToCitizen", 2001, 0, 2000);
        new TokenPolicy(address(manager), NOTICE, rules);
    }

    // --------------------------------------------------------------------------------------------------- BINDING

    function test_bind__tells_the_token_its_fees() public view {
        (uint64 current, uint64 scheduled, uint40 validFrom) = token.transferFees();
        uint64 expected = (100 << 48) | (200 << 32) | (300 << 16) | 400;
        same(current, expected, "fees in force");
        same(scheduled, expected, "fees that come next");
        same(validFrom, 0, "date of the next fees");
    }

    function test_bind__again__is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(ITokenPolicy.TokenPolicyAlreadyBound.selector, address(token)));
        policy.bind(address(token));
    }

    function test_bind__token_of_another_policy__is_refused() public {
        TokenPolicy other = new TokenPolicy(address(manager), NOTICE, initial());
        vm.expectRevert(
            abi.encodeWithSelector(
                ITokenPolicy.TokenPolicyNotLinked.selector, "token.treasury.policy", address(policy), address(other)
            )
        );
        other.bind(address(token));
    }

    function test_bind__emits_the_token() public {
        TokenPolicy other = new TokenPolicy(address(manager), NOTICE, initial());
        Treasury purse = new Treasury(address(manager), address(other));
        CommunityToken coin = new CommunityToken(address(manager), address(purse), "Other", "OTH");
        manager.grantRole(0, address(other), 0);
        vm.recordLogs();
        other.bind(address(coin));
        Vm.Log memory log = vm.getRecordedLogs()[0];
        same(log.topics[0], ITokenPolicy.PolicyBound.selector, "event");
        same(log.topics[1], bytes32(uint256(uint160(address(coin)))), "token of the event");
    }

    function test_scheduleFees__before_bind__is_refused() public {
        TokenPolicy other = new TokenPolicy(address(manager), NOTICE, initial());
        vm.expectRevert(abi.encodeWithSelector(ITokenPolicy.TokenPolicyNotBound.selector));
        other.scheduleFees(tenFees(), soonest());
    }

    function test_restricted_functions__stranger__is_refused() public {
        uint64 when = soonest();
        ITokenPolicy.IncentiveRule memory rule;
        ITokenPolicy.Rates memory rates;
        requireRestricted(address(policy), abi.encodeCall(policy.bind, (address(token))));
        requireRestricted(address(policy), abi.encodeCall(policy.scheduleFees, (tenFees(), when)));
        requireRestricted(address(policy), abi.encodeCall(policy.scheduleIncentive, (1, 1, rule, when)));
        requireRestricted(address(policy), abi.encodeCall(policy.scheduleBonuses, (bonuses(), when)));
        requireRestricted(address(policy), abi.encodeCall(policy.scheduleRates, (rates, when)));
        requireRestricted(address(policy), abi.encodeCall(policy.scheduleBudgets, (budgets(), when)));
    }

    // ---------------------------------------------------------------------------------------------------- RANGES

    function testFuzz_scheduleFees__one_fee_above_the_limit__is_refused_by_name(uint8 field, uint16 bps) public {
        string[10] memory names = [
            "transferCitizenToCitizen",
            "transferCitizenToStakeholder",
            "transferStakeholderToCitizen",
            "transferStakeholderToStakeholder",
            "serviceCitizenToCitizen",
            "serviceCitizenToStakeholder",
            "serviceStakeholderToCitizen",
            "serviceStakeholderToStakeholder",
            "assignmentToCitizen",
            "assignmentToStakeholder"
        ];
        uint256 index = field % 10;
        uint256[10] memory values;
        values[index] = bps;
        ITokenPolicy.Fees memory fees = abi.decode(abi.encode(values), (ITokenPolicy.Fees));
        if (bps > 2000) expectOutOfRange(names[index], bps, 0, 2000);
        policy.scheduleFees(fees, soonest());
    }

    function testFuzz_scheduleIncentive__price_share__at_most_the_price(uint16 priceBps) public {
        if (priceBps > 10_000) expectOutOfRange("priceBps", priceBps, 0, 10_000);
        policy.scheduleIncentive(1, 1, ITokenPolicy.IncentiveRule(0, priceBps, 1, 0, 0), soonest());
    }

    function testFuzz_scheduleIncentive__provider_share__at_most_all(uint16 permille) public {
        if (permille > 1000) expectOutOfRange("providerPermille", permille, 0, 1000);
        policy.scheduleIncentive(1, 1, ITokenPolicy.IncentiveRule(0, 0, 0, permille, 0), soonest());
    }

    function testFuzz_scheduleIncentive__checks__two_bits(uint8 checks) public {
        if (checks > 3) expectOutOfRange("requiredChecks", checks, 0, 3);
        policy.scheduleIncentive(1, 1, ITokenPolicy.IncentiveRule(0, 0, 0, 0, checks), soonest());
    }

    function testFuzz_scheduleIncentive__fixed_amount__at_most_the_cap(uint96 fixedUnits, uint96 capUnits) public {
        if (fixedUnits > capUnits) expectOutOfRange("fixedUnits", fixedUnits, 0, capUnits);
        policy.scheduleIncentive(1, 1, ITokenPolicy.IncentiveRule(fixedUnits, 0, capUnits, 0, 0), soonest());
    }

    function test_scheduleIncentive__price_share_without_a_cap__is_refused() public {
        expectOutOfRange("capUnits", 0, 1, type(uint96).max);
        policy.scheduleIncentive(1, 1, ITokenPolicy.IncentiveRule(0, 1, 0, 0, 0), soonest());
    }

    function test_scheduleIncentive__every_category_and_kind__taken_as_the_table_says() public {
        // Kinds of each category, from 0 on: services, hours, used goods, loans, new goods.
        bool[5][9] memory allowed;
        allowed[1] = [true, true, true, true, false];
        allowed[2] = [true, true, false, false, false];
        allowed[3] = [true, false, false, false, true];
        allowed[4] = [true, false, true, true, false];
        allowed[5] = [true, false, false, false, false];
        ITokenPolicy.IncentiveRule memory rule;
        for (uint8 category; category < 12; ++category) {
            for (uint8 kind; kind < 20; ++kind) {
                bool expected = category < 9 && kind < 5 && allowed[category][kind];
                if (!expected) {
                    vm.expectRevert(
                        abi.encodeWithSelector(ITokenPolicy.TokenPolicyKindNotAllowed.selector, category, kind)
                    );
                }
                policy.scheduleIncentive(category, kind, rule, soonest());
            }
        }
    }

    function testFuzz_scheduleIncentive__category_or_kind_far_outside__is_refused(uint8 category, uint8 kind) public {
        if (category < 9 && kind < 5) kind += 5;
        vm.expectRevert(abi.encodeWithSelector(ITokenPolicy.TokenPolicyKindNotAllowed.selector, category, kind));
        policy.scheduleIncentive(category, kind, ITokenPolicy.IncentiveRule(0, 0, 0, 0, 0), soonest());
    }

    function expectOutOfRange(string memory name, uint256 given, uint256 min, uint256 max) private {
        vm.expectRevert(
            abi.encodeWithSelector(ITokenPolicy.TokenPolicyValueOutOfRange.selector, name, given, min, max)
        );
    }
}
