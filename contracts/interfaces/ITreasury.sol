// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title The control wallet of one energy community
/// @notice Holds the community's own tokens and gives them away by the rules of the policy, never otherwise.
///
/// | purpose | amount | how often | who starts it | means are short |
/// |---|---|---|---|---|
/// | welcome bonus | policy, by class, at the first join | once ever per member id | MemberRegistry | stays owed |
/// | incentive | policy at acceptance, within budgets | once per agreement | ServiceExchange | reduced |
/// | energy bonus | policy at opening, by profile | one run per GSE period | token administrator | refused |
/// | community service | price agreed, categories 6 to 8 | once per agreement | ServiceExchange | refused |
/// | sale | `cents * unitsPerCent` | once per payment reference | token administrator | refused |
///
/// Tokens come in by `issue` within the yearly budget, by fees, by sweeps of wallets that left, and by gifts. They go
/// out by the table above and by `burn`; there is no other way, and none to a wallet that somebody names: members are
/// named by their ids, and paid to the wallet they have at that moment, frozen or left ones too.
///
/// Incentives: the `total` of an agreement is
/// `min(fixedUnits + floor(priceUnits * priceBps / 10,000), capUnits)` of the rule at acceptance. The payers' legs are
/// equal shares of it, the first payers bear one base unit of the remainder each. Of each leg, in the order of payers:
///
/// 1. It is cut to the least of: what the pair's monthly cap leaves to provider and payer, in whichever role they
///    traded; what the monthly budget leaves; what the Treasury holds.
/// 2. The provider has `floor(leg * providerPermille / 1,000)`, the payer the rest.
/// 3. Each part is cut to what its member's monthly cap leaves. What is cut goes to nobody and burdens no budget.
///
/// Months (30 days) and years (365 days) are counted from `start` of the policy; budgets are those in force when the
/// tokens move. The sums of a month are forgotten when the next one writes; the events keep them.
///
/// Assumptions:
/// - The authority lets the MemberRegistry alone call `grantWelcomeBonus`, and the ServiceExchange alone `fundService`
///   and `payIncentive`; it lets nobody call `bind` but the one transaction that wires a new community.
/// - The ServiceExchange asks for an agreement's incentive until it is closed, and never again; it names no member
///   twice.
/// - The token charges no fee on what the Treasury sends, and lets it send to every wallet a member has.
///
/// Warning: an incentive that finds budget, caps or balance exhausted is closed with what they left, and does not wait
/// for the next month. Keep the Treasury funded; budgets are public.
/// Warning: a payment reference is readable by everybody. Use the hash of the bank's reference with a salt.
/// Warning: the chunks of an energy run are checked when they are paid, not when the run is opened. A chunk that breaks
/// the rules (members not ascending, unknown profile) can never be paid, nor the chunks after it.
interface ITreasury {
    /// @notice A member and the profile of its energy bonus.
    struct EnergyBonusEntry {
        bytes32 memberId;
        uint8 profile; // 0 consumer, 1 prosumer, 2 prosumer with storage
    }

    /// @notice The energy bonuses of one GSE period.
    struct EnergyRun {
        bytes32 root; // of the chunks, see `openEnergyBonus`
        bytes32 lastMemberId; // of the chunks paid so far, 0 before the first
        uint96 consumerUnits; // amounts at opening, by profile
        uint96 prosumerUnits;
        uint40 openedAt; // unix seconds, 0: no run
        uint96 prosumerWithStorageUnits;
        uint32 chunkCount;
        uint32 entryCount; // of all chunks
        uint32 nextChunk; // chunkCount when the run is paid
        uint32 entriesDone; // paid or skipped
    }

    /// @notice A settled agreement that asks for its incentive.
    struct IncentiveRequest {
        bytes32 agreementId;
        uint8 category; // 1 to 5; others have no rule
        uint8 kind;
        uint64 acceptedAt; // unix seconds
        uint8 checks; // positive ones; bits: 1 sustainability, 2 social value
        uint96 priceUnits; // of all payers together
        bytes32 provider; // member id
        bytes32[] payers; // member ids, all different, none of them the provider
    }

    /// @notice A sale of tokens to a stakeholder.
    struct Sale {
        bytes32 memberId; // 0: the reference was never used
        uint128 units;
        uint64 cents;
        uint40 soldAt; // unix seconds
    }

    // ----------------------------------------------------------------------------------------------------- EVENTS

    /// @notice The Treasury serves this token and this member registry from now on.
    event TreasuryBound(address indexed token, address indexed members);

    /// @notice `amount` base units were issued; `issuedInYear` of the year with index `year` with them.
    event Issued(uint256 amount, uint256 indexed year, uint256 issuedInYear);

    /// @notice `amount` base units of the Treasury were burned.
    event Burned(uint256 amount);

    /// @notice The member bought `units` base units for `cents` euro cents.
    event Sold(bytes32 indexed paymentReference, bytes32 indexed memberId, uint64 cents, uint256 units);

    /// @notice The member joined for the first time and is owed `units` base units, which may be 0.
    event WelcomeBonusGranted(bytes32 indexed memberId, uint8 class_, uint256 units);

    /// @notice The welcome bonus was paid to the member's wallet.
    event WelcomeBonusPaid(bytes32 indexed memberId, address indexed wallet, uint256 units);

    /// @notice The energy bonuses of `gsePeriod` can be paid.
    event EnergyBonusOpened(uint32 indexed gsePeriod, EnergyRun run);

    /// @notice The energy bonus of a member was paid to its wallet.
    event EnergyBonusPaid(
        uint32 indexed gsePeriod, bytes32 indexed memberId, address indexed wallet, uint8 profile, uint256 units
    );

    /// @notice The energy bonus of a member without a wallet was not paid.
    event EnergyBonusSkipped(uint32 indexed gsePeriod, bytes32 indexed memberId, uint8 profile, uint256 units);

    /// @notice The chunk was paid; `paid` and `skipped` are its sums in base units.
    event EnergyChunkPaid(uint32 indexed gsePeriod, uint32 indexed chunk, uint256 paid, uint256 skipped);

    /// @notice `amount` base units went to the ServiceExchange for a service to the community.
    event ServiceFunded(address indexed exchange, uint256 amount);

    /// @notice The member's part of an agreement's incentive, in base units; the provider's is the sum over its payers.
    event IncentivePaid(bytes32 indexed agreementId, bytes32 indexed memberId, address indexed wallet, uint256 units);

    /// @notice Budgets, caps or the balance left `paid` of the `wanted` base units.
    event IncentiveReduced(bytes32 indexed agreementId, uint256 wanted, uint256 paid);

    // ----------------------------------------------------------------------------------------------------- ERRORS

    /// @notice The Treasury serves `token` already.
    error TreasuryAlreadyBound(address token);

    /// @notice The `part` of the set is `found`, and must be `expected`.
    error TreasuryNotLinked(string part, address found, address expected);

    /// @notice `amount` exceeds what the yearly budget leaves: `issued` of `budget` base units.
    error TreasuryYearlyBudgetExceeded(uint256 amount, uint256 issued, uint256 budget);

    /// @notice The community has no wallet of this member.
    error TreasuryUnknownMember(bytes32 memberId);

    /// @notice Tokens are sold to members of class `required` (2 stakeholder) only.
    error TreasuryNotAStakeholder(bytes32 memberId, uint8 class_, uint8 required);

    /// @notice Tokens are not sold to a member that left (statuses 3 and 4 of the token).
    error TreasuryMemberLeft(bytes32 memberId, uint8 status);

    /// @notice The sale would give nothing: no cents, or no rate in the policy.
    error TreasuryNothingToSell(uint64 cents, uint96 unitsPerCent);

    /// @notice A payment reference must not be 0.
    error TreasuryReferenceZero();

    /// @notice The payment reference has been used: for this member, for `cents` euro cents.
    error TreasuryReferenceUsed(bytes32 paymentReference, bytes32 memberId, uint64 cents);

    /// @notice The member id never joined, so no welcome bonus was granted.
    error TreasuryNoWelcomeBonus(bytes32 memberId);

    /// @notice A run has a root, at least one chunk and at least one entry.
    error TreasuryEnergyRunEmpty(bytes32 root, uint32 chunkCount, uint32 entryCount);

    /// @notice Another run of this GSE period has been opened, with these arguments.
    error TreasuryEnergyRunConflict(uint32 gsePeriod, bytes32 root, uint32 chunkCount, uint32 entryCount);

    /// @notice No run of this GSE period has been opened.
    error TreasuryNoEnergyRun(uint32 gsePeriod);

    /// @notice The chunk and its proof lead to `found`, the run was opened with `expected`.
    error TreasuryWrongChunk(uint32 chunk, uint32 chunkCount, bytes32 found, bytes32 expected);

    /// @notice Chunks are paid in order; the next one is `next`.
    error TreasuryChunkOutOfOrder(uint32 chunk, uint32 next);

    /// @notice Member ids ascend through all chunks of a run, so that none is paid twice.
    error TreasuryMembersNotAscending(bytes32 memberId, bytes32 previous);

    /// @notice There are profiles 0 to `max`.
    error TreasuryProfileOutOfRange(bytes32 memberId, uint8 profile, uint8 max);

    /// @notice The chunks so far have `entries` entries; the run was opened with `expected`, met by the last chunk.
    error TreasuryWrongEntryCount(uint32 gsePeriod, uint256 entries, uint256 expected);

    // --------------------------------------------------------------------------------------------------- ISSUANCE

    /// @notice Links the Treasury to the community's token and members. Once, when the community is deployed.
    function bind(address token_, address members_) external;

    /// @notice Issues `amount` base units to the Treasury, within the yearly budget. Restricted to the token
    /// administrator; refused while the token is paused or the community suspended.
    function issue(uint256 amount) external;

    /// @notice Burns `amount` base units of the Treasury. Restricted to the token administrator.
    function burn(uint256 amount) external;

    // ------------------------------------------------------------------------------------------------------- SALE

    /// @notice Sells tokens to a stakeholder who paid `cents` euro cents. Restricted to the token administrator.
    ///
    /// - Citizens and members that left are refused.
    /// - A payment reference serves once, also for the same member.
    /// @param paymentReference Names the payment without telling anything of it; not 0.
    function sell(bytes32 memberId, uint64 cents, bytes32 paymentReference) external;

    // ---------------------------------------------------------------------------------------------------- BONUSES

    /// @notice Grants the welcome bonus of a member id, once ever. Restricted to the MemberRegistry.
    ///
    /// - Pays at once if the token runs and the Treasury has enough, else the bonus stays owed: it never fails, so
    ///   that it makes no join fail.
    /// - A member id that was granted its bonus before: nothing happens.
    /// @param class_ 1 citizen, 2 stakeholder.
    function grantWelcomeBonus(bytes32 memberId, uint8 class_) external;

    /// @notice Pays a welcome bonus that stayed owed, to the member's present wallet. Open to all.
    ///
    /// - Paid already: nothing happens.
    function claimWelcomeBonus(bytes32 memberId) external;

    /// @notice Opens the energy bonuses of a GSE period, with the amounts of the policy now. Restricted to the token
    /// administrator.
    ///
    /// - The same again: nothing happens. Another root or count of the same period is refused.
    /// - Leaf of a chunk: SHA-256 of 0x00 | "gettone.energy" | u32 chunk | entries, each `memberId | u8 profile` in
    ///   33 bytes; the root is over the leaves (RFC 6962 §2.1).
    /// @param gsePeriod Number of the period; any order.
    function openEnergyBonus(uint32 gsePeriod, bytes32 root, uint32 chunkCount, uint32 entryCount) external;

    /// @notice Pays a chunk of an energy run. Open to all.
    ///
    /// - Chunks go in order, member ids ascend through all of them. A chunk that was paid: nothing happens.
    /// - A member without a wallet is skipped with `EnergyBonusSkipped`.
    /// - All or nothing: if the Treasury has too little for the chunk, nothing of it is paid.
    /// @param proof Siblings of the chunk's leaf, from below.
    function payEnergyBonus(
        uint32 gsePeriod,
        uint32 chunk,
        EnergyBonusEntry[] calldata entries,
        bytes32[] calldata proof
    ) external;

    // ----------------------------------------------------------------------------------------------------- SERVICE

    /// @notice Sends the price of a community service to the caller. Restricted to the ServiceExchange.
    function fundService(uint256 amount) external;

    /// @notice Pays the incentive of a settled agreement. Restricted to the ServiceExchange.
    ///
    /// - Never fails for lack of means: what budgets, caps and balance do not allow is not paid, and
    ///   `IncentiveReduced` tells so.
    /// @return closed False if a check that the rule requires is missing, or the token is paused: nothing happened,
    /// ask again later. True if there is nothing more to come, be it that there was nothing at all.
    function payIncentive(IncentiveRequest calldata request) external returns (bool closed);

    // ------------------------------------------------------------------------------------------------------ VIEWS

    /// @notice Index of the present month of 30 days, 0 from `start` of the policy on.
    function month() external view returns (uint256);

    /// @notice Index of the present year of 365 days, 0 from `start` of the policy on.
    function year() external view returns (uint256);

    /// @notice Base units issued in the present year.
    function issuedInYear() external view returns (uint256);

    /// @notice Base units ever issued to the Treasury.
    function totalIssued() external view returns (uint256);

    /// @notice Base units ever burned.
    function totalBurned() external view returns (uint256);

    /// @notice Incentives paid in the present month, in base units.
    function incentivesInMonth() external view returns (uint256);

    /// @notice Incentives of the member in the present month, in base units.
    function memberIncentivesInMonth(bytes32 memberId) external view returns (uint256);

    /// @notice Incentives of the agreements between two members in the present month, in whichever order and role.
    function pairIncentivesInMonth(bytes32 memberA, bytes32 memberB) external view returns (uint256);

    /// @notice Whether the member id was granted its welcome bonus, and what of it is still owed, in base units.
    function welcomeBonusOf(bytes32 memberId) external view returns (bool granted, uint256 owedUnits);

    /// @notice The energy run of a GSE period, all 0 if there is none.
    function energyRun(uint32 gsePeriod) external view returns (EnergyRun memory);

    /// @notice The sale of a payment reference, all 0 if there is none.
    function saleOf(bytes32 paymentReference) external view returns (Sale memory);

    /// @notice The token the Treasury holds, 0 before `bind`.
    function token() external view returns (address);

    /// @notice The registry that knows the members' wallets, 0 before `bind`.
    function members() external view returns (address);

    /// @notice The rules the Treasury keeps.
    function policy() external view returns (address);
}
