// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ICommunityToken} from "../../contracts/interfaces/ICommunityToken.sol";
import {ISettlementLedger} from "../../contracts/interfaces/ISettlementLedger.sol";
import {CommunityFixture} from "./CommunityFixture.sol";
import {TreeBuilder} from "./TreeBuilder.sol";

contract SettlementPayingTest is CommunityFixture {
    bytes32[] private words;

    function setUp() public override {
        super.setUp();
        scheduleModel(P0);
        bytes32[] memory drawn = new bytes32[](7);
        for (uint256 i; i < 7; ++i) {
            address wallet = i == 3 ? walletOf(i + 1) : joinMember(i + 1); // Number 3 stays a non-member.
            drawn[i] = word(wallet, uint96(1 + i) * 1e18);
        }
        words = sorted(drawn);
    }

    /// @dev The seven words in `count` chunks, the first ones with one word each.
    function chunksOf(uint256 count) private view returns (bytes32[][] memory chunks) {
        chunks = new bytes32[][](count);
        for (uint256 i; i < count; ++i) {
            chunks[i] = new bytes32[](i + 1 == count ? 8 - count : 1);
            for (uint256 j; j < chunks[i].length; ++j) chunks[i][j] = words[i + j];
        }
    }

    function opened(bytes32[][] memory chunks) private returns (ISettlementLedger.Proposal memory proposal) {
        proposal = nextProposal(chunks);
        openSigned(proposal);
    }

    // ----------------------------------------------------------------------------------------------------- PAYING

    function testFuzz_pay__all_chunks_in_order__pays_the_total_once(uint8 count) public {
        bytes32[][] memory chunks = chunksOf(1 + count % 7);
        ISettlementLedger.Proposal memory proposal = opened(chunks);
        for (uint32 i; i < chunks.length; ++i) {
            payChunk(proposal, chunks, i);
            payChunk(proposal, chunks, i);
            payChunk(proposal, chunks, 0);
        }
        ISettlementLedger.Settlement memory paid = ledger.settlement(0, 0);
        same(paid.state, 2, "state");
        same(paid.paid, 24e18, "paid");
        same(paid.skipped, 4e18, "skipped");
        same(token.totalSupply(), 24e18, "supply");
    }

    function testFuzz_pay__later_chunk_first__is_refused(uint8 count, uint8 chunk) public {
        bytes32[][] memory chunks = chunksOf(2 + count % 6);
        ISettlementLedger.Proposal memory proposal = opened(chunks);
        uint32 later = uint32(1 + chunk % (chunks.length - 1));
        bytes32[] memory path = TreeBuilder.pathOf(leavesOf(chunks), later);
        bytes4 selector = ISettlementLedger.SettlementLedgerChunkOutOfOrder.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, later, 0));
        ledger.pay(0, 0, later, chunks[later], path);
        require(proposal.chunkCount == chunks.length, "chunks");
    }

    /// @dev Also after the chunk was paid: identical repeats succeed, other content does not.
    function testFuzz_pay__other_content__is_refused(uint8 count, uint256 change, bool paidBefore) public {
        bytes32[][] memory chunks = chunksOf(1 + count % 7);
        ISettlementLedger.Proposal memory proposal = opened(chunks);
        bytes32[] memory path = TreeBuilder.pathOf(leavesOf(chunks), 0);
        if (paidBefore) payChunk(proposal, chunks, 0);
        chunks[0][0] ^= bytes32(change == 0 ? 1 : change);
        bytes32 found = this.rootOf(chunks[0], path);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISettlementLedger.SettlementLedgerWrongChunk.selector,
                0,
                chunks.length,
                found,
                proposal.payoutsRoot
            )
        );
        ledger.pay(0, 0, 0, chunks[0], path);
    }

    /// @dev Root that the first chunk leads to: it is always the left child.
    function rootOf(bytes32[] memory chunk, bytes32[] calldata path) external pure returns (bytes32 root) {
        root = TreeBuilder.leafOf(0, chunk);
        for (uint256 i; i < path.length; ++i) root = sha256(abi.encodePacked(bytes1(0x01), root, path[i]));
    }

    function testFuzz_pay__path_of_another_length__is_refused(uint8 count, uint8 chunk, bool longer) public {
        bytes32[][] memory chunks = chunksOf(2 + count % 6);
        ISettlementLedger.Proposal memory proposal = opened(chunks);
        uint32 index = uint32(chunk % chunks.length);
        bytes32[] memory path = TreeBuilder.pathOf(leavesOf(chunks), index);
        bytes32[] memory other = new bytes32[](longer ? path.length + 1 : path.length - 1);
        for (uint256 i; i < path.length && i < other.length; ++i) other[i] = path[i];
        vm.expectRevert(
            abi.encodeWithSelector(
                ISettlementLedger.SettlementLedgerWrongChunk.selector, index, chunks.length, 0, proposal.payoutsRoot
            )
        );
        ledger.pay(0, 0, index, chunks[index], other);
    }

    function test_pay__index_beyond_the_chunks_or_no_chunks__is_refused() public {
        bytes32[][] memory chunks = chunksOf(1);
        ISettlementLedger.Proposal memory proposal = opened(chunks);
        bytes4 selector = ISettlementLedger.SettlementLedgerWrongChunk.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, 1, 1, 0, proposal.payoutsRoot));
        ledger.pay(0, 0, 1, chunks[0], new bytes32[](0));
        opened(new bytes32[][](0));
        vm.expectRevert(abi.encodeWithSelector(selector, 0, 0, 0, 0));
        ledger.pay(1, 0, 0, new bytes32[](0), new bytes32[](0));
    }

    function test_pay__unknown_settlement__is_refused() public {
        bytes4 selector = ISettlementLedger.SettlementLedgerUnknown.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, 3, 1));
        ledger.pay(3, 1, 0, words, new bytes32[](0));
        vm.expectRevert(abi.encodeWithSelector(selector, 0, 0));
        ledger.latestRevision(0);
    }

    function test_pay__wallet_again_in_the_next_chunk__is_refused() public {
        bytes32[][] memory chunks = chunksOf(2);
        chunks[1][0] = chunks[0][0];
        ISettlementLedger.Proposal memory proposal = opened(chunks);
        payChunk(proposal, chunks, 0);
        address wallet = address(bytes20(words[0]));
        bytes32[] memory path = TreeBuilder.pathOf(leavesOf(chunks), 1);
        vm.expectRevert(
            abi.encodeWithSelector(ICommunityToken.CommunityTokenWalletsNotAscending.selector, wallet, wallet)
        );
        ledger.pay(0, 0, 1, chunks[1], path);
    }

    function test_pay__above_the_member_cap_at_opening__is_refused() public {
        bytes32[][] memory chunks = oneChunk(new bytes32[](1));
        chunks[0][0] = word(walletOf(1), MEMBER_CAP + 1);
        opened(chunks);
        vm.prank(COMMUNITY_ADMIN);
        ledger.scheduleCaps(PERIOD_CAP, MEMBER_CAP * 2, uint64(block.timestamp + 8 days));
        vm.warp(block.timestamp + 9 days);
        bytes4 selector = ICommunityToken.CommunityTokenPayoutAboveCap.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, walletOf(1), MEMBER_CAP + 1, MEMBER_CAP));
        ledger.pay(0, 0, 0, chunks[0], new bytes32[](0));
    }

    function testFuzz_pay__chunks_that_miss_the_total__are_refused(uint96 total) public {
        total = 1 + total % (PERIOD_CAP - 1);
        if (total == 28e18) ++total;
        bytes32[][] memory chunks = chunksOf(1);
        ISettlementLedger.Proposal memory proposal = nextProposal(chunks);
        proposal.total = total;
        openSigned(proposal);
        vm.expectRevert(
            abi.encodeWithSelector(ISettlementLedger.SettlementLedgerWrongTotal.selector, 28e18, uint256(total))
        );
        ledger.pay(0, 0, 0, chunks[0], new bytes32[](0));
    }

    function test_pay__chunk_without_payouts__keeps_the_last_wallet() public {
        bytes32[][] memory chunks = new bytes32[][](3);
        (chunks[0], chunks[2]) = (chunksOf(2)[0], chunksOf(2)[1]);
        settle(chunks);
        same(ledger.settlement(0, 0).state, 2, "state");
    }

    // ---------------------------------------------------------------------------------------------------- VOIDING

    function voidSignatures(ISettlementLedger.Proposal memory proposal) private view returns (bytes[] memory) {
        bytes32 typehash = keccak256("Void(bytes32 settlement)");
        return signaturesOf(keccak256(abi.encode(typehash, structHashOf(proposal))), 1);
    }

    function test_voidRest__after_30_days__ends_it_and_frees_the_room() public {
        bytes32[][] memory chunks = chunksOf(7);
        ISettlementLedger.Proposal memory proposal = opened(chunks);
        payChunk(proposal, chunks, 0);
        uint256 moved = uint96(uint256(words[0]));
        uint64 notBefore = uint64(block.timestamp) + 30 days;
        vm.warp(notBefore - 1);
        bytes[] memory signatures = voidSignatures(proposal);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISettlementLedger.SettlementLedgerCannotVoid.selector, notBefore - 1, notBefore
            )
        );
        ledger.voidRest(0, 0, signatures);
        vm.warp(notBefore);
        ledger.voidRest(0, 0, signatures);
        ledger.voidRest(0, 0, new bytes[](0)); // Again: nothing happens.
        same(ledger.settlement(0, 0).state, 3, "state");
        payChunk(proposal, chunks, 0); // Paid before: nothing happens.
        bytes32[] memory path = TreeBuilder.pathOf(leavesOf(chunks), 1);
        vm.expectRevert(abi.encodeWithSelector(ISettlementLedger.SettlementLedgerVoided.selector, 0, 0));
        ledger.pay(0, 0, 1, chunks[1], path);

        ISettlementLedger.Proposal memory revision = nextRevision(0, chunks);
        (revision.total, revision.payoutsRoot) = (PERIOD_CAP - moved, bytes32("root"));
        openSigned(revision);
        same(ledger.settlement(0, 1).total, PERIOD_CAP - moved, "room");
    }

    function test_voidRest__paid_settlement__is_refused() public {
        ISettlementLedger.Proposal memory proposal = settle(chunksOf(1));
        vm.warp(block.timestamp + 31 days);
        bytes[] memory signatures = voidSignatures(proposal);
        bytes4 selector = ISettlementLedger.SettlementLedgerCannotVoid.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, block.timestamp, 0));
        ledger.voidRest(0, 0, signatures);
    }

    function test_voidRest__without_the_oracles__is_refused() public {
        ISettlementLedger.Proposal memory proposal = opened(chunksOf(1));
        vm.warp(block.timestamp + 31 days);
        bytes[] memory signatures = signaturesOf(structHashOf(proposal), 1); // The opening's, not the void's.
        vm.expectRevert();
        ledger.voidRest(0, 0, signatures);
    }
}
