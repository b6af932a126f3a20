"""Rules V14 and V16 to V19 for channels of one step and time zone, in one transaction."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from sqlalchemy import Connection

from gettone.db.repositories.anomalies import Anomalies
from gettone.db.repositories.batches import Batches
from gettone.db.repositories.coverage_days import CoverageDays, CoverageRow
from gettone.db.repositories.metered_channels import MeteredChannel
from gettone.metering.checks.block import SLOT_S, Block
from gettone.metering.checks.coverage import day_starts
from gettone.metering.checks.examination import Examination, examine
from gettone.metering.checks.gaps import STATES, GapState
from gettone.metering.checks.sequences import ZERO_DAYS, zero_runs
from gettone.metering.codes import Code
from gettone.metering.received import Int64Array
from gettone.periods import load_zone
from oracle.after_merge.blocks import load_block, local_days
from oracle.after_merge.findings import night_findings, run_findings, slot_findings, store_findings
from oracle.after_merge.gap_rows import Region, known_energies, store_gaps
from oracle.after_merge.quarantine import SlotRange, quarantine


def check_part(
    connection: Connection, channels: Sequence[MeteredChannel], touched: Region, now_ms: int
) -> Counter[Code]:
    """Judge the local days of [touched.from_slot, touched.to_slot) and their neighbourhood; how often each rule spoke.

    Estimates may change a day before and after what was touched: that is the core.  The block is a day wider, so
    that a gap or a run of equal values that reaches its edge is long enough to be told without what lies beyond.
    """
    timezone = channels[0].timezone
    days = local_days(*touched, timezone)
    core_days = range(days.start - 1, days.stop + 1)
    block = load_block(connection, channels, range(core_days.start - 1, core_days.stop + 1))
    core = Region(*(int(slot) for slot in block.slot_of(block.firsts[[1, -1]])))
    known, stored = known_energies(connection, block)
    found = examine(block, known)
    ranges = list(_ranges(block, found))
    codes = Counter({Code.S_STUCK: quarantine(connection, ranges, Code.S_STUCK, now_ms)})
    store_gaps(connection, block, found, stored, core, Batches(connection).highest())
    _store_coverage(connection, block, found, core_days, timezone, now_ms)
    codes += _store_anomalies(connection, channels, block, found, touched, core)
    return codes + _gap_codes(found)


def _ranges(block: Block, found: Examination) -> Iterator[SlotRange]:
    for row, first, length in zip(*(column.tolist() for column in found.stuck), strict=True):
        start = block.first_slot + first * block.stride
        yield SlotRange(int(block.channel_id[row]), start, start + length * block.stride)


def _gap_codes(found: Examination) -> Counter[Code]:
    states = Counter(STATES[state] for state in found.state.tolist())
    known = int(found.estimates.known.sum())
    return Counter(
        {
            Code.E_SPLINE: known,
            Code.E_LINE: len(found.estimates.known) - known,
            Code.G_IMPLAUSIBLE: states[GapState.IMPLAUSIBLE],
            Code.M_LONG: states[GapState.LONG],
        }
    )


def _store_coverage(
    connection: Connection, block: Block, found: Examination, core_days: range, timezone: str, now_ms: int
) -> None:
    """V19 for the days of the core that are over."""
    ends = day_starts(core_days, load_zone(timezone))[1:] * SLOT_S * 1000
    rows = [
        CoverageRow(int(channel_id), day, *counts)
        for at, day in enumerate(core_days)
        if ends[at] <= now_ms
        for channel_id, counts in zip(block.channel_id, _day_columns(found, at + 1), strict=True)
        if counts[0]
    ]
    repository = CoverageDays(connection)
    ids = block.channel_id.tolist()
    repository.replace(repository.get(ids, core_days.start, core_days.stop), rows)


def _day_columns(found: Examination, day: int) -> list[tuple[int, int, int, int, int, int, int]]:
    columns = (getattr(found.days, name)[:, day].tolist() for name in CoverageRow._fields[2:])
    return list(zip(*columns, strict=True))


def _store_anomalies(
    connection: Connection,
    channels: Sequence[MeteredChannel],
    block: Block,
    found: Examination,
    touched: Region,
    core: Region,
) -> Counter[Code]:
    ids, stride = block.channel_id.tolist(), block.stride
    beside = Region(touched.from_slot - stride, touched.to_slot + stride)
    night = night_findings(block, found, peaks_of(channels, core.from_slot), channels[0].timezone)
    of_slots = [*slot_findings(block, found), *night]
    codes = [Code.S_CATCHUP, Code.G_IMPLAUSIBLE, Code.C_NIGHT]
    counts = store_findings(connection, codes, of_slots, core, core, stride, channel_ids=ids)
    stuck = run_findings(block, found.stuck, Code.S_STUCK)
    store_findings(connection, [Code.S_STUCK], stuck, beside, _window(block), stride, channel_ids=ids)
    wide = _wide_rows(connection, block, beside)
    narrow = sorted(set(ids) - {ids[row] for row in wide})
    zeros = [one for one in run_findings(block, found.zero, Code.S_ZERO) if one.channel_id in set(narrow)]
    counts += store_findings(connection, [Code.S_ZERO], zeros, beside, _window(block), stride, channel_ids=narrow)
    if wide:
        counts += _store_long_zeros(connection, [channels[row] for row in wide], touched, beside)
    return counts


def _window(block: Block) -> Region:
    return Region(block.first_slot, block.first_slot + block.wh.shape[1] * block.stride)


def _wide_rows(connection: Connection, block: Block, beside: Region) -> list[int]:
    """Rows whose zeros reach from what was touched to an edge of the block, or are known to be a run there."""
    first, end = ((slot - block.first_slot) // block.stride for slot in beside)
    zero = block.received & (block.wh == 0)
    reaching = zero[:, : first + 1].all(axis=1) | zero[:, max(end - 1, 0) :].all(axis=1)
    stored = Anomalies(connection).overlapping([Code.S_ZERO], *beside, channel_ids=block.channel_id.tolist())
    known = {one.finding.channel_id for one in stored}
    reaching |= np.array([channel_id in known for channel_id in block.channel_id.tolist()])
    return [int(row) for row in np.flatnonzero(reaching)]


def _store_long_zeros(
    connection: Connection, channels: Sequence[MeteredChannel], touched: Region, beside: Region
) -> Counter[Code]:
    """S_ZERO for channels whose run may be seven days long: their block is as much wider."""
    days = local_days(*touched, channels[0].timezone)
    block = load_block(connection, channels, range(days.start - ZERO_DAYS - 1, days.stop + ZERO_DAYS + 1))
    runs = zero_runs(block.wh, block.received, block.step_s)
    found = run_findings(block, runs, Code.S_ZERO)
    ids = block.channel_id.tolist()
    return store_findings(connection, [Code.S_ZERO], found, beside, _window(block), block.stride, channel_ids=ids)


def peak_w(channel: MeteredChannel, slot: int) -> int:
    """Peak power [W] of the plant of a channel in a slot; 0 where it is not known."""
    for one in channel.contracts:
        if one.from_slot <= slot and (one.to_slot is None or slot < one.to_slot):
            return one.plant_peak_w or 0
    return 0


def peaks_of(channels: Sequence[MeteredChannel], slot: int) -> Int64Array:
    """Peak powers [W] of channels in a slot."""
    return np.array([peak_w(one, slot) for one in channels], dtype=np.int64)
