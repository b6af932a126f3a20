// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../../contracts/interfaces/IServiceExchange.sol";
import {ExchangeDesk} from "./ExchangeDesk.sol";

/// @dev What amounts and times in terms have to be: every refusal with its numbers.
contract ServiceExchangeAmountsTest is ExchangeDesk {
    function test_propose__compensation_without_structure__refused() external {
        IServiceExchange.Terms memory terms = service();
        terms.compensationUnits = 1;
        refuseTerms(
            terms,
            abi.encodeWithSelector(IServiceExchange.ServiceExchangeCompensationWithoutStructure.selector, uint96(1))
        );
    }

    function refuseLoan(IServiceExchange.Terms memory terms) private {
        bytes4 selector = IServiceExchange.ServiceExchangeWrongLoan.selector;
        refuseTerms(
            terms, abi.encodeWithSelector(selector, terms.kind, terms.depositUnits, terms.returnBy, terms.deadline)
        );
    }

    function test_propose__deposit_outside_loans__refused() external {
        IServiceExchange.Terms memory terms = service();
        terms.depositUnits = 1;
        refuseLoan(terms);
    }

    function test_propose__return_outside_loans__refused() external {
        IServiceExchange.Terms memory terms = service();
        terms.returnBy = terms.deadline + 1;
        refuseLoan(terms);
    }

    function test_propose__loan_returned_by_its_deadline__refused() external {
        IServiceExchange.Terms memory terms = termsOf(1, 3);
        terms.returnBy = terms.deadline;
        refuseLoan(terms);
    }

    function test_propose__loan_for_longer_than_two_years__refused() external {
        IServiceExchange.Terms memory terms = termsOf(1, 3);
        terms.returnBy = terms.deadline + 730 days + 1;
        refuseLoan(terms);
    }

    function test_propose__loan_without_deposit__lawful() external {
        IServiceExchange.Terms memory terms = termsOf(1, 3);
        terms.depositUnits = 0;
        requireState(settle(terms), LENT);
    }

    function test_propose__duration_outside_the_time_bank__refused() external {
        IServiceExchange.Terms memory terms = service();
        terms.durationMinutes = 1;
        refuseTerms(terms, abi.encodeWithSelector(IServiceExchange.ServiceExchangeWrongDuration.selector, 0, 1));
    }

    function test_propose__time_bank_without_duration__refused() external {
        IServiceExchange.Terms memory terms = termsOf(1, 1);
        terms.durationMinutes = 0;
        refuseTerms(terms, abi.encodeWithSelector(IServiceExchange.ServiceExchangeWrongDuration.selector, 1, 0));
    }

    function test_propose__time_bank_at_another_price__refused(uint32 durationMinutes, uint96 price) external {
        IServiceExchange.Terms memory terms = termsOf(1, 1);
        terms.durationMinutes = durationMinutes == 0 ? 1 : durationMinutes;
        terms.priceUnits = price;
        uint256 expected = uint256(terms.durationMinutes) * 10e18 / 60;
        if (price == expected) return;
        refuseTerms(
            terms, abi.encodeWithSelector(IServiceExchange.ServiceExchangeWrongTimePrice.selector, price, expected)
        );
    }

    function refuseDeadline(uint64 deadline) private {
        IServiceExchange.Terms memory terms = service();
        terms.deadline = deadline;
        refuseTerms(
            terms,
            abi.encodeWithSelector(
                IServiceExchange.ServiceExchangeDeadlineOutOfRange.selector, deadline, T0 + 1, T0 + 730 days
            )
        );
    }

    function test_propose__deadline_now__refused() external {
        refuseDeadline(T0);
    }

    function test_propose__deadline_after_two_years__refused() external {
        refuseDeadline(T0 + 730 days + 1);
    }

    function test_propose__deadline_at_the_end_of_time__refused() external {
        refuseDeadline(type(uint64).max);
    }
}
