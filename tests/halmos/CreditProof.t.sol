// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {CreditCases} from "./CreditCases.sol";

/// @dev The batch credit with one and two payouts of any wallets, amounts, classes and statuses, and with three of
/// active members; the loop without fee is assembly, the other one is not. Three of any kind are proved in the long run.
contract CreditProof is CreditCases {
    /// I1, I2, I3: credited and skipped are the total, and what is credited is the growth of balances and supply.
    function check_creditBatch__one_word_no_fee__conserves(Batch memory the) public {
        conserves(the, 1, 0, 0);
    }

    /// I1, I2, I3: the same of two words.
    function check_creditBatch__two_words_no_fee__conserves(Batch memory the) public {
        conserves(the, 2, 0, 0);
    }

    /// I1, I2, I3: the same with any fees; what the Treasury gets is counted among the balances.
    function check_creditBatch__one_word_any_fee__conserves(Batch memory the, uint16 citizen, uint16 other) public {
        conserves(the, 1, citizen, other);
    }

    /// I1, I2: the same of three citizens and stakeholders without fee.
    function check_creditBatch__three_members_no_fee__conserves(Batch memory the) public {
        conserves(members(the), 3, 0, 0);
    }

    /// I1, I2, I7: the same of two members with any fees.
    function check_creditBatch__two_members_any_fee__conserves(Batch memory the, uint16 citizen, uint16 other) public {
        conserves(members(the), 2, citizen, other);
    }

    /// @dev A citizen, a stakeholder and another citizen at fixed wallets; amounts, cap and fees stay open.
    function members(Batch memory the) private pure returns (Batch memory) {
        the.wallets = [address(0xA1), address(0xB2), address(0xC3)];
        the.classes = [1, 2, 1];
        the.statuses = [1, 2, 1];
        the.previous = address(0);
        return the;
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
