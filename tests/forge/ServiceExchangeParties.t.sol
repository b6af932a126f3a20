// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../../contracts/interfaces/IServiceExchange.sol";
import {ExchangeDesk} from "./ExchangeDesk.sol";

/// @dev Parties who are frozen or leave: they have their leg, and block nobody.
contract ServiceExchangePartiesTest is ExchangeDesk {
    function refuseStatus(uint256 member, uint8 status) private {
        refuse(
            abi.encodeWithSelector(IServiceExchange.ServiceExchangeWrongStatus.selector, bytes32(member), status)
        );
    }

    function test_propose__frozen__refused() external {
        freeze(ANNA);
        IServiceExchange.Terms memory terms = service();
        vm.prank(walletOf(ANNA));
        refuseStatus(ANNA, 2);
        exchange.propose(terms, own(ANNA), noPermit());
    }

    function test_accept__left__refused() external {
        IServiceExchange.Terms memory terms = service();
        propose(terms, BRUNO);
        depart(ANNA);
        vm.prank(walletOf(ANNA));
        refuseStatus(ANNA, 3);
        exchange.accept(terms, own(ANNA), noPermit());
    }

    function test_confirm__frozen_payer__refused() external {
        IServiceExchange.Terms memory terms = service();
        agreeAndDeliver(terms);
        freeze(BRUNO);
        vm.prank(walletOf(BRUNO));
        refuseStatus(BRUNO, 2);
        exchange.confirm(terms, own(BRUNO));
    }

    function test_confirmReturn__frozen_lender__refused() external {
        IServiceExchange.Terms memory terms = termsOf(1, 3);
        settle(terms);
        freeze(ANNA);
        vm.prank(walletOf(ANNA));
        refuseStatus(ANNA, 2);
        exchange.confirmReturn(terms, own(ANNA));
    }

    function test_release__frozen_payer__provider_is_paid() external {
        IServiceExchange.Terms memory terms = service();
        agreeAndDeliver(terms);
        freeze(BRUNO);
        vm.warp(block.timestamp + CONFIRMATION_PERIOD + 1);
        exchange.release(terms);
        requireGain(ANNA, int256(uint256(PRICE)));
    }

    function test_confirm__frozen_provider_and_structure_that_left__both_are_paid() external {
        IServiceExchange.Terms memory terms = termsOf(2, 0);
        agreeAndDeliver(terms);
        freeze(ANNA);
        depart(HALL);
        confirm(terms, BRUNO);
        requireGain(ANNA, int256(uint256(PRICE)));
        requireGain(HALL, int256(uint256(COMPENSATION)));
    }

    function test_expire__payer_left__refunded() external {
        IServiceExchange.Terms memory terms = service();
        agree(terms);
        depart(BRUNO);
        vm.warp(terms.deadline + 1);
        exchange.expire(terms);
        requireGain(BRUNO, 0);
    }

    function test_confirm__payer_left__may_still_confirm() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agreeAndDeliver(terms);
        depart(BRUNO);
        confirm(terms, BRUNO);
        requireState(id, SETTLED);
    }

    function test_dispute__frozen_payer__disputed() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agreeAndDeliver(terms);
        freeze(BRUNO);
        dispute(terms, BRUNO);
        requireState(id, DISPUTED);
    }
}
