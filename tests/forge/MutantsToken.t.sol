// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {CommunityTokenDesk} from "./CommunityTokenDesk.sol";

/// @dev Small facts of the token that planted bugs showed to be untested.
contract MutantsTokenTest is CommunityTokenDesk {
    function test_creditBatch__lowest_fee_of_citizens_alone__is_charged() public {
        token.creditBatch(oneWord(alice, 10_000), address(0), 10_000, 1, 0);
        same(token.balanceOf(alice), 9_999, "net");
        same(token.balanceOf(TREASURY), 1, "fee");
    }

    function test_creditBatch__lowest_fee_of_stakeholders_alone__is_charged() public {
        token.creditBatch(oneWord(bob, 10_000), address(0), 10_000, 0, 1);
        same(token.balanceOf(bob), 9_999, "net");
        same(token.balanceOf(TREASURY), 1, "fee");
    }
}
