// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IRewardModels} from "../../contracts/interfaces/IRewardModels.sol";
import {ISettlementLedger} from "../../contracts/interfaces/ISettlementLedger.sol";
import {CommunityPeople} from "./CommunityPeople.sol";
import {TreeBuilder} from "./TreeBuilder.sol";

/// @dev Reward models and settlements: how members get tokens, and the typed data that oracles sign.
abstract contract SettlementDesk is CommunityPeople {
    // ---------------------------------------------------------------------------------------------------- MODELS

    function selfConsumptionModel() internal pure returns (IRewardModels.Parameters memory model) {
        model.hasBudget = true;
        model.budgetUnits = 1000e18;
        model.selfConsumption = IRewardModels.SelfConsumption(3600, 0, 1000, 0);
    }

    function scheduleModel(uint64 validFrom) internal returns (uint32) {
        vm.prank(ORACLE_ADMIN);
        return models.schedule(selfConsumptionModel(), validFrom);
    }

    // ----------------------------------------------------------------------------------------------- SETTLEMENTS

    /// @dev Next period of the ledger with these chunks, signed by nobody yet; moves the clock past its end.
    function nextProposal(bytes32[][] memory chunks) internal returns (ISettlementLedger.Proposal memory proposal) {
        uint32 index = ledger.nextPeriodIndex();
        uint64 start = index == 0 ? P0 : ledger.lastPeriodEnd();
        proposal = proposalOf(index, 0, start, chunks);
        if (block.timestamp < proposal.periodEnd) vm.warp(proposal.periodEnd);
    }

    function nextRevision(uint32 index, bytes32[][] memory chunks)
        internal
        view
        returns (ISettlementLedger.Proposal memory)
    {
        uint32 latest = ledger.latestRevision(index);
        return proposalOf(index, latest + 1, ledger.settlement(index, latest).periodStart, chunks);
    }

    function proposalOf(uint32 index, uint32 revision, uint64 start, bytes32[][] memory chunks)
        internal
        view
        returns (ISettlementLedger.Proposal memory proposal)
    {
        proposal = ISettlementLedger.Proposal({
            deploymentId: ledger.deploymentId(),
            periodIndex: index,
            revision: revision,
            periodStart: start,
            periodEnd: start + MONTH,
            modelVersion: models.versionAt(start),
            paramsDigest: keccak256("params"),
            assignmentRoot: keccak256("assignment"),
            leafCount: 17,
            rosterRoot: keccak256("roster"),
            aggregatesRoot: keccak256("aggregates"),
            ingestRoot: keccak256("ingest"),
            ingestSize: 5,
            total: totalOf(chunks),
            payoutsRoot: TreeBuilder.rootOf(leavesOf(chunks)),
            chunkCount: uint32(chunks.length),
            previousSettlement: ledger.lastSettlementHash()
        });
    }

    function totalOf(bytes32[][] memory chunks) internal pure returns (uint256 total) {
        for (uint256 i; i < chunks.length; ++i) {
            for (uint256 j; j < chunks[i].length; ++j) total += uint96(uint256(chunks[i][j]));
        }
    }

    function leavesOf(bytes32[][] memory chunks) internal pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](chunks.length);
        for (uint256 i; i < chunks.length; ++i) leaves[i] = TreeBuilder.leafOf(uint32(i), chunks[i]);
    }

    function word(address wallet, uint96 amount) internal pure returns (bytes32) {
        return bytes32((uint256(uint160(wallet)) << 96) | amount);
    }

    /// @dev Words ascending by wallet, as the chunks of a settlement need them.
    function sorted(bytes32[] memory words) internal pure returns (bytes32[] memory) {
        for (uint256 i = 1; i < words.length; ++i) {
            for (uint256 j = i; j > 0 && words[j] < words[j - 1]; --j) {
                (words[j], words[j - 1]) = (words[j - 1], words[j]);
            }
        }
        return words;
    }

    function oneChunk(bytes32[] memory words) internal pure returns (bytes32[][] memory chunks) {
        chunks = new bytes32[][](1);
        chunks[0] = words;
    }

    function openSigned(ISettlementLedger.Proposal memory proposal) internal {
        ledger.open(proposal, signaturesOf(structHashOf(proposal), 1));
    }

    function payChunk(ISettlementLedger.Proposal memory proposal, bytes32[][] memory chunks, uint32 chunk) internal {
        bytes32[] memory path = TreeBuilder.pathOf(leavesOf(chunks), chunk);
        ledger.pay(proposal.periodIndex, proposal.revision, chunk, chunks[chunk], path);
    }

    /// @dev Opens and pays a settlement of the next period.
    function settle(bytes32[][] memory chunks) internal returns (ISettlementLedger.Proposal memory proposal) {
        proposal = nextProposal(chunks);
        openSigned(proposal);
        for (uint32 i; i < chunks.length; ++i) payChunk(proposal, chunks, i);
    }

    /// @dev Credits tokens to a member by the settlement of a period, which moves the clock past its end.
    function creditMember(uint256 member, uint96 amount) internal {
        bytes32[] memory words = new bytes32[](1);
        words[0] = word(walletOf(member), amount);
        creditMembers(words);
    }

    /// @dev Credits all words in the settlement of one period, in any order of wallets, up to MEMBER_CAP each.
    function creditMembers(bytes32[] memory words) internal {
        if (models.versionAt(P0) == 0) scheduleModel(P0);
        settle(oneChunk(sorted(words)));
    }

    // ------------------------------------------------------------------------------------------------ TYPED DATA

    function structHashOf(ISettlementLedger.Proposal memory proposal) internal pure returns (bytes32) {
        bytes32 typehash = keccak256(
            "Proposal(bytes32 deploymentId,uint32 periodIndex,uint32 revision,uint64 periodStart,uint64 periodEnd,"
            "uint32 modelVersion,bytes32 paramsDigest,bytes32 assignmentRoot,uint32 leafCount,bytes32 rosterRoot,"
            "bytes32 aggregatesRoot,bytes32 ingestRoot,uint64 ingestSize,uint256 total,bytes32 payoutsRoot,"
            "uint32 chunkCount,bytes32 previousSettlement)"
        );
        return keccak256(abi.encode(typehash, proposal));
    }

    function signaturesOf(bytes32 structHash, uint256 count) internal view returns (bytes[] memory signatures) {
        signatures = new bytes[](count);
        for (uint256 i; i < count; ++i) {
            signatures[i] = signTyped(oracleKeys[i], "SettlementLedger", "1", address(ledger), structHash);
        }
    }
}
