// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../../contracts/interfaces/IServiceExchange.sol";
import {ExchangeDesk} from "./ExchangeDesk.sol";

/// @dev Goods lent: Anna lends to Bruno, who pays a price and leaves a deposit.
contract ServiceExchangeLoansTest is ExchangeDesk {
    IServiceExchange.Terms private terms;
    bytes32 private id;

    function setUp() public override {
        super.setUp();
        terms = termsOf(1, 3);
        id = settle(terms);
    }

    function declareReturn() private {
        vm.prank(walletOf(BRUNO));
        exchange.declareReturn(terms, own(BRUNO));
    }

    function test_confirm__loan__price_paid_deposit_kept() external view {
        requireState(id, LENT);
        requireGain(ANNA, int256(uint256(PRICE)));
        requireGain(BRUNO, -int256(uint256(PRICE) + DEPOSIT));
        requireEscrow(terms, DEPOSIT);
    }

    function test_declareReturn__by_the_borrower__period_of_the_lender_begins() external {
        declareReturn();
        requireState(id, RETURNED);
        same(exchange.dueAt(terms), block.timestamp + CONFIRMATION_PERIOD, "due");
        requireEscrow(terms, DEPOSIT);
    }

    function test_declareReturn__by_the_lender__refused() external {
        vm.prank(walletOf(ANNA));
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeNotParty.selector, id, bytes32(ANNA)));
        exchange.declareReturn(terms, own(ANNA));
    }

    function test_declareReturn__twice__refused() external {
        declareReturn();
        vm.prank(walletOf(BRUNO));
        refuseState(id, RETURNED, 1 << 9);
        exchange.declareReturn(terms, own(BRUNO));
    }

    function test_confirmReturn__undeclared__deposit_is_back() external {
        vm.prank(walletOf(ANNA));
        exchange.confirmReturn(terms, own(ANNA));
        requireState(id, SETTLED);
        requireGain(BRUNO, -int256(uint256(PRICE)));
        requireEscrow(terms, 0);
    }

    function test_confirmReturn__declared__deposit_is_back() external {
        declareReturn();
        vm.prank(walletOf(ANNA));
        exchange.confirmReturn(terms, own(ANNA));
        requireGain(BRUNO, -int256(uint256(PRICE)));
    }

    function test_confirmReturn__by_the_borrower__refused() external {
        vm.prank(walletOf(BRUNO));
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeNotParty.selector, id, bytes32(BRUNO)));
        exchange.confirmReturn(terms, own(BRUNO));
    }

    function test_confirmReturn__twice__refused() external {
        vm.prank(walletOf(ANNA));
        exchange.confirmReturn(terms, own(ANNA));
        vm.prank(walletOf(ANNA));
        refuseState(id, SETTLED, 1 << 9 | 1 << 10);
        exchange.confirmReturn(terms, own(ANNA));
    }

    function test_releaseDeposit__silence_after_the_declaration__deposit_is_back() external {
        declareReturn();
        vm.warp(block.timestamp + CONFIRMATION_PERIOD + 1);
        exchange.releaseDeposit(terms);
        requireState(id, SETTLED);
        requireGain(BRUNO, -int256(uint256(PRICE)));
    }

    function test_releaseDeposit__in_the_last_second__refused() external {
        declareReturn();
        uint256 due = block.timestamp + CONFIRMATION_PERIOD;
        vm.warp(due);
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeTooEarly.selector, id, due, due + 1));
        exchange.releaseDeposit(terms);
    }

    function test_releaseDeposit__never_returned__refused() external {
        vm.warp(terms.returnBy + 365 * DAY);
        refuseState(id, LENT, 1 << 10);
        exchange.releaseDeposit(terms);
    }

    function test_dispute__never_returned__lender_has_the_deposit_without_a_fee() external {
        dispute(terms, ANNA);
        requireEscrow(terms, DEPOSIT);
        resolve(terms, DEPOSIT, 0);
        requireState(id, RESOLVED);
        requireGain(ANNA, int256(uint256(PRICE) + DEPOSIT));
        requireEscrow(terms, 0);
    }

    function test_dispute__return_declared_falsely__deposit_stays() external {
        declareReturn();
        dispute(terms, ANNA);
        requireEscrow(terms, DEPOSIT);
        resolve(terms, DEPOSIT / 2, 0);
        requireGain(BRUNO, -int256(uint256(PRICE) + DEPOSIT / 2));
    }

    function test_resolve__more_than_the_deposit_that_is_left__refused() external {
        dispute(terms, ANNA);
        vm.prank(COMMUNITY_ADMIN);
        refuse(
            abi.encodeWithSelector(
                IServiceExchange.ServiceExchangeWrongSplit.selector, uint256(DEPOSIT) + 1, 0, DEPOSIT
            )
        );
        exchange.resolve(terms, uint256(DEPOSIT) + 1, 0);
    }

    function test_refundUndecided__lent__only_the_deposit_is_back() external {
        dispute(terms, ANNA);
        vm.warp(block.timestamp + 60 days + 1);
        exchange.refundUndecided(terms);
        requireGain(ANNA, int256(uint256(PRICE)));
        requireGain(BRUNO, -int256(uint256(PRICE)));
    }

    function test_cancel__lent__refused() external {
        vm.prank(walletOf(BRUNO));
        refuseState(id, LENT, 1 << 1 | 1 << 2 | 1 << 3);
        exchange.cancel(terms, own(BRUNO));
    }
}

/// @dev The service fee and a loan.
contract ServiceExchangeLoanFeesTest is ExchangeDesk {
    IServiceExchange.Terms private terms;

    function setUp() public override {
        super.setUp();
        chargeFees();
        terms = termsOf(1, 3);
    }

    function test_resolve__deposit_after_the_price__without_a_fee() external {
        settle(terms);
        dispute(terms, ANNA);
        resolve(terms, DEPOSIT, 0);
        requireGain(ANNA, int256(uint256(PRICE) * 99 / 100 + DEPOSIT));
    }

    function test_resolve__price_and_deposit_before_delivery__fee_on_the_price_alone() external {
        agree(terms);
        dispute(terms, ANNA);
        resolve(terms, uint256(PRICE) + DEPOSIT, 0);
        requireGain(ANNA, int256(uint256(PRICE) * 99 / 100 + DEPOSIT));
    }

    function test_confirmReturn__with_fees__whole_deposit_is_back() external {
        settle(terms);
        vm.prank(walletOf(ANNA));
        exchange.confirmReturn(terms, own(ANNA));
        requireGain(BRUNO, -int256(uint256(PRICE)));
    }
}
