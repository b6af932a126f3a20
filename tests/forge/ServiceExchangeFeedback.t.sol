// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../../contracts/interfaces/IServiceExchange.sol";
import {ExchangeDesk} from "./ExchangeDesk.sol";

/// @dev What the parties think of each other.
contract ServiceExchangeFeedbackTest is ExchangeDesk {
    function giveFeedback(IServiceExchange.Terms memory terms, uint256 member, uint8 rating) private {
        vm.prank(walletOf(member));
        exchange.giveFeedback(terms, rating, REASON, own(member));
    }

    function test_giveFeedback__each_party_once__recorded() external {
        IServiceExchange.Terms memory terms = termsOf(2, 0);
        bytes32 id = settle(terms);
        giveFeedback(terms, ANNA, 5);
        giveFeedback(terms, BRUNO, 1);
        giveFeedback(terms, HALL, 3);
        same(exchange.agreement(id).marks, 1 | 1 << 32 | 1 << 33, "marks");
    }

    function test_giveFeedback__second_of_a_party__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = settle(terms);
        giveFeedback(terms, BRUNO, 5);
        vm.prank(walletOf(BRUNO));
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeAlreadyDone.selector, id, bytes32(BRUNO)));
        exchange.giveFeedback(terms, 1, REASON, own(BRUNO));
    }

    function test_giveFeedback__resolved__recorded() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agreeAndDeliver(terms);
        dispute(terms, BRUNO);
        resolve(terms, 0, 0);
        giveFeedback(terms, BRUNO, 2);
        same(exchange.agreement(id).marks, 1, "marks");
    }

    function test_giveFeedback__unsettled__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agreeAndDeliver(terms);
        vm.prank(walletOf(BRUNO));
        refuseState(id, DELIVERED, 1 << 4 | 1 << 7);
        exchange.giveFeedback(terms, 5, REASON, own(BRUNO));
    }

    function test_giveFeedback__0_or_6__refused() external {
        IServiceExchange.Terms memory terms = service();
        settle(terms);
        for (uint8 rating; rating <= 6; rating += 6) {
            vm.prank(walletOf(BRUNO));
            refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeRatingOutOfRange.selector, rating, 1, 5));
            exchange.giveFeedback(terms, rating, REASON, own(BRUNO));
        }
    }

    function test_giveFeedback__by_a_stranger__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = settle(terms);
        vm.prank(walletOf(DINO));
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeNotParty.selector, id, bytes32(DINO)));
        exchange.giveFeedback(terms, 1, REASON, own(DINO));
    }
}
