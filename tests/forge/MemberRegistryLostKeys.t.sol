// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ICommunityToken} from "../../contracts/interfaces/ICommunityToken.sol";
import {IMemberRegistry} from "../../contracts/interfaces/IMemberRegistry.sol";
import {Roles} from "../../contracts/libraries/Roles.sol";
import {MemberRegistryFixture} from "./MemberRegistryFixture.sol";

/// @dev Replacing a wallet whose key is lost, and freezing one whose key is stolen.
contract MemberRegistryLostKeysTest is MemberRegistryFixture {
    // ---------------------------------------------------------------------------------------------------- PROPOSAL

    function testFuzz_executeReplacement__before_the_delay__is_refused(uint64 wait) public {
        proposeForAlice();
        wait %= REPLACEMENT_DELAY;
        vm.warp(T0 + wait);
        vm.expectRevert(
            abi.encodeWithSelector(
                IMemberRegistry.MemberRegistryReplacementTooEarly.selector, T0 + wait, T0 + REPLACEMENT_DELAY
            )
        );
        members.executeReplacement(ALICE);
    }

    function test_executeReplacement__after_the_delay__moves_the_account() public {
        proposeForAlice();
        vm.warp(T0 + REPLACEMENT_DELAY);
        members.executeReplacement(ALICE);
        requireAccount(newWallet, 100e18, 1, 1);
        requireAccount(alice, 0, 0, 0);
        require(members.isRetired(alice), "retired");
        requireNothingPending(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IMemberRegistry.MemberRegistryNoReplacement.selector, ALICE));
        members.executeReplacement(ALICE);
    }

    function test_executeReplacement__in_a_pause__is_refused_and_stays_pending() public {
        proposeForAlice();
        pause();
        vm.warp(T0 + REPLACEMENT_DELAY);
        vm.expectRevert(abi.encodeWithSelector(ICommunityToken.CommunityTokenPaused.selector, T0));
        members.executeReplacement(ALICE);
        unpause();
        members.executeReplacement(ALICE);
        requireAccount(newWallet, 100e18, 1, 1);
    }

    function test_executeReplacement__new_wallet_joined_meanwhile__is_refused() public {
        proposeForAlice();
        joinBy(NEW_KEY, "c", 1);
        vm.warp(T0 + REPLACEMENT_DELAY);
        vm.expectRevert(
            abi.encodeWithSelector(
                IMemberRegistry.MemberRegistryWalletTaken.selector, newWallet, bytes32("c")
            )
        );
        members.executeReplacement(ALICE);
    }

    function test_proposeReplacement__same_again__is_silent_and_moves_no_date() public {
        proposeForAlice();
        vm.warp(T0 + 1);
        vm.recordLogs();
        proposeForAlice();
        same(vm.getRecordedLogs().length, 0, "events");
        (address wallet, uint64 executableAt) = members.pendingReplacement(ALICE);
        require(wallet == newWallet && executableAt == T0 + REPLACEMENT_DELAY, "pending");
    }

    function test_proposeReplacement__beside_another__is_refused() public {
        proposeForAlice();
        vm.prank(REGISTRAR);
        vm.expectRevert(
            abi.encodeWithSelector(
                IMemberRegistry.MemberRegistryReplacementPending.selector, ALICE, newWallet, T0 + REPLACEMENT_DELAY
            )
        );
        members.proposeReplacement(ALICE, vm.addr(OTHER_KEY), block.timestamp, "");
    }

    function test_proposeReplacement__without_the_new_wallets_consent__is_refused() public {
        bytes memory consent = joinConsent(OTHER_KEY, ALICE, 1, block.timestamp);
        vm.prank(REGISTRAR);
        vm.expectRevert(
            abi.encodeWithSelector(IMemberRegistry.MemberRegistryConsentInvalid.selector, newWallet, 0)
        );
        members.proposeReplacement(ALICE, newWallet, block.timestamp, consent);
    }

    function test_proposeReplacement__of_nobody_or_by_a_taken_wallet__is_refused() public {
        vm.prank(REGISTRAR);
        vm.expectRevert(abi.encodeWithSelector(IMemberRegistry.MemberRegistryUnknown.selector, bytes32("x")));
        members.proposeReplacement("x", newWallet, block.timestamp, "");
        vm.prank(REGISTRAR);
        vm.expectRevert(abi.encodeWithSelector(IMemberRegistry.MemberRegistryWalletTaken.selector, bob, BOB));
        members.proposeReplacement(ALICE, bob, block.timestamp, "");
    }

    // --------------------------------------------------------------------------------------------------- OBJECTION

    /// @dev At any moment before the execution, however late, also in a pause.
    function testFuzz_objectToReplacement__before_the_execution__makes_it_void(uint32 wait, bool paused) public {
        proposeForAlice();
        if (paused) pause();
        vm.warp(T0 + wait);
        bytes memory signature = oldSignature("Object", memberKey(1), ALICE, newWallet, block.timestamp);
        members.objectToReplacement(ALICE, block.timestamp, signature);
        requireNothingPending(ALICE);
        requireAccount(alice, 100e18, 1, 1);
    }

    function test_objectToReplacement__by_the_wallet_itself__needs_no_signature() public {
        proposeForAlice();
        vm.expectRevert(
            abi.encodeWithSelector(IMemberRegistry.MemberRegistryNotTheWallet.selector, address(this), alice)
        );
        members.objectToReplacement(ALICE, 0, "");
        vm.prank(alice);
        members.objectToReplacement(ALICE, 0, "");
        requireNothingPending(ALICE);
    }

    function test_objectToReplacement__to_another_wallet__is_refused() public {
        proposeForAlice();
        bytes memory signature = oldSignature("Object", memberKey(1), ALICE, bob, block.timestamp);
        vm.expectRevert(abi.encodeWithSelector(IMemberRegistry.MemberRegistryConsentInvalid.selector, alice, 1));
        members.objectToReplacement(ALICE, block.timestamp, signature);
    }

    function test_objectToReplacement__nothing_pending__is_refused() public {
        bytes memory reason = abi.encodeWithSelector(IMemberRegistry.MemberRegistryNoReplacement.selector, ALICE);
        vm.prank(alice);
        vm.expectRevert(reason);
        members.objectToReplacement(ALICE, 0, "");
        vm.prank(COMMUNITY_ADMIN);
        vm.expectRevert(reason);
        members.cancelReplacement(ALICE);
    }

    function test_cancelReplacement__by_the_administrator__makes_it_void() public {
        proposeForAlice();
        vm.prank(COMMUNITY_ADMIN);
        members.cancelReplacement(ALICE);
        requireNothingPending(ALICE);
    }

    function test_join__after_leaving_with_a_proposal__makes_it_void() public {
        leaveAlice();
        proposeForAlice();
        joinBy(memberKey(1), ALICE, 1);
        requireNothingPending(ALICE);
    }

    // ------------------------------------------------------------------------------------------------------ FROZEN

    function test_freeze__a_pending_proposal__becomes_void() public {
        proposeForAlice();
        freeze(ALICE);
        requireNothingPending(ALICE);
    }

    function test_proposeReplacement__frozen__waits_for_the_notice_and_moves_the_freeze() public {
        freeze(ALICE);
        proposeForAlice();
        (, uint64 executableAt) = members.pendingReplacement(ALICE);
        same(executableAt, T0 + NOTICE, "executable at");
        vm.warp(executableAt);
        members.executeReplacement(ALICE);
        requireAccount(newWallet, 100e18, 1, 2);
        unfreeze(ALICE);
        requireAccount(newWallet, 100e18, 1, 1);
    }

    function test_objectToReplacement__frozen__is_refused() public {
        freeze(ALICE);
        proposeForAlice();
        bytes memory signature = oldSignature("Object", memberKey(1), ALICE, newWallet, block.timestamp);
        vm.expectRevert(
            abi.encodeWithSelector(IMemberRegistry.MemberRegistryFrozen.selector, ALICE, COMMUNITY_ADMIN)
        );
        members.objectToReplacement(ALICE, block.timestamp, signature);
    }

    function test_proposeReplacement__by_who_froze__is_refused() public {
        manager.grantRole(Roles.REGISTRAR, COMMUNITY_ADMIN, 0);
        freeze(ALICE);
        bytes memory consent = joinConsent(NEW_KEY, ALICE, 1, block.timestamp);
        vm.prank(COMMUNITY_ADMIN);
        vm.expectRevert(
            abi.encodeWithSelector(
                IMemberRegistry.MemberRegistryProposerFroze.selector, ALICE, COMMUNITY_ADMIN
            )
        );
        members.proposeReplacement(ALICE, newWallet, block.timestamp, consent);
    }

    /// @dev A second administrator who freezes again does not become the freezer in place of the first.
    function test_freeze__again_by_another__is_silent_and_keeps_the_freezer() public {
        manager.grantRole(Roles.COMMUNITY_ADMIN, address(this), 0);
        freeze(ALICE);
        vm.recordLogs();
        members.freeze(ALICE);
        same(vm.getRecordedLogs().length, 0, "events");
        same(members.frozenBy(ALICE), COMMUNITY_ADMIN, "freezer");
        members.unfreeze(ALICE);
        members.unfreeze(ALICE);
        same(vm.getRecordedLogs().length, 2, "events of one unfreezing");
        same(members.frozenBy(ALICE), address(0), "freezer");
    }

    /// @dev Through the AccessManager one key could freeze under one address and propose under another.
    function test_freeze_and_propose__through_the_access_manager__are_refused() public {
        manager.grantRole(Roles.REGISTRAR, COMMUNITY_ADMIN, 0);
        bytes memory reason =
            abi.encodeWithSelector(IMemberRegistry.MemberRegistryNotDirect.selector, address(manager));
        vm.prank(COMMUNITY_ADMIN);
        vm.expectRevert(reason);
        manager.execute(address(members), abi.encodeCall(IMemberRegistry.freeze, (ALICE)));
        freeze(ALICE);
        bytes memory consent = joinConsent(NEW_KEY, ALICE, 1, block.timestamp);
        vm.prank(COMMUNITY_ADMIN);
        vm.expectRevert(reason);
        manager.execute(
            address(members),
            abi.encodeCall(IMemberRegistry.proposeReplacement, (ALICE, newWallet, block.timestamp, consent))
        );
    }

    function test_freeze__of_nobody__is_refused() public {
        bytes memory reason =
            abi.encodeWithSelector(IMemberRegistry.MemberRegistryUnknown.selector, bytes32("x"));
        vm.prank(COMMUNITY_ADMIN);
        vm.expectRevert(reason);
        members.freeze("x");
        vm.prank(COMMUNITY_ADMIN);
        vm.expectRevert(reason);
        members.unfreeze("x");
    }

    function test_freeze__active__receives_and_cannot_send() public {
        freeze(ALICE);
        vm.prank(bob);
        token.transfer(alice, 1e18);
        requireAccount(alice, 101e18, 1, 2);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(ICommunityToken.CommunityTokenCannotSend.selector, alice, 2));
        token.transfer(bob, 1e18);
    }
}
