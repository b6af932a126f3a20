// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ICommunityToken} from "../interfaces/ICommunityToken.sol";
import {IRewardModels} from "../interfaces/IRewardModels.sol";
import {ISettlementLedger} from "../interfaces/ISettlementLedger.sol";
import {ITokenPolicy} from "../interfaces/ITokenPolicy.sol";
import {PeriodKinds} from "../libraries/PeriodKinds.sol";
import {OracleQuorum} from "./OracleQuorum.sol";

/// @dev What the SettlementLedger remembers and shows: its storage and its views.
abstract contract SettlementBook is OracleQuorum {
    // ------------------------------------------------------------------------------------------------- CONSTANTS

    uint8 internal constant OPEN = 1;
    uint8 internal constant PAID = 2;
    uint8 internal constant VOIDED = 3;

    // ------------------------------------------------------------------------------------------------ IMMUTABLES

    ICommunityToken internal immutable _token;
    IRewardModels internal immutable _models;
    ITokenPolicy internal immutable _policy;
    bytes32 internal immutable _deploymentId;
    uint8 internal immutable _periodKind;

    // --------------------------------------------------------------------------------------------------- STORAGE
    // After the slots of the bases: head (in the word of the quorum), community id, records, ingest log.

    /// Seven words. Opening writes the first five, a chunk the last two.
    struct Record {
        bytes32 proposalHash;
        bytes32 assignmentRoot;
        bytes32 payoutsRoot;
        // Terms.
        uint96 total;
        uint96 memberCap;
        uint32 leafCount;
        // What the next revision reads; `periodTotal` is the sum of this and all earlier revisions, less voided rests.
        uint96 periodTotal;
        uint40 periodStart;
        uint40 periodEnd;
        uint40 openedAt;
        uint32 chunkCount;
        // Progress.
        address lastWallet;
        uint32 nextChunk;
        bool voided;
        // Amounts.
        uint96 paid;
        uint96 skipped;
    }

    uint32 internal _nextPeriodIndex;
    uint40 internal _lastPeriodEnd;
    /// Period and revision of the proposal opened last.
    uint32 internal _lastOpenedPeriod;
    uint32 internal _lastOpenedRevision;

    string internal _communityId;
    mapping(uint32 periodIndex => mapping(uint32 revision => Record)) internal _records;
    bytes32 internal _ingestRoot;
    uint64 internal _ingestSize;

    // ----------------------------------------------------------------------------------------------- CONSTRUCTOR

    constructor(Configuration memory config) {
        if (config.periodKind > PeriodKinds.MONTH) {
            revert SettlementLedgerOutOfRange("periodKind", config.periodKind, 0, PeriodKinds.MONTH);
        }
        uint256 idLength = bytes(config.communityId).length;
        if (idLength > type(uint16).max) {
            revert SettlementLedgerOutOfRange("communityId", idLength, 0, type(uint16).max);
        }
        _token = ICommunityToken(config.token);
        _models = IRewardModels(config.models);
        _policy = ITokenPolicy(config.policy);
        _periodKind = config.periodKind;
        _communityId = config.communityId;
        _deploymentId = sha256(
            abi.encodePacked(
                "lecn.dep",
                uint64(block.chainid),
                config.genesisHash,
                address(this),
                uint16(idLength),
                config.communityId
            )
        );
    }

    // ----------------------------------------------------------------------------------------------------- VIEWS

    /// @inheritdoc ISettlementLedger
    function settlement(uint32 periodIndex, uint32 revision) external view returns (Settlement memory) {
        Record storage record = _records[periodIndex][revision];
        return Settlement({
            assignmentRoot: record.assignmentRoot,
            leafCount: record.leafCount,
            periodStart: record.periodStart,
            periodEnd: record.periodEnd,
            total: record.total,
            paid: record.paid,
            skipped: record.skipped,
            nextChunk: record.nextChunk,
            chunkCount: record.chunkCount,
            payoutsRoot: record.payoutsRoot,
            proposalHash: record.proposalHash,
            openedAt: record.openedAt,
            state: _state(record)
        });
    }

    /// @inheritdoc ISettlementLedger
    function nextPeriodIndex() external view returns (uint32) {
        return _nextPeriodIndex;
    }

    /// @inheritdoc ISettlementLedger
    function latestRevision(uint32 periodIndex) public view returns (uint32 latest) {
        if (periodIndex >= _nextPeriodIndex) revert SettlementLedgerUnknown(periodIndex, 0);
        // Counted, not stored: a period has few revisions, and opening one would pay for the storage.
        while (_records[periodIndex][latest + 1].openedAt != 0) ++latest;
    }

    /// @inheritdoc ISettlementLedger
    function lastPeriodEnd() external view returns (uint64) {
        return _lastPeriodEnd;
    }

    /// @inheritdoc ISettlementLedger
    function lastSettlementHash() public view returns (bytes32) {
        return _records[_lastOpenedPeriod][_lastOpenedRevision].proposalHash;
    }

    /// @inheritdoc ISettlementLedger
    function ingest() external view returns (bytes32 root, uint64 size) {
        return (_ingestRoot, _ingestSize);
    }

    /// @inheritdoc ISettlementLedger
    function token() external view returns (address) {
        return address(_token);
    }

    /// @inheritdoc ISettlementLedger
    function models() external view returns (address) {
        return address(_models);
    }

    /// @inheritdoc ISettlementLedger
    function policy() external view returns (address) {
        return address(_policy);
    }

    /// @inheritdoc ISettlementLedger
    function deploymentId() external view returns (bytes32) {
        return _deploymentId;
    }

    /// @inheritdoc ISettlementLedger
    function communityId() external view returns (string memory) {
        return _communityId;
    }

    /// @inheritdoc ISettlementLedger
    function periodKind() external view returns (uint8) {
        return _periodKind;
    }

    // -------------------------------------------------------------------------------------------------- INTERNAL

    function _existing(uint32 periodIndex, uint32 revision) internal view returns (Record storage record) {
        record = _records[periodIndex][revision];
        if (record.openedAt == 0) revert SettlementLedgerUnknown(periodIndex, revision);
    }

    function _state(Record storage record) internal view returns (uint8) {
        if (record.openedAt == 0) return 0;
        if (record.voided) return VOIDED;
        return record.nextChunk == record.chunkCount ? PAID : OPEN;
    }
}
