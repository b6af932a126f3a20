// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ProofDesk} from "./ProofDesk.sol";

/// @dev What a batch credit keeps, for up to three payouts of any wallets, amounts, classes and statuses.
abstract contract CreditCases is ProofDesk {
    struct Batch {
        address[3] wallets;
        uint96[3] amounts;
        uint8[3] classes;
        uint8[3] statuses;
        address previous;
        uint96 cap;
    }

    function arrange(Batch memory the, uint256 count) internal returns (bytes32[] memory payouts) {
        payouts = new bytes32[](count);
        for (uint256 i; i < count; ++i) {
            token.setAccount(the.wallets[i], the.classes[i], the.statuses[i]);
            payouts[i] = word(the.wallets[i], the.amounts[i]);
        }
    }

    /// I1, I2, I3: what is credited is the growth of the supply and of the balances; each word is credited or skipped.
    function conserves(Batch memory the, uint256 count, uint16 citizenBps, uint16 stakeholderBps) internal {
        bytes32[] memory payouts = arrange(the, count);
        (uint256 credited, uint256 skipped) =
            token.creditBatch(payouts, the.previous, the.cap, citizenBps, stakeholderBps);
        uint256 total;
        uint256 sum = token.balanceOf(TREASURY);
        for (uint256 i; i < count; ++i) {
            total += the.amounts[i];
            assert(the.wallets[i] > (i == 0 ? the.previous : the.wallets[i - 1]));
            assert(the.amounts[i] <= the.cap);
            if (the.wallets[i] == TREASURY) continue;
            sum += token.balanceOf(the.wallets[i]);
            assert(the.statuses[i] != 0 || token.balanceOf(the.wallets[i]) == 0);
        }
        assert(credited + skipped == total);
        assert(sum == credited);
        assert(token.totalSupply() == credited);
    }
}
