// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ICommunityToken} from "../../contracts/interfaces/ICommunityToken.sol";
import {IMemberRegistry} from "../../contracts/interfaces/IMemberRegistry.sol";
import {MemberRegistryFixture} from "./MemberRegistryFixture.sol";

/// @dev A wallet that replaces itself by its own signature.
contract MemberRegistryReplacingTest is MemberRegistryFixture {
    function replace(uint256 deadline, bytes memory old) private {
        bytes memory consent = joinConsent(NEW_KEY, ALICE, 1, deadline);
        members.replaceWallet(ALICE, newWallet, deadline, old, consent);
    }

    function signedByAlice(uint256 deadline) private view returns (bytes memory) {
        return oldSignature("Replace", memberKey(1), ALICE, newWallet, deadline);
    }

    function test_replaceWallet__by_signature__moves_balance_class_and_status() public {
        replace(block.timestamp, signedByAlice(block.timestamp));
        requireAccount(newWallet, 100e18, 1, 1);
        requireAccount(alice, 0, 0, 0);
        same(members.walletOf(ALICE), newWallet, "wallet");
        same(members.memberOf(newWallet), ALICE, "member");
        same(members.memberOf(alice), bytes32(0), "old member");
        require(members.isRetired(alice) && !members.isRetired(newWallet), "retired");
        same(members.memberCount(), 2, "count");
    }

    function test_replaceWallet__by_the_old_wallet_itself__needs_no_signature() public {
        bytes memory consent = joinConsent(NEW_KEY, ALICE, 1, block.timestamp);
        vm.prank(alice);
        members.replaceWallet(ALICE, newWallet, block.timestamp, "", consent);
        requireAccount(newWallet, 100e18, 1, 1);
        vm.expectRevert(
            abi.encodeWithSelector(IMemberRegistry.MemberRegistryNotTheWallet.selector, address(this), newWallet)
        );
        members.replaceWallet(ALICE, vm.addr(OTHER_KEY), block.timestamp, "", consent);
    }

    function test_replaceWallet__again__changes_nothing() public {
        bytes memory old = signedByAlice(block.timestamp);
        replace(block.timestamp, old);
        vm.recordLogs();
        replace(block.timestamp, old);
        same(vm.getRecordedLogs().length, 0, "events");
    }

    function testFuzz_replaceWallet__old_signature_for_other_facts__is_refused(uint8 which) public {
        which %= 5;
        uint256 deadline = block.timestamp + 1;
        bytes memory old = oldSignature(
            which == 0 ? "Object" : "Replace",
            memberKey(which == 1 ? 2 : 1),
            which == 2 ? BOB : ALICE,
            which == 3 ? bob : newWallet,
            deadline
        );
        uint256 given = which == 4 ? deadline + 1 : deadline;
        bytes memory consent = joinConsent(NEW_KEY, ALICE, 1, given);
        vm.expectRevert(abi.encodeWithSelector(IMemberRegistry.MemberRegistryConsentInvalid.selector, alice, 1));
        members.replaceWallet(ALICE, newWallet, given, old, consent);
    }

    /// @dev The new wallet consents too: to this member and to the member's class.
    function testFuzz_replaceWallet__new_consent_for_other_facts__is_refused(uint8 which) public {
        which %= 3;
        bytes memory consent = joinConsent(
            which == 0 ? OTHER_KEY : NEW_KEY, which == 1 ? BOB : ALICE, which == 2 ? 2 : 1, block.timestamp
        );
        bytes memory old = signedByAlice(block.timestamp);
        vm.expectRevert(
            abi.encodeWithSelector(IMemberRegistry.MemberRegistryConsentInvalid.selector, newWallet, 0)
        );
        members.replaceWallet(ALICE, newWallet, block.timestamp, old, consent);
    }

    function test_replaceWallet__after_the_deadline__is_refused() public {
        bytes memory old = signedByAlice(T0);
        bytes memory consent = joinConsent(NEW_KEY, ALICE, 1, T0);
        vm.warp(T0 + 1);
        vm.expectRevert(
            abi.encodeWithSelector(IMemberRegistry.MemberRegistryConsentExpired.selector, T0, T0 + 1)
        );
        members.replaceWallet(ALICE, newWallet, T0, old, consent);
    }

    function test_replaceWallet__frozen__is_refused() public {
        freeze(ALICE);
        bytes memory old = signedByAlice(block.timestamp);
        bytes memory consent = joinConsent(NEW_KEY, ALICE, 1, block.timestamp);
        vm.expectRevert(
            abi.encodeWithSelector(IMemberRegistry.MemberRegistryFrozen.selector, ALICE, COMMUNITY_ADMIN)
        );
        members.replaceWallet(ALICE, newWallet, block.timestamp, old, consent);
    }

    function test_replaceWallet__by_a_taken_wallet_or_of_nobody__is_refused() public {
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IMemberRegistry.MemberRegistryWalletTaken.selector, bob, BOB));
        members.replaceWallet(ALICE, bob, block.timestamp, "", "");
        vm.expectRevert(abi.encodeWithSelector(IMemberRegistry.MemberRegistryUnknown.selector, bytes32("x")));
        members.replaceWallet("x", newWallet, block.timestamp, "", "");
    }

    function test_replaceWallet__in_a_pause__is_refused() public {
        pause();
        bytes memory old = signedByAlice(block.timestamp);
        bytes memory consent = joinConsent(NEW_KEY, ALICE, 1, block.timestamp);
        vm.expectRevert(abi.encodeWithSelector(ICommunityToken.CommunityTokenPaused.selector, T0));
        members.replaceWallet(ALICE, newWallet, block.timestamp, old, consent);
    }

    /// @dev An allowance that the old wallet gave does not reach what the new one holds.
    function test_replaceWallet__allowances__stay_behind() public {
        vm.prank(alice);
        token.approve(bob, 100e18);
        replace(block.timestamp, signedByAlice(block.timestamp));
        same(token.allowance(newWallet, bob), 0, "allowance");
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(ICommunityToken.CommunityTokenCannotSend.selector, alice, 0));
        token.transferFrom(alice, bob, 1);
    }

    function test_retired_wallet__never_joins_nor_replaces_again() public {
        replace(block.timestamp, signedByAlice(block.timestamp));
        bytes memory reason =
            abi.encodeWithSelector(IMemberRegistry.MemberRegistryWalletRetired.selector, alice);
        bytes memory consent = joinConsent(memberKey(1), "c", 1, block.timestamp);
        vm.prank(REGISTRAR);
        vm.expectRevert(reason);
        members.join("c", alice, 1, block.timestamp, consent);
        vm.prank(bob);
        vm.expectRevert(reason);
        members.replaceWallet(BOB, alice, block.timestamp, "", "");
    }

    function testFuzz_replaceWallet__after_leaving__takes_the_rest_of_the_grace_along(uint64 wait) public {
        wait %= GRACE;
        leaveAlice();
        vm.warp(T0 + wait);
        replace(block.timestamp, signedByAlice(block.timestamp));
        requireAccount(newWallet, 100e18, 1, 3);
        (bool hasLeft, uint64 secondsLeft,) = members.graceOf(newWallet);
        require(hasLeft && secondsLeft == GRACE - wait, "grace");
        (hasLeft,,) = members.graceOf(alice);
        require(!hasLeft, "the old wallet's grace");
        joinBy(NEW_KEY, ALICE, 1); // The way to join again with a new wallet before the grace is over.
        requireAccount(newWallet, 100e18, 1, 1);
    }

    function test_replaceWallet__beside_a_proposal__makes_the_proposal_void() public {
        bytes memory other = joinConsent(OTHER_KEY, ALICE, 1, block.timestamp);
        vm.prank(REGISTRAR);
        members.proposeReplacement(ALICE, vm.addr(OTHER_KEY), block.timestamp, other);
        replace(block.timestamp, signedByAlice(block.timestamp));
        requireNothingPending(ALICE);
        vm.warp(T0 + REPLACEMENT_DELAY);
        vm.expectRevert(abi.encodeWithSelector(IMemberRegistry.MemberRegistryNoReplacement.selector, ALICE));
        members.executeReplacement(ALICE);
    }
}
