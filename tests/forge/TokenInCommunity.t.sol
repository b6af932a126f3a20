// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {ICommunityToken} from "../../contracts/interfaces/ICommunityToken.sol";
import {ITokenPolicy} from "../../contracts/interfaces/ITokenPolicy.sol";
import {CommunityFixture} from "./CommunityFixture.sol";

/// @dev The token in a deployed community: who reaches which function through the other contracts.
contract TokenInCommunityTest is CommunityFixture {
    /// @dev Each class pair and the assignment has a rate of its own, so that a swap of two is seen.
    function initialPolicy() internal view override returns (ITokenPolicy.Initial memory initial) {
        initial = super.initialPolicy();
        initial.fees = ITokenPolicy.Fees(100, 200, 300, 400, 0, 0, 0, 0, 500, 600);
    }

    function setUp() public override {
        super.setUp();
        joinMember(1, CITIZEN);
        joinMember(2, CITIZEN);
        joinMember(11, STAKEHOLDER);
        joinMember(12, STAKEHOLDER);
    }

    // ------------------------------------------------------------------------------------------------------- FEES

    function test_previewTransfer__initial_fees__each_pair_has_its_own() public {
        creditAll(10_000);
        same(feeOf(1, 2), 95, "citizen to citizen");
        same(feeOf(1, 11), 190, "citizen to stakeholder");
        same(feeOf(11, 1), 282, "stakeholder to citizen");
        same(feeOf(11, 12), 376, "stakeholder to stakeholder");
    }

    function test_scheduleFees__token__charges_from_the_date_on() public {
        creditAll(10_000);
        uint64 validFrom = uint64(block.timestamp) + NOTICE + 1;
        vm.prank(TOKEN_ADMIN);
        policy.scheduleFees(ITokenPolicy.Fees(1000, 0, 0, 0, 0, 0, 0, 0, 0, 0), validFrom);
        vm.warp(validFrom - 1);
        same(feeOf(1, 2), 95, "before");
        vm.warp(validFrom);
        same(feeOf(1, 2), 950, "from its date on");
    }

    function test_settle__assignment_fee__members_get_net() public {
        creditAll(10_000);
        same(token.balanceOf(walletOf(1)), 9500, "citizen");
        same(token.balanceOf(walletOf(11)), 9400, "stakeholder");
        same(token.balanceOf(address(treasury)), 2 * 500 + 2 * 600, "treasury");
        same(token.totalSupply(), 40_000, "supply");
    }

    function creditAll(uint96 amount) private {
        bytes32[] memory words = new bytes32[](4);
        (words[0], words[1]) = (word(walletOf(1), amount), word(walletOf(2), amount));
        (words[2], words[3]) = (word(walletOf(11), amount), word(walletOf(12), amount));
        creditMembers(words);
    }

    /// @dev Fee of the whole balance.
    function feeOf(uint256 from, uint256 to) private view returns (uint256 fee) {
        (, fee) = token.previewTransfer(walletOf(from), walletOf(to), token.balanceOf(walletOf(from)));
    }

    // -------------------------------------------------------------------------------------------------- PERMISSIONS

    function test_pause__guardian__cannot_end_it() public {
        vm.prank(GUARDIAN);
        token.pause();
        expectUnauthorized(GUARDIAN);
        vm.prank(GUARDIAN);
        token.unpause();
        require(token.isPaused(), "not paused");
    }

    function test_unpause__community_admin__ends_the_pause() public {
        vm.prank(GUARDIAN);
        token.pause();
        vm.prank(COMMUNITY_ADMIN);
        token.unpause();
        require(!token.isPaused(), "paused");
    }

    function test_pause__community_admin__is_refused() public {
        expectUnauthorized(COMMUNITY_ADMIN);
        vm.prank(COMMUNITY_ADMIN);
        token.pause();
    }

    function test_issue__token_admin__passes_by_the_treasury_only() public {
        expectUnauthorized(TOKEN_ADMIN);
        vm.prank(TOKEN_ADMIN);
        token.issue(1);
        vm.prank(TOKEN_ADMIN);
        treasury.issue(1);
        same(token.totalSupply(), 1, "supply");
    }

    function test_setSuspended__platform__refuses_issue_and_join() public {
        vm.prank(PLATFORM_REGISTRY);
        token.setSuspended(true);
        vm.expectRevert(abi.encodeWithSelector(ICommunityToken.CommunityTokenSuspended.selector));
        vm.prank(TOKEN_ADMIN);
        treasury.issue(1);
        bytes memory consent = consentOf(3, CITIZEN, block.timestamp);
        vm.expectRevert(abi.encodeWithSelector(ICommunityToken.CommunityTokenSuspended.selector));
        vm.prank(REGISTRAR);
        members.join(bytes32(uint256(3)), walletOf(3), CITIZEN, block.timestamp, consent);
    }

    function test_bind__without_admin__nobody_can() public {
        manager.renounceRole(manager.ADMIN_ROLE(), address(this));
        expectUnauthorized(address(this));
        token.bind(address(exchange));
    }

    function expectUnauthorized(address caller) private {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
    }
}
