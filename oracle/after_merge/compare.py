"""Rule V15 and T_CLOCK: what channels of one member, community, flow or slot say against each other.

All findings are anomalies; no reading changes.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np
from sqlalchemy import Connection

from gettone.db.repositories.anomalies import Anomalies, Finding
from gettone.db.repositories.metered_channels import MeteredChannel, MeteredChannels
from gettone.db.repositories.rival_values import rival_values
from gettone.metering.checks.block import SLOT_S
from gettone.metering.checks.comparisons import sources_apart
from gettone.metering.checks.coverage import day_starts
from gettone.metering.checks.gaps import suspected_clocks
from gettone.metering.codes import Code
from gettone.periods import load_zone
from oracle.after_merge.blocks import local_days
from oracle.after_merge.findings import day_findings, store_findings
from oracle.after_merge.gap_rows import Region


def compare_sources(connection: Connection, channels: Sequence[MeteredChannel], touched: Region) -> Counter[Code]:
    """C_SOURCES: one finding for each channel and local day on which two sources lie apart."""
    days = local_days(*touched, channels[0].timezone)
    firsts = day_starts(days, load_zone(channels[0].timezone))
    core = Region(int(firsts[0]), int(firsts[-1]))
    ids = [one.channel_id for one in channels]
    rivals = rival_values(connection, ids, *core)
    energies = np.array([(one.current_wh, one.other_wh) for one in rivals], dtype=np.int64).reshape(-1, 2)
    apart = sources_apart(energies[:, 0], energies[:, 1])
    rows = {channel_id: row for row, channel_id in enumerate(ids)}
    mask = np.zeros((len(ids), core.to_slot - core.from_slot), dtype=bool)
    for rival, is_apart in zip(rivals, apart.tolist(), strict=True):
        mask[rows[rival.channel_id], rival.slot - core.from_slot] |= is_apart
    slots = np.arange(core.from_slot, core.to_slot, dtype=np.int64)
    found = day_findings(np.array(ids), mask, slots, firsts[:-1] - firsts[0], Code.C_SOURCES)
    stride = channels[0].step_s // SLOT_S
    return store_findings(connection, [Code.C_SOURCES], found, core, core, stride, channel_ids=ids)


def compare_clocks(connection: Connection, channels: Sequence[MeteredChannel], touched: Region) -> Counter[Code]:
    """T_CLOCK: a flow of which at least two devices have an implausible gap from the same slot on."""
    flows = MeteredChannels(connection).of_flows(one.device_id for one in channels)
    device_of = {one.channel_id: one.device_id for one in MeteredChannels(connection).get(chain(*flows.values()))}
    gaps = Anomalies(connection).overlapping([Code.G_IMPLAUSIBLE], *touched, channel_ids=sorted(device_of))
    open_gaps = [one.finding for one in gaps if one.state == "open"]
    found: list[Finding] = []
    for flow_id, ids in flows.items():
        own = [one for one in open_gaps if one.channel_id in set(ids)]
        first = np.array([one.first_slot for one in own], dtype=np.int64)
        device = np.array([device_of[one.channel_id or 0] for one in own], dtype=np.int64)
        found += _clock_findings(flow_id, own, suspected_clocks(first, device).tolist(), device_of)
    hull = Region(
        min(touched.from_slot, *(one.first_slot for one in open_gaps), touched.to_slot),
        max(touched.to_slot, *(one.last_slot + 1 for one in open_gaps), touched.from_slot),
    )
    return store_findings(connection, [Code.T_CLOCK], found, hull, hull, 1, flow_ids=sorted(flows))


def _clock_findings(
    flow_id: int, gaps: Sequence[Finding], starts: Sequence[int], device_of: dict[int, int]
) -> Iterator[Finding]:
    """One finding for each start, over its longest gap, with the number of devices."""
    by_start: dict[int, list[Finding]] = defaultdict(list)
    for one in gaps:
        by_start[one.first_slot].append(one)
    for start in starts:
        devices = {device_of[one.channel_id or 0] for one in by_start[start]}
        last = max(one.last_slot for one in by_start[start])
        yield Finding(None, flow_id, Code.T_CLOCK, start, last, len(devices))
