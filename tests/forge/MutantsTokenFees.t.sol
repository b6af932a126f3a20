// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {CommunityTokenDesk} from "./CommunityTokenDesk.sol";

/// @dev Ends of the transfer fee that planted bugs showed to be untested.
contract MutantsTokenFeesTest is CommunityTokenDesk {
    function test_previewTransfer__to_the_treasury__has_no_fee() external {
        setFee(500);
        credit(alice, 10_000);
        (uint256 net, uint256 fee) = token.previewTransfer(alice, TREASURY, 10_000);
        same(net, 10_000, "net");
        same(fee, 0, "fee");
    }

    function test_transfer__smallest_fee_of_one_pair__is_taken() external {
        token.setTransferFees(packed(0, 0, 0, 1), 0, 0);
        token.setAccount(alice, STAKEHOLDER, ACTIVE);
        token.setAccount(bob, STAKEHOLDER, ACTIVE);
        credit(alice, 10_000);
        vm.prank(alice);
        token.transfer(bob, 10_000);
        same(token.balanceOf(bob), 9_999, "net");
        same(token.balanceOf(TREASURY), 1, "fee");
    }
}
