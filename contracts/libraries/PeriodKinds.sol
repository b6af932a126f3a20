// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title The kinds of settlement period
library PeriodKinds {
    uint8 internal constant DAY = 0;
    uint8 internal constant WEEK = 1;
    uint8 internal constant MONTH = 2;

    /// @notice Shortest and longest period of a kind, in seconds: local time makes one hour more or less of a day, a
    /// week of 7 days and a month of 28 to 31. Without this a cap per period would cap nothing.
    function lengthRange(uint8 kind) internal pure returns (uint64 min, uint64 max) {
        if (kind == MONTH) return (671 hours, 745 hours);
        if (kind == WEEK) return (167 hours, 169 hours);
        return (23 hours, 25 hours);
    }
}
