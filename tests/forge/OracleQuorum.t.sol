// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ISettlementLedger} from "../../contracts/interfaces/ISettlementLedger.sol";
import {CommunityFixture} from "./CommunityFixture.sol";

contract OracleQuorumTest is CommunityFixture {
    function setUp() public override {
        super.setUp();
        scheduleModel(P0);
    }

    function test_open__too_few_signatures__is_refused() public {
        requireThree();
        ISettlementLedger.Proposal memory proposal = nextProposal(new bytes32[][](0));
        bytes[] memory signatures = signaturesOf(structHashOf(proposal), 2);
        vm.expectRevert(
            abi.encodeWithSelector(ISettlementLedger.SettlementLedgerTooFewSignatures.selector, 2, 3)
        );
        ledger.open(proposal, signatures);
        ledger.open(proposal, signaturesOf(structHashOf(proposal), 3));
    }

    function requireThree() private {
        vm.prank(ORACLE_ADMIN);
        ledger.setRequiredSignatures(3);
    }

    function test_open__signer_twice__is_refused() public {
        ISettlementLedger.Proposal memory proposal = nextProposal(new bytes32[][](0));
        bytes[] memory signatures = signaturesOf(structHashOf(proposal), 2);
        signatures[1] = signatures[0];
        address signer = vm.addr(oracleKeys[0]);
        bytes4 selector = ISettlementLedger.SettlementLedgerSignersNotAscending.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, signer, signer));
        ledger.open(proposal, signatures);
    }

    function test_open__stranger_or_delayed_oracle__is_refused() public {
        ISettlementLedger.Proposal memory proposal = nextProposal(new bytes32[][](0));
        bytes[] memory signatures = new bytes[](1);
        signatures[0] = signTyped(0x57, "SettlementLedger", "1", address(ledger), structHashOf(proposal));
        bytes memory reason =
            abi.encodeWithSelector(ISettlementLedger.SettlementLedgerNotOracle.selector, vm.addr(0x57));
        vm.expectRevert(reason);
        ledger.open(proposal, signatures);
        manager.grantRole(5, vm.addr(0x57), 1 days);
        vm.expectRevert(reason);
        ledger.open(proposal, signatures);
    }

    function test_setRequiredSignatures__raised_at_once_lowered_after_the_notice() public {
        requireThree();
        same(ledger.requiredSignatures(), 3, "raised");
        vm.prank(ORACLE_ADMIN);
        ledger.setRequiredSignatures(2);
        same(ledger.requiredSignatures(), 3, "lowered at once");
        (uint8 scheduled, uint64 from) = ledger.scheduledSignatures();
        require(scheduled == 2 && from == block.timestamp + NOTICE, "scheduled");
        vm.warp(from - 1);
        same(ledger.requiredSignatures(), 3, "lowered before the notice");
        vm.warp(from);
        same(ledger.requiredSignatures(), 2, "lowered");
        (scheduled, from) = ledger.scheduledSignatures();
        require(scheduled == 0 && from == 0, "still scheduled");
        requireThree();
        same(ledger.requiredSignatures(), 3, "raised again");
    }

    function test_setRequiredSignatures__zero__is_refused() public {
        vm.prank(ORACLE_ADMIN);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISettlementLedger.SettlementLedgerOutOfRange.selector, "requiredSignatures", 0, 1, 255
            )
        );
        ledger.setRequiredSignatures(0);
    }
}
