// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IServiceExchange} from "../../contracts/interfaces/IServiceExchange.sol";
import {ExchangeDesk} from "./ExchangeDesk.sol";

/// @dev What happens when the parties disagree.
contract ServiceExchangeDisputesTest is ExchangeDesk {
    uint16 private constant DISPUTABLE = 1 << 2 | 1 << 3 | 1 << 9 | 1 << 10;

    // ------------------------------------------------------------------------------------------------- DISPUTING

    function test_dispute__each_party_once_accepted__nothing_moves() external {
        uint256[4] memory parties = [ANNA, BRUNO, CARLA, HALL];
        for (uint256 i; i < 4; ++i) {
            IServiceExchange.Terms memory terms = course(list(BRUNO, CARLA));
            terms.salt = bytes32(i);
            bytes32 id = agree(terms);
            dispute(terms, parties[i]);
            requireState(id, DISPUTED);
            same(exchange.escrowOf(terms), PRICE + COMPENSATION, "escrow");
        }
    }

    function test_dispute__by_a_stranger__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agree(terms);
        vm.prank(walletOf(CARLA));
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeNotParty.selector, id, bytes32(CARLA)));
        exchange.dispute(terms, REASON, own(CARLA));
    }

    function test_dispute__proposed__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = propose(terms, BRUNO);
        vm.prank(walletOf(BRUNO));
        refuseState(id, PROPOSED, DISPUTABLE);
        exchange.dispute(terms, REASON, own(BRUNO));
    }

    function test_dispute__settled__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = settle(terms);
        vm.prank(walletOf(BRUNO));
        refuseState(id, SETTLED, DISPUTABLE);
        exchange.dispute(terms, REASON, own(BRUNO));
    }

    function test_dispute__delivered_and_silence__release_refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agreeAndDeliver(terms);
        dispute(terms, BRUNO);
        vm.warp(block.timestamp + CONFIRMATION_PERIOD + 1);
        refuseState(id, DISPUTED, 1 << 3);
        exchange.release(terms);
    }

    function test_dispute__for_community_in_category_1__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agree(terms);
        vm.prank(COMMUNITY_ADMIN);
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeWrongCategory.selector, id, 1));
        exchange.disputeForCommunity(terms, REASON);
    }

    function test_dispute__for_community_in_category_6__disputed() external {
        IServiceExchange.Terms memory terms = termsOf(6, 0);
        bytes32 id = agreeAndDeliver(terms);
        vm.prank(COMMUNITY_ADMIN);
        exchange.disputeForCommunity(terms, REASON);
        requireState(id, DISPUTED);
    }

    // ------------------------------------------------------------------------------------------------- RESOLVING

    function disputed(IServiceExchange.Terms memory terms) private returns (bytes32 id) {
        id = agreeAndDeliver(terms);
        dispute(terms, uint256(terms.provider));
    }

    function test_resolve__any_split__sums_to_the_escrow(uint96 toReceiver, uint96 toStructure) external {
        IServiceExchange.Terms memory terms = course(list(BRUNO, CARLA, DINO));
        bytes32 id = disputed(terms);
        uint256 total = PRICE + COMPENSATION;
        uint256 forReceiver = toReceiver % (total + 1);
        uint256 forStructure = toStructure % (total - forReceiver + 1);
        resolve(terms, forReceiver, forStructure);
        requireState(id, RESOLVED);
        requireGain(ANNA, int256(forReceiver));
        requireGain(HALL, int256(forStructure));
        requireEscrow(terms, 0);
        uint256 back = total - forReceiver - forStructure;
        uint256 share = (total + 2) / 3;
        requireGain(BRUNO, int256((back + 2) / 3) - int256(share));
    }

    function test_resolve__more_than_the_escrow__refused(uint256 toReceiver, uint256 toStructure) external {
        IServiceExchange.Terms memory terms = termsOf(2, 0);
        disputed(terms);
        uint256 total = PRICE + COMPENSATION;
        if (toReceiver <= total && toStructure <= total - toReceiver) toReceiver = total + 1;
        vm.prank(COMMUNITY_ADMIN);
        refuse(
            abi.encodeWithSelector(
                IServiceExchange.ServiceExchangeWrongSplit.selector, toReceiver, toStructure, total
            )
        );
        exchange.resolve(terms, toReceiver, toStructure);
    }

    function test_resolve__part_for_a_structure_that_is_none__refused() external {
        IServiceExchange.Terms memory terms = service();
        disputed(terms);
        vm.prank(COMMUNITY_ADMIN);
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeWrongSplit.selector, 0, 1, PRICE));
        exchange.resolve(terms, 0, 1);
    }

    function test_resolve__twice__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = disputed(terms);
        resolve(terms, PRICE, 0);
        vm.prank(COMMUNITY_ADMIN);
        refuseState(id, RESOLVED, 1 << 6);
        exchange.resolve(terms, PRICE, 0);
    }

    function test_resolve__undisputed__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agree(terms);
        vm.prank(COMMUNITY_ADMIN);
        refuseState(id, ACCEPTED, 1 << 6);
        exchange.resolve(terms, PRICE, 0);
    }

    function test_resolve__by_anybody__refused() external {
        IServiceExchange.Terms memory terms = service();
        disputed(terms);
        vm.prank(walletOf(BRUNO));
        refuse(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, walletOf(BRUNO)));
        exchange.resolve(terms, 0, 0);
    }

    function test_resolve__admin_is_a_payer__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = disputed(terms);
        manager.grantRole(2, walletOf(BRUNO), 0);
        vm.prank(walletOf(BRUNO));
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeOwnAgreement.selector, id, bytes32(BRUNO)));
        exchange.resolve(terms, 0, 0);
    }

    function test_resolve__community_admin_where_the_community_pays__refused() external {
        IServiceExchange.Terms memory terms = termsOf(6, 0);
        bytes32 id = disputed(terms);
        vm.prank(COMMUNITY_ADMIN);
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeWrongCategory.selector, id, 6));
        exchange.resolve(terms, 0, 0);
    }

    function test_resolve__platform_admin_where_members_pay__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = disputed(terms);
        vm.prank(PLATFORM_ADMIN);
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeWrongCategory.selector, id, 1));
        exchange.resolveForCommunity(terms, 0, 0);
    }

    function test_resolve__for_community__rest_to_the_treasury_without_a_fee() external {
        chargeFees();
        IServiceExchange.Terms memory terms = termsOf(8, 0);
        disputed(terms);
        resolve(terms, 10e18, 5e18);
        requireGain(ANNA, 10e18);
        requireGain(HALL, 5e18);
        same(token.balanceOf(address(treasury)), 10_000e18 - 15e18, "treasury");
    }

    function test_resolve__new_goods__buyer_and_reseller_share() external {
        IServiceExchange.Terms memory terms = termsOf(3, 4);
        disputed(terms);
        resolve(terms, 10e18, 0);
        requireGain(BRUNO, 10e18);
        requireGain(SHOP, -10e18);
    }

    function test_resolve__with_fees__on_both_parts() external {
        chargeFees();
        IServiceExchange.Terms memory terms = termsOf(2, 0);
        disputed(terms);
        resolve(terms, 10e18, 2e18);
        requireGain(ANNA, 9.9e18);
        requireGain(HALL, 1.9e18);
    }

    // ------------------------------------------------------------------------------------------------- UNDECIDED

    function test_refundUndecided__after_60_days__payers_refunded() external {
        IServiceExchange.Terms memory terms = course(list(BRUNO, CARLA));
        bytes32 id = disputed(terms);
        vm.warp(block.timestamp + 60 days + 1);
        exchange.refundUndecided(terms);
        requireState(id, RESOLVED);
        requireGain(BRUNO, 0);
        requireGain(CARLA, 0);
    }

    function test_refundUndecided__after_60_days_sharp__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = disputed(terms);
        uint256 due = block.timestamp + 60 days;
        vm.warp(due);
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeTooEarly.selector, id, due, due + 1));
        exchange.refundUndecided(terms);
    }

    function test_refundUndecided__resolved__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = disputed(terms);
        resolve(terms, 0, 0);
        vm.warp(block.timestamp + 60 days + 1);
        refuseState(id, RESOLVED, 1 << 6);
        exchange.refundUndecided(terms);
    }
}
