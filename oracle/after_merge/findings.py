"""From what the rules found in a block to findings about channels and slots, reconciled with the stored anomalies."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from sqlalchemy import Connection

from gettone.db.repositories.anomalies import Anomalies, Finding
from gettone.metering.calendar.slots import SlotCalendar
from gettone.metering.checks.block import Block
from gettone.metering.checks.comparisons import night_slots, produced_at_night
from gettone.metering.checks.examination import Examination
from gettone.metering.checks.gaps import measured_in
from gettone.metering.checks.sequences import BoolArray, Runs
from gettone.metering.codes import Code
from gettone.metering.received import Int64Array
from gettone.types import Direction
from oracle.after_merge.gap_rows import Region
from oracle.after_merge.reconcile import SEVERITY, reconcile


def store_findings(
    connection: Connection,
    codes: Sequence[Code],
    found: Iterable[Finding],
    region: Region,
    window: Region,
    stride: int,
    *,
    channel_ids: Sequence[int] = (),
    flow_ids: Sequence[int] = (),
) -> Counter[Code]:
    """Reconcile the findings of `codes` that touch `region`, as seen in `window`; how many there are of each.

    Anomalies and findings outside the region cannot have changed and are left alone.
    """
    touching = [one for one in found if region.touches(one.first_slot, one.last_slot + stride)]
    anomalies = Anomalies(connection)
    bounds = (region.from_slot - stride, region.to_slot + stride)
    stored = anomalies.overlapping(codes, *bounds, channel_ids=channel_ids, flow_ids=flow_ids)
    stored = tuple(one for one in stored if region.touches(one.finding.first_slot, one.finding.last_slot + stride))
    changes = reconcile(stored, touching, window, stride)
    anomalies.add(changes.added, SEVERITY)
    anomalies.change(changes.changed)
    return Counter(Code(one.code) for one in touching)


def run_findings(block: Block, runs: Runs, code: Code) -> Iterator[Finding]:
    """S_STUCK and S_ZERO: a finding for each run."""
    for row, first, length in zip(*(column.tolist() for column in runs), strict=True):
        start = block.first_slot + first * block.stride
        yield Finding(int(block.channel_id[row]), None, code, start, start + (length - 1) * block.stride, length)


def slot_findings(block: Block, found: Examination) -> Iterator[Finding]:
    """S_CATCHUP: a finding for each value; G_IMPLAUSIBLE: one for each gap."""
    for row, column in zip(*(position.tolist() for position in found.catch_up), strict=True):
        slot = block.first_slot + column * block.stride
        yield Finding(int(block.channel_id[row]), None, Code.S_CATCHUP, slot, slot, 1)
    for at in found.implausible().tolist():
        row, first, length = (int(column[at]) for column in (found.gaps.row, found.gaps.first, found.gaps.length))
        slot = block.first_slot + first * block.stride
        last = slot + (length - 1) * block.stride
        yield Finding(int(block.channel_id[row]), None, Code.G_IMPLAUSIBLE, slot, last, length)


def night_findings(block: Block, found: Examination, peak_w: Int64Array, timezone: str) -> Iterator[Finding]:
    """C_NIGHT: a finding for each plant and local day; peak_w: one for each row, 0 where unknown."""
    plants = np.flatnonzero((block.direction == Direction.PRODUCTION) & (peak_w > 0))
    if not len(plants):
        return
    slots = block.slot_of(np.arange(block.wh.shape[1], dtype=np.int64))
    end = int(slots[-1]) + block.stride
    calendar = SlotCalendar(block.first_slot, end, block.step_s, timezone)
    night = np.flatnonzero(night_slots(calendar.starts_s, calendar.offsets_s))
    wh, measured = found.wh[plants][:, night], measured_in(found.quality[plants][:, night])
    above = np.zeros((len(plants), len(slots)), dtype=bool)
    above[:, night] = produced_at_night(wh, measured, peak_w[plants], block.step_s)
    yield from day_findings(block.channel_id[plants], above, slots, block.firsts, Code.C_NIGHT)


def day_findings(
    channel_id: Int64Array, mask: BoolArray, slots: Int64Array, firsts: Int64Array, code: Code
) -> Iterator[Finding]:
    """One finding for each channel and local day that has a true column."""
    row, column = np.nonzero(mask)
    day = np.searchsorted(firsts, column, side="right")
    for key in np.unique(np.stack([row, day], axis=1), axis=0).tolist():
        columns = column[(row == key[0]) & (day == key[1])]
        first, last = int(slots[columns[0]]), int(slots[columns[-1]])
        yield Finding(int(channel_id[key[0]]), None, code, first, last, len(columns))
