// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ISettlementLedger} from "../../contracts/interfaces/ISettlementLedger.sol";
import {CommunityFixture} from "./CommunityFixture.sol";
import {Vm} from "./Vm.sol";

/// @dev Small facts of the ledger that planted bugs showed to be untested, and branches that no other test takes.
contract MutantsLedgerTest is CommunityFixture {
    function test_scheduleCaps__before_the_last_scheduled__is_refused_with_both() public {
        uint64 last = uint64(block.timestamp) + NOTICE + 2 days;
        vm.prank(COMMUNITY_ADMIN);
        ledger.scheduleCaps(1, 1, last);
        vm.expectRevert(
            abi.encodeWithSelector(ISettlementLedger.SettlementLedgerCapsOutOfOrder.selector, last - 1 days, last)
        );
        vm.prank(COMMUNITY_ADMIN);
        ledger.scheduleCaps(1, 1, last - 1 days);
    }

    function test_settlement__never_opened__has_no_state() public view {
        same(ledger.settlement(3, 0).state, 0, "state");
    }

    function test_anchorIngest__emits_what_was_anchored() public {
        vm.recordLogs();
        vm.prank(vm.addr(oracleKeys[0]));
        ledger.anchorIngest(bytes32(uint256(7)), 9);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        same(logs.length, 1, "events");
        same(logs[0].topics[0], ISettlementLedger.IngestAnchored.selector, "event");
        same(keccak256(logs[0].data), keccak256(abi.encode(bytes32(uint256(7)), uint64(9))), "root and size");
    }

    function test_open__with_a_chunk__does_not_say_paid() public {
        scheduleModel(P0);
        bytes32[] memory words = new bytes32[](1);
        words[0] = word(joinMember(1), 5);
        ISettlementLedger.Proposal memory proposal = nextProposal(oneChunk(words));
        vm.recordLogs();
        openSigned(proposal);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        same(logs.length, 1, "events");
        same(logs[0].topics[0], ISettlementLedger.SettlementOpened.selector, "event");
    }

    function test_open__revision_of_the_next_period__is_refused_as_a_wrong_period() public {
        scheduleModel(P0);
        bytes32[] memory words = new bytes32[](1);
        words[0] = word(joinMember(1), 5);
        ISettlementLedger.Proposal memory proposal = nextProposal(oneChunk(words));
        proposal.revision = 1;
        bytes[] memory signatures = signaturesOf(structHashOf(proposal), 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISettlementLedger.SettlementLedgerWrongPeriodIndex.selector, proposal.periodIndex, proposal.periodIndex
            )
        );
        ledger.open(proposal, signatures);
    }
}
