// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {CommunityTokenDesk} from "./CommunityTokenDesk.sol";

/// @dev Small facts of the token that planted bugs showed to be untested, and branches that only drawn cases took.
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

    function test_previewTransfer__from_the_zero_address__refused_like_a_transfer() public {
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidSender.selector, address(0)));
        token.previewTransfer(address(0), alice, 1);
    }

    function test_previewTransfer__to_the_zero_address__refused_like_a_transfer() public {
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, address(0)));
        token.previewTransfer(alice, address(0), 1);
    }
}
