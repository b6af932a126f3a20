// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../../contracts/interfaces/IServiceExchange.sol";
import {ExchangeDesk} from "./ExchangeDesk.sol";
import {Vm} from "./Vm.sol";

/// @dev What the exchange tells: the read model of everybody else is made from these events alone.
contract MutantsExchangeTest is ExchangeDesk {
    function test_course__to_the_end__tells_each_step_once() public {
        IServiceExchange.Terms memory terms = course(list(BRUNO, CARLA));
        vm.recordLogs();
        settle(terms);
        bytes32[10] memory told = [
            IServiceExchange.AgreementProposed.selector,
            IServiceExchange.ConsentGiven.selector,
            IServiceExchange.ConsentGiven.selector,
            IServiceExchange.ConsentGiven.selector,
            IServiceExchange.ConsentGiven.selector,
            IServiceExchange.AgreementAccepted.selector,
            IServiceExchange.AgreementDelivered.selector,
            IServiceExchange.DeliveryConfirmed.selector,
            IServiceExchange.DeliveryConfirmed.selector,
            IServiceExchange.AgreementSettled.selector
        ];
        Vm.Log[] memory logs = ownLogs();
        same(logs.length, told.length, "events");
        for (uint256 i; i < told.length; ++i) same(logs[i].topics[0], told[i], vm.toString(i));
    }

    function test_loan__to_the_end__tells_lending_and_return() public {
        IServiceExchange.Terms memory terms = termsOf(1, 3);
        settle(terms);
        vm.recordLogs();
        vm.prank(walletOf(BRUNO));
        exchange.declareReturn(terms, own(BRUNO));
        vm.prank(walletOf(ANNA));
        exchange.confirmReturn(terms, own(ANNA));
        Vm.Log[] memory logs = ownLogs();
        same(logs.length, 2, "events");
        same(logs[0].topics[0], IServiceExchange.ReturnDeclared.selector, "declared");
        same(logs[1].topics[0], IServiceExchange.AgreementSettled.selector, "settled");
    }

    function test_dispute__by_the_payer__tells_who_and_why() public {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agree(terms);
        vm.recordLogs();
        dispute(terms, BRUNO);
        Vm.Log[] memory logs = ownLogs();
        same(logs.length, 1, "events");
        same(logs[0].topics[0], IServiceExchange.AgreementDisputed.selector, "event");
        same(logs[0].topics[1], id, "agreement");
        same(logs[0].topics[2], bytes32(BRUNO), "member");
        same(keccak256(logs[0].data), keccak256(abi.encode(REASON)), "reason");
    }

    function test_resolve__by_the_community_admin__tells_the_split() public {
        IServiceExchange.Terms memory terms = service();
        agree(terms);
        dispute(terms, BRUNO);
        vm.recordLogs();
        resolve(terms, 10e18, 0);
        Vm.Log[] memory logs = ownLogs();
        same(logs.length, 1, "events");
        same(logs[0].topics[0], IServiceExchange.AgreementResolved.selector, "event");
        same(keccak256(logs[0].data), keccak256(abi.encode(10e18, 0, PRICE - 10e18)), "split");
    }

    function test_cancel__consent_taken_back__tells_what_came_back() public {
        IServiceExchange.Terms memory terms = course(list(BRUNO, CARLA));
        bytes32 id = propose(terms, ANNA);
        accept(terms, BRUNO);
        vm.recordLogs();
        cancel(terms, BRUNO);
        Vm.Log[] memory logs = ownLogs();
        same(logs.length, 1, "events");
        same(logs[0].topics[0], IServiceExchange.ConsentWithdrawn.selector, "event");
        same(logs[0].topics[1], id, "agreement");
        same(logs[0].topics[2], bytes32(BRUNO), "member");
        same(keccak256(logs[0].data), keccak256(abi.encode((uint256(PRICE) + COMPENSATION) / 2)), "units");
    }

    function test_cancel__by_the_proposer__tells_withdrawal_and_end() public {
        IServiceExchange.Terms memory terms = service();
        propose(terms, BRUNO);
        vm.recordLogs();
        cancel(terms, BRUNO);
        Vm.Log[] memory logs = ownLogs();
        same(logs.length, 2, "events");
        same(logs[0].topics[0], IServiceExchange.ConsentWithdrawn.selector, "withdrawn");
        same(logs[1].topics[0], IServiceExchange.AgreementCancelled.selector, "cancelled");
    }

    function test_expire__after_the_deadline__tells_it() public {
        IServiceExchange.Terms memory terms = service();
        propose(terms, BRUNO);
        vm.warp(terms.deadline + 1);
        vm.recordLogs();
        exchange.expire(terms);
        Vm.Log[] memory logs = ownLogs();
        same(logs.length, 1, "events");
        same(logs[0].topics[0], IServiceExchange.AgreementExpired.selector, "event");
    }

    /// @dev The events of the exchange alone, in order, of those recorded.
    function ownLogs() private returns (Vm.Log[] memory own_) {
        Vm.Log[] memory all = vm.getRecordedLogs();
        uint256 count;
        for (uint256 i; i < all.length; ++i) {
            if (all[i].emitter == address(exchange)) ++count;
        }
        own_ = new Vm.Log[](count);
        count = 0;
        for (uint256 i; i < all.length; ++i) {
            if (all[i].emitter == address(exchange)) own_[count++] = all[i];
        }
    }
}
