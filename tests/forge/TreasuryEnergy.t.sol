// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITreasury} from "../../contracts/interfaces/ITreasury.sol";
import {TreasuryEnergyDesk} from "./TreasuryEnergyDesk.sol";
import {Vm} from "./Vm.sol";

/// @dev The chunks of an energy run: in order, each once, to the members' present wallets.
contract TreasuryEnergyTest is TreasuryEnergyDesk {
    function test_payEnergyBonus__each_profile__its_amount() public {
        (ITreasury.EnergyBonusEntry[][] memory chunks,) = openFour();
        vm.recordLogs();
        vm.prank(STRANGER);
        treasury.payEnergyBonus(PERIOD, 0, chunks[0], proofOf(chunks, 0));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        same(logs[0].topics[0], ITreasury.EnergyBonusPaid.selector, "first event");
        same(logs[0].topics[2], idOf(1), "member");
        same(logs[0].topics[3], bytes32(uint256(uint160(walletOf(1)))), "wallet");
        same(keccak256(logs[0].data), keccak256(abi.encode(CONSUMER, 5e18)), "profile and units");
        requireChunkPaid(logs[logs.length - 1], 0, 15e18, 0);
        pay(chunks, 1);
        same(held(1), 5e18, "consumer");
        same(held(2), 10e18, "prosumer");
        same(held(3), 15e18, "prosumer with storage");
        same(held(4), 5e18, "consumer of the last chunk");
        same(holdings(), 1_000e18 - 35e18, "left");
        ITreasury.EnergyRun memory run = treasury.energyRun(PERIOD);
        same(run.nextChunk, 2, "chunks paid");
        same(run.entriesDone, 4, "entries done");
        same(run.lastMemberId, idOf(4), "last member");
    }

    function test_payEnergyBonus__paid_chunk__changes_nothing() public {
        (ITreasury.EnergyBonusEntry[][] memory chunks,) = openFour();
        pay(chunks, 0);
        pay(chunks, 1);
        vm.recordLogs();
        pay(chunks, 0);
        pay(chunks, 1);
        same(vm.getRecordedLogs().length, 0, "events");
        same(held(1), 5e18, "received");
    }

    function test_payEnergyBonus__member_without_wallet__is_skipped_with_an_event() public {
        join(2, CITIZEN);
        ITreasury.EnergyBonusEntry[][] memory chunks = one(entry(1, PROSUMER), entry(2, CONSUMER));
        treasury.openEnergyBonus(PERIOD, rootOf(chunks), 1, 2);
        vm.recordLogs();
        pay(chunks, 0);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        same(logs[0].topics[0], ITreasury.EnergyBonusSkipped.selector, "event");
        same(logs[0].topics[2], idOf(1), "member");
        same(keccak256(logs[0].data), keccak256(abi.encode(PROSUMER, 10e18)), "profile and units");
        requireChunkPaid(logs[logs.length - 1], 0, 5e18, 10e18);
    }

    function test_payEnergyBonus__chunk_without_entries__is_done_and_pays_nothing() public {
        join(1, CITIZEN);
        join(2, CITIZEN);
        ITreasury.EnergyBonusEntry[][] memory chunks = new ITreasury.EnergyBonusEntry[][](2);
        chunks[1] = one(entry(1, CONSUMER), entry(2, CONSUMER))[0];
        treasury.openEnergyBonus(PERIOD, rootOf(chunks), 2, 2);
        pay(chunks, 0);
        same(holdings(), 1_000e18, "left after the empty chunk");
        pay(chunks, 1);
        same(held(2), 5e18, "received of the next");
    }

    function test_payEnergyBonus__left_or_replaced__goes_to_the_present_wallet() public {
        join(1, CITIZEN);
        join(2, CITIZEN);
        token.setAccount(walletOf(1), CITIZEN, LEFT_FROZEN);
        replaceWallet(2, address(0xBEEF));
        ITreasury.EnergyBonusEntry[][] memory chunks = one(entry(1, CONSUMER), entry(2, CONSUMER));
        treasury.openEnergyBonus(PERIOD, rootOf(chunks), 1, 2);
        pay(chunks, 0);
        same(held(1), 5e18, "left and frozen");
        same(token.balanceOf(address(0xBEEF)), 5e18, "replaced");
    }

    function test_payEnergyBonus__out_of_order__is_refused() public {
        (ITreasury.EnergyBonusEntry[][] memory chunks,) = openFour();
        bytes32[] memory proof = proofOf(chunks, 1);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.TreasuryChunkOutOfOrder.selector, 1, 0));
        treasury.payEnergyBonus(PERIOD, 1, chunks[1], proof);
    }

    function test_payEnergyBonus__no_run__is_refused() public {
        ITreasury.EnergyBonusEntry[][] memory chunks = one(entry(1, CONSUMER), entry(2, CONSUMER));
        vm.expectRevert(abi.encodeWithSelector(ITreasury.TreasuryNoEnergyRun.selector, PERIOD));
        treasury.payEnergyBonus(PERIOD, 0, chunks[0], new bytes32[](0));
    }

    /// @dev Also a chunk that was paid is proved, and a run of one chunk does not take the zero root for its own.
    function testFuzz_payEnergyBonus__other_entries__are_refused_with_both_roots(uint8 which, bool paid) public {
        (ITreasury.EnergyBonusEntry[][] memory chunks, bytes32 root) = openFour();
        bytes32[] memory proof = proofOf(chunks, 0);
        if (paid) pay(chunks, 0);
        if (which % 3 == 0) chunks[0][0].memberId = idOf(77);
        else if (which % 3 == 1) chunks[0][1].profile = WITH_STORAGE;
        else chunks[0] = chunks[1];
        bytes32 found = sha256(abi.encodePacked(bytes1(0x01), leafOf(0, chunks[0]), proof[0]));
        vm.expectRevert(abi.encodeWithSelector(ITreasury.TreasuryWrongChunk.selector, 0, 2, found, root));
        treasury.payEnergyBonus(PERIOD, 0, chunks[0], proof);
    }

    function test_payEnergyBonus__chunk_outside_the_run__is_refused() public {
        (ITreasury.EnergyBonusEntry[][] memory chunks, bytes32 root) = openFour();
        bytes32[] memory proof = proofOf(chunks, 1);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.TreasuryWrongChunk.selector, 2, 2, bytes32(0), root));
        treasury.payEnergyBonus(PERIOD, 2, chunks[1], proof);
    }

    function test_payEnergyBonus__member_twice_across_chunks__is_refused() public {
        (ITreasury.EnergyBonusEntry[][] memory chunks,) = fourEntries();
        chunks[1][0].memberId = idOf(2);
        treasury.openEnergyBonus(PERIOD, rootOf(chunks), 2, 4);
        pay(chunks, 0);
        bytes32[] memory proof = proofOf(chunks, 1);
        vm.expectRevert(
            abi.encodeWithSelector(ITreasury.TreasuryMembersNotAscending.selector, idOf(2), idOf(2))
        );
        treasury.payEnergyBonus(PERIOD, 1, chunks[1], proof);
    }

    function test_payEnergyBonus__member_id_0__is_refused() public {
        ITreasury.EnergyBonusEntry[][] memory chunks = one(entry(0, CONSUMER), entry(2, CONSUMER));
        treasury.openEnergyBonus(PERIOD, rootOf(chunks), 1, 2);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.TreasuryMembersNotAscending.selector, 0, 0));
        treasury.payEnergyBonus(PERIOD, 0, chunks[0], new bytes32[](0));
    }

    function testFuzz_payEnergyBonus__unknown_profile__is_refused(uint8 profile) public {
        if (profile <= WITH_STORAGE) profile += 3;
        ITreasury.EnergyBonusEntry[][] memory chunks = one(entry(1, CONSUMER), entry(2, profile));
        treasury.openEnergyBonus(PERIOD, rootOf(chunks), 1, 2);
        vm.expectRevert(
            abi.encodeWithSelector(ITreasury.TreasuryProfileOutOfRange.selector, idOf(2), profile, WITH_STORAGE)
        );
        treasury.payEnergyBonus(PERIOD, 0, chunks[0], new bytes32[](0));
    }

    function test_payEnergyBonus__more_entries_than_opened__is_refused() public {
        (ITreasury.EnergyBonusEntry[][] memory chunks,) = fourEntries();
        treasury.openEnergyBonus(PERIOD, rootOf(chunks), 2, 1);
        bytes32[] memory proof = proofOf(chunks, 0);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.TreasuryWrongEntryCount.selector, PERIOD, 2, 1));
        treasury.payEnergyBonus(PERIOD, 0, chunks[0], proof);
    }

    function test_payEnergyBonus__fewer_entries_than_opened__refused_with_the_last_chunk() public {
        (ITreasury.EnergyBonusEntry[][] memory chunks,) = fourEntries();
        treasury.openEnergyBonus(PERIOD, rootOf(chunks), 2, 5);
        pay(chunks, 0);
        bytes32[] memory proof = proofOf(chunks, 1);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.TreasuryWrongEntryCount.selector, PERIOD, 4, 5));
        treasury.payEnergyBonus(PERIOD, 1, chunks[1], proof);
    }

    function test_payEnergyBonus__treasury_short__pays_nothing_of_the_chunk_then_all() public {
        (ITreasury.EnergyBonusEntry[][] memory chunks,) = openFour();
        treasury.burn(1_000e18 - 14e18);
        bytes32[] memory proof = proofOf(chunks, 0);
        vm.expectRevert(
            abi.encodeWithSignature(
                "ERC20InsufficientBalance(address,uint256,uint256)", address(treasury), 9e18, 10e18
            )
        );
        treasury.payEnergyBonus(PERIOD, 0, chunks[0], proof);
        same(held(1), 0, "received of the chunk");
        fund(1e18);
        pay(chunks, 0);
        same(held(2), 10e18, "received in the end");
    }

    function test_payEnergyBonus__in_a_pause__is_refused_and_paid_after_it() public {
        (ITreasury.EnergyBonusEntry[][] memory chunks,) = openFour();
        bytes32[] memory proof = proofOf(chunks, 0);
        token.pause();
        vm.expectRevert(abi.encodeWithSignature("CommunityTokenPaused(uint256)", T0));
        treasury.payEnergyBonus(PERIOD, 0, chunks[0], proof);
        token.unpause();
        pay(chunks, 0);
        same(held(1), 5e18, "received");
    }

    /// @dev Any split into chunks pays each member once, whatever the order of calls.
    function testFuzz_payEnergyBonus__any_split__pays_each_once(uint8 members_, uint8 perChunk, uint8 profiles) public {
        uint256 count = 1 + members_ % 40;
        uint256 size = 1 + perChunk % 10;
        ITreasury.EnergyBonusEntry[][] memory chunks = split(count, size, profiles);
        treasury.openEnergyBonus(PERIOD, rootOf(chunks), uint32(chunks.length), uint32(count));
        uint256 expected;
        for (uint256 i; i < chunks.length; ++i) {
            pay(chunks, i);
            pay(chunks, i / 2);
        }
        for (uint256 i = 1; i <= count; ++i) {
            uint256 units = 5e18 * (1 + (i * profiles) % 3);
            same(held(i), units, "received");
            expected += units;
        }
        same(holdings(), 1_000e18 - expected, "left");
    }
}
