"""Rules V16 to V18: where values are missing, which gaps may be filled, and which speak of a wrong clock."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from gettone.metering.checks.estimation import EstimateRule, line_energy_wh, place_energy_wh
from gettone.metering.checks.sequences import BoolArray, runs_of
from gettone.metering.received import Int8Array, Int64Array
from gettone.types import Quality

LONG_GAP_S = 21_600
NOT_KNOWN = np.iinfo(np.int64).min
"""In a column of energies: nothing measured the energy of this gap."""


class GapState(StrEnum):
    """What became of a gap; UNFILLED is a short one whose neighbours do not allow an estimate."""

    ESTIMATED = "estimated"
    LONG = "long"
    IMPLAUSIBLE = "implausible"
    UNFILLED = "unfilled"


STATES = tuple(GapState)


@dataclass(frozen=True, slots=True)
class Gaps:
    """Gaps by column, each between two slots that hold a value.

    row, first, length: as in `Runs`.  before_wh, after_wh: the neighbours, signed.  measured: both neighbours are
    of quality 1 or 3.  energy_wh: measured over the whole gap, signed, or NOT_KNOWN.
    """

    row: Int64Array
    first: Int64Array
    length: Int64Array
    before_wh: Int64Array
    after_wh: Int64Array
    measured: BoolArray
    energy_wh: Int64Array


class Estimate(NamedTuple):
    """Estimates by column: position of the gap, slot within it, signed Wh, and whether its energy was measured."""

    gap: Int64Array
    offset: Int64Array
    wh: Int64Array
    known: BoolArray


def measured_in(quality: Int8Array) -> BoolArray:
    """Where a value is measured: quality 1 or 3."""
    # Qualities are 0 to 4, and the two measured ones are the odd ones.
    result: BoolArray = (quality & 1).view(np.bool_)
    return result


def find_gaps(wh: Int64Array, quality: Int8Array) -> Gaps:
    """V16: the stretches without a value (quality 0) that lie between two values of their row.

    wh, quality: [rows, columns] of one step.  A silence that has not ended yet, or before the first value, is no gap
    here: its slots are missing all the same.
    """
    absent = quality == Quality.MISSING
    rows = np.flatnonzero(absent.any(axis=1))
    runs = runs_of(absent[rows], 1)
    inside = (runs.first > 0) & (runs.first + runs.length < wh.shape[1])
    row, first, length = rows[runs.row[inside]], runs.first[inside], runs.length[inside]
    before, after = first - 1, first + length
    both = measured_in(quality[row, before]) & measured_in(quality[row, after])
    unknown = np.full(len(row), NOT_KNOWN)
    return Gaps(row, first, length, wh[row, before], wh[row, after], both, unknown)


def judge_gaps(gaps: Gaps, bound_wh: Int64Array, step_s: int) -> Int8Array:
    """V17 and V18: the state of each gap, as its position in `STATES`.

    bound_wh: of V11, for each gap and one slot, as an absolute value.  Six hours and more are never filled.
    """
    length, energy = gaps.length, np.abs(np.where(gaps.energy_wh == NOT_KNOWN, 0, gaps.energy_wh))
    known = gaps.energy_wh != NOT_KNOWN
    least = np.minimum(np.abs(gaps.before_wh), np.abs(gaps.after_wh))
    implausible = known & ((2 * energy < length * least) | (energy > length * bound_wh))
    alike = np.sign(gaps.before_wh) * np.sign(gaps.after_wh) >= 0
    direction = np.where(known, np.sign(gaps.energy_wh), 0)
    alike &= direction * np.sign(gaps.before_wh + gaps.after_wh) >= 0
    state = np.full(len(length), STATES.index(GapState.ESTIMATED), dtype=np.int8)
    state[implausible] = STATES.index(GapState.IMPLAUSIBLE)
    state[~gaps.measured | ~alike] = STATES.index(GapState.UNFILLED)
    state[length * step_s >= LONG_GAP_S] = STATES.index(GapState.LONG)
    return state


def estimate_gaps(gaps: Gaps, state: Int8Array) -> Estimate:
    """V17: the values of the gaps in state ESTIMATED, by gap and slot, in their order."""
    parts = [_NO_ESTIMATE]
    filled = np.flatnonzero(state == STATES.index(GapState.ESTIMATED))
    for slots in np.unique(gaps.length[filled]):
        parts.append(_estimate_equal_gaps(gaps, filled[gaps.length[filled] == slots], int(slots)))
    gap, offset, wh, known = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.lexsort((offset, gap))
    return Estimate(gap[order], offset[order], wh[order], known[order])


def _estimate_equal_gaps(gaps: Gaps, chosen: Int64Array, slots: int) -> Estimate:
    before, after = np.abs(gaps.before_wh[chosen]), np.abs(gaps.after_wh[chosen])
    known = gaps.energy_wh[chosen] != NOT_KNOWN
    line = line_energy_wh(before, after, np.full(len(chosen), slots))
    energy = np.where(known, np.abs(gaps.energy_wh[chosen]), line)
    sign = np.where(known, np.sign(gaps.energy_wh[chosen]), np.sign(gaps.before_wh[chosen] + gaps.after_wh[chosen]))
    wh = place_energy_wh(before, after, energy, slots) * sign[:, None]
    offset = np.tile(np.arange(slots), len(chosen))
    return Estimate(np.repeat(chosen, slots), offset, wh.ravel(), np.repeat(known, slots))


_NONE = np.empty(0, dtype=np.int64)
_NO_ESTIMATE = Estimate(_NONE, _NONE, _NONE, np.empty(0, dtype=np.bool_))


def suspected_clocks(first_slot: Int64Array, device: Int64Array) -> Int64Array:
    """T_CLOCK: the starts that implausible gaps of at least two devices of a flow share, ascending.

    first_slot, device: one element for each implausible gap of a channel of the flow.
    """
    pairs = np.unique(np.stack([first_slot, device], axis=1), axis=0)
    starts, devices = np.unique(pairs[:, 0], return_counts=True)
    return starts[devices >= 2]


def rule_of(known: bool) -> EstimateRule:
    """How an estimate of V17 came about: the energy of its gap was measured, or taken from the neighbours."""
    return EstimateRule.E_SPLINE if known else EstimateRule.E_LINE
