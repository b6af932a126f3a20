// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ProofDesk} from "./ProofDesk.sol";

/// @dev The batch credit with one to three payouts of any wallets, amounts, classes and statuses; the loop without fee
/// is assembly, the other one is not.
contract CreditProof is ProofDesk {
    struct Batch {
        address[3] wallets;
        uint96[3] amounts;
        uint8[3] classes;
        uint8[3] statuses;
        address previous;
        uint96 cap;
    }

    function arrange(Batch memory the, uint256 count) private returns (bytes32[] memory payouts) {
        payouts = new bytes32[](count);
        for (uint256 i; i < count; ++i) {
            token.setAccount(the.wallets[i], the.classes[i], the.statuses[i]);
            payouts[i] = word(the.wallets[i], the.amounts[i]);
        }
    }

    /// I1, I2, I3: what is credited is the growth of the supply and of the balances; each word is credited or skipped.
    function conserves(Batch memory the, uint256 count, uint16 citizenBps, uint16 stakeholderBps) private {
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

    function check_creditBatch__one_word_no_fee__conserves(Batch memory the) public {
        conserves(the, 1, 0, 0);
    }

    function check_creditBatch__two_words_no_fee__conserves(Batch memory the) public {
        conserves(the, 2, 0, 0);
    }

    function check_creditBatch__three_words_no_fee__conserves(Batch memory the) public {
        conserves(the, 3, 0, 0);
    }

    function check_creditBatch__one_word_any_fee__conserves(Batch memory the, uint16 citizen, uint16 other) public {
        conserves(the, 1, citizen, other);
    }

    function check_creditBatch__two_words_any_fee__conserves(Batch memory the, uint16 citizen, uint16 other) public {
        conserves(the, 2, citizen, other);
    }

    /// A wallet that is no member is skipped and counted, the next one credited.
    function check_creditBatch__member_and_non_member__each_word_counts_once(Batch memory the) public {
        bytes32[] memory payouts = arrange(the, 2);
        vm.assume(the.statuses[0] == 0 && the.statuses[1] != 0 && the.wallets[1] != TREASURY);
        (uint256 credited, uint256 skipped) = token.creditBatch(payouts, the.previous, the.cap, 0, 0);
        assert(credited == the.amounts[1] && skipped == the.amounts[0]);
        assert(token.balanceOf(the.wallets[1]) == the.amounts[1]);
    }
}
