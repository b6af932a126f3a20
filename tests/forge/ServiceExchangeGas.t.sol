// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../../contracts/interfaces/IServiceExchange.sol";
import {ITokenPolicy} from "../../contracts/interfaces/ITokenPolicy.sol";
import {ExchangeDesk} from "./ExchangeDesk.sol";

/// @dev Wallets ask a node for the least gas at which a call succeeds: no such gas may leave the incentive unpaid. With
/// several payers the incentive takes most of the gas, and what a failed call leaves would suffice for the rest. Each call
/// is a transaction of its own (`isolate`), with cold storage.
/// forge-config: default.isolate = true
contract ServiceExchangeGasTest is ExchangeDesk {
    uint256 private constant STEP = 5_000;
    uint256 private constant HIGHEST = 2_000_000;

    IServiceExchange.Terms private terms;
    bytes32 private id;
    uint256 private leastGas;

    function setUp() public override {
        super.setUp();
        vm.prank(TOKEN_ADMIN);
        policy.scheduleIncentive(
            2, 0, ITokenPolicy.IncentiveRule(3e18, 0, 3e18, 500, 0), uint64(block.timestamp) + NOTICE + 1
        );
        vm.warp(block.timestamp + NOTICE + 1);
        terms = course(list(BRUNO, CARLA, DINO));
        id = agreeAndDeliver(terms);
        confirm(terms, BRUNO);
        confirm(terms, CARLA);
        // The last payer's confirmation settles: refused whole with less gas, done with this.
        for (leastGas = STEP; !confirmWith(leastGas); leastGas += STEP) {
            requireState(id, DELIVERED);
            require(leastGas <= HIGHEST, "no gas suffices");
        }
    }

    function test_confirm__least_gas_that_succeeds__pays_the_incentive() external view {
        require(leastGas > 300_000, string.concat("least gas: ", vm.toString(leastGas)));
        require(exchange.agreement(id).incentiveClosed, "settled without the incentive");
        require(treasury.incentivesInMonth() == 3e18, "incentive");
    }

    function confirmWith(uint256 gas) private returns (bool succeeded) {
        vm.prank(walletOf(DINO));
        (succeeded,) = address(exchange).call{gas: gas}(abi.encodeCall(exchange.confirm, (terms, own(DINO))));
    }
}
