// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {SettlementLedger} from "../../contracts/SettlementLedger.sol";
import {ISettlementLedger} from "../../contracts/interfaces/ISettlementLedger.sol";
import {CommunityFixture} from "./CommunityFixture.sol";

contract SettlementOpeningTest is CommunityFixture {
    function setUp() public override {
        super.setUp();
        scheduleModel(P0);
        joinMember(1);
    }

    function chunksOf(uint96 amount) private pure returns (bytes32[][] memory) {
        bytes32[] memory words = new bytes32[](1);
        words[0] = word(walletOf(1), amount);
        return amount == 0 ? new bytes32[][](0) : oneChunk(words);
    }

    function next(uint96 amount) private returns (ISettlementLedger.Proposal memory) {
        return nextProposal(chunksOf(amount));
    }

    function expectOpenRefused(ISettlementLedger.Proposal memory proposal, bytes memory reason) private {
        bytes[] memory signatures = signaturesOf(structHashOf(proposal), 1);
        vm.expectRevert(reason);
        ledger.open(proposal, signatures);
    }

    // -------------------------------------------------------------------------------------------------- SUCCESSES

    function testFuzz_open__lawful_proposal__is_stored_as_signed(uint32 leaves, uint96 amount, bytes32 root) public {
        amount %= PERIOD_CAP + 1;
        ISettlementLedger.Proposal memory proposal = next(amount);
        (proposal.leafCount, proposal.assignmentRoot) = (leaves, root);
        openSigned(proposal);
        ISettlementLedger.Settlement memory stored = ledger.settlement(0, 0);
        same(stored.proposalHash, structHashOf(proposal), "proposal hash");
        same(stored.assignmentRoot, root, "root");
        same(stored.leafCount, leaves, "leaves");
        same(stored.total, amount, "total");
        same(stored.payoutsRoot, proposal.payoutsRoot, "payouts root");
        same(stored.chunkCount, proposal.chunkCount, "chunks");
        require(stored.periodStart == P0 && stored.periodEnd == P0 + MONTH, "bounds");
        require(stored.openedAt == block.timestamp && stored.state == (amount == 0 ? 2 : 1), "state");
        require(ledger.nextPeriodIndex() == 1 && ledger.lastPeriodEnd() == P0 + MONTH, "next");
        same(ledger.lastSettlementHash(), stored.proposalHash, "last hash");
        same(ledger.latestRevision(0), 0, "revision");
    }

    function test_open__same_again__is_silent_and_needs_no_signature() public {
        ISettlementLedger.Proposal memory proposal = next(5);
        openSigned(proposal);
        vm.recordLogs();
        ledger.open(proposal, new bytes[](0));
        same(vm.getRecordedLogs().length, 0, "events");
    }

    function test_open__revisions__share_bounds_and_the_period_cap() public {
        settle(chunksOf(MEMBER_CAP));
        settle(chunksOf(1)); // A later period does not hinder the correction of an earlier one.
        ISettlementLedger.Proposal memory revision = nextRevision(0, chunksOf(7));
        openSigned(revision);
        same(ledger.latestRevision(0), 1, "revision");
        same(ledger.nextPeriodIndex(), 2, "next period");
        payChunk(revision, chunksOf(7), 0);
        same(token.totalSupply(), uint256(MEMBER_CAP) + 8, "supply");

        ISettlementLedger.Proposal memory over = nextRevision(0, chunksOf(PERIOD_CAP - MEMBER_CAP - 6));
        bytes4 selector = ISettlementLedger.SettlementLedgerPeriodCapExceeded.selector;
        expectOpenRefused(
            over, abi.encodeWithSelector(selector, over.total, uint256(PERIOD_CAP) - MEMBER_CAP - 7)
        );
        openSigned(nextRevision(0, chunksOf(PERIOD_CAP - MEMBER_CAP - 7)));
    }

    // --------------------------------------------------------------------------------------------------- REFUSALS

    function test_open__other_content_in_the_same_place__is_refused_with_both_digests() public {
        ISettlementLedger.Proposal memory proposal = next(5);
        openSigned(proposal);
        bytes32 opened = structHashOf(proposal);
        proposal.paramsDigest = 0;
        bytes4 selector = ISettlementLedger.SettlementLedgerConflict.selector;
        expectOpenRefused(proposal, abi.encodeWithSelector(selector, 0, 0, opened, structHashOf(proposal)));
    }

    function test_open__other_deployment__is_refused() public {
        ISettlementLedger.Proposal memory proposal = next(5);
        bytes32 expected = proposal.deploymentId;
        proposal.deploymentId = "another";
        bytes4 selector = ISettlementLedger.SettlementLedgerWrongDeployment.selector;
        expectOpenRefused(proposal, abi.encodeWithSelector(selector, bytes32("another"), expected));
    }

    function test_open__gap_in_number__is_refused() public {
        settle(chunksOf(5));
        ISettlementLedger.Proposal memory proposal = next(5);
        proposal.periodIndex = 2;
        bytes4 selector = ISettlementLedger.SettlementLedgerWrongPeriodIndex.selector;
        expectOpenRefused(proposal, abi.encodeWithSelector(selector, 2, 1));
        proposal.revision = 1;
        expectOpenRefused(proposal, abi.encodeWithSelector(selector, 2, 1));
    }

    function testFuzz_open__gap_in_time__is_refused(uint32 shift) public {
        settle(chunksOf(5));
        ISettlementLedger.Proposal memory proposal = next(5);
        uint64 expected = proposal.periodStart;
        proposal.periodStart = expected - 1 - shift % 30 days;
        bytes4 selector = ISettlementLedger.SettlementLedgerWrongBounds.selector;
        expectOpenRefused(
            proposal, abi.encodeWithSelector(selector, proposal.periodStart, proposal.periodEnd, expected, 0)
        );
    }

    function testFuzz_open__length_of_each_kind__is_kept(uint8 kind, uint32 seconds_) public {
        kind %= 3;
        uint64[3] memory min = [uint64(23 hours), 167 hours, 671 hours];
        uint64[3] memory max = [uint64(25 hours), 169 hours, 745 hours];
        ISettlementLedger.Configuration memory config = configuration();
        config.periodKind = kind;
        ledger = new SettlementLedger(config);
        uint64 length = seconds_ % 4 == 0 ? min[kind] - 1 + seconds_ % 3 : max[kind] - 1 + seconds_ % 3;
        ISettlementLedger.Proposal memory proposal = next(0);
        proposal.periodEnd = P0 + length;
        vm.warp(P0 + 800 hours);
        if (length >= min[kind] && length <= max[kind]) return openSigned(proposal);
        bytes4 selector = ISettlementLedger.SettlementLedgerWrongLength.selector;
        expectOpenRefused(proposal, abi.encodeWithSelector(selector, length, min[kind], max[kind]));
    }

    function test_open__end_before_start__is_refused() public {
        ISettlementLedger.Proposal memory proposal = next(5);
        proposal.periodEnd = P0 - 1;
        bytes4 selector = ISettlementLedger.SettlementLedgerWrongLength.selector;
        expectOpenRefused(proposal, abi.encodeWithSelector(selector, 0, 671 hours, 745 hours));
    }

    function test_open__one_second_before_the_end__is_refused() public {
        ISettlementLedger.Proposal memory proposal = next(5);
        vm.warp(proposal.periodEnd - 1);
        bytes4 selector = ISettlementLedger.SettlementLedgerPeriodNotOver.selector;
        expectOpenRefused(proposal, abi.encodeWithSelector(selector, proposal.periodEnd, block.timestamp));
        vm.warp(proposal.periodEnd);
        openSigned(proposal);
    }

    function test_open__revision_out_of_turn_or_over_an_open_one__is_refused() public {
        ISettlementLedger.Proposal memory first = next(5);
        openSigned(first);
        ISettlementLedger.Proposal memory second = nextRevision(0, chunksOf(5));
        expectOpenRefused(
            second, abi.encodeWithSelector(ISettlementLedger.SettlementLedgerRevisionOpen.selector, 0, 0)
        );
        payChunk(first, chunksOf(5), 0);
        second.revision = 2;
        expectOpenRefused(
            second, abi.encodeWithSelector(ISettlementLedger.SettlementLedgerWrongRevision.selector, 0, 2, 1)
        );
    }

    function testFuzz_open__revision_with_other_bounds__is_refused(bool start) public {
        settle(chunksOf(5));
        ISettlementLedger.Proposal memory proposal = nextRevision(0, chunksOf(5));
        if (start) proposal.periodStart += 1;
        else proposal.periodEnd -= 1;
        expectOpenRefused(
            proposal,
            abi.encodeWithSelector(
                ISettlementLedger.SettlementLedgerWrongBounds.selector,
                proposal.periodStart,
                proposal.periodEnd,
                P0,
                P0 + MONTH
            )
        );
    }

    function testFuzz_open__other_model_version__is_refused(uint32 version) public {
        if (version == 1) version = 2;
        ISettlementLedger.Proposal memory proposal = next(5);
        proposal.modelVersion = version;
        bytes4 selector = ISettlementLedger.SettlementLedgerWrongModel.selector;
        expectOpenRefused(proposal, abi.encodeWithSelector(selector, version, 1));
    }

    function test_open__before_any_model__is_refused() public {
        ISettlementLedger.Proposal memory proposal = next(5);
        (proposal.periodStart, proposal.periodEnd) = (P0 - 1, P0 - 1 + MONTH);
        proposal.modelVersion = 0;
        bytes4 selector = ISettlementLedger.SettlementLedgerWrongModel.selector;
        expectOpenRefused(proposal, abi.encodeWithSelector(selector, 0, 0));
    }

    function testFuzz_open__total_chunks_and_root_that_disagree__are_refused(uint8 which) public {
        which = 1 + which % 6; // Every mix of zero and not zero but all and none.
        ISettlementLedger.Proposal memory proposal = next(5);
        proposal.total = which & 1 == 0 ? 0 : 5;
        proposal.chunkCount = which & 2 == 0 ? 0 : 1;
        proposal.payoutsRoot = which & 4 == 0 ? bytes32(0) : bytes32("root");
        bytes4 selector = ISettlementLedger.SettlementLedgerPayoutsInconsistent.selector;
        expectOpenRefused(
            proposal, abi.encodeWithSelector(selector, proposal.total, proposal.chunkCount, proposal.payoutsRoot)
        );
    }

    function testFuzz_open__total_above_the_cap__is_refused(uint256 total) public {
        if (total <= PERIOD_CAP) total = uint256(PERIOD_CAP) + 1;
        ISettlementLedger.Proposal memory proposal = next(5);
        proposal.total = total;
        bytes4 selector = ISettlementLedger.SettlementLedgerPeriodCapExceeded.selector;
        expectOpenRefused(proposal, abi.encodeWithSelector(selector, total, PERIOD_CAP));
    }

    function test_open__cap_lowered_below_what_a_period_has__leaves_no_room() public {
        settle(chunksOf(500));
        vm.prank(COMMUNITY_ADMIN);
        ledger.scheduleCaps(100, 100, uint64(block.timestamp + 8 days));
        vm.warp(block.timestamp + 8 days);
        bytes4 selector = ISettlementLedger.SettlementLedgerPeriodCapExceeded.selector;
        expectOpenRefused(nextRevision(0, chunksOf(1)), abi.encodeWithSelector(selector, 1, 0));
        openSigned(nextRevision(0, chunksOf(0)));
    }

    function test_open__other_previous_settlement__is_refused() public {
        settle(chunksOf(5));
        ISettlementLedger.Proposal memory proposal = next(5);
        bytes32 expected = proposal.previousSettlement;
        proposal.previousSettlement = 0;
        bytes4 selector = ISettlementLedger.SettlementLedgerWrongPrevious.selector;
        expectOpenRefused(proposal, abi.encodeWithSelector(selector, 0, expected));
    }
}
