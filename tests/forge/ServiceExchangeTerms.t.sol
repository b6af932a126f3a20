// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../../contracts/interfaces/IServiceExchange.sol";
import {Categories} from "../../contracts/libraries/Categories.sol";
import {ExchangeDesk} from "./ExchangeDesk.sol";

/// @dev What terms have to be: the table of the categories, and every refusal with its numbers.
contract ServiceExchangeTermsTest is ExchangeDesk {
    /// @dev The provider proposes; `reason` tells what is wrong.
    function refuseTerms(IServiceExchange.Terms memory terms, bytes memory reason) private {
        address provider = walletOf(uint256(terms.provider));
        vm.prank(provider);
        refuse(reason);
        exchange.propose(terms, own(uint256(terms.provider)), noPermit());
    }

    // ----------------------------------------------------------------------------------------- CATEGORY AND KIND

    /// The table in the manual of the contract, bit by bit.
    function test_rule__kinds_of_each_category__those_of_the_table() external pure {
        uint8[8] memory kinds = [0xF, 0x3, 0x11, 0xD, 0x1, 0x3, 0x1, 0x3];
        for (uint8 i; i < 8; ++i) same(Categories.ruleOf(i + 1).kinds, kinds[i], "kinds");
    }

    function test_propose__every_kind_of_every_category__settles() external {
        for (uint8 category = 1; category <= 8; ++category) {
            uint8 kinds = Categories.ruleOf(category).kinds;
            for (uint8 kind; kind < 5; ++kind) {
                if ((kinds >> kind) & 1 == 0) continue;
                requireState(settle(termsOf(category, kind)), kind == 3 ? LENT : SETTLED);
            }
        }
    }

    function test_propose__category_0_and_9__refused() external {
        for (uint8 category; category <= 9; category += 9) {
            IServiceExchange.Terms memory terms = service();
            terms.category = category;
            bytes4 selector = IServiceExchange.ServiceExchangeCategoryOutOfRange.selector;
            refuseTerms(terms, abi.encodeWithSelector(selector, category, 1, 8));
        }
    }

    function test_propose__kind_of_another_category__refused() external {
        IServiceExchange.Terms memory terms = termsOf(5, 0);
        terms.kind = 3;
        refuseTerms(terms, abi.encodeWithSelector(IServiceExchange.ServiceExchangeKindNotAllowed.selector, 5, 3, 1));
    }

    function test_propose__kind_255__refused() external {
        IServiceExchange.Terms memory terms = service();
        terms.kind = 255;
        refuseTerms(
            terms, abi.encodeWithSelector(IServiceExchange.ServiceExchangeKindNotAllowed.selector, 1, 255, 15)
        );
    }

    // --------------------------------------------------------------------------------------------------- PARTIES

    function test_propose__no_payer__refused() external {
        IServiceExchange.Terms memory terms = service();
        terms.payers = new bytes32[](0);
        refuseTerms(terms, abi.encodeWithSelector(IServiceExchange.ServiceExchangeWrongPayerCount.selector, 0, 1, 1));
    }

    function test_propose__two_payers_in_category_1__refused() external {
        IServiceExchange.Terms memory terms = service();
        terms.payers = list(BRUNO, CARLA);
        refuseTerms(terms, abi.encodeWithSelector(IServiceExchange.ServiceExchangeWrongPayerCount.selector, 2, 1, 1));
    }

    function test_propose__33_payers__refused() external {
        IServiceExchange.Terms memory terms = course(new bytes32[](33));
        refuseTerms(terms, abi.encodeWithSelector(IServiceExchange.ServiceExchangeWrongPayerCount.selector, 33, 1, 32));
    }

    function test_propose__a_payer_where_the_community_pays__refused() external {
        IServiceExchange.Terms memory terms = termsOf(6, 0);
        terms.payers = list(BRUNO);
        refuseTerms(terms, abi.encodeWithSelector(IServiceExchange.ServiceExchangeWrongPayerCount.selector, 1, 0, 0));
    }

    function test_propose__same_payer_twice__refused() external {
        refuseTerms(
            course(list(BRUNO, BRUNO)),
            abi.encodeWithSelector(
                IServiceExchange.ServiceExchangePayersNotAscending.selector, bytes32(BRUNO), bytes32(BRUNO)
            )
        );
    }

    function test_propose__payer_zero__refused() external {
        refuseTerms(
            course(list(0)),
            abi.encodeWithSelector(
                IServiceExchange.ServiceExchangePayersNotAscending.selector, bytes32(0), bytes32(0)
            )
        );
    }

    function test_propose__provider_pays_itself__refused() external {
        IServiceExchange.Terms memory terms = service();
        terms.payers = list(ANNA);
        refuseTerms(
            terms, abi.encodeWithSelector(IServiceExchange.ServiceExchangePartyTwice.selector, bytes32(ANNA))
        );
    }

    function test_propose__owner_of_the_structure_pays__refused() external {
        IServiceExchange.Terms memory terms = course(list(BRUNO, HALL));
        refuseTerms(
            terms, abi.encodeWithSelector(IServiceExchange.ServiceExchangePartyTwice.selector, bytes32(HALL))
        );
    }

    function test_propose__provider_owns_the_structure__refused() external {
        IServiceExchange.Terms memory terms = termsOf(8, 0);
        terms.structure = bytes32(ANNA);
        refuseTerms(
            terms, abi.encodeWithSelector(IServiceExchange.ServiceExchangePartyTwice.selector, bytes32(ANNA))
        );
    }

    function test_propose__no_structure_in_category_2__refused() external {
        IServiceExchange.Terms memory terms = termsOf(2, 0);
        terms.structure = 0;
        refuseTerms(
            terms, abi.encodeWithSelector(IServiceExchange.ServiceExchangeWrongStructure.selector, 2, bytes32(0))
        );
    }

    function test_propose__structure_in_category_1__refused() external {
        IServiceExchange.Terms memory terms = service();
        terms.structure = bytes32(HALL);
        refuseTerms(
            terms, abi.encodeWithSelector(IServiceExchange.ServiceExchangeWrongStructure.selector, 1, bytes32(HALL))
        );
    }

    function test_propose__stranger_as_payer__refused() external {
        IServiceExchange.Terms memory terms = service();
        terms.payers = list(99);
        refuseTerms(
            terms, abi.encodeWithSelector(IServiceExchange.ServiceExchangeNotMember.selector, bytes32(uint256(99)))
        );
    }

    function test_propose__classes_of_category_3__enforced() external {
        IServiceExchange.Terms memory terms = termsOf(3, 0);
        terms.payers = list(HALL);
        refuseTerms(
            terms,
            abi.encodeWithSelector(IServiceExchange.ServiceExchangeWrongClass.selector, bytes32(HALL), STAKEHOLDER, 1)
        );
    }

    function test_propose__citizen_as_provider_of_category_4__refused() external {
        IServiceExchange.Terms memory terms = termsOf(4, 0);
        terms.provider = bytes32(ANNA);
        refuseTerms(
            terms,
            abi.encodeWithSelector(IServiceExchange.ServiceExchangeWrongClass.selector, bytes32(ANNA), CITIZEN, 2)
        );
    }

    function test_propose__citizen_as_owner_of_the_structure__refused() external {
        IServiceExchange.Terms memory terms = termsOf(2, 0);
        terms.structure = bytes32(DINO);
        refuseTerms(
            terms,
            abi.encodeWithSelector(IServiceExchange.ServiceExchangeWrongClass.selector, bytes32(DINO), CITIZEN, 2)
        );
    }

    // ---------------------------------------------------------------------------------------- AMOUNTS AND TIMES

    function test_propose__compensation_without_structure__refused() external {
        IServiceExchange.Terms memory terms = service();
        terms.compensationUnits = 1;
        refuseTerms(
            terms,
            abi.encodeWithSelector(IServiceExchange.ServiceExchangeCompensationWithoutStructure.selector, uint96(1))
        );
    }

    function refuseLoan(IServiceExchange.Terms memory terms) private {
        bytes4 selector = IServiceExchange.ServiceExchangeWrongLoan.selector;
        refuseTerms(
            terms, abi.encodeWithSelector(selector, terms.kind, terms.depositUnits, terms.returnBy, terms.deadline)
        );
    }

    function test_propose__deposit_outside_loans__refused() external {
        IServiceExchange.Terms memory terms = service();
        terms.depositUnits = 1;
        refuseLoan(terms);
    }

    function test_propose__return_outside_loans__refused() external {
        IServiceExchange.Terms memory terms = service();
        terms.returnBy = terms.deadline + 1;
        refuseLoan(terms);
    }

    function test_propose__loan_returned_by_its_deadline__refused() external {
        IServiceExchange.Terms memory terms = termsOf(1, 3);
        terms.returnBy = terms.deadline;
        refuseLoan(terms);
    }

    function test_propose__loan_for_longer_than_two_years__refused() external {
        IServiceExchange.Terms memory terms = termsOf(1, 3);
        terms.returnBy = terms.deadline + 730 days + 1;
        refuseLoan(terms);
    }

    function test_propose__loan_without_deposit__lawful() external {
        IServiceExchange.Terms memory terms = termsOf(1, 3);
        terms.depositUnits = 0;
        requireState(settle(terms), LENT);
    }

    function test_propose__duration_outside_the_time_bank__refused() external {
        IServiceExchange.Terms memory terms = service();
        terms.durationMinutes = 1;
        refuseTerms(terms, abi.encodeWithSelector(IServiceExchange.ServiceExchangeWrongDuration.selector, 0, 1));
    }

    function test_propose__time_bank_without_duration__refused() external {
        IServiceExchange.Terms memory terms = termsOf(1, 1);
        terms.durationMinutes = 0;
        refuseTerms(terms, abi.encodeWithSelector(IServiceExchange.ServiceExchangeWrongDuration.selector, 1, 0));
    }

    function test_propose__time_bank_at_another_price__refused(uint32 durationMinutes, uint96 price) external {
        IServiceExchange.Terms memory terms = termsOf(1, 1);
        terms.durationMinutes = durationMinutes == 0 ? 1 : durationMinutes;
        terms.priceUnits = price;
        uint256 expected = uint256(terms.durationMinutes) * 10e18 / 60;
        if (price == expected) return;
        refuseTerms(
            terms, abi.encodeWithSelector(IServiceExchange.ServiceExchangeWrongTimePrice.selector, price, expected)
        );
    }

    function refuseDeadline(uint64 deadline) private {
        IServiceExchange.Terms memory terms = service();
        terms.deadline = deadline;
        refuseTerms(
            terms,
            abi.encodeWithSelector(
                IServiceExchange.ServiceExchangeDeadlineOutOfRange.selector, deadline, T0 + 1, T0 + 730 days
            )
        );
    }

    function test_propose__deadline_now__refused() external {
        refuseDeadline(T0);
    }

    function test_propose__deadline_after_two_years__refused() external {
        refuseDeadline(T0 + 730 days + 1);
    }

    function test_propose__deadline_at_the_end_of_time__refused() external {
        refuseDeadline(type(uint64).max);
    }
}
