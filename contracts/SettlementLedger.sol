// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {ISettlementLedger} from "./interfaces/ISettlementLedger.sol";
import {Payouts} from "./libraries/Payouts.sol";
import {PeriodKinds} from "./libraries/PeriodKinds.sol";
import {Rfc6962} from "./libraries/Rfc6962.sol";
import {OracleQuorum} from "./settlement/OracleQuorum.sol";
import {PayoutCaps} from "./settlement/PayoutCaps.sol";
import {SettlementBook} from "./settlement/SettlementBook.sol";

contract SettlementLedger is SettlementBook {
    // ------------------------------------------------------------------------------------------------- CONSTANTS

    bytes32 private constant PROPOSAL_TYPEHASH = keccak256(
        "Proposal(bytes32 deploymentId,uint32 periodIndex,uint32 revision,uint64 periodStart,uint64 periodEnd,"
        "uint32 modelVersion,bytes32 paramsDigest,bytes32 assignmentRoot,uint32 leafCount,bytes32 rosterRoot,"
        "bytes32 aggregatesRoot,bytes32 ingestRoot,uint64 ingestSize,uint256 total,bytes32 payoutsRoot,"
        "uint32 chunkCount,bytes32 previousSettlement)"
    );
    bytes32 private constant VOID_TYPEHASH = keccak256("Void(bytes32 settlement)");

    uint64 private constant VOID_DELAY = 30 days;

    // ----------------------------------------------------------------------------------------------- CONSTRUCTOR

    constructor(Configuration memory config)
        AccessManaged(config.authority)
        EIP712("SettlementLedger", "1")
        PayoutCaps(config.minNotice, config.periodCap, config.memberCap)
        OracleQuorum(config.requiredSignatures)
        SettlementBook(config)
    {}

    // --------------------------------------------------------------------------------------------------- OPENING

    /// @inheritdoc ISettlementLedger
    function open(Proposal calldata proposal, bytes[] calldata signatures) external {
        bytes32 proposalHash = keccak256(abi.encode(PROPOSAL_TYPEHASH, proposal));
        if (_isOpened(proposal, proposalHash)) return;
        _token.requireRunning();
        uint96 totalBefore = proposal.revision == 0 ? _requireNextPeriod(proposal) : _requireNextRevision(proposal);
        _requireModel(proposal);
        uint96 memberCap = _requireTotal(proposal, totalBefore);
        bytes32 previous = lastSettlementHash();
        if (proposal.previousSettlement != previous) {
            revert SettlementLedgerWrongPrevious(proposal.previousSettlement, previous);
        }
        _requireQuorum(proposalHash, signatures);
        _store(proposal, proposalHash, totalBefore, memberCap);
        emit SettlementOpened(proposal.periodIndex, proposal.revision, proposalHash, proposal);
        if (proposal.chunkCount == 0) emit SettlementPaid(proposal.periodIndex, proposal.revision, 0, 0);
    }

    function _isOpened(Proposal calldata proposal, bytes32 proposalHash) private view returns (bool) {
        bytes32 opened = _records[proposal.periodIndex][proposal.revision].proposalHash;
        if (opened == proposalHash) return true;
        if (opened != 0) {
            revert SettlementLedgerConflict(proposal.periodIndex, proposal.revision, opened, proposalHash);
        }
        if (proposal.deploymentId != _deploymentId) {
            revert SettlementLedgerWrongDeployment(proposal.deploymentId, _deploymentId);
        }
        return false;
    }

    /// @return No total before the first revision.
    function _requireNextPeriod(Proposal calldata proposal) private view returns (uint96) {
        if (proposal.periodIndex != _nextPeriodIndex) {
            revert SettlementLedgerWrongPeriodIndex(proposal.periodIndex, _nextPeriodIndex);
        }
        (uint64 start, uint64 end) = (proposal.periodStart, proposal.periodEnd);
        if (_nextPeriodIndex != 0 && start != _lastPeriodEnd) {
            revert SettlementLedgerWrongBounds(start, end, _lastPeriodEnd, 0);
        }
        (uint64 min, uint64 max) = PeriodKinds.lengthRange(_periodKind);
        uint64 length = end > start ? end - start : 0;
        if (length < min || length > max) revert SettlementLedgerWrongLength(length, min, max);
        if (end > block.timestamp) revert SettlementLedgerPeriodNotOver(end, uint64(block.timestamp));
        return 0;
    }

    /// @return Total of the revisions before, in base units.
    function _requireNextRevision(Proposal calldata proposal) private view returns (uint96) {
        uint32 index = proposal.periodIndex;
        if (index >= _nextPeriodIndex) revert SettlementLedgerWrongPeriodIndex(index, _nextPeriodIndex);
        uint32 latest = proposal.revision - 1;
        Record storage before = _records[index][latest];
        // This revision itself does not exist: it is the next one if the one before does.
        if (before.openedAt == 0) {
            revert SettlementLedgerWrongRevision(index, proposal.revision, latestRevision(index) + 1);
        }
        if (_state(before) == OPEN) revert SettlementLedgerRevisionOpen(index, latest);
        (uint64 start, uint64 end) = (before.periodStart, before.periodEnd);
        if (proposal.periodStart != start || proposal.periodEnd != end) {
            revert SettlementLedgerWrongBounds(proposal.periodStart, proposal.periodEnd, start, end);
        }
        return before.periodTotal;
    }

    function _requireModel(Proposal calldata proposal) private view {
        uint32 version = _models.versionAt(proposal.periodStart);
        if (version == 0 || proposal.modelVersion != version) {
            revert SettlementLedgerWrongModel(proposal.modelVersion, version);
        }
    }

    /// @return memberCap Cap that the payouts of this settlement have to keep, in base units.
    function _requireTotal(Proposal calldata proposal, uint96 totalBefore) private view returns (uint96 memberCap) {
        bool empty = proposal.total == 0;
        if (empty != (proposal.chunkCount == 0) || empty != (proposal.payoutsRoot == 0)) {
            revert SettlementLedgerPayoutsInconsistent(proposal.total, proposal.chunkCount, proposal.payoutsRoot);
        }
        uint96 periodCap;
        (periodCap, memberCap) = caps();
        uint96 room = periodCap > totalBefore ? periodCap - totalBefore : 0;
        if (proposal.total > room) revert SettlementLedgerPeriodCapExceeded(proposal.total, room);
    }

    /// @dev The total is below the cap and the times are not after now, so 96 and 40 bits hold them.
    function _store(Proposal calldata proposal, bytes32 proposalHash, uint96 totalBefore, uint96 memberCap) private {
        Record storage record = _records[proposal.periodIndex][proposal.revision];
        record.proposalHash = proposalHash;
        record.assignmentRoot = proposal.assignmentRoot;
        record.payoutsRoot = proposal.payoutsRoot;
        (record.total, record.memberCap, record.leafCount) = (uint96(proposal.total), memberCap, proposal.leafCount);
        (record.periodTotal, record.chunkCount) = (totalBefore + uint96(proposal.total), proposal.chunkCount);
        (record.periodStart, record.periodEnd) = (uint40(proposal.periodStart), uint40(proposal.periodEnd));
        record.openedAt = uint40(block.timestamp);
        (_lastOpenedPeriod, _lastOpenedRevision) = (proposal.periodIndex, proposal.revision);
        if (proposal.revision == 0) {
            (_nextPeriodIndex, _lastPeriodEnd) = (proposal.periodIndex + 1, uint40(proposal.periodEnd));
        }
    }

    // ---------------------------------------------------------------------------------------------------- PAYING

    /// @inheritdoc ISettlementLedger
    function pay(
        uint32 periodIndex,
        uint32 revision,
        uint32 chunk,
        bytes32[] calldata payouts,
        bytes32[] calldata proof
    ) external {
        Record storage record = _existing(periodIndex, revision);
        _requireChunk(record, chunk, payouts, proof);
        uint32 next = record.nextChunk;
        if (chunk < next) return;
        if (record.voided) revert SettlementLedgerVoided(periodIndex, revision);
        if (chunk > next) revert SettlementLedgerChunkOutOfOrder(chunk, next);

        address previous = record.lastWallet;
        record.lastWallet = Payouts.lastWallet(payouts, previous);
        record.nextChunk = next + 1;
        (uint256 credited, uint256 skipped) = _credit(record, payouts, previous);
        (uint256 paidSum, uint256 skippedSum) = _add(record, credited, skipped);
        emit ChunkPaid(periodIndex, revision, chunk, credited, skipped);
        if (chunk + 1 == record.chunkCount) emit SettlementPaid(periodIndex, revision, paidSum, skippedSum);
    }

    function _requireChunk(
        Record storage record,
        uint32 chunk,
        bytes32[] calldata payouts,
        bytes32[] calldata proof
    ) private view {
        uint32 count = record.chunkCount;
        bytes32 root = Rfc6962.rootFromPath(Payouts.leafHash(chunk, payouts), chunk, count, proof);
        if (root == 0 || root != record.payoutsRoot) {
            revert SettlementLedgerWrongChunk(chunk, count, root, record.payoutsRoot);
        }
    }

    /// @dev The policy never changes its past, so that its fee at opening need not be stored.
    function _credit(Record storage record, bytes32[] calldata payouts, address previous)
        private
        returns (uint256 credited, uint256 skipped)
    {
        (uint16 citizenBps, uint16 stakeholderBps) = _policy.assignmentFeesAt(record.openedAt);
        return _token.creditBatch(payouts, previous, record.memberCap, citizenBps, stakeholderBps);
    }

    /// @dev Adds a chunk to the sums, which stay within the total and meet it on the last chunk.
    function _add(Record storage record, uint256 credited, uint256 skipped)
        private
        returns (uint256 paidSum, uint256 skippedSum)
    {
        paidSum = record.paid + credited;
        skippedSum = record.skipped + skipped;
        uint256 sum = paidSum + skippedSum;
        uint256 total = record.total;
        bool isLast = record.nextChunk == record.chunkCount;
        if (sum > total || (isLast && sum != total)) revert SettlementLedgerWrongTotal(sum, total);
        record.paid = uint96(paidSum);
        record.skipped = uint96(skippedSum);
    }

    // --------------------------------------------------------------------------------------------------- VOIDING

    /// @inheritdoc ISettlementLedger
    function voidRest(uint32 periodIndex, uint32 revision, bytes[] calldata signatures) external {
        Record storage record = _existing(periodIndex, revision);
        if (record.voided) return;
        uint64 notBefore = _state(record) == OPEN ? record.openedAt + VOID_DELAY : 0;
        if (notBefore == 0 || block.timestamp < notBefore) {
            revert SettlementLedgerCannotVoid(uint64(block.timestamp), notBefore);
        }
        _requireQuorum(keccak256(abi.encode(VOID_TYPEHASH, record.proposalHash)), signatures);
        _void(record, periodIndex, revision);
    }

    /// @inheritdoc ISettlementLedger
    function voidRestInPause(uint32 periodIndex, uint32 revision) external restricted {
        Record storage record = _existing(periodIndex, revision);
        if (record.voided) return;
        if (_state(record) != OPEN) revert SettlementLedgerCannotVoid(uint64(block.timestamp), 0);
        if (!_token.isPaused()) revert SettlementLedgerNotPaused(periodIndex, revision);
        _void(record, periodIndex, revision);
    }

    function _void(Record storage record, uint32 periodIndex, uint32 revision) private {
        record.voided = true;
        uint96 rest = record.total - record.paid - record.skipped;
        record.periodTotal -= rest;
        emit SettlementVoided(periodIndex, revision, rest);
    }

    // ------------------------------------------------------------------------------------------------ INGEST LOG

    /// @inheritdoc ISettlementLedger
    function anchorIngest(bytes32 root, uint64 size) external restricted {
        (bytes32 anchoredRoot, uint64 anchoredSize) = (_ingestRoot, _ingestSize);
        if (size == anchoredSize && root == anchoredRoot) return;
        if (size <= anchoredSize) revert SettlementLedgerIngestConflict(root, size, anchoredRoot, anchoredSize);
        _ingestRoot = root;
        _ingestSize = size;
        emit IngestAnchored(root, size);
    }
}
