// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IMemberRegistry} from "../../contracts/interfaces/IMemberRegistry.sol";
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

    function test_views__token_and_community() public view {
        same(members.token(), address(token), "token");
        same(members.communityId(), COMMUNITY, "community");
    }
}
