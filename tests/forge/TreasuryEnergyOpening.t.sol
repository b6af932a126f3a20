// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITokenPolicy} from "../../contracts/interfaces/ITokenPolicy.sol";
import {ITreasury} from "../../contracts/interfaces/ITreasury.sol";
import {TreasuryEnergyDesk} from "./TreasuryEnergyDesk.sol";
import {Vm} from "./Vm.sol";

/// @dev One run of energy bonuses for each GSE period, with the amounts of its opening.
contract TreasuryEnergyOpeningTest is TreasuryEnergyDesk {
    function test_openEnergyBonus__keeps_the_amounts_of_its_moment() public {
        vm.recordLogs();
        treasury.openEnergyBonus(PERIOD, "root", 3, 7);
        ITreasury.EnergyRun memory expected;
        (expected.root, expected.chunkCount, expected.entryCount, expected.openedAt) = ("root", 3, 7, uint40(T0));
        (expected.consumerUnits, expected.prosumerUnits, expected.prosumerWithStorageUnits) = (5e18, 10e18, 15e18);
        Vm.Log memory log = vm.getRecordedLogs()[0];
        same(log.topics[0], ITreasury.EnergyBonusOpened.selector, "event");
        same(log.topics[1], bytes32(uint256(PERIOD)), "period");
        same(keccak256(log.data), keccak256(abi.encode(expected)), "run of the event");
        enforce(ITokenPolicy.Bonuses(1, 2, 3, 4, 5));
        same(keccak256(abi.encode(treasury.energyRun(PERIOD))), keccak256(abi.encode(expected)), "run");
    }

    function test_openEnergyBonus__the_same_again__changes_nothing() public {
        (ITreasury.EnergyBonusEntry[][] memory chunks,) = openFour();
        pay(chunks, 0);
        enforce(ITokenPolicy.Bonuses(1, 2, 3, 4, 5));
        bytes32 before = keccak256(abi.encode(treasury.energyRun(PERIOD)));
        vm.recordLogs();
        treasury.openEnergyBonus(PERIOD, rootOf(chunks), 2, 4);
        same(vm.getRecordedLogs().length, 0, "events");
        same(keccak256(abi.encode(treasury.energyRun(PERIOD))), before, "run");
    }

    function test_openEnergyBonus__another_run_of_the_period__is_refused() public {
        treasury.openEnergyBonus(PERIOD, "root", 3, 7);
        bytes memory refusal =
            abi.encodeWithSelector(ITreasury.TreasuryEnergyRunConflict.selector, PERIOD, bytes32("root"), 3, 7);
        vm.expectRevert(refusal);
        treasury.openEnergyBonus(PERIOD, "other", 3, 7);
        vm.expectRevert(refusal);
        treasury.openEnergyBonus(PERIOD, "root", 4, 7);
        vm.expectRevert(refusal);
        treasury.openEnergyBonus(PERIOD, "root", 3, 8);
    }

    function test_openEnergyBonus__nothing_in_it__is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(ITreasury.TreasuryEnergyRunEmpty.selector, bytes32(0), 3, 7));
        treasury.openEnergyBonus(PERIOD, 0, 3, 7);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.TreasuryEnergyRunEmpty.selector, bytes32("root"), 0, 7));
        treasury.openEnergyBonus(PERIOD, "root", 0, 7);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.TreasuryEnergyRunEmpty.selector, bytes32("root"), 3, 0));
        treasury.openEnergyBonus(PERIOD, "root", 3, 0);
    }
}
