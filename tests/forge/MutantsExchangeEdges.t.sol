// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ServiceExchange} from "../../contracts/ServiceExchange.sol";
import {IServiceExchange} from "../../contracts/interfaces/IServiceExchange.sol";
import {ExchangeSignatures} from "./ExchangeSignatures.sol";

/// @dev The members of another community: all that the constructor asks of them.
contract OtherMembers {
    address public token = address(0xBAD);
}

/// @dev Ends of the exchange that planted bugs showed to be untested.
contract MutantsExchangeEdgesTest is ExchangeSignatures {
    function configured() private view returns (IServiceExchange.Configuration memory config) {
        (config.authority, config.token) = (address(manager), address(token));
        (config.members, config.policy, config.treasury) = (address(members), address(policy), address(treasury));
        config.confirmationPeriod = CONFIRMATION_PERIOD;
    }

    function refuseLink(string memory part, address found, address expected) private {
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeNotLinked.selector, part, found, expected));
    }

    function test_constructor__shortest_and_longest_period__are_taken() external {
        uint64[2] memory periods = [uint64(1 hours), 90 days];
        for (uint256 i; i < 2; ++i) {
            IServiceExchange.Configuration memory config = configured();
            config.confirmationPeriod = periods[i];
            same(new ServiceExchange(config).confirmationPeriod(), periods[i], "period");
        }
    }

    function test_constructor__members_of_another_token__refused() external {
        IServiceExchange.Configuration memory config = configured();
        config.members = address(new OtherMembers());
        refuseLink("members.token", address(0xBAD), address(token));
        new ServiceExchange(config);
    }

    function test_constructor__policy_of_another_set__refused() external {
        IServiceExchange.Configuration memory config = configured();
        config.policy = address(0xBAD);
        refuseLink("treasury.policy", address(policy), address(0xBAD));
        new ServiceExchange(config);
    }

    function test_propose__provider_of_the_wrong_class__refused() external {
        IServiceExchange.Terms memory terms = termsOf(3, 0);
        terms.provider = bytes32(ANNA);
        refuseTerms(
            terms, abi.encodeWithSelector(IServiceExchange.ServiceExchangeWrongClass.selector, bytes32(ANNA), 1, 2)
        );
    }

    function test_propose__latest_deadline__is_taken() external {
        IServiceExchange.Terms memory terms = service();
        terms.deadline = uint64(block.timestamp) + 730 days;
        requireState(propose(terms, ANNA), PROPOSED);
    }

    function test_propose__latest_return_of_a_loan__is_taken() external {
        IServiceExchange.Terms memory terms = termsOf(1, 3);
        terms.returnBy = terms.deadline + 730 days;
        requireState(propose(terms, ANNA), PROPOSED);
    }

    function test_propose__signed_and_carried_in_its_last_second__is_taken() external {
        IServiceExchange.Terms memory terms = service();
        IServiceExchange.Authorization memory authorization = signed("propose", terms, ANNA, 0);
        vm.warp(authorization.deadline);
        requireState(exchange.propose(terms, authorization, noPermit()), PROPOSED);
    }

    function test_dispute__after_a_confirmation__leaves_that_payer_a_voice_in_the_feedback() external {
        IServiceExchange.Terms memory terms = course(list(BRUNO, CARLA));
        bytes32 id = agreeAndDeliver(terms);
        confirm(terms, BRUNO);
        dispute(terms, CARLA);
        resolve(terms, 0, 0);
        vm.prank(walletOf(BRUNO));
        exchange.giveFeedback(terms, 4, REASON, own(BRUNO));
        same(exchange.agreement(id).marks, 1, "marks");
    }
}
