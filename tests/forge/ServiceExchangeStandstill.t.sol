// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ICommunityToken} from "../../contracts/interfaces/ICommunityToken.sol";
import {IServiceExchange} from "../../contracts/interfaces/IServiceExchange.sol";
import {ExchangeDesk} from "./ExchangeDesk.sol";

/// @dev Pauses, in which no time passes, and parties who are frozen or leave, who block nobody.
contract ServiceExchangeStandstillTest is ExchangeDesk {
    uint64 private constant PAUSE = 30 * DAY;

    /// @dev A pause of 30 days, over again.
    function pauseAndRun() private {
        pause();
        vm.warp(block.timestamp + PAUSE);
        unpause();
    }

    function refusePaused() private {
        refuse(abi.encodeWithSelector(ICommunityToken.CommunityTokenPaused.selector, block.timestamp));
    }

    // ---------------------------------------------------------------------------------- WHAT STANDS STILL IN PAUSE

    function test_propose__paused__refused() external {
        IServiceExchange.Terms memory terms = service();
        pause();
        vm.prank(walletOf(ANNA));
        refusePaused();
        exchange.propose(terms, own(ANNA), noPermit());
    }

    function test_accept__paused__refused() external {
        IServiceExchange.Terms memory terms = service();
        propose(terms, ANNA);
        pause();
        vm.prank(walletOf(BRUNO));
        refusePaused();
        exchange.accept(terms, own(BRUNO), noPermit());
    }

    function test_cancel__paused__refused() external {
        IServiceExchange.Terms memory terms = service();
        propose(terms, BRUNO);
        pause();
        vm.prank(walletOf(BRUNO));
        refusePaused();
        exchange.cancel(terms, own(BRUNO));
    }

    function test_confirm__paused__refused() external {
        IServiceExchange.Terms memory terms = service();
        agreeAndDeliver(terms);
        pause();
        vm.prank(walletOf(BRUNO));
        refusePaused();
        exchange.confirm(terms, own(BRUNO));
    }

    function test_resolve__paused__refused() external {
        IServiceExchange.Terms memory terms = service();
        agree(terms);
        dispute(terms, BRUNO);
        pause();
        vm.prank(COMMUNITY_ADMIN);
        refusePaused();
        exchange.resolve(terms, PRICE, 0);
    }

    // ----------------------------------------------------------------------------------- WHAT IS POSSIBLE IN PAUSE

    function test_dispute__paused__disputed() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agreeAndDeliver(terms);
        pause();
        dispute(terms, BRUNO);
        requireState(id, DISPUTED);
    }

    function test_deliver__paused_beyond_the_deadline__delivered() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agree(terms);
        pause();
        vm.warp(terms.deadline + PAUSE);
        deliver(terms);
        requireState(id, DELIVERED);
    }

    function test_declareReturn__paused__declared() external {
        IServiceExchange.Terms memory terms = termsOf(1, 3);
        bytes32 id = settle(terms);
        pause();
        vm.prank(walletOf(BRUNO));
        exchange.declareReturn(terms, own(BRUNO));
        requireState(id, RETURNED);
    }

    // -------------------------------------------------------------------------------------- NO TIME PASSES IN PAUSE

    function refuseEarly(bytes32 id, uint256 due) private {
        vm.warp(due);
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeTooEarly.selector, id, due, due + 1));
    }

    function test_expire__pause_before_acceptance__deadline_moves_on() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = propose(terms, BRUNO);
        pauseAndRun();
        accept(terms, ANNA);
        refuseEarly(id, terms.deadline + PAUSE);
        exchange.expire(terms);
        vm.warp(terms.deadline + PAUSE + 1);
        exchange.expire(terms);
        requireGain(BRUNO, 0);
    }

    function test_deliver__two_pauses__deadline_moves_on_by_both() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agree(terms);
        pauseAndRun();
        pauseAndRun();
        vm.warp(terms.deadline + 2 * PAUSE);
        deliver(terms);
        requireState(id, DELIVERED);
    }

    function test_expire__pauses_before_the_proposal__do_not_count() external {
        pauseAndRun();
        IServiceExchange.Terms memory terms = service();
        agree(terms);
        same(exchange.dueAt(terms), terms.deadline, "due");
    }

    function test_release__pause_after_delivery__period_moves_on() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agreeAndDeliver(terms);
        uint256 due = block.timestamp + CONFIRMATION_PERIOD + PAUSE;
        pauseAndRun();
        refuseEarly(id, due);
        exchange.release(terms);
        vm.warp(due + 1);
        exchange.release(terms);
        requireState(id, SETTLED);
    }

    function test_release__delivered_in_a_pause__whole_period_after_it() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agree(terms);
        pause();
        vm.warp(block.timestamp + PAUSE / 2);
        deliver(terms);
        vm.warp(block.timestamp + PAUSE / 2);
        unpause();
        refuseEarly(id, block.timestamp + CONFIRMATION_PERIOD);
        exchange.release(terms);
    }

    function test_releaseDeposit__pause__period_moves_on() external {
        IServiceExchange.Terms memory terms = termsOf(1, 3);
        bytes32 id = settle(terms);
        vm.prank(walletOf(BRUNO));
        exchange.declareReturn(terms, own(BRUNO));
        pauseAndRun();
        refuseEarly(id, block.timestamp + CONFIRMATION_PERIOD);
        exchange.releaseDeposit(terms);
    }

    function test_refundUndecided__pause__period_moves_on() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agree(terms);
        dispute(terms, BRUNO);
        pauseAndRun();
        refuseEarly(id, block.timestamp + 60 days);
        exchange.refundUndecided(terms);
    }

    // ------------------------------------------------------------------------------------------ FROZEN AND LEFT

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
