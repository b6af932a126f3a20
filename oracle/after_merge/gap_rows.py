"""Gaps and estimates as stored: replaced where readings changed, and known energies never lost (V16 to V18)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from sqlalchemy import Connection

from gettone.db.repositories.gaps import EstimateRow, GapRow, Gaps
from gettone.metering.checks.block import Block
from gettone.metering.checks.estimation import EstimateRule
from gettone.metering.checks.examination import Examination, KnownEnergy
from gettone.metering.checks.gaps import LONG_GAP_S, NOT_KNOWN, STATES, GapState, rule_of
from gettone.metering.received import Int8Array
from gettone.types import Quality


class Region(NamedTuple):
    """The slots [from_slot, to_slot) whose readings may have changed."""

    from_slot: int
    to_slot: int

    def touches(self, first_slot: int, end_slot: int) -> bool:
        """Whether [first_slot, end_slot) shares a slot with it."""
        return first_slot < self.to_slot and self.from_slot < end_slot


def known_energies(connection: Connection, block: Block) -> tuple[KnownEnergy, tuple[GapRow, ...]]:
    """The energies that registers tell of spans of the block, and all stored gaps that touch it."""
    stride, columns = block.stride, block.wh.shape[1]
    end = block.first_slot + columns * stride
    stored = Gaps(connection).overlapping(block.channel_id.tolist(), block.first_slot, end)
    rows = {channel_id: row for row, channel_id in enumerate(block.channel_id.tolist())}
    spans = [
        (rows[one.channel_id], (one.first_slot - block.first_slot) // stride, one.slots, one.wh)
        for one in stored
        if one.wh is not None
    ]
    inside = [span for span in spans if span[1] >= 0 and span[1] + span[2] <= columns]
    table = np.array(inside, dtype=np.int64).reshape(-1, 4)
    return KnownEnergy(table[:, 0], table[:, 1], table[:, 2], table[:, 3]), stored


def store_gaps(
    connection: Connection, block: Block, found: Examination, stored: Sequence[GapRow], core: Region, run_id: int
) -> None:
    """Make the gaps and estimates that touch `core` those that were found."""
    gaps = [*_inner_gaps(block, found, core), *_edge_gaps(connection, block, found.quality, core)]
    changed: Mapping[int, list[Region]] = defaultdict(list)
    for one in gaps:
        changed[one.channel_id].append(_extent(one, block.stride))
    repository = Gaps(connection)
    around = {*stored, *repository.overlapping(block.channel_id.tolist(), *_hull(changed, core))}
    replaced = [
        one
        for one in around
        if any(region.touches(*_extent(one, block.stride)) for region in (core, *changed[one.channel_id]))
    ]
    pieces = _pieces(gaps, around, block.stride)
    rows = {channel_id: row for row, channel_id in enumerate(block.channel_id.tolist())}
    waiting = [
        one for one in replaced if one.wh is not None and _is_missing(one, block, found.quality[rows[one.channel_id]])
    ]
    repository.replace(replaced, [*pieces, *_unplaced(waiting, pieces, block.step_s)])
    for one in replaced:
        changed[one.channel_id].append(_extent(one, block.stride))
    _store_estimates(repository, block, found, changed, core, run_id)


def _extent(gap: GapRow, stride: int) -> Region:
    return Region(gap.first_slot, gap.first_slot + gap.slots * stride)


def _hull(changed: Mapping[int, Sequence[Region]], core: Region) -> Region:
    regions = [core, *(region for regions in changed.values() for region in regions)]
    return Region(min(one.from_slot for one in regions), max(one.to_slot for one in regions))


def _inner_gaps(block: Block, found: Examination, core: Region) -> list[GapRow]:
    gaps, stride = found.gaps, block.stride
    first = block.slot_of(gaps.first)
    chosen = np.flatnonzero((first < core.to_slot) & (first + gaps.length * stride > core.from_slot))
    energy = [None if wh == NOT_KNOWN else wh for wh in gaps.energy_wh[chosen].tolist()]
    columns = (block.channel_id[gaps.row[chosen]], first[chosen], gaps.length[chosen])
    states = [STATES[state].value for state in found.state[chosen]]
    return [GapRow(*values) for values in zip(*(column.tolist() for column in columns), energy, states, strict=True)]


def _edge_gaps(connection: Connection, block: Block, quality: Int8Array, core: Region) -> list[GapRow]:
    """The gaps of `core` that go on beyond the block, which is a day wider: all of them are long."""
    stride, columns = block.stride, quality.shape[1]
    absent = quality == Quality.MISSING
    before, after = ((slot - block.first_slot) // stride for slot in core)
    left = np.flatnonzero(absent[:, : before + 1].all(axis=1))
    right = np.flatnonzero(absent[:, after - 1 :].all(axis=1))
    ids = block.channel_id.tolist()
    repository = Gaps(connection)
    last = repository.last_values([ids[row] for row in left], block.first_slot)
    following = repository.next_values([ids[row] for row in right], block.first_slot + columns * stride)
    found = []
    for row in sorted({*left.tolist(), *right.tolist()}):
        present = np.flatnonzero(~absent[row])
        for start, end in _silences(row, present, left, right):
            first = last.get(ids[row]) if start is None else block.first_slot + start * stride
            past = following.get(ids[row]) if end is None else block.first_slot + end * stride
            if first is not None and past is not None:
                found.append(GapRow(ids[row], first + stride, (past - first) // stride - 1, None, GapState.LONG.value))
    return found


def _silences(
    row: int, present: np.ndarray, left: np.ndarray, right: np.ndarray
) -> list[tuple[int | None, int | None]]:
    """The columns of the values around each silence at an edge; None where the value lies outside the block."""
    if not len(present):
        return [(None, None)]
    silences: list[tuple[int | None, int | None]] = []
    if row in left:
        silences.append((None, int(present[0])))
    if row in right:
        silences.append((int(present[-1]), None))
    return silences


def _pieces(gaps: Sequence[GapRow], stored: Iterable[GapRow], stride: int) -> list[GapRow]:
    """Gaps cut where spans of known energy begin and end, so that each span keeps its energy in a row of its own."""
    spans: Mapping[int, list[GapRow]] = defaultdict(list)
    for one in sorted(stored):
        if one.wh is not None:
            spans[one.channel_id].append(one)
    pieces: list[GapRow] = []
    for gap in gaps:
        end = gap.first_slot + gap.slots * stride
        inside = [
            one for one in spans[gap.channel_id]
            if gap.first_slot <= one.first_slot and one.first_slot + one.slots * stride <= end
        ]  # fmt: skip
        if not inside:
            pieces.append(gap)
            continue
        at = gap.first_slot
        for one in inside:
            if one.first_slot > at:
                pieces.append(gap._replace(first_slot=at, slots=(one.first_slot - at) // stride, wh=None))
            pieces.append(one._replace(state=gap.state))
            at = one.first_slot + one.slots * stride
        if at < end:
            pieces.append(gap._replace(first_slot=at, slots=(end - at) // stride, wh=None))
    return pieces


def _is_missing(fact: GapRow, block: Block, quality: Int8Array) -> bool:
    """Whether no slot of a span holds a value; what of it lies outside the block did not change."""
    first = (fact.first_slot - block.first_slot) // block.stride
    return not (quality[max(first, 0) : max(first + fact.slots, 0)] != Quality.MISSING).any()


def _unplaced(facts: Iterable[GapRow], pieces: Sequence[GapRow], step_s: int) -> list[GapRow]:
    """Spans of known energy that no gap holds yet, as the silence after them has not ended."""
    placed = {(one.channel_id, one.first_slot) for one in pieces}
    return [
        one._replace(state=(GapState.LONG if one.slots * step_s >= LONG_GAP_S else GapState.UNFILLED).value)
        for one in facts
        if (one.channel_id, one.first_slot) not in placed
    ]


def _store_estimates(
    repository: Gaps,
    block: Block,
    found: Examination,
    changed: Mapping[int, Sequence[Region]],
    core: Region,
    run_id: int,
) -> None:
    """Estimates of `core` and of the gaps that changed; interpolated registers (V7) stay until a value arrives."""
    ids = block.channel_id.tolist()
    rows = {channel_id: row for row, channel_id in enumerate(ids)}

    def is_concerned(one: EstimateRow) -> bool:
        return any(region.touches(one.slot, one.slot + 1) for region in (core, *changed[one.channel_id]))

    stored = repository.estimates(ids, block.first_slot, int(block.slot_of(np.array(block.wh.shape[1]))))
    old = [one for one in stored if is_concerned(one) and not _stands(one, block, rows[one.channel_id])]
    repository.replace_estimates(old, [one for one in _estimates(block, found) if is_concerned(one)], run_id)


def _stands(one: EstimateRow, block: Block, row: int) -> bool:
    """An interpolated register stands where it is the value of the block."""
    column = (one.slot - block.first_slot) // block.stride
    return (
        one.rule == EstimateRule.T_INTERP
        and block.quality[row, column] == Quality.ESTIMATED
        and (int(block.wh[row, column]) == one.wh)
    )


def _estimates(block: Block, found: Examination) -> Iterable[EstimateRow]:
    gap, estimates = found.gaps, found.estimates
    slot = block.slot_of(gap.first[estimates.gap] + estimates.offset)
    columns = (block.channel_id[gap.row[estimates.gap]], slot, estimates.wh)
    for values in zip(*(column.tolist() for column in columns), map(rule_of, estimates.known.tolist()), strict=True):
        yield EstimateRow(values[0], values[1], values[2], int(values[3]))
