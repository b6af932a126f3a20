// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ICommunityToken} from "../../contracts/interfaces/ICommunityToken.sol";
import {IMemberRegistry} from "../../contracts/interfaces/IMemberRegistry.sol";
import {MemberRegistryFixture} from "./MemberRegistryFixture.sol";

/// @dev The 90 days of a wallet that left, what makes them stand still, and the sweep after them.
contract MemberRegistryGraceTest is MemberRegistryFixture {
    function expectInGrace(uint64 secondsLeft) private {
        vm.expectRevert(
            abi.encodeWithSelector(IMemberRegistry.MemberRegistryInGrace.selector, alice, secondsLeft)
        );
    }

    function testFuzz_sweep__before_the_end__is_refused_with_the_seconds_left(uint64 wait) public {
        leaveAlice();
        wait %= GRACE;
        vm.warp(T0 + wait);
        expectInGrace(GRACE - wait);
        members.sweep(alice);
    }

    function test_sweep__after_the_grace__moves_all_to_the_treasury() public {
        uint256 before = token.balanceOf(token.treasury());
        leaveAlice();
        vm.warp(T0 + GRACE);
        same(members.sweep(alice), 100e18, "swept");
        requireAccount(alice, 0, 1, 3);
        same(token.balanceOf(token.treasury()), before + 100e18, "treasury");
    }

    function test_sweep__empty__is_silent_and_later_credits_are_swept_at_once() public {
        leaveAlice();
        vm.warp(T0 + GRACE);
        members.sweep(alice);
        vm.recordLogs();
        same(members.sweep(alice), 0, "swept");
        same(vm.getRecordedLogs().length, 0, "events");
        credit(alice, 7);
        same(members.sweep(alice), 7, "swept later");
    }

    function test_sweep__wallet_that_has_not_left__is_refused() public {
        bytes4 selector = IMemberRegistry.MemberRegistryNotLeft.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, alice, 1));
        members.sweep(alice);
        vm.expectRevert(abi.encodeWithSelector(selector, newWallet, 0));
        members.sweep(newWallet);
    }

    /// @dev Treasury and ServiceExchange are in the token's books, and the exchange even as "left".
    function test_sweep__system_accounts__are_refused() public {
        bytes4 selector = IMemberRegistry.MemberRegistryNotLeft.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, address(treasury), 1));
        members.sweep(address(treasury));
        vm.expectRevert(abi.encodeWithSelector(selector, address(exchange), 3));
        members.sweep(address(exchange));
    }

    function test_sweep__in_a_pause__is_refused() public {
        leaveAlice();
        vm.warp(T0 + GRACE);
        pause();
        vm.expectRevert(abi.encodeWithSelector(ICommunityToken.CommunityTokenPaused.selector, T0 + GRACE));
        members.sweep(alice);
    }

    function testFuzz_grace__frozen__stands_still(uint64 before, uint64 frozen) public {
        before %= GRACE;
        frozen %= 1000 days;
        leaveAlice();
        vm.warp(T0 + before);
        freeze(ALICE);
        requireAccount(alice, 100e18, 1, 4);
        vm.warp(T0 + before + frozen);
        (, uint64 secondsLeft, bool standsStill) = members.graceOf(alice);
        require(secondsLeft == GRACE - before && standsStill, "went on");
        vm.expectRevert(
            abi.encodeWithSelector(IMemberRegistry.MemberRegistryFrozen.selector, ALICE, COMMUNITY_ADMIN)
        );
        members.sweep(alice);
        unfreeze(ALICE);
        vm.warp(T0 + GRACE + frozen - 1);
        expectInGrace(1);
        members.sweep(alice);
        vm.warp(T0 + GRACE + frozen);
        same(members.sweep(alice), 100e18, "swept");
    }

    function testFuzz_grace__frozen_before_leaving__starts_with_the_unfreezing(uint64 frozen) public {
        frozen %= 1000 days;
        freeze(ALICE);
        leaveAlice();
        vm.warp(T0 + frozen);
        unfreeze(ALICE);
        expectInGrace(GRACE);
        members.sweep(alice);
        vm.warp(T0 + frozen + GRACE);
        same(members.sweep(alice), 100e18, "swept");
    }

    /// @dev Nobody can outwait a member by a pause, in which tokens can be neither given nor returned.
    function testFuzz_grace__paused__stands_still(uint64 before, uint64 paused) public {
        before %= GRACE;
        paused %= 1000 days;
        leaveAlice();
        vm.warp(T0 + before);
        pause();
        vm.warp(T0 + before + paused);
        (, uint64 secondsLeft, bool standsStill) = members.graceOf(alice);
        require(secondsLeft == GRACE - before && standsStill, "went on");
        unpause();
        expectInGrace(GRACE - before);
        members.sweep(alice);
        vm.warp(T0 + paused + GRACE);
        same(members.sweep(alice), 100e18, "swept");
    }

    /// @dev Freeze and pause that overlap are counted once: pause, freeze, unpause, unfreeze, each 10 days later.
    function test_grace__paused_and_frozen__counts_the_overlap_once() public {
        leaveAlice();
        vm.warp(T0 + 10 days);
        pause();
        vm.warp(T0 + 20 days);
        freeze(ALICE);
        vm.warp(T0 + 30 days);
        unpause();
        vm.warp(T0 + 40 days);
        unfreeze(ALICE);
        expectInGrace(GRACE - 10 days);
        members.sweep(alice);
        vm.warp(T0 + 30 days + GRACE);
        same(members.sweep(alice), 100e18, "swept");
    }

    function test_grace__who_never_left__has_none() public {
        (bool hasLeft, uint64 secondsLeft, bool standsStill) = members.graceOf(alice);
        require(!hasLeft && secondsLeft == 0 && !standsStill, "grace");
        freeze(ALICE);
        unfreeze(ALICE);
        (hasLeft,,) = members.graceOf(alice);
        require(!hasLeft, "a freeze made the member leave");
    }

    // ------------------------------------------------------------------------------------------------ JOINING AGAIN

    function test_join__same_wallet_in_the_grace__is_active_again_with_its_balance() public {
        leaveAlice();
        joinBy(memberKey(1), ALICE, 2);
        requireAccount(alice, 100e18, 2, 1);
        same(members.memberCount(), 2, "count");
        vm.warp(T0 + GRACE);
        vm.expectRevert(abi.encodeWithSelector(IMemberRegistry.MemberRegistryNotLeft.selector, alice, 1));
        members.sweep(alice);
    }

    /// @dev Else a registrar alone could take over what is still owed to the member id.
    function testFuzz_join__new_wallet_in_the_grace__is_refused(uint64 wait) public {
        leaveAlice();
        wait %= GRACE;
        vm.warp(T0 + wait);
        bytes memory consent = joinConsent(NEW_KEY, ALICE, 1, block.timestamp);
        vm.prank(REGISTRAR);
        expectInGrace(GRACE - wait);
        members.join(ALICE, newWallet, 1, block.timestamp, consent);
    }

    function test_join__new_wallet_after_the_grace__leaves_the_old_one_to_the_sweep() public {
        leaveAlice();
        vm.warp(T0 + GRACE);
        joinBy(NEW_KEY, ALICE, 1);
        requireAccount(newWallet, 0, 1, 1);
        same(members.walletOf(ALICE), newWallet, "wallet");
        same(members.memberOf(alice), ALICE, "the old wallet's member");
        same(members.sweep(alice), 100e18, "swept");
    }

    /// @dev The freeze of the new wallet does not stop the sweep of the old one.
    function test_sweep__old_wallet_of_a_frozen_member__goes_on() public {
        leaveAlice();
        vm.warp(T0 + GRACE);
        joinBy(NEW_KEY, ALICE, 1);
        freeze(ALICE);
        same(members.sweep(alice), 100e18, "swept");
        requireAccount(newWallet, 0, 1, 2);
    }

    function test_join__left_and_frozen__is_refused() public {
        freeze(ALICE);
        leaveAlice();
        bytes memory reason =
            abi.encodeWithSelector(IMemberRegistry.MemberRegistryFrozen.selector, ALICE, COMMUNITY_ADMIN);
        bytes memory consent = joinConsent(memberKey(1), ALICE, 1, block.timestamp);
        vm.prank(REGISTRAR);
        vm.expectRevert(reason);
        members.join(ALICE, alice, 1, block.timestamp, consent);
        vm.warp(T0 + 1000 days);
        consent = joinConsent(NEW_KEY, ALICE, 1, block.timestamp);
        vm.prank(REGISTRAR);
        vm.expectRevert(reason);
        members.join(ALICE, newWallet, 1, block.timestamp, consent);
    }
}
