// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {CreditCases} from "./CreditCases.sol";

/// @dev Batches whose paths are too many for every day.
contract CreditLong is CreditCases {
    /// I1, I2, I3: three words without fee, of any wallets, classes and statuses.
    function check_creditBatch__three_words_no_fee__conserves(Batch memory the) public {
        conserves(the, 3, 0, 0);
    }

    /// I1, I2, I3: two words with any fees.
    function check_creditBatch__two_words_any_fee__conserves(Batch memory the, uint16 citizen, uint16 other) public {
        conserves(the, 2, citizen, other);
    }
}
