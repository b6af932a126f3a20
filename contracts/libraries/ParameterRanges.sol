// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IRewardModels} from "../interfaces/IRewardModels.sol";

/// @title The ranges of the reward parameters
/// @notice The same limits as the Python side, kept equal by shared vectors. An error names the field as the model
/// file does.
library ParameterRanges {
    uint8 private constant SELF_CONSUMPTION = 0;
    uint8 private constant NO_PEAKS = 1;
    uint8 private constant COMBINED = 2;
    uint8 private constant POOL = 0;
    uint8 private constant ADDITIVE = 0;
    uint256 private constant MAX_WINDOWS = 4;
    /// Quarter hours of the day on which summer time ends.
    uint256 private constant MAX_SLOTS_OF_A_DAY = 100;

    /// @notice Refuses parameters out of range, and values in fields that the kind of model does not use.
    function check(IRewardModels.Parameters calldata model) internal pure {
        _within("kind", model.kind, SELF_CONSUMPTION, COMBINED);
        _within("mode", model.mode, POOL, 1);
        _checkBudget(model);
        _checkCombination(model);
        if (model.kind == NO_PEAKS) {
            _unused("self_consumption", keccak256(abi.encode(model.selfConsumption)) == _zeroHash(4));
        } else {
            _checkSelfConsumption(model.selfConsumption);
        }
        if (model.kind == SELF_CONSUMPTION) {
            _unused("no_peaks", keccak256(abi.encode(model.noPeaks)) == _zeroHash(18));
        } else {
            _checkNoPeaks(model.noPeaks);
        }
    }

    function _checkBudget(IRewardModels.Parameters calldata model) private pure {
        if (model.mode == POOL) _within("budget_units", model.hasBudget ? 1 : 0, 1, 1);
        if (!model.hasBudget) _within("budget_units", model.budgetUnits, 0, 0);
    }

    function _checkCombination(IRewardModels.Parameters calldata model) private pure {
        bool combined = model.kind == COMBINED;
        bool additive = combined && model.combination == ADDITIVE;
        bool gated = combined && model.combination != ADDITIVE;
        _within("combination", model.combination, 0, combined ? 1 : 0);
        _within("self_consumption_weight_permille", model.selfConsumptionWeightPermille, 0, additive ? 1000 : 0);
        _within("gate_permille", model.gatePermille, 0, gated ? 1000 : 0);
    }

    function _checkSelfConsumption(IRewardModels.SelfConsumption calldata side) private pure {
        if (side.slotSeconds != 900) _within("slot_s", side.slotSeconds, 3600, 3600);
        _within("basis", side.basis, 0, 1);
        _within("consumer_share_permille", side.consumerSharePermille, 0, 1000);
    }

    function _checkNoPeaks(IRewardModels.NoPeaks calldata side) private pure {
        _within("limit_mode", side.limitMode, 0, 1);
        _within("threshold_permille", side.thresholdPermille, 1, 1100);
        _within("percentile_permille", side.percentilePermille, 500, 1000);
        _within("penalty_permille", side.penaltyPermille, 1, 1000);
        _within("completeness_permille", side.completenessPermille, 0, 1000);
        _within("min_expected_slots", side.minExpectedSlots, 0, MAX_SLOTS_OF_A_DAY);
        _checkWindows(side);
    }

    /// @dev Windows ascend and do not overlap; hours beyond the count are 0.
    function _checkWindows(IRewardModels.NoPeaks calldata side) private pure {
        _within("window_hours", side.windowCount, 0, MAX_WINDOWS);
        uint256 free;
        for (uint256 i; i < MAX_WINDOWS; ++i) {
            (uint256 from, uint256 to) = (side.windowHours[2 * i], side.windowHours[2 * i + 1]);
            if (i < side.windowCount) {
                _within("window_hours", from, free, 23);
                _within("window_hours", to, from + 1, 24);
                free = to;
            } else {
                _within("window_hours", from, 0, 0);
                _within("window_hours", to, 0, 0);
            }
        }
    }

    function _within(string memory name, uint256 given, uint256 min, uint256 max) private pure {
        if (given < min || given > max) {
            revert IRewardModels.RewardModelsParameterOutOfRange(name, given, min, max);
        }
    }

    function _unused(string memory name, bool allZero) private pure {
        if (!allZero) revert IRewardModels.RewardModelsSideUnused(name);
    }

    function _zeroHash(uint256 words) private pure returns (bytes32) {
        return keccak256(new bytes(words * 32));
    }
}
