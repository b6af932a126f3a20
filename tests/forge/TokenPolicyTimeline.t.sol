// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Timeline} from "../../contracts/libraries/Timeline.sol";
import {ForgeTest} from "./ForgeTest.sol";

/// @dev The timeline against a plain list: every entry that ever started, and at most one that has not.
contract TokenPolicyTimelineTest is ForgeTest {
    using Timeline for Timeline.Line;

    uint64 private constant T0 = 1_464_739_200; // 2016-06-01 00:00 UTC
    uint64 private constant NEVER = 0;

    Timeline.Line private _line;

    /// The list: starts of versions 1, 2, ... that have started.
    uint64[] private _started;
    uint64 private _next; // NEVER if none is pending

    function setUp() public {
        vm.warp(T0);
    }

    function test_versionAt__empty_line__is_0() public view {
        same(_line.versionAt(T0), 0, "version");
    }

    function test_pending__empty_line__is_none() public view {
        (uint256 version, uint64 validFrom) = _line.pending();
        same(version + validFrom, 0, "version and date");
    }

    function test_schedule__first_version_now__is_in_force_and_not_pending() public {
        same(_line.schedule(T0), 1, "number");
        same(_line.versionAt(T0), 1, "version now");
        same(_line.versionAt(T0 - 1), 0, "version before");
        (uint256 version,) = _line.pending();
        same(version, 0, "pending");
    }

    function test_schedule__while_one_is_pending__takes_its_number() public {
        _line.schedule(T0);
        same(_line.schedule(T0 + 100), 2, "first change");
        same(_line.schedule(T0 + 50), 2, "second change");
        same(_line.versionAt(T0 + 50), 2, "version from the second date");
        same(_line.versionAt(T0 + 49), 1, "version before it");
    }

    function test_schedule__in_the_second_a_change_starts__takes_a_new_number() public {
        _line.schedule(T0);
        _line.schedule(T0 + 100);
        vm.warp(T0 + 100);
        same(_line.schedule(T0 + 200), 3, "number");
        same(_line.versionAt(T0 + 199), 2, "version before the new one");
    }

    /// @param steps Each moves the clock by its low half and schedules, if odd, at its high half from then on.
    function testFuzz_timeline__any_schedules__answers_as_a_plain_list(uint32[16] memory steps, uint64[6] memory asked)
        public
    {
        _line.schedule(T0);
        _started.push(T0);
        for (uint256 i; i < steps.length; ++i) {
            move(uint64(block.timestamp) + uint16(steps[i]));
            if (steps[i] % 2 == 1) schedule(uint64(block.timestamp) + 1 + uint16(steps[i] >> 16));
            requirePending();
            requireVersion(T0 - 1);
            requireVersion(uint64(block.timestamp));
            requireVersion(type(uint64).max);
            for (uint256 j; j < asked.length; ++j) requireVersion(T0 - 2 + asked[j] % 2_000_000);
        }
        for (uint256 i; i < _started.length; ++i) {
            requireVersion(_started[i]);
            requireVersion(_started[i] - 1);
        }
    }

    function move(uint64 time) private {
        vm.warp(time);
        if (_next == NEVER || _next > time) return;
        _started.push(_next);
        _next = NEVER;
    }

    function schedule(uint64 validFrom) private {
        _next = validFrom;
        same(_line.schedule(validFrom), _started.length + 1, "number of the change");
    }

    function requirePending() private view {
        (uint256 version, uint64 validFrom) = _line.pending();
        same(version, _next == NEVER ? 0 : _started.length + 1, "pending version");
        same(validFrom, _next, "date of the pending version");
    }

    function requireVersion(uint64 time) private view {
        uint256 expected;
        for (uint256 i; i < _started.length; ++i) {
            if (_started[i] <= time) expected = i + 1;
        }
        if (_next != NEVER && _next <= time) expected = _started.length + 1;
        same(_line.versionAt(time), expected, "version");
    }
}
