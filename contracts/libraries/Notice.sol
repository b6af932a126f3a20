// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title The notice that members get before a rule applies
library Notice {
    /// No community can choose a shorter notice (seconds).
    uint64 internal constant MIN = 1 hours;

    /// A rule lies at most this far ahead (seconds): rules are scheduled in order of time, so that a date written in
    /// milliseconds would otherwise block every later rule.
    uint64 internal constant MAX_LEAD = 2 * 366 days;

    /// @notice Whether a rule scheduled now may apply from `validFrom`, which is later than `earliest` and not later
    /// than `latest` (unix seconds).
    function check(uint64 validFrom, uint64 minNotice)
        internal
        view
        returns (bool valid, uint64 earliest, uint64 latest)
    {
        earliest = uint64(block.timestamp) + minNotice;
        latest = earliest + MAX_LEAD;
        valid = validFrom > earliest && validFrom <= latest;
    }
}
