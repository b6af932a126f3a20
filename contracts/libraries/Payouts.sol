// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ISettlementLedger} from "../interfaces/ISettlementLedger.sol";

/// @title The words of a payout chunk
/// @notice A word is `address << 96 | uint96 amount` in base units.
library Payouts {
    /// @notice Leaf of chunk `chunk` in the payouts tree: SHA-256 of 0x00 and "lecn.pay" | u32 chunk | words.
    function leafHash(uint32 chunk, bytes32[] calldata payouts) internal pure returns (bytes32) {
        return sha256(abi.encodePacked(bytes1(0x00), "lecn.pay", chunk, payouts));
    }

    /// @notice Refuses a chunk whose wallets do not ascend from `previous` on, or with an amount above `memberCap`.
    /// @return last Wallet of the last word, `previous` if there is none.
    function requireAscending(bytes32[] calldata payouts, address previous, uint96 memberCap)
        internal
        pure
        returns (address last)
    {
        last = previous;
        for (uint256 i; i < payouts.length; ++i) {
            uint256 word = uint256(payouts[i]);
            address wallet = address(uint160(word >> 96));
            if (wallet <= last) revert ISettlementLedger.SettlementLedgerWalletsNotAscending(wallet, last);
            if (uint96(word) > memberCap) {
                revert ISettlementLedger.SettlementLedgerMemberCapExceeded(wallet, uint96(word), memberCap);
            }
            last = wallet;
        }
    }
}
