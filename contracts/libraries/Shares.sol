// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title Equal shares in whole units
/// @notice The parts of an amount differ by one unit at most, the first ones are the larger, and their sum is the amount.
library Shares {
    /// @param units Amount to share, in base units.
    /// @param count Number of parts, at least 1.
    /// @param index Of the part, from 0.
    function partOf(uint256 units, uint256 count, uint256 index) internal pure returns (uint256) {
        return units / count + (index < units % count ? 1 : 0);
    }
}
