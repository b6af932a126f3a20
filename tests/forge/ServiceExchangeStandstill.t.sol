// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ICommunityToken} from "../../contracts/interfaces/ICommunityToken.sol";
import {IServiceExchange} from "../../contracts/interfaces/IServiceExchange.sol";
import {ExchangeDesk} from "./ExchangeDesk.sol";

/// @dev Pauses, in which no time passes and nothing moves.
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
}
