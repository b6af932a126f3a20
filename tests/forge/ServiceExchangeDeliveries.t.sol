// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../../contracts/interfaces/IServiceExchange.sol";
import {ExchangeDesk} from "./ExchangeDesk.sol";

/// @dev From the service done to the price released, and who gets what.
contract ServiceExchangeDeliveriesTest is ExchangeDesk {
    // ------------------------------------------------------------------------------------------------ DELIVERING

    function test_deliver__by_the_provider__confirmation_period_begins() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agree(terms);
        vm.warp(block.timestamp + 3 * DAY);
        deliver(terms);
        requireState(id, DELIVERED);
        same(exchange.dueAt(terms), block.timestamp + CONFIRMATION_PERIOD, "due");
        requireEscrow(terms, PRICE);
    }

    function test_deliver__by_the_payer__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agree(terms);
        vm.prank(walletOf(BRUNO));
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeNotParty.selector, id, bytes32(BRUNO)));
        exchange.deliver(terms, own(BRUNO));
    }

    function test_deliver__at_the_deadline__delivered() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agree(terms);
        vm.warp(terms.deadline);
        deliver(terms);
        requireState(id, DELIVERED);
    }

    function test_deliver__after_the_deadline__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agree(terms);
        vm.warp(terms.deadline + 1);
        vm.prank(walletOf(ANNA));
        refuse(
            abi.encodeWithSelector(
                IServiceExchange.ServiceExchangeTooLate.selector, id, terms.deadline + 1, terms.deadline
            )
        );
        exchange.deliver(terms, own(ANNA));
    }

    function test_deliver__before_acceptance__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = propose(terms, ANNA);
        vm.prank(walletOf(ANNA));
        refuseState(id, PROPOSED, 1 << 2);
        exchange.deliver(terms, own(ANNA));
    }

    // ------------------------------------------------------------------------------------------------ CONFIRMING

    function test_confirm__by_the_payer__provider_has_the_price() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agreeAndDeliver(terms);
        confirm(terms, BRUNO);
        requireState(id, SETTLED);
        requireGain(ANNA, int256(uint256(PRICE)));
        requireEscrow(terms, 0);
    }

    function test_confirm__twice__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = settle(terms);
        vm.prank(walletOf(BRUNO));
        refuseState(id, SETTLED, 1 << 3);
        exchange.confirm(terms, own(BRUNO));
    }

    function test_confirm__by_the_provider__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agreeAndDeliver(terms);
        vm.prank(walletOf(ANNA));
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeNotParty.selector, id, bytes32(ANNA)));
        exchange.confirm(terms, own(ANNA));
    }

    function test_confirm__before_delivery__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agree(terms);
        vm.prank(walletOf(BRUNO));
        refuseState(id, ACCEPTED, 1 << 3);
        exchange.confirm(terms, own(BRUNO));
    }

    /// One payer cannot spend what the others put in.
    function test_confirm__one_of_three__nothing_moves() external {
        IServiceExchange.Terms memory terms = course(list(BRUNO, CARLA, DINO));
        bytes32 id = agreeAndDeliver(terms);
        confirm(terms, BRUNO);
        requireState(id, DELIVERED);
        requireEscrow(terms, PRICE + COMPENSATION);
    }

    function test_confirm__same_payer_again__refused() external {
        IServiceExchange.Terms memory terms = course(list(BRUNO, CARLA, DINO));
        bytes32 id = agreeAndDeliver(terms);
        confirm(terms, BRUNO);
        vm.prank(walletOf(BRUNO));
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeAlreadyDone.selector, id, bytes32(BRUNO)));
        exchange.confirm(terms, own(BRUNO));
    }

    function test_confirm__all_three__provider_and_structure_are_paid() external {
        IServiceExchange.Terms memory terms = course(list(BRUNO, CARLA, DINO));
        settle(terms);
        requireGain(ANNA, int256(uint256(PRICE)));
        requireGain(HALL, int256(uint256(COMPENSATION)));
        requireEscrow(terms, 0);
    }

    /// 37 units over three payers: 13 for the first, 12 for the others.
    function test_confirm__price_not_divisible__first_payer_bears_the_rest() external {
        IServiceExchange.Terms memory terms = course(list(BRUNO, CARLA, DINO));
        (terms.priceUnits, terms.compensationUnits) = (30, 7);
        settle(terms);
        requireGain(BRUNO, -13);
        requireGain(CARLA, -12);
        requireGain(DINO, -12);
    }

    function test_confirm__with_service_fees__by_classes_of_the_category() external {
        chargeFees();
        IServiceExchange.Terms memory terms = course(list(BRUNO, CARLA));
        settle(terms);
        requireGain(ANNA, int256(uint256(PRICE) * 99 / 100));
        requireGain(HALL, int256(uint256(COMPENSATION) * 95 / 100));
        same(token.balanceOf(address(treasury)), 10_000e18 + PRICE / 100 + COMPENSATION / 20, "treasury");
    }

    /// Fees that apply after acceptance do not reach an agreement accepted before.
    function test_confirm__fees_raised_after_acceptance__those_of_acceptance() external {
        IServiceExchange.Terms memory terms = service();
        agree(terms);
        chargeFees();
        deliver(terms);
        confirm(terms, BRUNO);
        requireGain(ANNA, int256(uint256(PRICE)));
    }

    function test_confirm__price_zero__settled() external {
        IServiceExchange.Terms memory terms = service();
        terms.priceUnits = 0;
        requireState(settle(terms), SETTLED);
    }

    function test_confirm__new_goods__reseller_gives_tokens_to_the_buyer() external {
        IServiceExchange.Terms memory terms = termsOf(3, 4);
        settle(terms);
        requireGain(SHOP, -int256(uint256(PRICE)));
        requireGain(BRUNO, int256(uint256(PRICE)));
    }

    function test_confirm__new_goods_with_fees__rate_of_stakeholder_to_citizen() external {
        chargeFees();
        settle(termsOf(3, 4));
        requireGain(BRUNO, int256(uint256(PRICE) * 99 / 100));
    }

    function test_expire__new_goods__reseller_refunded() external {
        IServiceExchange.Terms memory terms = termsOf(3, 4);
        agree(terms);
        requireEscrow(terms, PRICE);
        vm.warp(terms.deadline + 1);
        exchange.expire(terms);
        requireGain(SHOP, 0);
    }

    // ------------------------------------------------------------------------------------------------- RELEASING

    function test_release__silence_for_the_whole_period__settled_by_anybody() external {
        IServiceExchange.Terms memory terms = course(list(BRUNO, CARLA));
        bytes32 id = agreeAndDeliver(terms);
        vm.warp(block.timestamp + CONFIRMATION_PERIOD + 1);
        exchange.release(terms);
        requireState(id, SETTLED);
        requireGain(ANNA, int256(uint256(PRICE)));
    }

    function test_release__in_the_last_second__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agreeAndDeliver(terms);
        uint256 due = block.timestamp + CONFIRMATION_PERIOD;
        vm.warp(due);
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeTooEarly.selector, id, due, due + 1));
        exchange.release(terms);
    }

    function test_release__twice__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agreeAndDeliver(terms);
        vm.warp(block.timestamp + CONFIRMATION_PERIOD + 1);
        exchange.release(terms);
        refuseState(id, SETTLED, 1 << 3);
        exchange.release(terms);
    }

    function test_release__suspended_community__paid() external {
        IServiceExchange.Terms memory terms = service();
        agreeAndDeliver(terms);
        suspend();
        vm.warp(block.timestamp + CONFIRMATION_PERIOD + 1);
        exchange.release(terms);
        requireGain(ANNA, int256(uint256(PRICE)));
    }
}
