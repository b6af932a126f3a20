"""Rule V15, C_SUM: readings against what their source says that they sum to."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from sqlalchemy import Connection

from gettone.db.repositories.anomalies import Finding
from gettone.db.repositories.metered_channels import MeteredChannel
from gettone.db.repositories.series import read_dense
from gettone.db.repositories.stated_totals import StatedTotals
from gettone.metering.calendar.slots import SlotCalendar
from gettone.metering.checks.block import SLOT_S
from gettone.metering.checks.gaps import measured_in
from gettone.metering.checks.stated_totals import StatedTotal, bands_apart
from gettone.metering.codes import Code
from oracle.after_merge.findings import store_findings
from oracle.after_merge.gap_rows import Region


def compare_sums(connection: Connection, channels: Sequence[MeteredChannel], touched: Region) -> Counter[Code]:
    """C_SUM: a finding for each stated range of which a band is measured in full and sums to something else."""
    by_id = {one.channel_id: one for one in channels}
    region = _hull(StatedTotals(connection).overlapping(sorted(by_id), *touched), touched)
    # A day's total may lie inside a month's: whatever touches what is judged again is judged again too.
    totals = StatedTotals(connection).overlapping(sorted(by_id), *region)
    found = []
    for (channel_id, *bounds), stated in groupby(totals, key=lambda one: one[:3]):
        range_ = Region(*bounds)
        apart = _apart(connection, by_id[channel_id], range_, list(stated))
        if apart:
            last = range_.to_slot - by_id[channel_id].step_s // SLOT_S
            found.append(Finding(channel_id, None, Code.C_SUM, range_.from_slot, last, len(apart)))
    return store_findings(connection, [Code.C_SUM], found, region, region, 1, channel_ids=sorted(by_id))


def _hull(totals: Sequence[StatedTotal], touched: Region) -> Region:
    return Region(
        min([touched.from_slot, *(one.from_slot for one in totals)]),
        max([touched.to_slot, *(one.to_slot for one in totals)]),
    )


def _apart(
    connection: Connection, channel: MeteredChannel, range_: Region, stated: Sequence[StatedTotal]
) -> tuple[int, ...]:
    wh, quality = read_dense(connection, [channel.channel_id], *range_)
    stride = channel.step_s // SLOT_S
    calendar = SlotCalendar(*range_, channel.step_s, channel.timezone)
    return bands_apart(wh[0, ::stride], measured_in(quality[0, ::stride]), calendar, stated)
