"""Local labels to UTC (rule V6): utc, a fixed offset, or a zone with hours that repeat or do not exist."""

import re
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gettone.errors import InputError
from gettone.metering.codes import Code
from gettone.metering.received import FIRST_S, LAST_S, Int32Array, Int64Array
from gettone.periods import load_zone, local_clock
from gettone.types import DAY_S, LocalClock

BoolArray = NDArray[np.bool_]

UTC_CLOCK = "utc"
START, END = "start", "end"

_OFFSET = re.compile(r"([+-])(0\d|1[0-4]):([0-5]\d)", re.ASCII)
# A clock may lead or lag UTC by less than this [s].
_FARTHEST_S = 2 * DAY_S
_PASSES = 2


class UtcStarts(NamedTuple):
    """Starts of intervals, UTC [unix s], in the order of the labels; `start_s` is 0 where a label is refused.

    nonexistent: labels that no clock showed (T_NONEXISTENT).  ambiguous: labels of a repeated hour that nothing
    tells apart (T_AMBIGUOUS).  ordered: labels of a repeated hour that the order of rows tells apart (T_ORDER).
    """

    start_s: Int64Array
    nonexistent: BoolArray
    ambiguous: BoolArray
    ordered: BoolArray

    def refusal(self, at: int) -> tuple[Code, str] | None:
        """Code and reason of the label at a position, None where it stands."""
        if self.nonexistent[at]:
            return Code.T_NONEXISTENT, "the local clock never showed this time: it was put forward over it"
        if self.ambiguous[at]:
            return Code.T_AMBIGUOUS, "the local clock showed this time twice: give it a UTC offset"
        return None


@dataclass(frozen=True, slots=True)
class LabelClock:
    """The clock of labels without offset.  zone: `utc`, `+01:00`, or a zone name; label: `start` or `end`.

    An end label is read as the instant at which the interval ends, and the interval is taken off afterwards.
    """

    zone: str = UTC_CLOCK
    label: str = START

    def starts(
        self, local_s: Int64Array, series: Int32Array, interval_s: Int32Array | int, *, one_message: bool = False
    ) -> UtcStarts:
        """Starts of the intervals of labels in file order.

        local_s: label as if the clock showed UTC [s since 1970].  series: which series (device and direction) a row
        belongs to: a repeated hour is told apart within each.  interval_s: length [s].  one_message: the labels are
        those of a single message, which nothing tells apart.

        Two strictly ascending runs of a repeated hour are the summer and then the standard time; any other number
        is ambiguous.
        """
        length_s = np.asarray(interval_s if self.label == END else 0, np.int64)
        if len(local_s) == 0 or is_fixed(self.zone):
            offset_s = fixed_offset_s(self.zone) if is_fixed(self.zone) else 0
            nothing = np.zeros(len(local_s), np.bool_)
            return UtcStarts(local_s - offset_s - length_s, nothing, nothing, nothing)
        points = np.array(self.clock_around(int(local_s.min()), int(local_s.max())).points, np.int64)
        changes, offsets = points[1:, 0], points[:, 1]
        passed = np.searchsorted(changes + offsets[:-1], local_s, side="right")
        nonexistent, repeated = _gaps_and_repeats(local_s, passed, changes, offsets)
        second, ordered = _second_pass(local_s, series, passed, repeated)
        ambiguous = repeated if one_message else repeated & ~ordered
        ordered = repeated & ~ambiguous
        start_s = local_s - offsets[passed + (second & ordered)] - length_s
        start_s[nonexistent | ambiguous] = 0
        return UtcStarts(start_s, nonexistent, ambiguous, ordered)

    def clock_around(self, first_s: int, last_s: int) -> LocalClock:
        """Offsets of the zone around local instants [unix s]; before 1971 and after 2105 those of these years."""
        low, high = (min(max(at_s, FIRST_S), LAST_S) for at_s in (first_s - _FARTHEST_S, last_s + _FARTHEST_S))
        return local_clock(low, high, load_zone(self.zone))


def check_clock(zone: str) -> None:
    """InputError for anything but `utc`, an offset as `+01:00`, or the IANA name of a zone."""
    if not is_fixed(zone):
        load_zone(zone)


def is_fixed(zone: str) -> bool:
    """Whether a clock has one offset all year: every label then is one instant."""
    return zone == UTC_CLOCK or _OFFSET.fullmatch(zone) is not None


def fixed_offset_s(zone: str) -> int:
    """Seconds that a clock of fixed offset is ahead of UTC; InputError for a zone name.

    >>> fixed_offset_s("+01:00"), fixed_offset_s("utc"), fixed_offset_s("-03:30")
    (3600, 0, -12600)
    """
    found = _OFFSET.fullmatch(zone)
    if found is None and zone != UTC_CLOCK:
        raise InputError("clock_offset", f"clock {zone!r} is no fixed offset: write utc or an offset as +01:00")
    if found is None:
        return 0
    seconds = int(found[2]) * 3600 + int(found[3]) * 60
    return -seconds if found[1] == "-" else seconds


def _gaps_and_repeats(
    local_s: Int64Array, passed: Int64Array, changes: Int64Array, offsets: Int64Array
) -> tuple[BoolArray, BoolArray]:
    """Labels the clock jumped over, and labels it showed twice; `passed` counts the changes before a label."""
    # What the clock shows from each change on, between two that never come.
    shown = np.concatenate(([np.iinfo(np.int64).min], changes + offsets[1:], [np.iinfo(np.int64).max]))
    nonexistent = local_s < shown[passed]
    repeated = local_s >= shown[passed + 1]
    return nonexistent, repeated


def _second_pass(
    local_s: Int64Array, series: Int32Array, passed: Int64Array, repeated: BoolArray
) -> tuple[BoolArray, BoolArray]:
    """Rows of the second run of a repeated hour, and rows of repeated hours with exactly two runs."""
    second, ordered = np.zeros(len(local_s), np.bool_), np.zeros(len(local_s), np.bool_)
    at = np.flatnonzero(repeated)
    if len(at) == 0:
        return second, ordered
    at = at[np.lexsort((at, passed[at], series[at]))]
    new_group = np.ones(len(at), np.bool_)
    new_group[1:] = (series[at][1:] != series[at][:-1]) | (passed[at][1:] != passed[at][:-1])
    new_run = new_group.copy()
    new_run[1:] |= local_s[at][1:] <= local_s[at][:-1]
    group, starts = np.cumsum(new_group) - 1, np.flatnonzero(new_group)
    run = np.cumsum(new_run)
    run = run - run[starts][group]
    runs = np.maximum.reduceat(run, starts)[group] + 1
    ordered[at] = runs == _PASSES
    second[at] = run == 1
    return second, ordered
