// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITreasury} from "../interfaces/ITreasury.sol";
import {PeriodSum} from "./PeriodSums.sol";
import {TreasuryLinks} from "./TreasuryLinks.sol";

/// @dev Tokens issued to the Treasury within the yearly budget, and burned. Part of the Treasury.
abstract contract Issuance is TreasuryLinks {
    PeriodSum private _issued;
    uint256 private _totalIssued;
    uint256 private _totalBurned;

    /// @inheritdoc ITreasury
    function issue(uint256 amount) external restricted {
        uint256 present = year();
        uint256 budget = _policy.budgetsAt(_now()).issuePerYearUnits;
        if (amount > _issued.leftOf(present, budget)) {
            revert TreasuryYearlyBudgetExceeded(amount, _issued.sumOf(present), budget);
        }
        _issued.add(present, amount);
        _totalIssued += amount;
        emit Issued(amount, present, _issued.sumOf(present));
        _token.issue(amount);
    }

    /// @inheritdoc ITreasury
    function burn(uint256 amount) external restricted {
        _totalBurned += amount;
        emit Burned(amount);
        _token.burn(amount);
    }

    /// @inheritdoc ITreasury
    function issuedInYear() external view returns (uint256) {
        return _issued.sumOf(year());
    }

    /// @inheritdoc ITreasury
    function totalIssued() external view returns (uint256) {
        return _totalIssued;
    }

    /// @inheritdoc ITreasury
    function totalBurned() external view returns (uint256) {
        return _totalBurned;
    }
}
