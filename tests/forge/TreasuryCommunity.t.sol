// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITokenPolicy} from "../../contracts/interfaces/ITokenPolicy.sol";
import {ITreasury} from "../../contracts/interfaces/ITreasury.sol";
import {MemberRegistryFixture} from "./MemberRegistryFixture.sol";

/// @dev The Treasury in a whole community with its real registry and roles. It holds nothing when Alice and Bob join,
/// so their welcome bonuses are owed.
contract TreasuryCommunityTest is MemberRegistryFixture {
    bytes32 private constant CAROL = bytes32(uint256(3));
    uint256 private constant CAROL_KEY = 0x20003;

    function initialPolicy() internal view override returns (ITokenPolicy.Initial memory initial) {
        initial = super.initialPolicy();
        initial.bonuses = ITokenPolicy.Bonuses(20e18, 50e18, 5e18, 10e18, 15e18);
    }

    function test_join__treasury_empty__stands_and_the_bonus_is_owed() public view {
        same(members.walletOf(ALICE), alice, "wallet");
        requireWelcome(ALICE, 20e18);
    }

    function test_join__treasury_filled__pays_the_bonus_of_the_class() public {
        issue(100e18);
        joinBy(CAROL_KEY, CAROL, 2);
        same(token.balanceOf(vm.addr(CAROL_KEY)), 50e18, "received");
        requireWelcome(CAROL, 0);
    }

    function test_join__in_a_pause__stands_and_the_bonus_is_owed() public {
        issue(100e18);
        pause();
        joinBy(CAROL_KEY, CAROL, 1);
        requireWelcome(CAROL, 20e18);
        unpause();
        treasury.claimWelcomeBonus(CAROL);
        same(token.balanceOf(vm.addr(CAROL_KEY)), 20e18, "received");
    }

    function test_join__again_after_leaving__brings_no_second_bonus() public {
        issue(100e18);
        treasury.claimWelcomeBonus(ALICE);
        leaveAlice();
        joinBy(memberKey(1), ALICE, 1);
        same(token.balanceOf(alice), 120e18, "held");
        same(token.balanceOf(address(treasury)), 80e18, "left in the Treasury");
    }

    function test_claimWelcomeBonus__wallet_replaced__is_paid_once_to_the_new_one() public {
        proposeForAlice();
        vm.warp(block.timestamp + REPLACEMENT_DELAY);
        members.executeReplacement(ALICE);
        issue(100e18);
        treasury.claimWelcomeBonus(ALICE);
        treasury.claimWelcomeBonus(ALICE);
        same(token.balanceOf(newWallet), 120e18, "what the old wallet had, and the bonus");
        same(token.balanceOf(alice), 0, "old wallet");
    }

    function test_claimWelcomeBonus__excluded_while_frozen__is_paid() public {
        freeze(ALICE);
        vm.prank(alice);
        members.leave(ALICE, 0, "");
        issue(100e18);
        treasury.claimWelcomeBonus(ALICE);
        same(token.balanceOf(alice), 120e18, "held");
    }

    function test_payEnergyBonus__left_member_and_stranger__one_is_paid_the_other_skipped() public {
        leaveAlice();
        issue(100e18);
        ITreasury.EnergyBonusEntry[] memory entries = new ITreasury.EnergyBonusEntry[](2);
        entries[0] = ITreasury.EnergyBonusEntry(ALICE, 2);
        entries[1] = ITreasury.EnergyBonusEntry(CAROL, 1);
        bytes memory packed = abi.encodePacked(ALICE, uint8(2), CAROL, uint8(1));
        bytes32 root = sha256(abi.encodePacked(bytes1(0x00), "gettone.energy", uint32(0), packed));
        vm.prank(TOKEN_ADMIN);
        treasury.openEnergyBonus(1, root, 1, 2);
        treasury.payEnergyBonus(1, 0, entries, new bytes32[](0));
        same(token.balanceOf(alice), 115e18, "held by who left");
        same(token.balanceOf(address(treasury)), 85e18, "left in the Treasury");
    }

    function test_supply__settled_issued_and_burned__adds_up() public {
        issue(100e18);
        vm.prank(TOKEN_ADMIN);
        treasury.burn(30e18);
        treasury.claimWelcomeBonus(ALICE);
        // The fixture credited 150 tokens as payouts.
        same(token.totalSupply(), 150e18 + treasury.totalIssued() - treasury.totalBurned(), "supply");
    }

    function issue(uint256 units) private {
        vm.prank(TOKEN_ADMIN);
        treasury.issue(units);
    }

    function requireWelcome(bytes32 memberId, uint256 owed) private view {
        (bool granted, uint256 found) = treasury.welcomeBonusOf(memberId);
        require(granted, "not granted");
        same(found, owed, "owed");
    }
}
