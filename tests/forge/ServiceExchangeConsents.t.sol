// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ICommunityToken} from "../../contracts/interfaces/ICommunityToken.sol";
import {IServiceExchange} from "../../contracts/interfaces/IServiceExchange.sol";
import {ExchangeDesk} from "./ExchangeDesk.sol";

/// @dev The parties agree: proposing and accepting.
contract ServiceExchangeConsentsTest is ExchangeDesk {
    uint16 private constant ONLY_PROPOSED = 1 << 1;

    // ------------------------------------------------------------------------------------------------- PROPOSING

    function test_propose__by_the_payer__its_share_is_in_escrow() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = propose(terms, BRUNO);
        requireState(id, PROPOSED);
        requireEscrow(terms, PRICE);
        requireGain(BRUNO, -int256(uint256(PRICE)));
    }

    function test_propose__by_the_provider__nothing_is_in_escrow() external {
        IServiceExchange.Terms memory terms = service();
        propose(terms, ANNA);
        requireEscrow(terms, 0);
    }

    function test_propose__twice__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = propose(terms, BRUNO);
        vm.prank(walletOf(ANNA));
        refuseState(id, PROPOSED, 1);
        exchange.propose(terms, own(ANNA), noPermit());
    }

    function test_propose__no_party__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = exchange.agreementId(terms);
        vm.prank(walletOf(CARLA));
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeNotParty.selector, id, bytes32(CARLA)));
        exchange.propose(terms, own(CARLA), noPermit());
    }

    function test_propose__wallet_of_another__refused() external {
        address carla = walletOf(CARLA);
        vm.prank(carla);
        refuse(
            abi.encodeWithSelector(
                IServiceExchange.ServiceExchangeWrongSender.selector, bytes32(BRUNO), carla, walletOf(BRUNO)
            )
        );
        exchange.propose(service(), own(BRUNO), noPermit());
    }

    function test_propose__community_where_members_pay__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = exchange.agreementId(terms);
        vm.prank(COMMUNITY_ADMIN);
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeWrongCategory.selector, id, 1));
        exchange.proposeForCommunity(terms);
    }

    function test_propose__for_community__treasury_funds() external {
        IServiceExchange.Terms memory terms = termsOf(8, 0);
        vm.prank(COMMUNITY_ADMIN);
        exchange.proposeForCommunity(terms);
        requireEscrow(terms, PRICE + COMPENSATION);
        same(token.balanceOf(address(treasury)), 10_000e18 - PRICE - COMPENSATION, "treasury");
    }

    function test_propose__admin_is_the_provider__refused() external {
        IServiceExchange.Terms memory terms = termsOf(6, 0);
        manager.grantRole(2, walletOf(ANNA), 0);
        bytes32 id = exchange.agreementId(terms);
        vm.prank(walletOf(ANNA));
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeOwnAgreement.selector, id, bytes32(ANNA)));
        exchange.proposeForCommunity(terms);
    }

    function test_propose__member_id_zero_for_the_community__refused() external {
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeNotMember.selector, bytes32(0)));
        exchange.propose(termsOf(6, 0), own(0), noPermit());
    }

    // ------------------------------------------------------------------------------------------------- ACCEPTING

    function test_accept__last_party__accepted_now() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = propose(terms, ANNA);
        vm.warp(block.timestamp + 3 * DAY);
        accept(terms, BRUNO);
        requireState(id, ACCEPTED);
        same(exchange.agreement(id).acceptedAt, block.timestamp, "acceptedAt");
        requireEscrow(terms, PRICE);
    }

    function test_accept__one_of_several__still_proposed() external {
        IServiceExchange.Terms memory terms = course(list(BRUNO, CARLA));
        bytes32 id = propose(terms, ANNA);
        accept(terms, BRUNO);
        accept(terms, HALL);
        requireState(id, PROPOSED);
        requireEscrow(terms, (PRICE + COMPENSATION) / 2);
    }

    function test_accept__twice__refused() external {
        IServiceExchange.Terms memory terms = course(list(BRUNO, CARLA));
        bytes32 id = propose(terms, ANNA);
        accept(terms, BRUNO);
        vm.prank(walletOf(BRUNO));
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeAlreadyDone.selector, id, bytes32(BRUNO)));
        exchange.accept(terms, own(BRUNO), noPermit());
    }

    function test_accept__proposer_again__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = propose(terms, ANNA);
        vm.prank(walletOf(ANNA));
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeAlreadyDone.selector, id, bytes32(ANNA)));
        exchange.accept(terms, own(ANNA), noPermit());
    }

    function test_accept__other_price__unknown_agreement() external {
        IServiceExchange.Terms memory terms = service();
        propose(terms, ANNA);
        terms.priceUnits = 1;
        bytes32 id = exchange.agreementId(terms);
        vm.prank(walletOf(BRUNO));
        refuseState(id, 0, ONLY_PROPOSED);
        exchange.accept(terms, own(BRUNO), noPermit());
    }

    function test_accept__after_deadline__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = propose(terms, ANNA);
        vm.warp(terms.deadline + 1);
        vm.prank(walletOf(BRUNO));
        refuse(
            abi.encodeWithSelector(
                IServiceExchange.ServiceExchangeTooLate.selector, id, terms.deadline + 1, terms.deadline
            )
        );
        exchange.accept(terms, own(BRUNO), noPermit());
    }

    function test_accept__without_means__refused_and_nothing_changes() external {
        IServiceExchange.Terms memory terms = service();
        terms.priceUnits = uint96(HOLDING) + 1;
        bytes32 id = propose(terms, ANNA);
        vm.prank(walletOf(BRUNO));
        vm.expectRevert();
        exchange.accept(terms, own(BRUNO), noPermit());
        requireState(id, PROPOSED);
    }

    function test_accept__for_community_by_a_party__refused() external {
        IServiceExchange.Terms memory terms = termsOf(8, 0);
        bytes32 id = propose(terms, ANNA);
        manager.grantRole(2, walletOf(HALL), 0);
        vm.prank(walletOf(HALL));
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeOwnAgreement.selector, id, bytes32(HALL)));
        exchange.acceptForCommunity(terms);
    }

    function test_accept__hour_has_another_price_meanwhile__refused() external {
        IServiceExchange.Terms memory terms = termsOf(1, 1);
        propose(terms, ANNA);
        scheduleHour(20e18);
        vm.prank(walletOf(BRUNO));
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeWrongTimePrice.selector, 15e18, 30e18));
        exchange.accept(terms, own(BRUNO), noPermit());
    }

    function scheduleHour(uint96 units) private {
        vm.prank(TOKEN_ADMIN);
        policy.scheduleRates(ratesOf(units), uint64(block.timestamp) + NOTICE + 1);
        vm.warp(block.timestamp + NOTICE + 1);
    }

    // ------------------------------------------------------------------------------------------------ SUSPENSION

    function test_propose__suspended_community__refused() external {
        suspend();
        vm.prank(walletOf(BRUNO));
        refuse(abi.encodeWithSelector(ICommunityToken.CommunityTokenSuspended.selector));
        exchange.propose(service(), own(BRUNO), noPermit());
    }

    function test_accept__suspended_community__refused() external {
        IServiceExchange.Terms memory terms = service();
        propose(terms, ANNA);
        suspend();
        vm.prank(walletOf(BRUNO));
        refuse(abi.encodeWithSelector(ICommunityToken.CommunityTokenSuspended.selector));
        exchange.accept(terms, own(BRUNO), noPermit());
    }
}
