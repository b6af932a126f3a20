// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Arrays} from "@openzeppelin/contracts/utils/Arrays.sol";

/// @title Which version of a rule is in force when
/// @notice Versions are numbered from 1, each in force from its start (unix seconds) to the start of the next. At most
/// the last one has not started; scheduling another takes its number. What has started never changes.
library Timeline {
    using Arrays for uint256[];

    struct Line {
        uint256[] starts; // of version 1, 2, ..., ascending
    }

    /// @notice Number of the version that is in force from `validFrom` on, which must lie after now; only the first
    /// version may start now.
    function schedule(Line storage self, uint64 validFrom) internal returns (uint256 version) {
        (version,) = pending(self);
        if (version == 0) {
            self.starts.push(validFrom);
            return self.starts.length;
        }
        self.starts[version - 1] = validFrom;
    }

    /// @notice Number of the version in force at `time`, 0 before the first.
    function versionAt(Line storage self, uint64 time) internal view returns (uint256 version) {
        version = self.starts.length;
        // Mostly the last version is asked for; the others are found by bisection.
        if (version == 0 || self.starts[version - 1] <= time) return version;
        return self.starts.upperBound(time);
    }

    /// @notice The version that has not started, 0 and 0 if there is none.
    function pending(Line storage self) internal view returns (uint256 version, uint64 validFrom) {
        uint256 last = self.starts.length;
        if (last == 0 || self.starts[last - 1] <= block.timestamp) return (0, 0);
        return (last, uint64(self.starts[last - 1]));
    }
}
