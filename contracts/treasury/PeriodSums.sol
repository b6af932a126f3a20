// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @dev What was given in a month or year, in one word: a new period starts at 0 without clearing the old one.
struct PeriodSum {
    uint32 period; // index of the month or year
    uint224 units;
}

using PeriodSums for PeriodSum global;

/// @title Sums of the present month or year
library PeriodSums {
    /// @notice Base units of `period`, 0 if the sum is that of an earlier one.
    function sumOf(PeriodSum storage self, uint256 period) internal view returns (uint256) {
        return self.period == period ? self.units : 0;
    }

    /// @notice What `limit` leaves in `period`, 0 if a limit lowered meanwhile is exceeded.
    function leftOf(PeriodSum storage self, uint256 period, uint256 limit) internal view returns (uint256) {
        uint256 units = self.sumOf(period);
        return limit > units ? limit - units : 0;
    }

    /// @notice Adds base units, of which there are less than 2^128, to the sum of `period`.
    function add(PeriodSum storage self, uint256 period, uint256 units) internal {
        uint256 sum = self.sumOf(period) + units;
        (self.period, self.units) = (uint32(period), uint224(sum));
    }
}
