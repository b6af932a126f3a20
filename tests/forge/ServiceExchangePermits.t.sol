// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../../contracts/interfaces/IServiceExchange.sol";
import {ExchangeSignatures} from "./ExchangeSignatures.sol";

/// @dev Permits that come with a consent.
contract ServiceExchangePermitsTest is ExchangeSignatures {
    function permit(uint256 member, uint256 value) private view returns (IServiceExchange.Permit memory given) {
        (given.value, given.deadline) = (value, block.timestamp);
        (given.v, given.r, given.s) = permitOf(member, address(exchange), value);
    }

    function withoutAllowance(uint256 member) private {
        vm.prank(walletOf(member));
        token.approve(address(exchange), 0);
    }

    function test_accept__with_a_permit__funded() external {
        IServiceExchange.Terms memory terms = service();
        propose(terms, ANNA);
        withoutAllowance(BRUNO);
        exchange.accept(terms, signed("accept", terms, BRUNO, 0), permit(BRUNO, PRICE));
        requireEscrow(terms, PRICE);
        same(token.allowance(walletOf(BRUNO), address(exchange)), 0, "allowance");
    }

    /// Somebody who takes the permit out of the pending transaction and uses it first does no harm.
    function test_accept__permit_used_before__funded() external {
        IServiceExchange.Terms memory terms = service();
        propose(terms, ANNA);
        IServiceExchange.Permit memory given = permit(BRUNO, PRICE);
        token.permit(
            walletOf(BRUNO), address(exchange), given.value, given.deadline, given.v, given.r, given.s
        );
        exchange.accept(terms, signed("accept", terms, BRUNO, 0), given);
        requireEscrow(terms, PRICE);
    }

    function test_accept__permit_too_small__refused() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = propose(terms, ANNA);
        withoutAllowance(BRUNO);
        IServiceExchange.Permit memory given = permit(BRUNO, PRICE - 1);
        vm.prank(walletOf(BRUNO));
        vm.expectRevert();
        exchange.accept(terms, own(BRUNO), given);
        requireState(id, PROPOSED);
    }
}
