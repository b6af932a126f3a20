// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITreasury} from "../../contracts/interfaces/ITreasury.sol";
import {TreasuryDesk} from "./TreasuryDesk.sol";
import {TreeBuilder} from "./TreeBuilder.sol";
import {Vm} from "./Vm.sol";

/// @dev Runs of energy bonuses in chunks, and their trees.
abstract contract TreasuryEnergyDesk is TreasuryDesk {
    uint32 internal constant PERIOD = 202_601;

    uint8 internal constant CONSUMER = 0;
    uint8 internal constant PROSUMER = 1;
    uint8 internal constant WITH_STORAGE = 2;

    function setUp() public override {
        super.setUp();
        fund(1_000e18);
    }

    // --------------------------------------------------------------------------------------------------- ENTRIES

    function entry(uint256 number, uint8 profile) internal pure returns (ITreasury.EnergyBonusEntry memory) {
        return ITreasury.EnergyBonusEntry(idOf(number), profile);
    }

    function one(ITreasury.EnergyBonusEntry memory first, ITreasury.EnergyBonusEntry memory second)
        internal
        pure
        returns (ITreasury.EnergyBonusEntry[][] memory chunks)
    {
        chunks = new ITreasury.EnergyBonusEntry[][](1);
        chunks[0] = new ITreasury.EnergyBonusEntry[](2);
        (chunks[0][0], chunks[0][1]) = (first, second);
    }

    function fourEntries() internal returns (ITreasury.EnergyBonusEntry[][] memory chunks, bytes32 root) {
        for (uint256 i = 1; i <= 4; ++i) join(i, CITIZEN);
        chunks = new ITreasury.EnergyBonusEntry[][](2);
        chunks[0] = one(entry(1, CONSUMER), entry(2, PROSUMER))[0];
        chunks[1] = one(entry(3, WITH_STORAGE), entry(4, CONSUMER))[0];
        root = rootOf(chunks);
    }

    function openFour() internal returns (ITreasury.EnergyBonusEntry[][] memory chunks, bytes32 root) {
        (chunks, root) = fourEntries();
        treasury.openEnergyBonus(PERIOD, root, 2, 4);
    }

    function split(uint256 count, uint256 size, uint8 profiles)
        internal
        returns (ITreasury.EnergyBonusEntry[][] memory chunks)
    {
        chunks = new ITreasury.EnergyBonusEntry[][]((count + size - 1) / size);
        for (uint256 i; i < chunks.length; ++i) {
            uint256 rest = count - i * size;
            chunks[i] = new ITreasury.EnergyBonusEntry[](rest < size ? rest : size);
            for (uint256 j; j < chunks[i].length; ++j) {
                uint256 number = i * size + j + 1;
                join(number, CITIZEN);
                chunks[i][j] = entry(number, uint8((number * profiles) % 3));
            }
        }
    }

    function pay(ITreasury.EnergyBonusEntry[][] memory chunks, uint256 chunk) internal {
        treasury.payEnergyBonus(PERIOD, uint32(chunk), chunks[chunk], proofOf(chunks, chunk));
    }

    // ------------------------------------------------------------------------------------------------------ TREE

    /// @dev Entry by entry, where the contract packs by halves.
    function leafOf(uint256 chunk, ITreasury.EnergyBonusEntry[] memory entries) internal pure returns (bytes32) {
        bytes memory packed;
        for (uint256 i; i < entries.length; ++i) {
            packed = abi.encodePacked(packed, entries[i].memberId, entries[i].profile);
        }
        return sha256(abi.encodePacked(bytes1(0x00), "gettone.energy", uint32(chunk), packed));
    }

    function leavesOf(ITreasury.EnergyBonusEntry[][] memory chunks) internal pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](chunks.length);
        for (uint256 i; i < chunks.length; ++i) leaves[i] = leafOf(i, chunks[i]);
    }

    function rootOf(ITreasury.EnergyBonusEntry[][] memory chunks) internal pure returns (bytes32) {
        return TreeBuilder.rootOf(leavesOf(chunks));
    }

    function proofOf(ITreasury.EnergyBonusEntry[][] memory chunks, uint256 chunk)
        internal
        pure
        returns (bytes32[] memory)
    {
        return TreeBuilder.pathOf(leavesOf(chunks), chunk);
    }

    function requireChunkPaid(Vm.Log memory log, uint256 chunk, uint256 paid, uint256 skipped) internal pure {
        same(log.topics[0], ITreasury.EnergyChunkPaid.selector, "last event");
        same(log.topics[2], bytes32(chunk), "chunk");
        same(keccak256(log.data), keccak256(abi.encode(paid, skipped)), "sums");
    }
}
