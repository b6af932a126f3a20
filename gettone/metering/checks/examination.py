"""Rules V14 and V16 to V19 over one block: pure, and the same for one channel as for a hundred thousand."""

from dataclasses import dataclass, replace

import numpy as np

from gettone.metering.checks.block import Block
from gettone.metering.checks.coverage import DayCounts, count_days
from gettone.metering.checks.gaps import (
    NOT_KNOWN,
    STATES,
    Estimate,
    Gaps,
    GapState,
    estimate_gaps,
    find_gaps,
    judge_gaps,
)
from gettone.metering.checks.sequences import BoolArray, Runs, catch_ups, stuck_runs, zero_runs
from gettone.metering.received import Int8Array, Int64Array
from gettone.types import Quality


@dataclass(frozen=True, slots=True)
class KnownEnergy:
    """Energies that registers tell of [first column, first + length) of a row, by column; signed Wh."""

    row: Int64Array
    first: Int64Array
    length: Int64Array
    wh: Int64Array


_NONE = np.empty(0, dtype=np.int64)
NOTHING_KNOWN = KnownEnergy(_NONE, _NONE, _NONE, _NONE)


@dataclass(frozen=True, slots=True)
class Examination:
    """What the rules found in a block; rows and columns are those of the block.

    stuck, zero: runs of V14.  catch_up: rows and columns of S_CATCHUP.  gaps with state and estimates: V16 to V18.
    quality, wh: as the block's, stuck values taken out and estimates put in with quality 2.  days: V19.
    """

    stuck: Runs
    zero: Runs
    catch_up: tuple[Int64Array, Int64Array]
    gaps: Gaps
    state: Int8Array
    estimates: Estimate
    wh: Int64Array
    quality: Int8Array
    days: DayCounts

    def implausible(self) -> Int64Array:
        """Positions of the gaps of G_IMPLAUSIBLE."""
        return np.flatnonzero(self.state == STATES.index(GapState.IMPLAUSIBLE))


def examine(block: Block, known: KnownEnergy = NOTHING_KNOWN) -> Examination:
    """Apply the rules in their order: what V14 quarantines is missing for V16 to V19."""
    stuck = stuck_runs(block.wh, block.received)
    zero = zero_runs(block.wh, block.received, block.step_s)
    quality, held = _without(stuck, block)
    gaps = _with_energy(find_gaps(block.wh, quality), known, block.wh, quality)
    toward = np.where(gaps.energy_wh == NOT_KNOWN, gaps.before_wh + gaps.after_wh, gaps.energy_wh)
    state = judge_gaps(gaps, block.bound_wh(gaps.row, gaps.first, toward), block.step_s)
    estimates = estimate_gaps(gaps, state)
    wh, quality = _with_estimates(block.wh, quality, gaps, estimates)
    days = count_days(wh, quality, held, block.expected, block.firsts)
    return Examination(stuck, zero, _catch_ups(block), gaps, state, estimates, wh, quality, days)


def _without(stuck: Runs, block: Block) -> tuple[Int8Array, BoolArray]:
    """Quality and waiting values once stuck ones are quarantined."""
    if not len(stuck.row):
        return block.quality, block.held
    quality, held = block.quality.copy(), block.held.copy()
    for row, first, length in zip(*(column.tolist() for column in stuck), strict=True):
        quality[row, first : first + length] = Quality.MISSING
        held[row, first : first + length] = True
    return quality, held


def _catch_ups(block: Block) -> tuple[Int64Array, Int64Array]:
    row, column = np.nonzero(block.held & block.received & (block.quality == Quality.MISSING))
    if not len(row):
        return _NONE, _NONE
    wh = block.wh[row, column]
    above = np.abs(wh) > block.bound_wh(row, column, wh)
    beyond = np.zeros_like(block.held)
    beyond[row[above], column[above]] = True
    found = np.nonzero(catch_ups(block.wh, block.received & ~beyond, beyond))
    return found[0], found[1]


def _with_energy(gaps: Gaps, known: KnownEnergy, wh: Int64Array, quality: Int8Array) -> Gaps:
    """The gaps with the energy of the spans that fill them, or that the rest of one span leaves.

    Where several gaps are left within one span, nobody knows how its energy lies among them.
    """
    if not len(gaps.row) or not len(known.row):
        return gaps
    energy = gaps.energy_wh.copy()
    starts, ends = _position(gaps.row, gaps.first), _position(gaps.row, gaps.first + gaps.length)
    span_starts, span_ends = _position(known.row, known.first), _position(known.row, known.first + known.length)
    around = np.maximum(np.searchsorted(starts, span_starts, side="right") - 1, 0)
    within = (starts[around] <= span_starts) & (span_ends <= ends[around])
    covered, total = np.zeros(len(energy), dtype=np.int64), np.zeros(len(energy), dtype=np.int64)
    np.add.at(covered, around[within], known.length[within])
    np.add.at(total, around[within], known.wh[within])
    full = covered == gaps.length
    energy[full] = total[full]
    first, last = np.searchsorted(starts, span_starts), np.searchsorted(starts, span_ends)
    for span in np.flatnonzero(~within & (last - first == 1)):
        gap = first[span]
        if ends[gap] <= span_ends[span]:
            columns = slice(known.first[span], known.first[span] + known.length[span])
            filled = quality[known.row[span], columns] != Quality.MISSING
            if np.count_nonzero(~filled) == gaps.length[gap]:
                energy[gap] = known.wh[span] - wh[known.row[span], columns][filled].sum()
    return replace(gaps, energy_wh=energy)


def _position(row: Int64Array, column: Int64Array) -> Int64Array:
    """Rows and columns as one ascending number."""
    return (row << 32) + column


def _with_estimates(
    wh: Int64Array, quality: Int8Array, gaps: Gaps, estimates: Estimate
) -> tuple[Int64Array, Int8Array]:
    if not len(estimates.gap):
        return wh, quality
    wh, quality = wh.copy(), quality.copy()
    row, column = gaps.row[estimates.gap], gaps.first[estimates.gap] + estimates.offset
    wh[row, column] = estimates.wh
    quality[row, column] = Quality.ESTIMATED
    return wh, quality
