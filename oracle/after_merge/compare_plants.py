"""Rule V15 for plants: what a member injects comes from somewhere, and plants of a community yield alike."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import numpy as np
from sqlalchemy import Connection

from gettone.db.repositories.anomalies import Finding
from gettone.db.repositories.coverage_days import CoverageDays, CoverageRow
from gettone.db.repositories.metered_channels import MeteredChannel, MeteredChannels
from gettone.db.repositories.series import read_dense
from gettone.metering.checks.block import SLOT_S
from gettone.metering.checks.comparisons import by_hour, injected_from_nowhere, low_yields
from gettone.metering.checks.coverage import day_starts
from gettone.metering.checks.gaps import measured_in
from gettone.metering.checks.sequences import BoolArray
from gettone.metering.codes import Code
from gettone.metering.received import Int64Array
from gettone.periods import load_zone
from gettone.types import Direction
from oracle.after_merge.blocks import local_days
from oracle.after_merge.findings import day_findings, store_findings
from oracle.after_merge.gap_rows import Region
from oracle.after_merge.part import peak_w

INJECTING = (Direction.EXCHANGE, Direction.INJECTION)
FEEDING = (Direction.PRODUCTION, Direction.STORAGE)
SLOTS_PER_HOUR = 4
YIELD_COVERAGE_PERMILLE = 900
"""A plant is compared in a month of which nine tenths are measured; the others would look weak."""

_EPOCH = date(1970, 1, 1)


def compare_injection(connection: Connection, member_id: str, touched: Region) -> Counter[Code]:
    """C_INJECT: days with hours in which a member injected more than all plants gave and all storage discharged.

    Only hours in which every injecting, producing and storing channel of the member is measured are judged, and only
    members with a production meter.  The finding is about the first injecting channel.
    """
    registry = MeteredChannels(connection)
    channels = registry.get(registry.of_members([member_id]))
    injecting = [one for one in channels if one.direction in INJECTING]
    feeding = [one for one in channels if one.direction in FEEDING]
    if not injecting or not any(one.direction == Direction.PRODUCTION for one in feeding):
        return Counter()
    timezone = injecting[0].timezone
    days = local_days(*touched, timezone)
    starts = day_starts(days, load_zone(timezone)) // SLOTS_PER_HOUR * SLOTS_PER_HOUR
    core = Region(int(starts[0]), int(starts[-1]))
    injected, judged = _outward_by_hour(connection, injecting, member_id, core)
    given, complete = _outward_by_hour(connection, feeding, member_id, core)
    above = injected_from_nowhere(injected, given, np.zeros_like(given)) & judged & complete
    slots = np.arange(core.from_slot, core.to_slot, SLOTS_PER_HOUR, dtype=np.int64)
    channel_id = np.array([injecting[0].channel_id])
    firsts = (starts[:-1] - starts[0]) // SLOTS_PER_HOUR
    found = day_findings(channel_id, above[None, :], slots, firsts, Code.C_INJECT)
    return store_findings(
        connection, [Code.C_INJECT], found, core, core, SLOTS_PER_HOUR, channel_ids=channel_id.tolist()
    )


def _outward_by_hour(
    connection: Connection, channels: Sequence[MeteredChannel], member_id: str, core: Region
) -> tuple[Int64Array, BoolArray]:
    """Energy that leaves these channels by hour (injected, produced, discharged), and where all are measured."""
    hours = (core.to_slot - core.from_slot) // SLOTS_PER_HOUR
    total, complete = np.zeros(hours, dtype=np.int64), np.ones(hours, dtype=bool)
    wh, quality = read_dense(connection, [one.channel_id for one in channels], *core)
    for row, channel in enumerate(channels):
        stride = channel.step_s // SLOT_S
        slots = np.arange(core.from_slot, core.to_slot, stride)
        inside = np.zeros(len(slots), dtype=bool)
        for one in channel.holdings:
            if one.member_id == member_id:
                inside |= (slots >= one.from_slot) & (slots + stride <= one.to_slot)
        measured = measured_in(quality[row, ::stride]) & inside
        outward = np.maximum(-wh[row, ::stride], 0)
        energy, whole = by_hour(outward[None, :], measured[None, :], channel.step_s)
        total += energy[0]
        complete &= whole[0]
    return total, complete


def compare_yields(connection: Connection, community_id: int, touched: Region, now_ms: int) -> Counter[Code]:
    """C_YIELD: plants that gave less than half the median of the community's in a local month that is over."""
    registry = MeteredChannels(connection)
    plants = registry.get(registry.of_communities([community_id], [Direction.PRODUCTION]))
    if not plants:
        return Counter()
    counts: Counter[Code] = Counter()
    for first, after in _months(local_days(*touched, plants[0].timezone)):
        starts = day_starts(range(first, after), load_zone(plants[0].timezone))
        month = Region(int(starts[0]), int(starts[-1]))
        if month.to_slot * SLOT_S * 1000 > now_ms:
            continue
        found = _weak_plants(CoverageDays(connection), plants, (first, after), month)
        ids = [one.channel_id for one in plants]
        counts += store_findings(connection, [Code.C_YIELD], found, month, month, 1, channel_ids=ids)
    return counts


def _weak_plants(
    coverage: CoverageDays, plants: Sequence[MeteredChannel], days: tuple[int, int], month: Region
) -> list[Finding]:
    by_channel: dict[int, list[CoverageRow]] = defaultdict(list)
    for row in coverage.get([one.channel_id for one in plants], *days):
        by_channel[row.channel_id].append(row)
    compared, produced_wh, peaks_w = [], [], []
    for plant in plants:
        rows, peak = by_channel[plant.channel_id], peak_w(plant, month.from_slot)
        slots = (month.to_slot - month.from_slot) // (plant.step_s // SLOT_S)
        if peak and 1000 * sum(row.actual for row in rows) >= YIELD_COVERAGE_PERMILLE * slots:
            compared.append(plant.channel_id)
            produced_wh.append(sum(row.wh_minus for row in rows))
            peaks_w.append(peak)
    weak = low_yields(np.array(produced_wh, dtype=np.int64), np.array(peaks_w, dtype=np.int64))
    return [
        Finding(channel_id, None, Code.C_YIELD, month.from_slot, month.to_slot - 1, 1)
        for channel_id, is_weak in zip(compared, weak.tolist(), strict=True)
        if is_weak
    ]


def _months(days: range) -> Iterator[tuple[int, int]]:
    """First day, and day after the last, of each calendar month that has one of `days` (since 1970-01-01)."""
    first = (_EPOCH + timedelta(days.start)).replace(day=1)
    while (first - _EPOCH).days < days.stop:
        after = (first + timedelta(32)).replace(day=1)
        yield (first - _EPOCH).days, (after - _EPOCH).days
        first = after
