// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

import {ICommunityToken} from "../../contracts/interfaces/ICommunityToken.sol";
import {CommunityTokenDesk} from "./CommunityTokenDesk.sol";
import {Vm} from "./Vm.sol";

/// @dev Transfers without fee, and permits.
contract CommunityTokenTest is CommunityTokenDesk {
    // -------------------------------------------------------------------------------------------------- TRANSFERS

    function testFuzz_transfer__between_members__moves_and_conserves(uint96 held, uint256 amount, bool toSelf) public {
        credit(alice, held);
        amount %= uint256(held) + 1;
        address to = toSelf ? alice : bob;
        vm.prank(alice);
        require(token.transfer(to, amount), "answer");
        requireAccount(alice, toSelf ? held : held - amount, CITIZEN, ACTIVE);
        requireAccount(bob, toSelf ? 0 : amount, STAKEHOLDER, ACTIVE);
        same(token.totalSupply(), held, "supply");
    }

    function test_transfer__without_fee__emits_one_transfer() public {
        credit(alice, 9);
        vm.recordLogs();
        vm.prank(alice);
        token.transfer(bob, 9);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        same(logs.length, 1, "events");
        requireTransfer(logs[0], alice, bob, 9);
    }

    function testFuzz_transfer__more_than_held__is_refused(uint96 held, uint256 amount) public {
        credit(alice, held);
        if (amount <= held) amount = uint256(held) + 1;
        expectShort(alice, held, amount);
        vm.prank(alice);
        token.transfer(bob, amount);
    }

    /// @dev The balance has 128 bits, the amount 256: its high bits count.
    function test_transfer__amount_of_129_bits__is_refused() public {
        credit(alice, 5);
        expectShort(alice, 5, 1 << 128);
        vm.prank(alice);
        token.transfer(bob, 1 << 128);
    }

    function expectShort(address wallet, uint256 held, uint256 amount) private {
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, wallet, held, amount)
        );
    }

    function testFuzz_transfer__by_status__as_the_table_says(uint8 fromStatus, uint8 toStatus) public {
        (fromStatus, toStatus) = (1 + fromStatus % 4, toStatus % 5);
        credit(alice, 9);
        token.setAccount(alice, CITIZEN, fromStatus);
        token.setAccount(bob, toStatus == 0 ? 0 : CITIZEN, toStatus);
        bool sends = fromStatus == ACTIVE || fromStatus == LEFT;
        bool receives = toStatus == ACTIVE || toStatus == FROZEN;
        if (!sends) expectStatus(ICommunityToken.CommunityTokenCannotSend.selector, alice, fromStatus);
        else if (!receives) expectStatus(ICommunityToken.CommunityTokenCannotReceive.selector, bob, toStatus);
        vm.prank(alice);
        token.transfer(bob, 9);
        same(token.balanceOf(bob), sends && receives ? 9 : 0, "receiver");
    }

    function testFuzz_transfer__from_the_system__reaches_every_member(uint8 toStatus, bool ofTreasury) public {
        toStatus %= 5;
        address system = ofTreasury ? TREASURY : exchange;
        fund(system, 9);
        token.setAccount(bob, toStatus == 0 ? 0 : STAKEHOLDER, toStatus);
        if (toStatus == 0) expectStatus(ICommunityToken.CommunityTokenCannotReceive.selector, bob, 0);
        vm.prank(system);
        token.transfer(bob, 9);
        same(token.balanceOf(bob), toStatus == 0 ? 0 : 9, "receiver");
    }

    function test_transfer__member_to_treasury__is_a_gift() public {
        credit(alice, 9);
        vm.prank(alice);
        token.transfer(TREASURY, 9);
        requireAccount(TREASURY, 9, SYSTEM, ACTIVE);
    }

    function test_transfer__member_to_exchange__is_refused() public {
        credit(alice, 9);
        expectStatus(ICommunityToken.CommunityTokenCannotReceive.selector, exchange, LEFT);
        vm.prank(alice);
        token.transfer(exchange, 9);
    }

    function test_transfer__of_nothing_by_a_non_member__is_refused() public {
        expectStatus(ICommunityToken.CommunityTokenCannotSend.selector, mallory, 0);
        vm.prank(mallory);
        token.transfer(bob, 0);
    }

    function test_transfer__to_the_zero_address__is_refused() public {
        credit(alice, 1);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, address(0)));
        vm.prank(alice);
        token.transfer(address(0), 1);
    }

    // ----------------------------------------------------------------------------------------------------- PERMIT

    function testFuzz_permit__then_transferFrom__obeys_the_owner_status(uint96 held, bool frozen) public {
        credit(alice, held);
        permit(alice, held, block.timestamp);
        same(token.nonces(alice), 1, "nonce");
        if (frozen) token.setAccount(alice, CITIZEN, FROZEN);
        if (frozen) expectStatus(ICommunityToken.CommunityTokenCannotSend.selector, alice, FROZEN);
        token.transferFrom(alice, bob, held);
        same(token.balanceOf(bob), frozen ? 0 : held, "receiver");
    }

    function test_permit__after_its_deadline__is_refused() public {
        vm.expectRevert(
            abi.encodeWithSelector(ERC20Permit.ERC2612ExpiredSignature.selector, block.timestamp - 1)
        );
        this.permit(alice, 1, block.timestamp - 1);
    }

    function test_permit__in_a_pause__is_written() public {
        token.pause();
        permit(alice, 7, block.timestamp);
        same(token.allowance(alice, address(this)), 7, "allowance");
    }

    function test_transferFrom__above_the_allowance__is_refused_with_both() public {
        credit(alice, 9);
        vm.prank(alice);
        token.approve(address(this), 8);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(this), 8, 9)
        );
        token.transferFrom(alice, bob, 9);
    }

    function permit(address owner, uint256 value, uint256 deadline) public {
        bytes32 typehash =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 structHash =
            keccak256(abi.encode(typehash, owner, address(this), value, token.nonces(owner), deadline));
        (uint8 v, bytes32 r, bytes32 s) = split(typed(owner, structHash));
        token.permit(owner, address(this), value, deadline, v, r, s);
    }
}
