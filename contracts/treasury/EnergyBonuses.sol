// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITokenPolicy} from "../interfaces/ITokenPolicy.sol";
import {ITreasury} from "../interfaces/ITreasury.sol";
import {Rfc6962} from "../libraries/Rfc6962.sol";
import {EnergyChunks} from "./EnergyChunks.sol";
import {TreasuryLinks} from "./TreasuryLinks.sol";

/// @dev One run for each GSE period, committed by a root and paid in chunks, each once. Part of the Treasury.
abstract contract EnergyBonuses is TreasuryLinks {
    uint8 private constant PROSUMER = 1;
    uint8 private constant PROSUMER_WITH_STORAGE = 2;

    mapping(uint32 gsePeriod => EnergyRun) private _runs;

    // --------------------------------------------------------------------------------------------------- OPENING

    /// @inheritdoc ITreasury
    function openEnergyBonus(uint32 gsePeriod, bytes32 root, uint32 chunkCount, uint32 entryCount)
        external
        restricted
    {
        if (_isOpened(_runs[gsePeriod], gsePeriod, root, chunkCount, entryCount)) return;
        if (root == 0 || chunkCount == 0 || entryCount == 0) {
            revert TreasuryEnergyRunEmpty(root, chunkCount, entryCount);
        }
        EnergyRun memory run;
        ITokenPolicy.Bonuses memory bonuses = _policy.bonusesAt(_now());
        (run.root, run.chunkCount, run.entryCount) = (root, chunkCount, entryCount);
        run.consumerUnits = bonuses.energyConsumerUnits;
        run.prosumerUnits = bonuses.energyProsumerUnits;
        run.prosumerWithStorageUnits = bonuses.energyProsumerWithStorageUnits;
        run.openedAt = uint40(block.timestamp);
        _runs[gsePeriod] = run;
        emit EnergyBonusOpened(gsePeriod, run);
    }

    function _isOpened(
        EnergyRun storage run,
        uint32 gsePeriod,
        bytes32 root,
        uint32 chunkCount,
        uint32 entryCount
    ) private view returns (bool) {
        if (run.openedAt == 0) return false;
        bool same = run.root == root && run.chunkCount == chunkCount && run.entryCount == entryCount;
        if (!same) revert TreasuryEnergyRunConflict(gsePeriod, run.root, run.chunkCount, run.entryCount);
        return true;
    }

    // ---------------------------------------------------------------------------------------------------- PAYING

    /// @inheritdoc ITreasury
    function payEnergyBonus(
        uint32 gsePeriod,
        uint32 chunk,
        EnergyBonusEntry[] calldata entries,
        bytes32[] calldata proof
    ) external {
        EnergyRun storage run = _runs[gsePeriod];
        if (run.openedAt == 0) revert TreasuryNoEnergyRun(gsePeriod);
        _requireChunk(run, chunk, entries, proof);
        uint32 next = run.nextChunk;
        if (chunk < next) return;
        if (chunk > next) revert TreasuryChunkOutOfOrder(chunk, next);
        _advance(run, gsePeriod, entries);
        (uint256 paid, uint256 skipped) = (0, 0);
        for (uint256 i; i < entries.length; ++i) {
            (uint256 given, uint256 withheld) = _payEntry(run, gsePeriod, entries[i]);
            (paid, skipped) = (paid + given, skipped + withheld);
        }
        emit EnergyChunkPaid(gsePeriod, chunk, paid, skipped);
    }

    function _requireChunk(
        EnergyRun storage run,
        uint32 chunk,
        EnergyBonusEntry[] calldata entries,
        bytes32[] calldata proof
    ) private view {
        uint32 count = run.chunkCount;
        bytes32 root = Rfc6962.rootFromPath(EnergyChunks.leafHash(chunk, entries), chunk, count, proof);
        if (root != run.root) revert TreasuryWrongChunk(chunk, count, root, run.root);
    }

    /// @dev Counts the chunk as done before anything of it is paid.
    function _advance(EnergyRun storage run, uint32 gsePeriod, EnergyBonusEntry[] calldata entries) private {
        bytes32 previous = run.lastMemberId;
        for (uint256 i; i < entries.length; ++i) {
            bytes32 memberId = entries[i].memberId;
            if (memberId <= previous) revert TreasuryMembersNotAscending(memberId, previous);
            previous = memberId;
        }
        run.lastMemberId = previous;
        uint256 done = run.entriesDone + entries.length;
        bool isLast = ++run.nextChunk == run.chunkCount;
        if (done > run.entryCount || (isLast && done != run.entryCount)) {
            revert TreasuryWrongEntryCount(gsePeriod, done, run.entryCount);
        }
        run.entriesDone = uint32(done);
    }

    function _payEntry(EnergyRun storage run, uint32 gsePeriod, EnergyBonusEntry calldata entry)
        private
        returns (uint256 paid, uint256 skipped)
    {
        (bytes32 memberId, uint8 profile) = (entry.memberId, entry.profile);
        uint256 units = _unitsOf(run, memberId, profile);
        address wallet = _members.walletOf(memberId);
        if (wallet == address(0)) {
            emit EnergyBonusSkipped(gsePeriod, memberId, profile, units);
            return (0, units);
        }
        emit EnergyBonusPaid(gsePeriod, memberId, wallet, profile, units);
        _give(wallet, units);
        return (units, 0);
    }

    function _unitsOf(EnergyRun storage run, bytes32 memberId, uint8 profile) private view returns (uint256) {
        if (profile > PROSUMER_WITH_STORAGE) {
            revert TreasuryProfileOutOfRange(memberId, profile, PROSUMER_WITH_STORAGE);
        }
        if (profile == PROSUMER_WITH_STORAGE) return run.prosumerWithStorageUnits;
        return profile == PROSUMER ? run.prosumerUnits : run.consumerUnits;
    }

    // ----------------------------------------------------------------------------------------------------- VIEWS

    /// @inheritdoc ITreasury
    function energyRun(uint32 gsePeriod) external view returns (EnergyRun memory) {
        return _runs[gsePeriod];
    }
}
