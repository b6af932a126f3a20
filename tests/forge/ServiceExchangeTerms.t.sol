// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../../contracts/interfaces/IServiceExchange.sol";
import {Categories} from "../../contracts/libraries/Categories.sol";
import {ExchangeDesk} from "./ExchangeDesk.sol";

/// @dev Which kinds and parties terms may have: the table of the categories, and every refusal with its numbers.
contract ServiceExchangeTermsTest is ExchangeDesk {
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
}
