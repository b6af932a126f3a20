// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {MemberRegistry} from "../../contracts/MemberRegistry.sol";
import {ICommunityToken} from "../../contracts/interfaces/ICommunityToken.sol";
import {IMemberRegistry} from "../../contracts/interfaces/IMemberRegistry.sol";
import {ITokenPolicy} from "../../contracts/interfaces/ITokenPolicy.sol";
import {CommunityFixture} from "./CommunityFixture.sol";

/// @dev A contract wallet (ERC-1271) that answers as told.
contract ContractWallet {
    bytes4 private immutable _answer;

    constructor(bytes4 answer) {
        _answer = answer;
    }

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        return _answer;
    }
}

contract MemberRegistryTest is CommunityFixture {
    bytes4 private constant ERC1271_YES = 0x1626ba7e;
    uint96 private constant WELCOME = 20e18;

    function initialPolicy() internal view override returns (ITokenPolicy.Initial memory initial) {
        initial = super.initialPolicy();
        (initial.bonuses.welcomeCitizenUnits, initial.bonuses.welcomeStakeholderUnits) = (WELCOME, WELCOME);
    }

    function join(bytes32 memberId, address wallet, uint8 class_, uint256 deadline, bytes memory consent) private {
        vm.prank(REGISTRAR);
        members.join(memberId, wallet, class_, deadline, consent);
    }

    function testFuzz_join__with_consent__links_member_and_wallet(uint16 member, bool stakeholder) public {
        uint256 id = uint256(member) + 1;
        uint8 class_ = stakeholder ? 2 : 1;
        join(bytes32(id), walletOf(id), class_, block.timestamp, consentOf(id, class_, block.timestamp));
        same(members.walletOf(bytes32(id)), walletOf(id), "wallet");
        same(members.memberOf(walletOf(id)), bytes32(id), "member");
        same(members.memberCount(), 1, "count");
        same(members.nonces(walletOf(id)), 1, "nonce");
        (, uint8 found, uint8 status) = token.accountOf(walletOf(id));
        require(found == class_ && status == 1, "account");
    }

    function test_join__again_with_any_consent__changes_nothing() public {
        joinMember(1);
        vm.recordLogs();
        join(bytes32(uint256(1)), walletOf(1), 1, 0, "");
        same(vm.getRecordedLogs().length, 0, "events");
        same(members.nonces(walletOf(1)), 1, "nonce");
    }

    function testFuzz_join__consent_for_other_facts__is_refused(uint8 which) public {
        which %= 4;
        uint256 deadline = block.timestamp + 1;
        bytes memory consent = consentOf(1, 1, deadline);
        bytes32 id = which == 0 ? bytes32(uint256(2)) : bytes32(uint256(1));
        address wallet = which == 1 ? walletOf(2) : walletOf(1);
        vm.expectRevert(
            abi.encodeWithSelector(IMemberRegistry.MemberRegistryConsentInvalid.selector, wallet, 0)
        );
        join(id, wallet, which == 2 ? 2 : 1, which == 3 ? deadline + 1 : deadline, consent);
    }

    function test_join__after_the_deadline__is_refused() public {
        bytes memory consent = consentOf(1, 1, T0);
        vm.warp(T0 + 1);
        vm.expectRevert(
            abi.encodeWithSelector(IMemberRegistry.MemberRegistryConsentExpired.selector, T0, T0 + 1)
        );
        join(bytes32(uint256(1)), walletOf(1), 1, T0, consent);
    }

    function test_join__member_id_0__is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(IMemberRegistry.MemberRegistryMemberIdZero.selector));
        join(0, walletOf(1), 1, block.timestamp, "");
    }

    function testFuzz_join__other_class__is_refused(uint8 class_) public {
        if (class_ == 1 || class_ == 2) class_ = 3;
        vm.expectRevert(
            abi.encodeWithSelector(IMemberRegistry.MemberRegistryClassOutOfRange.selector, class_, 1, 2)
        );
        join(bytes32(uint256(1)), walletOf(1), class_, block.timestamp, "");
    }

    function test_join__taken_wallet_or_member__is_refused() public {
        joinMember(1);
        bytes32 one = bytes32(uint256(1));
        vm.expectRevert(
            abi.encodeWithSelector(IMemberRegistry.MemberRegistryWalletTaken.selector, walletOf(1), one)
        );
        join(bytes32(uint256(2)), walletOf(1), 1, block.timestamp, "");
        bytes4 taken = IMemberRegistry.MemberRegistryMemberTaken.selector;
        vm.expectRevert(abi.encodeWithSelector(taken, one, walletOf(1), 1));
        join(one, walletOf(2), 1, block.timestamp, "");
        vm.expectRevert(abi.encodeWithSelector(taken, one, walletOf(1), 1));
        join(one, walletOf(1), 2, block.timestamp, "");
    }

    function test_join__contract_wallet__is_asked_by_erc1271() public {
        address yes = address(new ContractWallet(ERC1271_YES));
        join(bytes32(uint256(1)), yes, 1, block.timestamp, "any");
        same(members.walletOf(bytes32(uint256(1))), yes, "wallet");
        address no = address(new ContractWallet(0));
        vm.expectRevert(abi.encodeWithSelector(IMemberRegistry.MemberRegistryConsentInvalid.selector, no, 0));
        join(bytes32(uint256(2)), no, 1, block.timestamp, "any");
    }

    function test_join__suspended_community__is_refused() public {
        vm.prank(PLATFORM_REGISTRY);
        token.setSuspended(true);
        bytes memory consent = consentOf(1, 1, block.timestamp);
        vm.expectRevert(abi.encodeWithSelector(ICommunityToken.CommunityTokenSuspended.selector));
        join(bytes32(uint256(1)), walletOf(1), 1, block.timestamp, consent);
    }

    function test_join__in_a_pause__stands_and_the_bonus_stays_owed() public {
        vm.prank(GUARDIAN);
        token.pause();
        joinMember(1);
        same(members.memberCount(), 1, "count");
        (bool granted, uint256 owed) = treasury.welcomeBonusOf(bytes32(uint256(1)));
        require(granted && owed == WELCOME, "owed");
    }

    // ----------------------------------------------------------------------------------------------- WELCOME BONUS

    function test_join__treasury_has_the_bonus__pays_it_once_ever() public {
        vm.prank(TOKEN_ADMIN);
        treasury.issue(10 * WELCOME);
        address wallet = joinMember(1);
        same(token.balanceOf(wallet), WELCOME, "first joining");
        vm.prank(wallet);
        members.leave(bytes32(uint256(1)), 0, "");
        joinMember(1);
        same(token.balanceOf(wallet), WELCOME, "joining again");
    }

    function test_join__treasury_short__stands() public {
        address wallet = joinMember(1);
        same(members.walletOf(bytes32(uint256(1))), wallet, "wallet");
        (, uint256 owed) = treasury.welcomeBonusOf(bytes32(uint256(1)));
        same(owed, WELCOME, "owed");
    }

    // ------------------------------------------------------------------------------------------------- CONSTRUCTOR

    function testFuzz_constructor__waiting_times_out_of_range__are_refused(bool notice, uint64 given) public {
        (uint64 min, uint64 max) = (1 hours, 2 * 366 days);
        if (given >= min && given <= max) given = given % 2 == 0 ? min - 1 : max + 1;
        vm.expectRevert(
            abi.encodeWithSelector(
                IMemberRegistry.MemberRegistryOutOfRange.selector,
                notice ? "minNotice" : "replacementDelay",
                given,
                min,
                max
            )
        );
        deploy(notice ? given : min, notice ? max : given);
    }

    function deploy(uint64 minNotice, uint64 replacementDelay) private returns (MemberRegistry) {
        return new MemberRegistry(
            IMemberRegistry.Configuration({
                authority: address(manager),
                token: address(token),
                treasury: address(treasury),
                communityId: COMMUNITY,
                minNotice: minNotice,
                replacementDelay: replacementDelay
            })
        );
    }

    function test_views__what_the_constructor_fixed() public {
        MemberRegistry registry = deploy(1 hours, 2 * 366 days);
        same(registry.token(), address(token), "token");
        same(registry.treasury(), address(treasury), "treasury");
        same(registry.communityId(), COMMUNITY, "community");
        same(registry.minNotice(), 1 hours, "notice");
        same(registry.replacementDelay(), 2 * 366 days, "delay");
    }
}
