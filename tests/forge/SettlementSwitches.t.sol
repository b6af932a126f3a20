// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ICommunityToken} from "../../contracts/interfaces/ICommunityToken.sol";
import {ISettlementLedger} from "../../contracts/interfaces/ISettlementLedger.sol";
import {ITokenPolicy} from "../../contracts/interfaces/ITokenPolicy.sol";
import {CommunityFixture} from "./CommunityFixture.sol";
import {TreeBuilder} from "./TreeBuilder.sol";

/// @dev What a pause and a suspension do to settlements, and the fee that is fixed when one opens.
contract SettlementSwitchesTest is CommunityFixture {
    uint96 private constant UNITS = 1000e18;
    uint16 private constant CITIZEN_BPS = 150;
    uint16 private constant STAKEHOLDER_BPS = 2000;

    function setUp() public override {
        super.setUp();
        scheduleModel(P0);
        joinMember(1, CITIZEN);
        joinMember(2, STAKEHOLDER);
    }

    /// @dev A payout for each of the two members, in two chunks.
    function chunksOf() private pure returns (bytes32[][] memory chunks) {
        bytes32[] memory words = new bytes32[](2);
        (words[0], words[1]) = (word(walletOf(1), UNITS), word(walletOf(2), UNITS));
        words = sorted(words);
        chunks = new bytes32[][](2);
        for (uint256 i; i < 2; ++i) {
            chunks[i] = new bytes32[](1);
            chunks[i][0] = words[i];
        }
    }

    function opened() private returns (ISettlementLedger.Proposal memory proposal) {
        proposal = nextProposal(chunksOf());
        openSigned(proposal);
    }

    function pause() private {
        vm.prank(GUARDIAN);
        token.pause();
    }

    function suspend() private {
        vm.prank(PLATFORM_REGISTRY);
        token.setSuspended(true);
    }

    // ---------------------------------------------------------------------------------------- PAUSE AND SUSPENSION

    function test_open__in_a_pause_or_suspended__is_refused() public {
        ISettlementLedger.Proposal memory proposal = nextProposal(chunksOf());
        bytes[] memory signatures = signaturesOf(structHashOf(proposal), 1);
        suspend();
        vm.expectRevert(abi.encodeWithSelector(ICommunityToken.CommunityTokenSuspended.selector));
        ledger.open(proposal, signatures);
        pause();
        vm.expectRevert(abi.encodeWithSelector(ICommunityToken.CommunityTokenPaused.selector, block.timestamp));
        ledger.open(proposal, signatures);
    }

    /// @dev A relayer that repeats what succeeded is told so, whatever happened since.
    function test_open__same_again_in_a_pause__succeeds() public {
        ISettlementLedger.Proposal memory proposal = opened();
        pause();
        ledger.open(proposal, new bytes[](0));
        same(ledger.nextPeriodIndex(), 1, "periods");
    }

    function test_pay__suspended__goes_on() public {
        ISettlementLedger.Proposal memory proposal = opened();
        suspend();
        payChunk(proposal, chunksOf(), 0);
        payChunk(proposal, chunksOf(), 1);
        same(ledger.settlement(0, 0).state, 2, "state");
    }

    function test_pay__in_a_pause__waits_and_loses_nothing() public {
        ISettlementLedger.Proposal memory proposal = opened();
        payChunk(proposal, chunksOf(), 0);
        pause();
        bytes32[] memory path = TreeBuilder.pathOf(leavesOf(chunksOf()), 1);
        vm.expectRevert(abi.encodeWithSelector(ICommunityToken.CommunityTokenPaused.selector, block.timestamp));
        ledger.pay(0, 0, 1, chunksOf()[1], path);
        vm.prank(COMMUNITY_ADMIN);
        token.unpause();
        payChunk(proposal, chunksOf(), 1);
        same(token.totalSupply(), 2 * uint256(UNITS), "supply");
    }

    // -------------------------------------------------------------------------------------------- VOIDING IN A PAUSE

    function voidInPause() private {
        vm.prank(COMMUNITY_ADMIN);
        ledger.voidRestInPause(0, 0);
    }

    function test_voidRestInPause__young_settlement__ends_it_and_frees_the_room() public {
        ISettlementLedger.Proposal memory proposal = opened();
        payChunk(proposal, chunksOf(), 0);
        pause();
        voidInPause();
        vm.recordLogs();
        voidInPause();
        same(vm.getRecordedLogs().length, 0, "events of the second");
        same(ledger.settlement(0, 0).state, 3, "state");
        same(ledger.settlement(0, 0).paid, UNITS, "what was paid");
        vm.prank(COMMUNITY_ADMIN);
        token.unpause();
        ISettlementLedger.Proposal memory revision = nextRevision(0, chunksOf());
        (revision.total, revision.payoutsRoot) = (PERIOD_CAP - UNITS, bytes32("root"));
        openSigned(revision);
        same(ledger.latestRevision(0), 1, "revision");
    }

    function test_voidRestInPause__without_a_pause__is_refused() public {
        opened();
        vm.prank(COMMUNITY_ADMIN);
        vm.expectRevert(abi.encodeWithSelector(ISettlementLedger.SettlementLedgerNotPaused.selector, 0, 0));
        ledger.voidRestInPause(0, 0);
    }

    function test_voidRestInPause__paid_or_unknown__is_refused() public {
        settle(chunksOf());
        pause();
        vm.prank(COMMUNITY_ADMIN);
        vm.expectRevert(
            abi.encodeWithSelector(ISettlementLedger.SettlementLedgerCannotVoid.selector, block.timestamp, 0)
        );
        ledger.voidRestInPause(0, 0);
        vm.prank(COMMUNITY_ADMIN);
        vm.expectRevert(abi.encodeWithSelector(ISettlementLedger.SettlementLedgerUnknown.selector, 0, 1));
        ledger.voidRestInPause(0, 1);
    }

    // ----------------------------------------------------------------------------------------------------------- FEE

    /// @param validFrom Unix seconds from which both classes pay the fees of this test.
    function scheduleFees(uint64 validFrom) private {
        ITokenPolicy.Fees memory fees;
        (fees.assignmentToCitizen, fees.assignmentToStakeholder) = (CITIZEN_BPS, STAKEHOLDER_BPS);
        vm.prank(TOKEN_ADMIN);
        policy.scheduleFees(fees, validFrom);
    }

    function payBoth(ISettlementLedger.Proposal memory proposal) private {
        payChunk(proposal, chunksOf(), 0);
        payChunk(proposal, chunksOf(), 1);
    }

    function test_pay__fee_in_force_at_opening__goes_to_the_treasury() public {
        scheduleFees(P0);
        payBoth(opened());
        (uint256 citizenFee, uint256 stakeholderFee) =
            (uint256(UNITS) * CITIZEN_BPS / 10_000, uint256(UNITS) * STAKEHOLDER_BPS / 10_000);
        same(token.balanceOf(walletOf(1)), UNITS - citizenFee, "citizen");
        same(token.balanceOf(walletOf(2)), UNITS - stakeholderFee, "stakeholder");
        same(token.balanceOf(address(treasury)), citizenFee + stakeholderFee, "treasury");
        same(ledger.settlement(0, 0).paid, 2 * uint256(UNITS), "paid, before the fee");
        same(ledger.settlement(0, 0).state, 2, "state");
    }

    /// @dev The fee that begins between opening and paying, at any later second, touches this settlement in no chunk.
    function testFuzz_pay__fee_that_begins_after_opening__does_not_apply(uint32 lead) public {
        ISettlementLedger.Proposal memory proposal = opened();
        payChunk(proposal, chunksOf(), 0);
        uint64 validFrom = uint64(block.timestamp) + NOTICE + 1 + lead % 365 days;
        scheduleFees(validFrom);
        vm.warp(validFrom);
        payChunk(proposal, chunksOf(), 1);
        same(token.balanceOf(walletOf(1)), UNITS, "citizen");
        same(token.balanceOf(walletOf(2)), UNITS, "stakeholder");
        same(token.balanceOf(address(treasury)), 0, "treasury");
    }

    // ----------------------------------------------------------------------------------------------------- REVISIONS

    function testFuzz_latestRevision__counts_and_the_next_one_is_expected(uint8 count, uint32 given) public {
        settle(new bytes32[][](0));
        count %= 6;
        for (uint256 i; i < count; ++i) openSigned(nextRevision(0, new bytes32[][](0)));
        same(ledger.latestRevision(0), count, "latest");
        ISettlementLedger.Proposal memory proposal = nextRevision(0, new bytes32[][](0));
        if (given <= count + 1) given = uint32(count) + 2;
        proposal.revision = given;
        bytes[] memory signatures = signaturesOf(structHashOf(proposal), 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISettlementLedger.SettlementLedgerWrongRevision.selector, 0, given, uint32(count) + 1
            )
        );
        ledger.open(proposal, signatures);
    }
}
