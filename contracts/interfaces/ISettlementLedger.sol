// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title The settlements of one energy community
/// @notice Commitment and payout of every settlement period, exactly once.
///
/// A settlement goes `open` (k oracles signed the proposal) → `pay` chunk by chunk (anybody) → Paid; after 30 days k
/// oracles, or in a pause the community administrator, may void an unpaid rest. A correction is a new revision of the
/// whole period that pays the differences.
///
/// - Periods have no gap, in number or in time; the first has index 0. A period's length is that of the ledger's kind.
/// - The chain of proposals is unbroken: each names the EIP-712 struct hash of the one opened before it.
/// - Chunks are paid in order, wallets ascend through all chunks of a settlement: nobody is credited twice.
/// - The totals of all revisions of a period together never exceed the period cap in force at opening; the rest of a
///   voided settlement, which can never be paid, does not count. No payout exceeds the member cap at opening.
/// - The assignment fee is that of the TokenPolicy at opening, whose past never changes. Caps, paid and skipped are
///   gross: before the fee.
/// - Nothing is opened while the token is paused or the community is suspended, nothing is paid in a pause; what was
///   opened is paid after the pause, and also in a suspension.
/// - Opening the same proposal again and paying a paid chunk again succeed and change nothing.
///
/// Typed data of the domain `SettlementLedger`, version `1`: `Proposal(...)` in the field order below and
/// `Void(bytes32 settlement)`. Signers hold the oracle role of the authority without a delay, are distinct and sorted
/// by address.
///
/// Assumptions:
/// - The authority lets this contract call `creditBatch` of the token.
/// - Signing oracles have the chunk file of the proposal they sign; it is published, so that anybody can finish.
///
/// Warning: the ledger cannot know calendars; that a day begins at local midnight is checked by the oracles.
/// Warning: k stolen oracle keys can pay up to the caps to any members; the caps bound the damage.
interface ISettlementLedger {
    /// @notice What the oracles sign. Roots are SHA-256 trees (RFC 6962), digests SHA-256.
    struct Proposal {
        bytes32 deploymentId; // ties the signature to one network, ledger and community
        uint32 periodIndex; // from 0
        uint32 revision; // from 0
        uint64 periodStart; // unix seconds
        uint64 periodEnd; // unix seconds, exclusive
        uint32 modelVersion; // of RewardModels at periodStart
        bytes32 paramsDigest;
        bytes32 assignmentRoot;
        uint32 leafCount; // leaves of the assignment tree and of the roster
        bytes32 rosterRoot;
        bytes32 aggregatesRoot;
        bytes32 ingestRoot; // 0 without an ingest log
        uint64 ingestSize;
        uint256 total; // base units, sum of all payouts
        bytes32 payoutsRoot; // 0 without chunks
        uint32 chunkCount;
        bytes32 previousSettlement; // struct hash of the proposal opened before, 0 for the first
    }

    /// @notice What the ledger knows of a settlement.
    struct Settlement {
        bytes32 assignmentRoot;
        uint32 leafCount;
        uint64 periodStart; // unix seconds
        uint64 periodEnd; // unix seconds, exclusive
        uint256 total; // base units
        uint256 paid; // base units credited so far
        uint256 skipped; // base units not credited so far because the wallet is no member
        uint32 nextChunk;
        uint32 chunkCount;
        bytes32 payoutsRoot;
        bytes32 proposalHash; // EIP-712 struct hash
        uint64 openedAt; // unix seconds
        uint8 state; // 0 none, 1 open, 2 paid, 3 voided
    }

    /// @notice First arguments of the ledger, fixed for ever but for the caps and the number of signatures.
    struct Configuration {
        address authority; // AccessManager of the community
        address token;
        address models;
        address policy; // TokenPolicy: the assignment fee
        string communityId;
        bytes32 genesisHash; // of the network, enters the deployment id
        uint8 periodKind; // 0 day, 1 week, 2 month
        uint64 minNotice; // seconds, at least one hour
        uint96 periodCap; // base units
        uint96 memberCap; // base units
        uint8 requiredSignatures; // at least 1
    }

    /// @notice A proposal was opened; `proposalHash` is its EIP-712 struct hash.
    event SettlementOpened(
        uint32 indexed periodIndex, uint32 indexed revision, bytes32 indexed proposalHash, Proposal proposal
    );

    /// @notice A chunk was paid: base units credited and skipped in it.
    event ChunkPaid(
        uint32 indexed periodIndex, uint32 indexed revision, uint32 indexed chunk, uint256 credited, uint256 skipped
    );

    /// @notice The last chunk was paid: base units credited and skipped in all of them.
    event SettlementPaid(uint32 indexed periodIndex, uint32 indexed revision, uint256 paid, uint256 skipped);

    /// @notice The unpaid rest (base units) was voided and is a claim of the members.
    event SettlementVoided(uint32 indexed periodIndex, uint32 indexed revision, uint256 rest);

    /// @notice The append-only ingest log had this root at this size.
    event IngestAnchored(bytes32 root, uint64 size);

    /// @notice Caps (base units) that apply to settlements opened from `validFrom` (unix seconds) on.
    event CapsScheduled(uint96 periodCap, uint96 memberCap, uint64 validFrom);

    /// @notice Number of signatures needed from `validFrom` (unix seconds) on; replaces a number still to come.
    event RequiredSignaturesScheduled(uint8 requiredSignatures, uint64 validFrom);

    /// @notice The proposal is made for another network, ledger or community.
    error SettlementLedgerWrongDeployment(bytes32 given, bytes32 expected);
    /// @notice Another proposal is open under this period and revision.
    error SettlementLedgerConflict(uint32 periodIndex, uint32 revision, bytes32 opened, bytes32 given);
    /// @notice The next period, or the next revision of an earlier one, is `expected`.
    error SettlementLedgerWrongPeriodIndex(uint32 given, uint32 expected);
    /// @notice The next revision of this period is `expected`.
    error SettlementLedgerWrongRevision(uint32 periodIndex, uint32 given, uint32 expected);
    /// @notice The revision before is still open: pay or void it first.
    error SettlementLedgerRevisionOpen(uint32 periodIndex, uint32 revision);
    /// @notice Periods leave no gap and revisions keep their bounds: `expected` unix seconds (end 0: not yet fixed).
    error SettlementLedgerWrongBounds(uint64 start, uint64 end, uint64 expectedStart, uint64 expectedEnd);
    /// @notice The length (seconds) is not that of the ledger's kind of period.
    error SettlementLedgerWrongLength(uint64 length, uint64 min, uint64 max);
    /// @notice The period ends after now (unix seconds).
    error SettlementLedgerPeriodNotOver(uint64 periodEnd, uint64 now_);
    /// @notice The model in force at the start of the period is `expected` (0: none).
    error SettlementLedgerWrongModel(uint32 given, uint32 expected);
    /// @notice Total 0, chunk count 0 and payouts root 0 come together or not at all.
    error SettlementLedgerPayoutsInconsistent(uint256 total, uint32 chunkCount, bytes32 payoutsRoot);
    /// @notice The total exceeds the room (base units) that the other revisions of the period leave under the cap.
    error SettlementLedgerPeriodCapExceeded(uint256 total, uint256 room);
    /// @notice The settlement opened last has another hash.
    error SettlementLedgerWrongPrevious(bytes32 given, bytes32 expected);
    /// @notice Fewer signatures than required.
    error SettlementLedgerTooFewSignatures(uint256 given, uint256 required);
    /// @notice The signer does not hold the oracle role, or only with a delay.
    error SettlementLedgerNotOracle(address signer);
    /// @notice Signers must be distinct and sorted by address.
    error SettlementLedgerSignersNotAscending(address signer, address previous);
    /// @notice There is no settlement of this period and revision.
    error SettlementLedgerUnknown(uint32 periodIndex, uint32 revision);
    /// @notice The rest was voided.
    error SettlementLedgerVoided(uint32 periodIndex, uint32 revision);
    /// @notice The chunk and its path lead to another root: it is not this chunk of this settlement.
    error SettlementLedgerWrongChunk(uint32 chunk, uint32 chunkCount, bytes32 root, bytes32 expected);
    /// @notice Chunks are paid in order.
    error SettlementLedgerChunkOutOfOrder(uint32 chunk, uint32 nextChunk);
    /// @notice The chunks add up to another sum than the total (base units).
    error SettlementLedgerWrongTotal(uint256 sum, uint256 total);
    /// @notice A settlement is voided at the earliest 30 days after opening, or never once it is paid (`notBefore` 0).
    error SettlementLedgerCannotVoid(uint64 now_, uint64 notBefore);
    /// @notice Without signatures a rest is voided only while the token is paused.
    error SettlementLedgerNotPaused(uint32 periodIndex, uint32 revision);
    /// @notice The ingest log never shrinks, and never changes at the same size.
    error SettlementLedgerIngestConflict(bytes32 root, uint64 size, bytes32 anchoredRoot, uint64 anchoredSize);
    /// @notice `validFrom` (unix seconds) must lie after now + notice and at most two years ahead.
    error SettlementLedgerValidFromOutOfRange(uint64 validFrom, uint64 earliest, uint64 latest);
    /// @notice `validFrom` must not be before the `validFrom` of the caps scheduled last.
    error SettlementLedgerCapsOutOfOrder(uint64 validFrom, uint64 lastValidFrom);
    /// @notice A constructor argument or a number of signatures is outside its range.
    error SettlementLedgerOutOfRange(string name, uint256 given, uint256 min, uint256 max);

    /// @notice Opens a settlement. Anybody may send it; the signatures decide.
    ///
    /// - The proposal already opened: nothing happens. Another one for its period and revision is refused.
    /// - Without payouts (total 0) the settlement is Paid at once.
    /// @param signatures At least the required number, each 65 bytes r, s, v, ascending by signer.
    function open(Proposal calldata proposal, bytes[] calldata signatures) external;

    /// @notice Pays the next chunk of an open settlement. Anybody may send it.
    ///
    /// - A chunk already paid: nothing happens. Other content is refused.
    /// - Wallets that do not ascend through the chunks and payouts above the member cap are refused by the token.
    /// @param payouts The words of the chunk: `address << 96 | uint96 amount`, ascending.
    /// @param proof RFC 6962 path from chunk `chunk` to the payouts root.
    function pay(
        uint32 periodIndex,
        uint32 revision,
        uint32 chunk,
        bytes32[] calldata payouts,
        bytes32[] calldata proof
    ) external;

    /// @notice Voids the unpaid rest of a settlement that is open for 30 days. Anybody may send it.
    ///
    /// - What was paid stands; the rest is a claim of the members. A voided one again: nothing happens.
    /// @param signatures As for `open`, over `Void(bytes32 settlement)` with the settlement's proposal hash.
    function voidRest(uint32 periodIndex, uint32 revision, bytes[] calldata signatures) external;

    /// @notice Voids the unpaid rest of a settlement of any age while the token is paused: the way out after oracle keys
    /// were stolen. Restricted to the community administrator. A voided one again: nothing happens.
    function voidRestInPause(uint32 periodIndex, uint32 revision) external;

    /// @notice Anchors root and size of the ingest log. Restricted to oracles. The same again: nothing happens.
    function anchorIngest(bytes32 root, uint64 size) external;

    /// @notice Schedules caps (base units) for settlements opened from `validFrom` on. Restricted to the community
    /// administrator, with the notice.
    function scheduleCaps(uint96 periodCap, uint96 memberCap, uint64 validFrom) external;

    /// @notice Sets the number of signatures: raised at once, lowered after the notice. Restricted to the oracle
    /// administrator. It replaces a number that is still to come.
    function setRequiredSignatures(uint8 requiredSignatures_) external;

    /// @notice A settlement; all zero if there is none.
    function settlement(uint32 periodIndex, uint32 revision) external view returns (Settlement memory);

    /// @notice Index of the period that can be opened next; periods below it exist.
    function nextPeriodIndex() external view returns (uint32);

    /// @notice Last revision of an existing period; reverts for a period that was never opened.
    function latestRevision(uint32 periodIndex) external view returns (uint32);

    /// @notice End (unix seconds) of the last period, 0 if there is none.
    function lastPeriodEnd() external view returns (uint64);

    /// @notice Struct hash of the proposal opened last, 0 if there is none.
    function lastSettlementHash() external view returns (bytes32);

    /// @notice Root and size of the ingest log anchored last.
    function ingest() external view returns (bytes32 root, uint64 size);

    /// @notice Caps now in force, in base units.
    function caps() external view returns (uint96 periodCap, uint96 memberCap);

    /// @notice Caps scheduled last, which may be those in force.
    function scheduledCaps() external view returns (uint96 periodCap, uint96 memberCap, uint64 validFrom);

    /// @notice Number of signatures now required.
    function requiredSignatures() external view returns (uint8);

    /// @notice Number of signatures required from `validFrom` (unix seconds) on; 0, 0 if no change is to come.
    function scheduledSignatures() external view returns (uint8 required, uint64 validFrom);

    /// @notice Seconds of notice for caps and for fewer signatures.
    function minNotice() external view returns (uint64);

    /// @notice Token in which settlements are paid.
    function token() external view returns (address);

    /// @notice Reward models that settle the periods.
    function models() external view returns (address);

    /// @notice Policy whose assignment fee the payouts bear.
    function policy() external view returns (address);

    /// @notice SHA-256 that tells this ledger on this network from every other.
    function deploymentId() external view returns (bytes32);

    /// @notice Id of the community in clear.
    function communityId() external view returns (string memory);

    /// @notice Kind of period: 0 day, 1 week, 2 month.
    function periodKind() external view returns (uint8);
}
