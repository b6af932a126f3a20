// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../../contracts/interfaces/IServiceExchange.sol";
import {ExchangeDesk} from "./ExchangeDesk.sol";
import {Vm} from "./Vm.sol";

/// @dev What planted bugs in terms and disputes showed to be untested.
contract MutantsExchangeDisputesTest is ExchangeDesk {
    function test_propose__by_the_payer_for_a_provider_of_the_wrong_class__refused() external {
        IServiceExchange.Terms memory terms = termsOf(3, 0);
        terms.provider = bytes32(ANNA);
        vm.prank(walletOf(BRUNO));
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeWrongClass.selector, bytes32(ANNA), 1, 2));
        exchange.propose(terms, own(BRUNO), noPermit());
    }

    function test_resolve__one_unit_more_than_the_rest_for_the_structure__refused() external {
        IServiceExchange.Terms memory terms = course(list(BRUNO, CARLA));
        agreeAndDeliver(terms);
        dispute(terms, ANNA);
        uint256 total = PRICE + COMPENSATION;
        vm.prank(COMMUNITY_ADMIN);
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeWrongSplit.selector, 1, total, total));
        exchange.resolve(terms, 1, total);
    }

    function test_refundUndecided__tells_that_all_went_back() external {
        IServiceExchange.Terms memory terms = course(list(BRUNO, CARLA));
        bytes32 id = agreeAndDeliver(terms);
        dispute(terms, ANNA);
        vm.warp(block.timestamp + 60 days + 1);
        vm.recordLogs();
        exchange.refundUndecided(terms);
        Vm.Log memory told = vm.getRecordedLogs()[0];
        same(told.topics[0], IServiceExchange.AgreementResolved.selector, "event");
        same(told.topics[1], id, "agreement");
        same(keccak256(told.data), keccak256(abi.encode(0, 0, PRICE + COMPENSATION)), "amounts");
    }
}
