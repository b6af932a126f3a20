// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {SettlementLedger} from "../../contracts/SettlementLedger.sol";
import {ISettlementLedger} from "../../contracts/interfaces/ISettlementLedger.sol";
import {CommunityFixture} from "./CommunityFixture.sol";
import {Vm} from "./Vm.sol";

/// @dev The ledger's constructor, signatures needed and caps at their ends, which planted bugs showed to be untested.
contract MutantsLedgerQuorumTest is CommunityFixture {
    function refuseRange(string memory name, uint256 given, uint256 min, uint256 max) private {
        vm.expectRevert(
            abi.encodeWithSelector(ISettlementLedger.SettlementLedgerOutOfRange.selector, name, given, min, max)
        );
    }

    // ------------------------------------------------------------------------------------------------ CONSTRUCTOR

    function test_constructor__no_signature_needed__is_refused() public {
        ISettlementLedger.Configuration memory config = configuration();
        config.requiredSignatures = 0;
        refuseRange("requiredSignatures", 0, 1, 255);
        new SettlementLedger(config);
    }

    function test_constructor__two_signatures_needed__stand_and_are_told() public {
        ISettlementLedger.Configuration memory config = configuration();
        config.requiredSignatures = 2;
        vm.recordLogs();
        SettlementLedger fresh = new SettlementLedger(config);
        same(fresh.requiredSignatures(), 2, "needed");
        Vm.Log memory last = lastOf(vm.getRecordedLogs(), ISettlementLedger.RequiredSignaturesScheduled.selector);
        same(keccak256(last.data), keccak256(abi.encode(uint8(2), uint64(block.timestamp))), "event");
    }

    function test_constructor__caps__are_told() public {
        vm.recordLogs();
        new SettlementLedger(configuration());
        Vm.Log memory last = lastOf(vm.getRecordedLogs(), ISettlementLedger.CapsScheduled.selector);
        same(keccak256(last.data), keccak256(abi.encode(PERIOD_CAP, MEMBER_CAP, uint64(block.timestamp))), "event");
    }

    function test_constructor__shortest_notice__is_taken() public {
        ISettlementLedger.Configuration memory config = configuration();
        config.minNotice = 1 hours;
        same(new SettlementLedger(config).minNotice(), 1 hours, "notice");
    }

    function test_constructor__shorter_notice__is_refused() public {
        ISettlementLedger.Configuration memory config = configuration();
        config.minNotice = 1 hours - 1;
        refuseRange("minNotice", 1 hours - 1, 1 hours, type(uint64).max);
        new SettlementLedger(config);
    }

    function test_constructor__longest_id__is_taken() public {
        ISettlementLedger.Configuration memory config = configuration();
        config.communityId = string(new bytes(type(uint16).max));
        same(bytes(new SettlementLedger(config).communityId()).length, type(uint16).max, "bytes");
    }

    function test_constructor__longer_id__is_refused() public {
        ISettlementLedger.Configuration memory config = configuration();
        config.communityId = string(new bytes(uint256(type(uint16).max) + 1));
        refuseRange("communityId", uint256(type(uint16).max) + 1, 0, type(uint16).max);
        new SettlementLedger(config);
    }

    // ------------------------------------------------------------------------------------------- SIGNATURES, CAPS

    function test_setRequiredSignatures__same_or_raised__is_told_for_now() public {
        for (uint8 needed = 1; needed <= 3; needed += 2) {
            vm.recordLogs();
            vm.prank(ORACLE_ADMIN);
            ledger.setRequiredSignatures(needed);
            Vm.Log memory last = lastOf(vm.getRecordedLogs(), ISettlementLedger.RequiredSignaturesScheduled.selector);
            same(keccak256(last.data), keccak256(abi.encode(needed, uint64(block.timestamp))), "event");
        }
    }

    function test_scheduleCaps__twice_for_one_instant__the_last_holds() public {
        uint64 validFrom = uint64(block.timestamp) + NOTICE + 1 days;
        vm.prank(COMMUNITY_ADMIN);
        ledger.scheduleCaps(2, 1, validFrom);
        vm.prank(COMMUNITY_ADMIN);
        ledger.scheduleCaps(4, 3, validFrom);
        vm.warp(validFrom);
        (uint96 periodCap, uint96 memberCap) = ledger.caps();
        same(periodCap, 4, "period");
        same(memberCap, 3, "member");
    }

    function lastOf(Vm.Log[] memory logs, bytes32 topic) private pure returns (Vm.Log memory) {
        for (uint256 i = logs.length; i > 0; --i) {
            if (logs[i - 1].topics[0] == topic) return logs[i - 1];
        }
        revert("no such event");
    }
}
