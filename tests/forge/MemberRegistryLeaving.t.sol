// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ICommunityToken} from "../../contracts/interfaces/ICommunityToken.sol";
import {IMemberRegistry} from "../../contracts/interfaces/IMemberRegistry.sol";
import {MemberRegistryFixture} from "./MemberRegistryFixture.sol";

contract MemberRegistryLeavingTest is MemberRegistryFixture {
    uint64 private constant WINDOW = 30 days;

    // ----------------------------------------------------------------------------------------------------- LEAVING

    function test_leave__by_the_wallet__keeps_the_balance_and_starts_the_grace() public {
        leaveAlice();
        requireAccount(alice, 100e18, 1, 3);
        (bool hasLeft, uint64 secondsLeft, bool standsStill) = members.graceOf(alice);
        require(hasLeft && secondsLeft == GRACE && !standsStill, "grace");
        same(members.walletOf(ALICE), alice, "wallet");
    }

    function test_leave__by_signature__is_carried_by_anybody_once() public {
        bytes memory signature = leaveSignature(memberKey(1), ALICE, block.timestamp);
        members.leave(ALICE, block.timestamp, signature);
        requireAccount(alice, 100e18, 1, 3);
        joinBy(memberKey(1), ALICE, 1);
        uint256 nonce = members.nonces(alice);
        vm.expectRevert(
            abi.encodeWithSelector(IMemberRegistry.MemberRegistryConsentInvalid.selector, alice, nonce)
        );
        members.leave(ALICE, block.timestamp, signature);
    }

    function test_leave__after_the_deadline__is_refused() public {
        bytes memory signature = leaveSignature(memberKey(1), ALICE, T0);
        vm.warp(T0 + 1);
        vm.expectRevert(
            abi.encodeWithSelector(IMemberRegistry.MemberRegistryConsentExpired.selector, T0, T0 + 1)
        );
        members.leave(ALICE, T0, signature);
    }

    /// @dev Another member, another key, another deadline: the signature is for these facts only.
    function testFuzz_leave__signature_for_other_facts__is_refused(uint8 which) public {
        which %= 3;
        uint256 deadline = block.timestamp + 1;
        bytes memory signature = leaveSignature(memberKey(which == 0 ? 2 : 1), which == 1 ? BOB : ALICE, deadline);
        vm.expectRevert(abi.encodeWithSelector(IMemberRegistry.MemberRegistryConsentInvalid.selector, alice, 1));
        members.leave(ALICE, which == 2 ? deadline + 1 : deadline, signature);
    }

    function test_leave__by_somebody_else_without_signature__is_refused() public {
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IMemberRegistry.MemberRegistryNotTheWallet.selector, bob, alice));
        members.leave(ALICE, 0, "");
    }

    function test_leave__twice_or_unknown__is_refused() public {
        leaveAlice();
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IMemberRegistry.MemberRegistryLeft.selector, ALICE, alice));
        members.leave(ALICE, 0, "");
        vm.expectRevert(abi.encodeWithSelector(IMemberRegistry.MemberRegistryUnknown.selector, bytes32("x")));
        members.leave("x", 0, "");
    }

    function test_leave__frozen__stays_frozen() public {
        freeze(ALICE);
        leaveAlice();
        requireAccount(alice, 100e18, 1, 4);
        unfreeze(ALICE);
        requireAccount(alice, 100e18, 1, 3);
    }

    function test_leave__in_a_pause_and_suspended__goes_on() public {
        pause();
        vm.prank(PLATFORM_REGISTRY);
        token.setSuspended(true);
        leaveAlice();
        requireAccount(alice, 100e18, 1, 3);
    }

    function test_leave__then_gives__but_receives_nothing() public {
        leaveAlice();
        vm.prank(alice);
        token.transfer(bob, 1e18);
        same(token.balanceOf(bob), 51e18, "given");
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(ICommunityToken.CommunityTokenCannotReceive.selector, alice, 3));
        token.transfer(alice, 1e18);
    }

    // --------------------------------------------------------------------------------------------------- EXCLUSION

    function announce() private returns (uint64 from, uint64 until) {
        vm.prank(COMMUNITY_ADMIN);
        members.announceExclusion(ALICE);
        return members.pendingExclusion(ALICE);
    }

    function exclude() private {
        vm.prank(COMMUNITY_ADMIN);
        members.exclude(ALICE);
    }

    function testFuzz_exclude__outside_of_its_window__is_refused(uint64 wait) public {
        (uint64 from, uint64 until) = announce();
        require(from == T0 + NOTICE && until == from + WINDOW, "window");
        wait = wait % 2 == 0 ? wait % NOTICE : NOTICE + WINDOW + 1 + wait % 1000 days;
        vm.warp(T0 + wait);
        vm.expectRevert(
            abi.encodeWithSelector(
                IMemberRegistry.MemberRegistryExclusionOutsideWindow.selector, block.timestamp, from, until
            )
        );
        exclude();
    }

    function testFuzz_exclude__within_its_window__starts_the_grace(uint64 wait) public {
        (uint64 from,) = announce();
        vm.warp(from + wait % (WINDOW + 1));
        exclude();
        requireAccount(alice, 100e18, 1, 3);
        (uint64 again,) = members.pendingExclusion(ALICE);
        same(again, 0, "still announced");
        (, uint64 secondsLeft,) = members.graceOf(alice);
        same(secondsLeft, GRACE, "grace");
    }

    function test_exclude__frozen__stays_frozen() public {
        freeze(ALICE);
        (uint64 from,) = announce();
        vm.warp(from);
        exclude();
        requireAccount(alice, 100e18, 1, 4);
    }

    function test_exclude__not_announced_or_cancelled__is_refused() public {
        bytes memory reason = abi.encodeWithSelector(IMemberRegistry.MemberRegistryNoExclusion.selector, ALICE);
        vm.expectRevert(reason);
        exclude();
        vm.prank(COMMUNITY_ADMIN);
        vm.expectRevert(reason);
        members.cancelExclusion(ALICE);
        (uint64 from,) = announce();
        vm.prank(COMMUNITY_ADMIN);
        members.cancelExclusion(ALICE);
        vm.warp(from);
        vm.expectRevert(reason);
        exclude();
    }

    /// @dev A second announcement neither shortens nor prolongs the first, and a lapsed one is made anew.
    function test_announceExclusion__again__waits_anew_only_after_the_window() public {
        (uint64 from, uint64 until) = announce();
        vm.warp(until);
        (uint64 same_,) = announce();
        same(same_, from, "moved");
        vm.warp(until + 1);
        (uint64 later,) = announce();
        same(later, until + 1 + NOTICE, "not anew");
    }

    function test_announceExclusion__who_left_meanwhile__is_refused() public {
        (uint64 from,) = announce();
        leaveAlice();
        bytes memory reason =
            abi.encodeWithSelector(IMemberRegistry.MemberRegistryLeft.selector, ALICE, alice);
        vm.prank(COMMUNITY_ADMIN);
        vm.expectRevert(reason);
        members.announceExclusion(ALICE);
        vm.warp(from);
        vm.expectRevert(reason);
        exclude();
    }

    /// @dev An announcement does not survive leaving: who joined again is announced again.
    function test_exclude__joined_again__needs_a_new_announcement() public {
        (uint64 from,) = announce();
        leaveAlice();
        joinBy(memberKey(1), ALICE, 1);
        vm.warp(from);
        vm.expectRevert(abi.encodeWithSelector(IMemberRegistry.MemberRegistryNoExclusion.selector, ALICE));
        exclude();
    }
}
