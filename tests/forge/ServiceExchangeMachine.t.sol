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
        bytes4[] memory selectors = new bytes4[](8);
        selectors[0] = ExchangeMachine.propose.selector;
        selectors[1] = ExchangeMachine.disturb.selector;
        for (uint256 i = 2; i < 8; ++i) selectors[i] = ExchangeMachine.act.selector;
        targets = new Selectors[](1);
        targets[0] = Selectors(address(machine), selectors);
    }

    function invariant_exchange_and_model_agree() public view {
        machine.requireSameAsChain();
    }

    /// @dev A run is worth something only if it came far.
    function afterInvariant() public view {
        uint256 ended = machine.reached(4) + machine.reached(5) + machine.reached(7) + machine.reached(8);
        string memory found = string.concat(
            vm.toString(machine.reached(2)), " accepted, ", vm.toString(machine.reached(3)), " delivered, "
        );
        found = string.concat(found, vm.toString(machine.reached(6)), " disputed, ", vm.toString(ended), " ended");
        require(machine.reached(2) >= 2 && ended >= 2, found);
    }
}
