// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../../contracts/interfaces/IServiceExchange.sol";
import {ExchangeDesk} from "./ExchangeDesk.sol";
import {Vm} from "./Vm.sol";

/// @dev Agreements that the community pays, and amounts of one unit: planted bugs showed them to be untested.
contract MutantsExchangeCommunityTest is ExchangeDesk {
    function test_acceptForCommunity__where_members_pay__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = propose(terms, ANNA);
        vm.prank(COMMUNITY_ADMIN);
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeWrongCategory.selector, id, 1));
        exchange.acceptForCommunity(terms);
    }

    function test_proposeForCommunity__hour_at_another_price__refused() external {
        IServiceExchange.Terms memory terms = termsOf(6, 1);
        terms.priceUnits += 1;
        vm.prank(COMMUNITY_ADMIN);
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeWrongTimePrice.selector, 15e18 + 1, 15e18));
        exchange.proposeForCommunity(terms);
    }

    function test_acceptForCommunity__hour_has_another_price_meanwhile__refused() external {
        IServiceExchange.Terms memory terms = termsOf(6, 1);
        propose(terms, ANNA);
        vm.prank(TOKEN_ADMIN);
        policy.scheduleRates(ratesOf(20e18), uint64(block.timestamp) + NOTICE + 1);
        vm.warp(block.timestamp + NOTICE + 1);
        vm.prank(COMMUNITY_ADMIN);
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeWrongTimePrice.selector, 15e18, 30e18));
        exchange.acceptForCommunity(terms);
    }

    function test_proposeForCommunity__one_unit__is_funded() external {
        IServiceExchange.Terms memory terms = termsOf(7, 0);
        terms.priceUnits = 1;
        vm.prank(COMMUNITY_ADMIN);
        exchange.proposeForCommunity(terms);
        requireEscrow(terms, 1);
    }

    function test_confirm__one_unit__arrives() external {
        IServiceExchange.Terms memory terms = service();
        terms.priceUnits = 1;
        settle(terms);
        requireGain(ANNA, 1);
        requireEscrow(terms, 0);
    }

    function test_recordCheck__tells_who_checked_what() external {
        IServiceExchange.Terms memory terms = termsOf(6, 0);
        bytes32 id = agreeAndDeliver(terms);
        vm.recordLogs();
        check(terms, 2);
        Vm.Log memory told = vm.getRecordedLogs()[0];
        same(told.topics[0], IServiceExchange.CheckRecorded.selector, "event");
        same(told.topics[1], id, "agreement");
        same(told.topics[2], bytes32(uint256(uint160(VERIFIER))), "verifier");
        same(keccak256(told.data), keccak256(abi.encode(2)), "checks");
    }

    function test_recordCheck__community_pays__no_incentive_is_announced() external {
        IServiceExchange.Terms memory terms = termsOf(6, 0);
        agreeAndDeliver(terms);
        vm.recordLogs();
        check(terms, 2);
        Vm.Log[] memory told = vm.getRecordedLogs();
        for (uint256 i; i < told.length; ++i) {
            require(told[i].topics[0] != IServiceExchange.IncentivePostponed.selector, "postponed");
        }
    }

    function test_giveFeedback__tells_who_gave_which() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = settle(terms);
        vm.recordLogs();
        vm.prank(walletOf(BRUNO));
        exchange.giveFeedback(terms, 4, REASON, own(BRUNO));
        Vm.Log memory told = vm.getRecordedLogs()[0];
        same(told.topics[0], IServiceExchange.FeedbackGiven.selector, "event");
        same(told.topics[1], id, "agreement");
        same(told.topics[2], bytes32(BRUNO), "member");
        same(keccak256(told.data), keccak256(abi.encode(4, REASON)), "rating and text");
    }
}
