// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ISettlementLedger} from "../../contracts/interfaces/ISettlementLedger.sol";
import {CommunityFixture} from "./CommunityFixture.sol";
import {Vm} from "./Vm.sol";

/// @dev Ends of the ledger that planted bugs showed to be untested: nothing to pay, and the chain of settlements.
contract MutantsLedgerEdgesTest is CommunityFixture {
    function test_open__nothing_to_pay__says_paid_at_once() public {
        scheduleModel(P0);
        ISettlementLedger.Proposal memory proposal = nextProposal(new bytes32[][](0));
        vm.recordLogs();
        openSigned(proposal);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        same(logs.length, 2, "events");
        same(logs[1].topics[0], ISettlementLedger.SettlementPaid.selector, "event");
        same(keccak256(logs[1].data), keccak256(abi.encode(uint256(0), uint256(0))), "paid and skipped");
    }

    function test_lastSettlementHash__after_each_opening__is_that_of_the_proposal() public {
        scheduleModel(P0);
        ISettlementLedger.Proposal memory first = nextProposal(new bytes32[][](0));
        openSigned(first);
        same(ledger.lastSettlementHash(), structHashOf(first), "first period");
        ISettlementLedger.Proposal memory second = nextProposal(new bytes32[][](0));
        openSigned(second);
        same(ledger.lastSettlementHash(), structHashOf(second), "second period");
        ISettlementLedger.Proposal memory corrected = nextRevision(0, new bytes32[][](0));
        openSigned(corrected);
        same(ledger.lastSettlementHash(), structHashOf(corrected), "revision of the first");
    }

    function test_pay__each_chunk__tells_its_own_sums_and_the_last_one_the_end() public {
        (ISettlementLedger.Proposal memory proposal, bytes32[][] memory chunks) = openTwoChunks();
        vm.recordLogs();
        payChunk(proposal, chunks, 0);
        Vm.Log[] memory logs = ownLogs();
        same(logs.length, 1, "events of the first");
        same(logs[0].topics[0], ISettlementLedger.ChunkPaid.selector, "first");
        same(logs[0].topics[3], bytes32(0), "number of the first");
        same(keccak256(logs[0].data), keccak256(abi.encode(uint256(5), uint256(3))), "credited and skipped");
        payChunk(proposal, chunks, 1);
        logs = ownLogs();
        same(logs.length, 2, "events of the last");
        same(logs[0].topics[3], bytes32(uint256(1)), "number of the last");
        same(logs[1].topics[0], ISettlementLedger.SettlementPaid.selector, "end");
        same(keccak256(logs[1].data), keccak256(abi.encode(uint256(12), uint256(3))), "sums of all");
    }

    function test_voidRest__after_a_skipped_payout__tells_what_nobody_got_a_chance_of() public {
        (ISettlementLedger.Proposal memory proposal, bytes32[][] memory chunks) = openTwoChunks();
        payChunk(proposal, chunks, 0);
        vm.prank(GUARDIAN);
        token.pause();
        vm.recordLogs();
        vm.prank(COMMUNITY_ADMIN);
        ledger.voidRestInPause(0, 0);
        Vm.Log[] memory logs = ownLogs();
        same(logs.length, 1, "events");
        same(logs[0].topics[0], ISettlementLedger.SettlementVoided.selector, "event");
        same(keccak256(logs[0].data), keccak256(abi.encode(uint256(7))), "rest");
    }

    /// @dev 5 to a member and 3 to a wallet that is none in the first chunk, 7 to a member in the second.
    function openTwoChunks() private returns (ISettlementLedger.Proposal memory proposal, bytes32[][] memory chunks) {
        scheduleModel(P0);
        (address lower, address higher) = (joinMember(1), joinMember(2));
        if (lower > higher) (lower, higher) = (higher, lower);
        chunks = new bytes32[][](2);
        (chunks[0], chunks[1]) = (new bytes32[](2), new bytes32[](1));
        // The wallet that is no member is below every other one.
        (chunks[0][0], chunks[0][1], chunks[1][0]) = (word(address(1), 3), word(lower, 5), word(higher, 7));
        proposal = nextProposal(chunks);
        openSigned(proposal);
    }

    /// @dev The events of the ledger alone, in order, of those recorded.
    function ownLogs() private returns (Vm.Log[] memory own_) {
        Vm.Log[] memory all = vm.getRecordedLogs();
        uint256 count;
        for (uint256 i; i < all.length; ++i) {
            if (all[i].emitter == address(ledger)) ++count;
        }
        own_ = new Vm.Log[](count);
        count = 0;
        for (uint256 i; i < all.length; ++i) {
            if (all[i].emitter == address(ledger)) own_[count++] = all[i];
        }
    }
}
