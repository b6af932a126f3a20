// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ServiceExchange} from "../../contracts/ServiceExchange.sol";
import {IServiceExchange} from "../../contracts/interfaces/IServiceExchange.sol";
import {Shares} from "../../contracts/libraries/Shares.sol";
import {ExchangeDesk} from "./ExchangeDesk.sol";

/// @dev The arithmetic of equal shares, alone and in agreements of up to 32 payers, and the exchange's own links.
contract ServiceExchangeSharesTest is ExchangeDesk {
    function test_partOf__any_amount__sums_exactly(uint256 units, uint8 drawn) external pure {
        uint256 count = 1 + drawn % 32;
        uint256 sum;
        for (uint256 i; i < count; ++i) sum += Shares.partOf(units, count, i);
        same(sum, units, "sum of the parts");
    }

    function test_partOf__any_amount__first_ones_one_unit_more(uint256 units, uint8 drawn) external pure {
        uint256 count = 1 + drawn % 32;
        for (uint256 i = 1; i < count; ++i) {
            uint256 before = Shares.partOf(units, count, i - 1);
            uint256 part = Shares.partOf(units, count, i);
            require(part <= before && Shares.partOf(units, count, 0) - part <= 1, "unequal parts");
        }
    }

    /// @dev 32 payers of a course, each with more than the largest share.
    function crowd(uint96 price, uint96 compensation) private returns (IServiceExchange.Terms memory terms) {
        bytes32[] memory payers = new bytes32[](32);
        for (uint256 i; i < 32; ++i) {
            enter(100 + i, CITIZEN);
            payers[i] = bytes32(100 + i);
        }
        terms = course(payers);
        (terms.priceUnits, terms.compensationUnits) = (price % 1000e18, compensation % 1000e18);
    }

    /// forge-config: default.fuzz.runs = 24
    function test_confirm__32_payers__everybody_paid_to_the_unit(uint96 price, uint96 compensation) external {
        IServiceExchange.Terms memory terms = crowd(price, compensation);
        settle(terms);
        requireGain(ANNA, int256(uint256(terms.priceUnits)));
        requireGain(HALL, int256(uint256(terms.compensationUnits)));
        requireEscrow(terms, 0);
    }

    /// forge-config: default.fuzz.runs = 24
    function test_expire__32_payers_some_consented__everybody_refunded_to_the_unit(uint96 price, uint256 who)
        external
    {
        IServiceExchange.Terms memory terms = crowd(price, 0);
        propose(terms, ANNA);
        uint256 expected;
        for (uint256 i; i < 31; ++i) {
            if ((who >> i) & 1 == 0) continue;
            accept(terms, 100 + i);
            expected += exchange.fundingOf(terms, bytes32(100 + i));
        }
        requireEscrow(terms, expected);
        vm.warp(terms.deadline + 1);
        exchange.expire(terms);
        for (uint256 i; i < 32; ++i) requireGain(100 + i, 0);
    }

    function test_fundingOf__parties_of_a_course__shares_and_nothing() external view {
        IServiceExchange.Terms memory terms = course(list(BRUNO, CARLA));
        (terms.priceUnits, terms.compensationUnits) = (30, 7);
        same(exchange.fundingOf(terms, bytes32(BRUNO)), 19, "first payer");
        same(exchange.fundingOf(terms, bytes32(CARLA)), 18, "second payer");
        same(exchange.fundingOf(terms, bytes32(ANNA)), 0, "provider");
        same(exchange.fundingOf(terms, bytes32(DINO)), 0, "stranger");
    }

    function test_fundingOf__community_service__community_alone() external view {
        IServiceExchange.Terms memory terms = termsOf(8, 0);
        same(exchange.fundingOf(terms, 0), PRICE + COMPENSATION, "community");
        same(exchange.fundingOf(terms, bytes32(ANNA)), 0, "provider");
    }

    function test_fundingOf__new_goods__reseller_alone() external view {
        IServiceExchange.Terms memory terms = termsOf(3, 4);
        same(exchange.fundingOf(terms, bytes32(SHOP)), PRICE, "reseller");
        same(exchange.fundingOf(terms, bytes32(BRUNO)), 0, "buyer");
    }

    // ------------------------------------------------------------------------------------------------ CONSTRUCTOR

    function configured() private view returns (IServiceExchange.Configuration memory config) {
        (config.authority, config.token) = (address(manager), address(token));
        (config.members, config.policy, config.treasury) = (address(members), address(policy), address(treasury));
        config.confirmationPeriod = CONFIRMATION_PERIOD;
    }

    function test_constructor__period_out_of_range__refused() external {
        uint64[2] memory periods = [uint64(1 hours - 1), 90 days + 1];
        for (uint256 i; i < 2; ++i) {
            IServiceExchange.Configuration memory config = configured();
            config.confirmationPeriod = periods[i];
            refuse(
                abi.encodeWithSelector(
                    IServiceExchange.ServiceExchangeOutOfRange.selector,
                    "confirmationPeriod",
                    periods[i],
                    1 hours,
                    90 days
                )
            );
            new ServiceExchange(config);
        }
    }

    function test_constructor__treasury_of_another_set__refused() external {
        IServiceExchange.Configuration memory config = configured();
        config.treasury = address(exchange);
        refuse(
            abi.encodeWithSelector(
                IServiceExchange.ServiceExchangeNotLinked.selector, "token.treasury", address(treasury), config.treasury
            )
        );
        new ServiceExchange(config);
    }

    function test_views__deployed__links_of_the_set() external view {
        same(exchange.token(), address(token), "token");
        same(exchange.members(), address(members), "members");
        same(exchange.policy(), address(policy), "policy");
        same(exchange.treasury(), address(treasury), "treasury");
        same(exchange.confirmationPeriod(), CONFIRMATION_PERIOD, "confirmation period");
    }

    function test_dueAt__settled__none() external {
        IServiceExchange.Terms memory terms = service();
        settle(terms);
        same(exchange.dueAt(terms), 0, "due");
    }
}
