// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ICommunityToken} from "../../contracts/interfaces/ICommunityToken.sol";
import {CommunityTokenDesk} from "./CommunityTokenDesk.sol";
import {Vm} from "./Vm.sol";

/// @dev The fee of a transfer, its schedule, and the preview that agrees with it.
contract CommunityTokenFeesTest is CommunityTokenDesk {
    uint64 private constant FEES = 0x0065_00ca_012f_0194; // 101, 202, 303, 404 bps

    // ------------------------------------------------------------------------------------------------------- FEES

    function testFuzz_transfer__each_pair_of_classes__takes_its_own_fee(uint8 fromClass, uint8 toClass, uint96 amount)
        public
    {
        (fromClass, toClass) = (1 + fromClass % 2, 1 + toClass % 2);
        uint256[4] memory bps = [uint256(101), 202, 303, 404];
        token.setTransferFees(FEES, 0, 0);
        token.setAccount(alice, fromClass, ACTIVE);
        token.setAccount(bob, toClass, ACTIVE);
        credit(alice, amount);
        vm.prank(alice);
        token.transfer(bob, amount);
        uint256 fee = uint256(amount) * bps[2 * (fromClass - 1) + toClass - 1] / 10_000;
        requireAccount(bob, amount - fee, toClass, ACTIVE);
        requireAccount(TREASURY, fee, SYSTEM, ACTIVE);
    }

    function testFuzz_transfer__any_fee__conserves_and_stays_below_a_fifth(uint16 bps, uint96 held, uint96 amount)
        public
    {
        setFee(bps % 2001);
        credit(alice, held);
        if (held != type(uint96).max) amount %= held + 1;
        vm.prank(alice);
        token.transfer(bob, amount);
        (uint256 net, uint256 fee) = (token.balanceOf(bob), token.balanceOf(TREASURY));
        same(net + fee, amount, "net and fee");
        require(fee * 5 <= amount, "fee above a fifth");
        same(token.balanceOf(alice), held - amount, "sender");
    }

    /// @dev The largest balance there can be, put into the account word by hand.
    function test_transfer__largest_amount_with_largest_fee__is_exact() public {
        credit(alice, 0x1234_5678_9abc);
        bytes32 slot = accountSlot(alice);
        bytes32 account = bytes32(uint256(vm.load(address(token), slot)) | SUPPLY_MAX);
        vm.store(address(token), slot, account);
        setFee(2000);
        vm.prank(alice);
        token.transfer(bob, SUPPLY_MAX);
        same(token.balanceOf(TREASURY), SUPPLY_MAX / 5, "fee");
        requireAccount(bob, SUPPLY_MAX - SUPPLY_MAX / 5, STAKEHOLDER, ACTIVE);
        requireAccount(alice, 0, CITIZEN, ACTIVE);
    }

    function accountSlot(address wallet) private view returns (bytes32 slot) {
        uint256 base;
        do slot = keccak256(abi.encode(wallet, base++));
        while (uint128(uint256(vm.load(address(token), slot))) != 0x1234_5678_9abc);
    }

    function test_transfer__with_fee__emits_both_parts_and_the_fee() public {
        setFee(1000);
        credit(alice, 1009);
        vm.recordLogs();
        vm.prank(alice);
        token.transfer(bob, 1009);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        same(logs.length, 3, "events");
        requireTransfer(logs[0], alice, bob, 909);
        requireTransfer(logs[1], alice, TREASURY, 100);
        requireFee(logs[2], alice, bob, 1009, 100, 0);
    }

    function testFuzz_transfer__to_oneself_with_fee__costs_the_fee(uint96 held, uint96 amount) public {
        setFee(777);
        credit(alice, held);
        if (held != type(uint96).max) amount %= held + 1;
        vm.prank(alice);
        token.transfer(alice, amount);
        uint256 fee = uint256(amount) * 777 / 10_000;
        same(token.balanceOf(alice), held - fee, "holder");
        same(token.balanceOf(TREASURY), fee, "treasury");
    }

    function test_transfer__fee_below_a_unit__emits_no_fee() public {
        setFee(2000);
        credit(alice, 4);
        vm.recordLogs();
        vm.prank(alice);
        token.transfer(bob, 4);
        same(vm.getRecordedLogs().length, 1, "events");
        same(token.balanceOf(bob), 4, "receiver");
    }

    function test_transfer__to_and_from_the_treasury__is_free() public {
        setFee(2000);
        credit(alice, 100);
        vm.prank(alice);
        token.transfer(TREASURY, 100);
        same(token.balanceOf(TREASURY), 100, "gift");
        vm.prank(TREASURY);
        token.transfer(bob, 100);
        same(token.balanceOf(bob), 100, "bonus");
    }

    function test_transferFrom__with_fee__spends_the_gross_amount() public {
        setFee(1000);
        credit(alice, 100);
        vm.prank(alice);
        token.approve(address(this), 130);
        token.transferFrom(alice, bob, 100);
        same(token.allowance(alice, address(this)), 30, "allowance");
        same(token.balanceOf(bob), 90, "receiver");
    }

    // -------------------------------------------------------------------------------------------------- SCHEDULE

    function testFuzz_setTransferFees__any_rates__taken_up_to_the_limit(uint16[8] memory bps) public {
        uint256 tooHigh;
        for (uint256 i; i < 8; ++i) {
            bps[i] %= 2050;
            if (bps[i] > 2000 && tooHigh == 0) tooHigh = bps[i];
        }
        uint64 current = packed(bps[0], bps[1], bps[2], bps[3]);
        uint64 scheduled = packed(bps[4], bps[5], bps[6], bps[7]);
        if (tooHigh != 0) vm.expectRevert();
        token.setTransferFees(current, scheduled, 9);
        (uint64 foundCurrent, uint64 foundScheduled, uint40 validFrom) = token.transferFees();
        same(foundCurrent, tooHigh == 0 ? current : 0, "current");
        same(foundScheduled, tooHigh == 0 ? scheduled : 0, "scheduled");
        same(validFrom, tooHigh == 0 ? 9 : 0, "validFrom");
    }

    function testFuzz_setTransferFees__one_rate_above_the_limit__is_refused(uint8 place, uint16 bps) public {
        bps = uint16(2001 + bps % (type(uint16).max - 2000));
        place %= 8;
        uint64 rate = uint64(bps) << (16 * (place % 4));
        vm.expectRevert(abi.encodeWithSelector(ICommunityToken.CommunityTokenFeeAboveLimit.selector, bps, 2000));
        token.setTransferFees(place < 4 ? rate : 0, place < 4 ? 0 : rate, 1);
    }

    function test_setTransferFees__emits_what_was_set() public {
        vm.recordLogs();
        token.setTransferFees(1, 2, 3);
        Vm.Log memory log = vm.getRecordedLogs()[0];
        same(log.topics[0], ICommunityToken.TransferFeesSet.selector, "event");
        same(keccak256(log.data), keccak256(abi.encode(1, 2, 3)), "fees or date");
    }

    function test_setTransferFees__scheduled__applies_from_the_second_of_its_date() public {
        credit(alice, 2000);
        token.setTransferFees(packed(100, 100, 100, 100), packed(500, 500, 500, 500), uint40(T0 + 1000));
        vm.warp(T0 + 999);
        same(feeOf(1000), 10, "a second before");
        vm.warp(T0 + 1000);
        same(feeOf(1000), 50, "at its date");
    }

    function test_setTransferFees__nothing_scheduled__never_changes() public {
        credit(alice, 1000);
        token.setTransferFees(packed(100, 100, 100, 100), packed(500, 500, 500, 500), 0);
        vm.warp(T0 + 1000 days);
        same(feeOf(1000), 10, "fee");
    }

    function test_setTransferFees__keeps_pause_and_suspension() public {
        token.pause();
        token.setSuspended(true);
        token.setTransferFees(type(uint64).max & 0x07d0_07d0_07d0_07d0, 0x07d0_07d0_07d0_07d0, type(uint40).max);
        require(token.isPaused() && token.isSuspended(), "switch changed");
        token.setSuspended(false);
        token.unpause();
        (uint64 current, uint64 scheduled, uint40 validFrom) = token.transferFees();
        require(current == scheduled && current == 0x07d0_07d0_07d0_07d0, "fees changed");
        same(validFrom, type(uint40).max, "validFrom changed");
    }

    /// @dev Fee of a transfer from Alice to Bob, made and undone in accounts only.
    function feeOf(uint256 amount) private returns (uint256) {
        uint256 before = token.balanceOf(TREASURY);
        vm.prank(alice);
        token.transfer(bob, amount);
        return token.balanceOf(TREASURY) - before;
    }

    // --------------------------------------------------------------------------------------------------- PREVIEW

    /// @dev One transfer of any kind: members, system accounts, strangers, any status, paused or not, any amount and
    /// fee. The preview answers what it does, or reverts with the very same bytes.
    function testFuzz_previewTransfer__any_case__agrees_with_transfer(
        uint8[2] memory who,
        uint8[4] memory flags,
        uint96 held,
        uint256 amount,
        uint16[4] memory bps,
        bool paused,
        uint40 validFrom
    ) public {
        for (uint256 i; i < 4; ++i) bps[i] %= 2001;
        (address from, address to) = (someone(who[0]), someone(who[1]));
        fund(TREASURY, held);
        if (flags[0] % 2 == 0) fund(exchange, held);
        credit(alice, held);
        credit(bob, held);
        token.setAccount(alice, 1 + flags[0] % 2, 1 + flags[1] % 4);
        token.setAccount(bob, 1 + flags[2] % 2, 1 + flags[3] % 4);
        uint64 scheduled = packed(bps[3], bps[2], bps[1], bps[0]);
        token.setTransferFees(packed(bps[0], bps[1], bps[2], bps[3]), scheduled, validFrom);
        if (paused && flags[1] % 4 == 0) token.pause();
        if (flags[3] % 3 != 0) amount %= uint256(held) + 1;
        compare(from, to, amount);
    }

    function someone(uint8 who) private view returns (address) {
        address[6] memory all = [alice, bob, TREASURY, exchange, mallory, address(0)];
        // Members more often than the others.
        return all[who % 16 < 11 ? who % 2 : who % 6];
    }

    function compare(address from, address to, uint256 amount) private {
        (bool previewed, bytes memory preview) =
            address(token).call(abi.encodeCall(ICommunityToken.previewTransfer, (from, to, amount)));
        uint256[3] memory before = [token.balanceOf(from), token.balanceOf(to), token.balanceOf(TREASURY)];
        vm.prank(from);
        (bool transferred, bytes memory answer) =
            address(token).call(abi.encodeWithSignature("transfer(address,uint256)", to, amount));
        require(previewed == transferred, "one refuses, the other does not");
        if (!transferred) return same(keccak256(preview), keccak256(answer), "other refusal");
        (uint256 net, uint256 fee) = abi.decode(preview, (uint256, uint256));
        same(net + fee, amount, "net and fee");
        if (from != to) same(token.balanceOf(from), before[0] - amount, "sender");
        if (from != to) same(token.balanceOf(to), before[1] + net, "receiver");
        if (from == to) same(token.balanceOf(to), before[1] - fee, "holder");
        if (fee != 0) same(token.balanceOf(TREASURY), before[2] + fee, "treasury");
    }
}
