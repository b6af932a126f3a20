// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ICommunityToken} from "../../contracts/interfaces/ICommunityToken.sol";
import {CommunityTokenDesk} from "./CommunityTokenDesk.sol";
import {Vm} from "./Vm.sol";

/// @dev What the MemberRegistry writes to the accounts.
contract CommunityTokenAccountsTest is CommunityTokenDesk {
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

    function test_setAccount__other_values__emits_them() public {
        vm.recordLogs();
        token.setAccount(alice, STAKEHOLDER, LEFT);
        requireAccountSet(vm.getRecordedLogs()[0], alice, STAKEHOLDER, LEFT);
    }

    function requireAccountSet(Vm.Log memory log, address wallet, uint8 class_, uint8 status) private pure {
        same(log.topics[0], ICommunityToken.AccountSet.selector, "event");
        same(log.topics[1], bytes32(uint256(uint160(wallet))), "wallet");
        same(keccak256(log.data), keccak256(abi.encode(class_, status)), "class or status");
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
        requireAccountSet(logs[0], alice, 0, 0);
        requireAccountSet(logs[1], mallory, CITIZEN, ACTIVE);
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

    function test_sweep__emits_the_transfer_to_the_treasury() public {
        credit(alice, 7);
        token.setAccount(alice, CITIZEN, LEFT);
        vm.recordLogs();
        token.sweep(alice);
        requireTransfer(vm.getRecordedLogs()[0], alice, TREASURY, 7);
    }

    function testFuzz_sweep__of_a_system_account__is_refused(bool ofTreasury) public {
        address system = ofTreasury ? TREASURY : exchange;
        fund(system, 5);
        expectSystem(system);
        token.sweep(system);
    }
}
