// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITokenPolicy} from "../../contracts/interfaces/ITokenPolicy.sol";
import {ITreasury} from "../../contracts/interfaces/ITreasury.sol";
import {TreasuryDesk} from "./TreasuryDesk.sol";
import {Vm} from "./Vm.sol";

/// @dev One welcome bonus for each member id, ever.
contract TreasuryWelcomeTest is TreasuryDesk {
    bytes32 private _alice;

    function setUp() public override {
        super.setUp();
        _alice = join(1, CITIZEN);
    }

    function test_grantWelcomeBonus__with_means__pays_by_class() public {
        bytes32 shop = join(2, STAKEHOLDER);
        fund(70e18);
        vm.recordLogs();
        treasury.grantWelcomeBonus(_alice, CITIZEN);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        same(logs[0].topics[0], ITreasury.WelcomeBonusGranted.selector, "first event");
        same(logs[0].topics[1], _alice, "member");
        same(keccak256(logs[0].data), keccak256(abi.encode(CITIZEN, 20e18)), "class and units");
        same(logs[1].topics[0], ITreasury.WelcomeBonusPaid.selector, "second event");
        same(logs[1].topics[1], _alice, "member paid");
        same(logs[1].topics[2], bytes32(uint256(uint160(walletOf(1)))), "wallet paid");
        treasury.grantWelcomeBonus(shop, STAKEHOLDER);
        same(held(1), 20e18, "citizen");
        same(held(2), 50e18, "stakeholder");
        requireWelcome(_alice, true, 0);
    }

    function test_grantWelcomeBonus__again__pays_nothing() public {
        fund(100e18);
        treasury.grantWelcomeBonus(_alice, CITIZEN);
        replaceWallet(1, address(0xBEEF));
        treasury.grantWelcomeBonus(_alice, CITIZEN);
        treasury.grantWelcomeBonus(_alice, STAKEHOLDER);
        same(token.balanceOf(address(0xBEEF)), 20e18, "received once");
    }

    function test_grantWelcomeBonus__treasury_short__stays_owed_whole() public {
        fund(20e18 - 1);
        treasury.grantWelcomeBonus(_alice, CITIZEN);
        same(held(1), 0, "received");
        requireWelcome(_alice, true, 20e18);
    }

    function test_grantWelcomeBonus__last_unit__is_paid() public {
        fund(20e18);
        treasury.grantWelcomeBonus(_alice, CITIZEN);
        same(held(1), 20e18, "received");
        same(holdings(), 0, "left");
    }

    function test_grantWelcomeBonus__in_a_pause__stays_owed() public {
        fund(100e18);
        token.pause();
        treasury.grantWelcomeBonus(_alice, CITIZEN);
        requireWelcome(_alice, true, 20e18);
    }

    function test_grantWelcomeBonus__policy_of_0__is_granted_for_good() public {
        fund(100e18);
        enforce(ITokenPolicy.Bonuses(0, 0, 0, 0, 0));
        treasury.grantWelcomeBonus(_alice, CITIZEN);
        enforce(bonuses());
        treasury.grantWelcomeBonus(_alice, CITIZEN);
        same(held(1), 0, "received");
        requireWelcome(_alice, true, 0);
    }

    function test_claimWelcomeBonus__owed__anybody_pays_it_to_the_present_wallet() public {
        treasury.grantWelcomeBonus(_alice, CITIZEN);
        replaceWallet(1, address(0xBEEF));
        fund(20e18);
        vm.prank(STRANGER);
        treasury.claimWelcomeBonus(_alice);
        same(token.balanceOf(address(0xBEEF)), 20e18, "received");
        requireWelcome(_alice, true, 0);
    }

    function test_claimWelcomeBonus__amount_changed_meanwhile__pays_what_was_granted() public {
        treasury.grantWelcomeBonus(_alice, CITIZEN);
        enforce(ITokenPolicy.Bonuses(1, 1, 0, 0, 0));
        fund(100e18);
        treasury.claimWelcomeBonus(_alice);
        same(held(1), 20e18, "received");
    }

    function test_claimWelcomeBonus__member_left__is_paid_all_the_same() public {
        treasury.grantWelcomeBonus(_alice, CITIZEN);
        token.setAccount(walletOf(1), CITIZEN, LEFT_FROZEN);
        fund(20e18);
        treasury.claimWelcomeBonus(_alice);
        same(held(1), 20e18, "received");
    }

    function test_claimWelcomeBonus__paid_already__changes_nothing() public {
        fund(100e18);
        treasury.grantWelcomeBonus(_alice, CITIZEN);
        vm.recordLogs();
        treasury.claimWelcomeBonus(_alice);
        same(vm.getRecordedLogs().length, 0, "events");
        same(held(1), 20e18, "received");
    }

    function test_claimWelcomeBonus__never_joined__is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(ITreasury.TreasuryNoWelcomeBonus.selector, idOf(9)));
        treasury.claimWelcomeBonus(idOf(9));
    }

    function test_claimWelcomeBonus__treasury_short__is_refused_with_both() public {
        treasury.grantWelcomeBonus(_alice, CITIZEN);
        fund(7);
        vm.expectRevert(
            abi.encodeWithSignature(
                "ERC20InsufficientBalance(address,uint256,uint256)", address(treasury), 7, 20e18
            )
        );
        treasury.claimWelcomeBonus(_alice);
    }

    function test_claimWelcomeBonus__in_a_pause__is_refused_and_stays_owed() public {
        treasury.grantWelcomeBonus(_alice, CITIZEN);
        fund(20e18);
        token.pause();
        vm.expectRevert(abi.encodeWithSignature("CommunityTokenPaused(uint256)", T0));
        treasury.claimWelcomeBonus(_alice);
        requireWelcome(_alice, true, 20e18);
    }

    function requireWelcome(bytes32 memberId, bool granted, uint256 owed) private view {
        (bool grantedFound, uint256 owedFound) = treasury.welcomeBonusOf(memberId);
        require(grantedFound == granted, "granted");
        same(owedFound, owed, "owed");
    }
}
