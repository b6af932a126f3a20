// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

import {ICommunityToken} from "../../contracts/interfaces/ICommunityToken.sol";
import {CommunityTokenDesk} from "./CommunityTokenDesk.sol";
import {Vm} from "./Vm.sol";

/// @dev Transfers without fee, and what the MemberRegistry writes.
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

    // --------------------------------------------------------------------------------------------------- ACCOUNTS

    function testFuzz_setAccount__any_pair__taken_only_from_the_table(uint8 class_, uint8 status) public {
        (class_, status) = (class_ % 6, status % 7);
        bool none = class_ == 0 && status == 0;
        bool member = (class_ == 1 || class_ == 2) && status >= 1 && status <= 4;
        if (!none && !member) expectInvalid(mallory, class_, status);
        token.setAccount(mallory, class_, status);
        requireAccount(mallory, 0, none || member ? class_ : 0, none || member ? status : 0);
    }

    function testFuzz_setAccount__holder__keeps_the_balance(uint96 held, uint8 status) public {
        status = 1 + status % 4;
        credit(alice, held);
        token.setAccount(alice, STAKEHOLDER, status);
        requireAccount(alice, held, STAKEHOLDER, status);
    }

    function test_setAccount__the_zero_address__is_refused() public {
        expectInvalid(address(0), 1, 1);
        token.setAccount(address(0), 1, 1);
    }

    function test_setAccount__holder_to_none__is_refused() public {
        credit(alice, 3);
        vm.expectRevert(abi.encodeWithSelector(ICommunityToken.CommunityTokenNotEmpty.selector, alice, 3));
        token.setAccount(alice, 0, 0);
    }

    function test_setAccount__same_values__emits_nothing() public {
        vm.recordLogs();
        token.setAccount(alice, 1, 1);
        same(vm.getRecordedLogs().length, 0, "events");
    }

    function test_setAccount__in_a_pause__is_written() public {
        token.pause();
        token.setAccount(alice, CITIZEN, FROZEN);
        requireAccount(alice, 0, CITIZEN, FROZEN);
    }

    function testFuzz_setAccount__system_account__is_refused(uint8 class_, uint8 status, bool ofTreasury) public {
        address system = ofTreasury ? TREASURY : exchange;
        expectSystem(system);
        token.setAccount(system, class_, status);
    }

    function expectInvalid(address wallet, uint8 class_, uint8 status) private {
        vm.expectRevert(
            abi.encodeWithSelector(ICommunityToken.CommunityTokenAccountInvalid.selector, wallet, class_, status)
        );
    }

    function expectSystem(address wallet) private {
        vm.expectRevert(abi.encodeWithSelector(ICommunityToken.CommunityTokenSystemAccount.selector, wallet));
    }

    // ------------------------------------------------------------------------------------------------ MOVE, SWEEP

    function testFuzz_moveAccount__any_member__moves_the_whole_word(uint96 held, uint8 class_, uint8 status) public {
        (class_, status) = (1 + class_ % 2, 1 + status % 4);
        credit(alice, held);
        token.setAccount(alice, class_, status);
        token.moveAccount(alice, mallory);
        requireAccount(alice, 0, 0, 0);
        requireAccount(mallory, held, class_, status);
        same(token.totalSupply(), held, "supply");
    }

    function test_moveAccount__emits_both_accounts_and_the_transfer() public {
        credit(alice, 6);
        vm.recordLogs();
        token.moveAccount(alice, mallory);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        same(logs[0].topics[0], ICommunityToken.AccountSet.selector, "account of the old wallet");
        same(keccak256(logs[0].data), keccak256(abi.encode(0, 0)), "class and status of the old wallet");
        same(keccak256(logs[1].data), keccak256(abi.encode(CITIZEN, ACTIVE)), "class and status of the new wallet");
        requireTransfer(logs[2], alice, mallory, 6);
    }

    function test_moveAccount__to_a_member__is_refused() public {
        expectCannotMove(bob, STAKEHOLDER, ACTIVE);
        token.moveAccount(alice, bob);
    }

    function test_moveAccount__to_itself__is_refused() public {
        expectCannotMove(alice, CITIZEN, ACTIVE);
        token.moveAccount(alice, alice);
    }

    function test_moveAccount__to_the_zero_address__is_refused() public {
        expectCannotMove(address(0), 0, 0);
        token.moveAccount(alice, address(0));
    }

    function test_moveAccount__from_a_non_member__is_refused() public {
        expectCannotMove(mallory, 0, 0);
        token.moveAccount(mallory, vm.addr(0x667));
    }

    function testFuzz_moveAccount__of_a_system_account__is_refused(bool ofTreasury) public {
        address system = ofTreasury ? TREASURY : exchange;
        expectSystem(system);
        token.moveAccount(system, mallory);
    }

    function expectCannotMove(address wallet, uint8 class_, uint8 status) private {
        vm.expectRevert(
            abi.encodeWithSelector(ICommunityToken.CommunityTokenCannotMove.selector, wallet, class_, status)
        );
    }

    function testFuzz_sweep__by_status__only_of_a_wallet_that_left(uint96 held, uint8 status) public {
        status = 1 + status % 4;
        credit(alice, held);
        token.setAccount(alice, CITIZEN, status);
        if (status != LEFT) expectStatus(ICommunityToken.CommunityTokenNotLeft.selector, alice, status);
        uint256 amount = token.sweep(alice);
        same(amount, status == LEFT ? held : 0, "answer");
        requireAccount(alice, status == LEFT ? 0 : held, CITIZEN, status);
        requireAccount(TREASURY, status == LEFT ? held : 0, SYSTEM, ACTIVE);
    }

    function testFuzz_sweep__of_a_system_account__is_refused(bool ofTreasury) public {
        address system = ofTreasury ? TREASURY : exchange;
        fund(system, 5);
        expectSystem(system);
        token.sweep(system);
    }
}
