// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title The words of a payout chunk
/// @notice A word is `address << 96 | uint96 amount` in base units.
library Payouts {
    /// @notice Leaf of chunk `chunk` in the payouts tree: SHA-256 of 0x00 and "lecn.pay" | u32 chunk | words.
    function leafHash(uint32 chunk, bytes32[] calldata payouts) internal pure returns (bytes32) {
        return sha256(abi.encodePacked(bytes1(0x00), "lecn.pay", chunk, payouts));
    }

    /// @notice Wallet of the last word, `previous` if there is none.
    function lastWallet(bytes32[] calldata payouts, address previous) internal pure returns (address) {
        uint256 count = payouts.length;
        return count == 0 ? previous : address(bytes20(payouts[count - 1]));
    }
}
