// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../../contracts/interfaces/IServiceExchange.sol";
import {ExchangeDesk} from "./ExchangeDesk.sol";

/// @dev The parties do not agree, no longer, or not in time: cancelling and expiring.
contract ServiceExchangeCancellingTest is ExchangeDesk {
    // ------------------------------------------------------------------------------------------------ CANCELLING

    function test_cancel__by_the_proposer__all_have_their_shares_back() external {
        IServiceExchange.Terms memory terms = course(list(BRUNO, CARLA));
        bytes32 id = propose(terms, BRUNO);
        accept(terms, CARLA);
        cancel(terms, BRUNO);
        requireState(id, CANCELLED);
        requireEscrow(terms, 0);
        requireGain(BRUNO, 0);
        requireGain(CARLA, 0);
    }

    /// The escrow of other agreements is not touched for a payer that never paid.
    function test_cancel__by_the_proposer__who_did_not_consent_gets_nothing() external {
        IServiceExchange.Terms memory other = service();
        propose(other, BRUNO);
        IServiceExchange.Terms memory terms = course(list(BRUNO, CARLA));
        propose(terms, BRUNO);
        cancel(terms, BRUNO);
        requireGain(CARLA, 0);
        requireEscrow(other, PRICE);
    }

    function test_cancel__by_another_before_acceptance__only_its_share_is_back() external {
        IServiceExchange.Terms memory terms = course(list(BRUNO, CARLA));
        bytes32 id = propose(terms, BRUNO);
        accept(terms, CARLA);
        cancel(terms, CARLA);
        requireState(id, PROPOSED);
        requireGain(CARLA, 0);
        requireEscrow(terms, (PRICE + COMPENSATION) / 2);
    }

    function test_cancel__withdrawn_then_accepted_again__accepted() external {
        IServiceExchange.Terms memory terms = course(list(BRUNO, CARLA));
        bytes32 id = propose(terms, ANNA);
        accept(terms, BRUNO);
        cancel(terms, BRUNO);
        accept(terms, CARLA);
        accept(terms, HALL);
        requireState(id, PROPOSED);
        accept(terms, BRUNO);
        requireState(id, ACCEPTED);
        requireEscrow(terms, PRICE + COMPENSATION);
    }

    function test_cancel__without_consent__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = propose(terms, ANNA);
        vm.prank(walletOf(BRUNO));
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeNoConsent.selector, id, bytes32(BRUNO)));
        exchange.cancel(terms, own(BRUNO));
    }

    function test_cancel__one_party_after_acceptance__nothing_moves() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agree(terms);
        cancel(terms, BRUNO);
        requireState(id, ACCEPTED);
        requireEscrow(terms, PRICE);
    }

    function test_cancel__same_party_twice_after_acceptance__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agree(terms);
        cancel(terms, BRUNO);
        vm.prank(walletOf(BRUNO));
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeNoConsent.selector, id, bytes32(BRUNO)));
        exchange.cancel(terms, own(BRUNO));
    }

    function test_cancel__all_parties_after_delivery__refunded() external {
        IServiceExchange.Terms memory terms = course(list(BRUNO, CARLA));
        bytes32 id = agreeAndDeliver(terms);
        cancel(terms, ANNA);
        cancel(terms, HALL);
        cancel(terms, CARLA);
        requireEscrow(terms, PRICE + COMPENSATION);
        cancel(terms, BRUNO);
        requireState(id, CANCELLED);
        requireGain(BRUNO, 0);
        requireGain(CARLA, 0);
    }

    /// A provider that cancelled and delivers nevertheless stands by the agreement again.
    function test_cancel__provider_delivered_after_it__payer_alone_cannot() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agree(terms);
        cancel(terms, ANNA);
        deliver(terms);
        cancel(terms, BRUNO);
        requireState(id, DELIVERED);
    }

    function test_cancel__after_settlement__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = settle(terms);
        vm.prank(walletOf(BRUNO));
        refuseState(id, SETTLED, 1 << 1 | 1 << 2 | 1 << 3);
        exchange.cancel(terms, own(BRUNO));
    }

    function test_cancel__by_community_that_proposed__treasury_refunded() external {
        IServiceExchange.Terms memory terms = termsOf(6, 0);
        vm.prank(COMMUNITY_ADMIN);
        bytes32 id = exchange.proposeForCommunity(terms);
        vm.prank(COMMUNITY_ADMIN);
        exchange.cancelForCommunity(terms);
        requireState(id, CANCELLED);
        same(token.balanceOf(address(treasury)), 10_000e18, "treasury");
    }

    function test_cancel__by_community_and_provider_after_acceptance__treasury_refunded() external {
        IServiceExchange.Terms memory terms = termsOf(6, 0);
        bytes32 id = agree(terms);
        cancel(terms, ANNA);
        vm.prank(COMMUNITY_ADMIN);
        exchange.cancelForCommunity(terms);
        requireState(id, CANCELLED);
        same(token.balanceOf(address(treasury)), 10_000e18, "treasury");
    }

    function test_cancel__for_community_in_category_1__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agree(terms);
        vm.prank(COMMUNITY_ADMIN);
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeNotParty.selector, id, bytes32(0)));
        exchange.cancelForCommunity(terms);
    }

    function test_cancel__suspended_community__refunded() external {
        propose(service(), BRUNO);
        suspend();
        cancel(service(), BRUNO);
        requireGain(BRUNO, 0);
    }

    // -------------------------------------------------------------------------------------------------- EXPIRING

    function test_expire__at_the_deadline__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agree(terms);
        vm.warp(terms.deadline);
        same(exchange.dueAt(terms), terms.deadline, "due");
        refuse(
            abi.encodeWithSelector(
                IServiceExchange.ServiceExchangeTooEarly.selector, id, terms.deadline, terms.deadline + 1
            )
        );
        exchange.expire(terms);
    }

    function test_expire__accepted__payers_refunded() external {
        IServiceExchange.Terms memory terms = course(list(BRUNO, CARLA));
        bytes32 id = agree(terms);
        vm.warp(terms.deadline + 1);
        exchange.expire(terms);
        requireState(id, EXPIRED);
        requireGain(BRUNO, 0);
        requireGain(CARLA, 0);
    }

    function test_expire__proposed__only_who_consented_is_refunded() external {
        IServiceExchange.Terms memory terms = course(list(BRUNO, CARLA));
        propose(terms, ANNA);
        accept(terms, CARLA);
        vm.warp(terms.deadline + 1);
        exchange.expire(terms);
        requireEscrow(terms, 0);
        requireGain(BRUNO, 0);
        requireGain(CARLA, 0);
    }

    function test_expire__twice__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agree(terms);
        vm.warp(terms.deadline + 1);
        exchange.expire(terms);
        refuseState(id, EXPIRED, 1 << 1 | 1 << 2);
        exchange.expire(terms);
    }

    function test_expire__delivered__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agreeAndDeliver(terms);
        vm.warp(terms.deadline + 1);
        refuseState(id, DELIVERED, 1 << 1 | 1 << 2);
        exchange.expire(terms);
    }
}
