// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITokenPolicy} from "../interfaces/ITokenPolicy.sol";
import {Timeline} from "../libraries/Timeline.sol";
import {PolicyClock} from "./PolicyClock.sol";

/// @dev Bonuses, rates and budgets: amounts that may have any value. Part of the TokenPolicy.
abstract contract Amounts is PolicyClock {
    using Timeline for Timeline.Line;

    Timeline.Line private _bonusTimeline;
    mapping(uint256 version => Bonuses) private _bonuses;

    Timeline.Line private _rateTimeline;
    mapping(uint256 version => Rates) private _rates;

    Timeline.Line private _budgetTimeline;
    mapping(uint256 version => Budgets) private _budgets;

    constructor(Bonuses memory bonuses, Rates memory rates, Budgets memory budgets) {
        _bonuses[_bonusTimeline.schedule(start())] = bonuses;
        emit BonusesScheduled(start(), bonuses);
        _rates[_rateTimeline.schedule(start())] = rates;
        emit RatesScheduled(start(), rates);
        _budgets[_budgetTimeline.schedule(start())] = budgets;
        emit BudgetsScheduled(start(), budgets);
    }

    // --------------------------------------------------------------------------------------------------- BONUSES

    /// @inheritdoc ITokenPolicy
    function scheduleBonuses(Bonuses calldata bonuses, uint64 validFrom) external restricted {
        _bonuses[_scheduleOn(_bonusTimeline, validFrom)] = bonuses;
        emit BonusesScheduled(validFrom, bonuses);
    }

    /// @inheritdoc ITokenPolicy
    function bonusesAt(uint64 time) external view returns (Bonuses memory) {
        return _bonuses[_versionAt(_bonusTimeline, time)];
    }

    /// @inheritdoc ITokenPolicy
    function scheduledBonuses() external view returns (Bonuses memory bonuses, uint64 validFrom) {
        uint256 version;
        (version, validFrom) = _bonusTimeline.pending();
        bonuses = _bonuses[version];
    }

    // ----------------------------------------------------------------------------------------------------- RATES

    /// @inheritdoc ITokenPolicy
    function scheduleRates(Rates calldata rates, uint64 validFrom) external restricted {
        _rates[_scheduleOn(_rateTimeline, validFrom)] = rates;
        emit RatesScheduled(validFrom, rates);
    }

    /// @inheritdoc ITokenPolicy
    function ratesAt(uint64 time) external view returns (Rates memory) {
        return _rates[_versionAt(_rateTimeline, time)];
    }

    /// @inheritdoc ITokenPolicy
    function scheduledRates() external view returns (Rates memory rates, uint64 validFrom) {
        uint256 version;
        (version, validFrom) = _rateTimeline.pending();
        rates = _rates[version];
    }

    // --------------------------------------------------------------------------------------------------- BUDGETS

    /// @inheritdoc ITokenPolicy
    function scheduleBudgets(Budgets calldata budgets, uint64 validFrom) external restricted {
        _budgets[_scheduleOn(_budgetTimeline, validFrom)] = budgets;
        emit BudgetsScheduled(validFrom, budgets);
    }

    /// @inheritdoc ITokenPolicy
    function budgetsAt(uint64 time) external view returns (Budgets memory) {
        return _budgets[_versionAt(_budgetTimeline, time)];
    }

    /// @inheritdoc ITokenPolicy
    function scheduledBudgets() external view returns (Budgets memory budgets, uint64 validFrom) {
        uint256 version;
        (version, validFrom) = _budgetTimeline.pending();
        budgets = _budgets[version];
    }
}
