// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ServiceExchange} from "../../contracts/ServiceExchange.sol";
import {IServiceExchange} from "../../contracts/interfaces/IServiceExchange.sol";
import {ExchangeDesk} from "./ExchangeDesk.sol";

/// @dev The members of another community: all that the constructor asks of them.
contract OtherMembers {
    address public token = address(0xBAD);
}

/// @dev Ends of the exchange that planted bugs showed to be untested.
contract MutantsExchangeEdgesTest is ExchangeDesk {
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
}
