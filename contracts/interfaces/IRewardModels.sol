// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title The reward models of one energy community
/// @notice Every version of the rules by which readings become tokens, in clear, known before it applies.
///
/// - Versions are numbered from 1, never changed and never deleted.
/// - A version is scheduled more than `minNotice` before it applies.
/// - A period is settled by the version with the latest `validFrom` not after its start. Of two versions with the same
///   `validFrom` the later one counts.
/// - Every parameter is checked against the ranges of the reward rules; a parameter of a side that the kind does not
///   use must be 0, so that equal models have equal words.
///
/// Units: `…Units` are base units of the token, `…Permille` thousandths, `…W` watts, `…Wh` watt-hours, `…Hours` local
/// hours of the community's time zone.
interface IRewardModels {
    /// @notice Parameters of the self-consumption side (model 1).
    struct SelfConsumption {
        uint32 slotSeconds; // 3600 or 900
        uint8 basis; // 0 grid, 1 physical
        uint16 consumerSharePermille; // 0 to 1000
        uint96 rateUnitsPerKwh; // used in mode rate
    }

    /// @notice Parameters of the absence-of-peaks side (model 2).
    struct NoPeaks {
        uint8 limitMode; // 0 contract, 1 percentile
        uint16 thresholdPermille; // 1 to 1100, of contract power
        uint16 percentilePermille; // 500 to 1000
        uint32 limitMinW; // floor of the percentile limit
        uint16 penaltyPermille; // 1 to 1000, lost per peak slot
        uint16 completenessPermille; // 0 to 1000
        uint16 minExpectedSlots; // 1 to 100; 0: half the slots of a day of 24 hours, or of its window
        uint32 minDayWh;
        uint8 windowCount; // 0 to 4; 0: the whole day
        uint8[8] windowHours; // from0, to0, from1, to1, ...: half-open, ascending, 0 to 24, unused ones 0
        uint96 rateUnitsPerDay; // used in mode rate
    }

    /// @notice A complete model.
    struct Parameters {
        uint8 kind; // 0 self_consumption, 1 no_peaks, 2 combined
        uint8 mode; // 0 pool, 1 rate
        bool hasBudget; // required in mode pool, a cap in mode rate
        uint96 budgetUnits; // 0 without a budget
        uint8 combination; // 0 additive, 1 gated; 0 unless combined
        uint16 selfConsumptionWeightPermille; // 0 to 1000, combined additive only
        uint16 gatePermille; // 0 to 1000, combined gated only
        SelfConsumption selfConsumption; // all 0 in kind 1
        NoPeaks noPeaks; // all 0 in kind 0
    }

    /// @notice A model with its number and dates.
    struct Version {
        uint32 version; // from 1
        uint64 validFrom; // unix seconds
        uint64 scheduledAt; // unix seconds, block time of scheduling
        Parameters parameters;
    }

    /// @notice Version `version` was scheduled for all periods that start at `validFrom` (unix seconds) or later.
    event ModelScheduled(uint32 indexed version, uint64 validFrom, Parameters parameters);

    /// @notice The parameter `name` (as in the model file) is `given`, allowed are `min` to `max`.
    error RewardModelsParameterOutOfRange(string name, uint256 given, uint256 min, uint256 max);

    /// @notice The kind of model does not use the side `name`, so all its fields must be 0.
    error RewardModelsSideUnused(string name);

    /// @notice `validFrom` (unix seconds) must lie after now + `minNotice` and at most two years ahead, so that a
    /// slip of the pen, as milliseconds for seconds, cannot block every later version.
    error RewardModelsValidFromOutOfRange(uint64 validFrom, uint64 earliest, uint64 latest);

    /// @notice `validFrom` must not be before the `validFrom` of the last version.
    error RewardModelsOutOfOrder(uint64 validFrom, uint64 lastValidFrom);

    /// @notice The notice given to the constructor is shorter than one hour (seconds).
    error RewardModelsNoticeOutOfRange(uint64 minNotice, uint64 min);

    /// @notice There is no version `version`; the last one is `last`.
    error RewardModelsUnknownVersion(uint32 version, uint32 last);

    /// @notice No version applies to a period starting at `periodStart` (unix seconds).
    error RewardModelsNoneAt(uint64 periodStart);

    /// @notice Schedules a model. Restricted to the oracle administrator.
    /// @param validFrom Unix seconds; it applies to periods that start then or later.
    /// @return version Number of the new version.
    function schedule(Parameters calldata parameters, uint64 validFrom) external returns (uint32 version);

    /// @notice The version that settles a period starting at `periodStart` (unix seconds); reverts if there is none.
    function modelAt(uint64 periodStart) external view returns (Version memory);

    /// @notice Number of the version that settles a period starting at `periodStart`, 0 if there is none.
    function versionAt(uint64 periodStart) external view returns (uint32);

    /// @notice Version number `version_`; reverts if there is none.
    function version(uint32 version_) external view returns (Version memory);

    /// @notice Number of versions, which is the number of the last one.
    function versionCount() external view returns (uint32);

    /// @notice Seconds between scheduling a version and the first moment it may apply.
    function minNotice() external view returns (uint64);
}
