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
}
