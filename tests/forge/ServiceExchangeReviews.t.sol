// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../../contracts/interfaces/IServiceExchange.sol";
import {ExchangeDesk} from "./ExchangeDesk.sol";

/// @dev A Treasury that has run out of order.
contract BrokenTreasury {
    fallback() external {
        revert("out of order");
    }
}

/// @dev What the verifier finds, and the incentive that follows.
contract ServiceExchangeReviewsTest is ExchangeDesk {
    uint16 private constant CHECKABLE = 1 << 2 | 1 << 3 | 1 << 4 | 1 << 6 | 1 << 9 | 1 << 10;

    // ---------------------------------------------------------------------------------------------------- CHECKS

    function test_recordCheck__where_members_pay__nothing_moves() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agreeAndDeliver(terms);
        check(terms, 3);
        requireState(id, DELIVERED);
        same(exchange.agreement(id).checks, 3, "checks");
    }

    function test_recordCheck__twice__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agreeAndDeliver(terms);
        check(terms, 0);
        vm.prank(VERIFIER);
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeAlreadyDone.selector, id, bytes32(0)));
        exchange.recordCheck(terms, 3);
    }

    function test_recordCheck__proposed__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = propose(terms, ANNA);
        vm.prank(VERIFIER);
        refuseState(id, PROPOSED, CHECKABLE);
        exchange.recordCheck(terms, 3);
    }

    function test_recordCheck__unknown_bit__refused() external {
        IServiceExchange.Terms memory terms = service();
        agree(terms);
        vm.prank(VERIFIER);
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeChecksOutOfRange.selector, 4, 3));
        exchange.recordCheck(terms, 4);
    }

    function test_recordCheck__verifier_is_the_provider__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agree(terms);
        manager.grantRole(7, walletOf(ANNA), 0);
        vm.prank(walletOf(ANNA));
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeOwnAgreement.selector, id, bytes32(ANNA)));
        exchange.recordCheck(terms, 3);
    }

    function test_recordCheck__where_the_community_pays__provider_and_structure_paid() external {
        chargeFees();
        IServiceExchange.Terms memory terms = termsOf(8, 0);
        bytes32 id = agreeAndDeliver(terms);
        check(terms, 2);
        requireState(id, SETTLED);
        requireGain(ANNA, int256(uint256(PRICE)));
        requireGain(HALL, int256(uint256(COMPENSATION)));
    }

    function test_recordCheck__negative_where_the_community_pays__disputed() external {
        IServiceExchange.Terms memory terms = termsOf(6, 0);
        bytes32 id = agreeAndDeliver(terms);
        check(terms, 0);
        requireState(id, DISPUTED);
        requireEscrow(terms, PRICE);
    }

    function test_recordCheck__undelivered_where_the_community_pays__refused() external {
        IServiceExchange.Terms memory terms = termsOf(6, 0);
        bytes32 id = agree(terms);
        vm.prank(VERIFIER);
        refuseState(id, ACCEPTED, 1 << 3);
        exchange.recordCheck(terms, 3);
    }

    /// A verifier that is silent does not keep the provider from the price.
    function test_release__no_check_where_the_community_pays__paid_after_the_period() external {
        IServiceExchange.Terms memory terms = termsOf(7, 0);
        agreeAndDeliver(terms);
        vm.warp(block.timestamp + CONFIRMATION_PERIOD + 1);
        exchange.release(terms);
        requireGain(SHOP, int256(uint256(PRICE)));
    }

    // ------------------------------------------------------------------------------------------------- INCENTIVE

    function test_confirm__rule_without_check__incentive_paid_with_the_settlement() external {
        giveIncentive(0);
        bytes32 id = settle(service());
        requireGain(ANNA, int256(uint256(PRICE) + 3e18));
        requireGain(BRUNO, -int256(uint256(PRICE) - 1e18));
        require(exchange.agreement(id).incentiveClosed, "open");
    }

    function test_confirm__rule_with_check_that_is_missing__incentive_open() external {
        giveIncentive(2);
        bytes32 id = settle(service());
        requireGain(ANNA, int256(uint256(PRICE)));
        require(!exchange.agreement(id).incentiveClosed, "closed");
    }

    function test_recordCheck__after_the_settlement__incentive_follows() external {
        giveIncentive(2);
        IServiceExchange.Terms memory terms = service();
        settle(terms);
        check(terms, 2);
        requireGain(ANNA, int256(uint256(PRICE) + 3e18));
    }

    function test_recordCheck__other_check_than_required__no_incentive() external {
        giveIncentive(2);
        IServiceExchange.Terms memory terms = service();
        settle(terms);
        check(terms, 1);
        requireGain(ANNA, int256(uint256(PRICE)));
    }

    function test_payIncentive__check_missing__refused() external {
        giveIncentive(2);
        IServiceExchange.Terms memory terms = service();
        bytes32 id = settle(terms);
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeIncentiveNotDue.selector, id, 0));
        exchange.payIncentive(terms);
    }

    function test_payIncentive__paid_already__refused() external {
        giveIncentive(0);
        IServiceExchange.Terms memory terms = service();
        bytes32 id = settle(terms);
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeIncentiveClosed.selector, id));
        exchange.payIncentive(terms);
    }

    function test_payIncentive__unsettled__refused() external {
        giveIncentive(0);
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agreeAndDeliver(terms);
        refuseState(id, DELIVERED, 1 << 4);
        exchange.payIncentive(terms);
    }

    function test_payIncentive__community_service__refused() external {
        IServiceExchange.Terms memory terms = termsOf(6, 0);
        bytes32 id = settle(terms);
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeIncentiveClosed.selector, id));
        exchange.payIncentive(terms);
    }

    function test_payIncentive__resolved__refused() external {
        giveIncentive(0);
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agree(terms);
        dispute(terms, BRUNO);
        resolve(terms, PRICE, 0);
        refuseState(id, RESOLVED, 1 << 4);
        exchange.payIncentive(terms);
    }

    function test_confirm__treasury_out_of_order__trade_stands_and_incentive_follows() external {
        giveIncentive(0);
        IServiceExchange.Terms memory terms = service();
        agreeAndDeliver(terms);
        bytes memory code = address(treasury).code;
        vm.etch(address(treasury), type(BrokenTreasury).runtimeCode);
        confirm(terms, BRUNO);
        requireGain(ANNA, int256(uint256(PRICE)));
        vm.etch(address(treasury), code);
        exchange.payIncentive(terms);
        requireGain(ANNA, int256(uint256(PRICE) + 3e18));
    }

    /// Whoever carries the confirmation cannot burn the incentive by giving it too little gas.
    function test_release__any_gas__incentive_paid_or_postponed(uint256 gasDrawn) external {
        giveIncentive(0);
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agreeAndDeliver(terms);
        vm.warp(block.timestamp + CONFIRMATION_PERIOD + 1);
        try exchange.release{gas: 60_000 + gasDrawn % 250_000}(terms) {} catch {
            return;
        }
        bool isPaid = token.balanceOf(walletOf(ANNA)) == HOLDING + PRICE + 3e18;
        require(exchange.agreement(id).incentiveClosed == isPaid, "closed without payment");
        if (!isPaid) exchange.payIncentive(terms);
        requireGain(ANNA, int256(uint256(PRICE) + 3e18));
    }

    function test_confirm__loan__incentive_waits_for_the_return() external {
        IServiceExchange.Terms memory terms = termsOf(1, 3);
        settle(terms);
        require(!exchange.agreement(exchange.agreementId(terms)).incentiveClosed, "asked too early");
        vm.prank(walletOf(ANNA));
        exchange.confirmReturn(terms, own(ANNA));
        require(exchange.agreement(exchange.agreementId(terms)).incentiveClosed, "never asked");
    }
}
