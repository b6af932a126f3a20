// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITreasury} from "../interfaces/ITreasury.sol";

/// @title The entries of a chunk of an energy run
library EnergyChunks {
    /// @notice Leaf of chunk `chunk`: SHA-256 of 0x00 and "gettone.energy" | u32 chunk | entries of 33 bytes.
    function leafHash(uint32 chunk, ITreasury.EnergyBonusEntry[] calldata entries) internal pure returns (bytes32) {
        return sha256(abi.encodePacked(bytes1(0x00), "gettone.energy", chunk, _packed(entries)));
    }

    /// @dev By halves, so that each byte is copied as often as the list can be halved, and not once for each entry.
    function _packed(ITreasury.EnergyBonusEntry[] calldata entries) private pure returns (bytes memory) {
        uint256 count = entries.length;
        if (count == 0) return "";
        if (count == 1) return abi.encodePacked(entries[0].memberId, entries[0].profile);
        return bytes.concat(_packed(entries[:count / 2]), _packed(entries[count / 2:]));
    }
}
