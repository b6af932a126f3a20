// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ICommunityToken} from "../../contracts/interfaces/ICommunityToken.sol";
import {CommunityTokenDesk} from "./CommunityTokenDesk.sol";
import {Vm} from "./Vm.sol";

/// @dev The pause and the suspension. The test contract has a system account here, so that it can escrow and release.
contract CommunityTokenSwitchTest is CommunityTokenDesk {
    function setUp() public override {
        super.setUp();
        credit(alice, 100);
        fund(exchange, 100);
        token.issue(100);
    }

    // ------------------------------------------------------------------------------------------------------ PAUSE

    function test_pause__every_movement__is_refused_with_its_start() public {
        token.setAccount(bob, STAKEHOLDER, LEFT);
        token.pause();
        vm.warp(T0 + 5);
        bytes[10] memory calls = [
            abi.encodeWithSignature("transfer(address,uint256)", carol, 1),
            abi.encodeCall(token.previewTransfer, (alice, carol, 1)),
            abi.encodeCall(token.creditBatch, (oneWord(alice, 1), address(0), 1, 0, 0)),
            abi.encodeCall(token.creditBatch, (oneWord(alice, 1), address(0), 1, 1, 1)),
            abi.encodeCall(token.issue, (1)),
            abi.encodeCall(token.burn, (1)),
            abi.encodeCall(token.escrow, (alice, 1)),
            abi.encodeCall(token.release, (alice, 1, 0)),
            abi.encodeCall(token.moveAccount, (alice, mallory)),
            abi.encodeCall(token.sweep, (bob))
        ];
        bytes memory refusal = abi.encodeWithSelector(ICommunityToken.CommunityTokenPaused.selector, T0);
        for (uint256 i; i < calls.length; ++i) {
            (bool done, bytes memory answer) = address(token).call(calls[i]);
            require(!done && keccak256(answer) == keccak256(refusal), vm.toString(i));
        }
    }

    function test_pause__transferFrom__is_refused_and_keeps_the_allowance() public {
        vm.prank(alice);
        token.approve(address(this), 10);
        token.pause();
        expectPaused(T0);
        token.transferFrom(alice, bob, 10);
        same(token.allowance(alice, address(this)), 10, "allowance");
    }

    function test_unpause__transfer__moves_again() public {
        token.pause();
        token.unpause();
        vm.prank(alice);
        token.transfer(bob, 7);
        same(token.balanceOf(bob), 7, "receiver");
    }

    function test_pause__again__keeps_the_start_and_emits_nothing() public {
        token.pause();
        vm.warp(T0 + 100);
        vm.recordLogs();
        token.pause();
        same(vm.getRecordedLogs().length, 0, "events");
        expectPaused(T0);
        token.requireRunning();
    }

    function test_unpause__while_running__emits_nothing() public {
        vm.recordLogs();
        token.unpause();
        same(vm.getRecordedLogs().length, 0, "events");
    }

    function test_pause__and_unpause__emit_start_and_sum() public {
        vm.recordLogs();
        token.pause();
        vm.warp(T0 + 60);
        token.unpause();
        Vm.Log[] memory logs = vm.getRecordedLogs();
        same(logs[0].topics[0], ICommunityToken.Paused.selector, "event of the pause");
        same(abi.decode(logs[0].data, (uint256)), T0, "start");
        same(logs[1].topics[0], ICommunityToken.Unpaused.selector, "event of the end");
        same(abi.decode(logs[1].data, (uint256)), 60, "sum");
    }

    function testFuzz_pausedSeconds__several_pauses__sum_up(uint32[6] memory spans) public {
        uint256 time = T0;
        uint256 paused;
        for (uint256 i; i < 6; i += 2) {
            vm.warp(time += spans[i]);
            same(token.pausedSeconds(), paused, "while running");
            token.pause();
            vm.warp(time += spans[i + 1]);
            paused += spans[i + 1];
            same(token.pausedSeconds(), paused, "while paused");
            token.unpause();
            same(token.pausedSeconds(), paused, "after the pause");
        }
    }

    function expectPaused(uint256 since) private {
        vm.expectRevert(abi.encodeWithSelector(ICommunityToken.CommunityTokenPaused.selector, since));
    }

    // ------------------------------------------------------------------------------------------------- SUSPENSION

    function test_setSuspended__requireRunning__is_refused() public {
        token.setSuspended(true);
        expectSuspended();
        token.requireRunning();
    }

    function test_setSuspended__requireNotSuspended__is_refused() public {
        token.setSuspended(true);
        expectSuspended();
        token.requireNotSuspended();
    }

    function test_setSuspended__issue__is_refused() public {
        token.setSuspended(true);
        expectSuspended();
        token.issue(1);
    }

    function test_setSuspended__payouts_and_transfers__go_on() public {
        token.setSuspended(true);
        credit(alice, 5);
        vm.prank(alice);
        token.transfer(bob, 105);
        same(token.balanceOf(bob), 105, "receiver");
    }

    function test_setSuspended__false__runs_again() public {
        token.setSuspended(true);
        token.setSuspended(false);
        token.requireRunning();
        require(!token.isSuspended(), "suspended");
    }

    function test_setSuspended__other_value__emits_it() public {
        vm.recordLogs();
        token.setSuspended(true);
        Vm.Log memory log = vm.getRecordedLogs()[0];
        same(log.topics[0], ICommunityToken.SuspensionSet.selector, "event");
        require(abi.decode(log.data, (bool)), "value of the event");
    }

    function test_setSuspended__same_value__emits_nothing() public {
        token.setSuspended(true);
        vm.recordLogs();
        token.setSuspended(true);
        same(vm.getRecordedLogs().length, 0, "events");
    }

    function test_requireNotSuspended__in_a_pause__passes() public {
        token.pause();
        token.requireNotSuspended();
        require(token.isPaused() && !token.isSuspended(), "switch");
    }

    function expectSuspended() private {
        vm.expectRevert(abi.encodeWithSelector(ICommunityToken.CommunityTokenSuspended.selector));
    }
}
