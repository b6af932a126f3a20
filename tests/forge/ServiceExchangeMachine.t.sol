// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ExchangeMachine} from "./ExchangeMachine.sol";
import {ForgeTest} from "./ForgeTest.sol";

/// @dev After any sequence of acts the exchange and the model agree, and the escrow is what the agreements hold.
contract ServiceExchangeMachineTest is ForgeTest {
    ExchangeMachine private machine;

    struct Selectors {
        address addr;
        bytes4[] selectors;
    }

    function setUp() public {
        machine = new ExchangeMachine();
        machine.setUp();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(machine);
    }

    function targetSelectors() external view returns (Selectors[] memory targets) {
        bytes4[] memory selectors = new bytes4[](12);
        selectors[0] = ExchangeMachine.disturb.selector;
        for (uint256 i = 1; i < 4; ++i) selectors[i] = ExchangeMachine.propose.selector;
        for (uint256 i = 4; i < 12; ++i) selectors[i] = ExchangeMachine.act.selector;
        targets = new Selectors[](1);
        targets[0] = Selectors(address(machine), selectors);
    }

    function invariant_exchange_and_model_agree() public view {
        machine.requireSameAsChain();
    }

    /// A run is worth something only if it comes far: this one, always the same, gets to every state several times.
    function test_machine__three_thousand_acts__every_state_reached() public {
        for (uint256 i; i < 3000; ++i) {
            uint256 drawn = uint256(keccak256(abi.encode(i)));
            if (drawn % 12 == 0) machine.disturb(drawn);
            else if (drawn % 12 < 4) machine.propose(drawn);
            else machine.act(drawn);
        }
        machine.requireSameAsChain();
        for (uint8 state = 1; state <= 10; ++state) {
            uint256 times = machine.reached(state);
            require(times >= 3, string.concat("state ", vm.toString(state), ": ", vm.toString(times), " times"));
        }
    }
}
