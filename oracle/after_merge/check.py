"""The job that runs the rules V14 to V19 on channels that a batch touched, and nightly on all (metering §4).

Each step is a transaction that may be killed and run again: the same readings give the same tables.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gettone.db.engine import Database
from gettone.db.repositories.metered_channels import MeteredChannel, MeteredChannels
from gettone.metering.codes import Code
from gettone.types import DAY_S
from oracle.after_merge.blocks import alike
from oracle.after_merge.compare import compare_clocks, compare_sources
from oracle.after_merge.compare_plants import compare_injection, compare_yields
from oracle.after_merge.compare_sums import compare_sums
from oracle.after_merge.gap_rows import Region
from oracle.after_merge.part import check_part
from oracle.indicators.refresh import mark_touched

SLOTS_PER_DAY = DAY_S // 900


@dataclass(frozen=True, slots=True)
class CheckReport:
    """How many channels were judged over which slots [from_slot, to_slot), and how often each rule spoke there."""

    channels: int
    from_slot: int
    to_slot: int
    codes: Counter[Code] = field(default_factory=Counter)


def check_touched(
    database: Database, channel_ids: Iterable[int], from_slot: int, to_slot: int, *, now_ms: int
) -> CheckReport:
    """Judge what changed in [from_slot, to_slot) of these channels, with the neighbourhood the rules need.

    1. V14, V16-V19 channel by channel: quarantine, gaps, estimates, coverage, anomalies
    2. sources and sums   3. a flow's clocks   4. members' injection   5. plants of a community
    6. the days whose indicators are to be computed again

    `now_ms` [unix ms] tells which local days and months are over.  An empty range has nothing to judge.
    """
    touched = Region(from_slot, to_slot)
    with database.read() as connection:
        channels = MeteredChannels(connection).get(channel_ids)
    report = CheckReport(len(channels), from_slot, to_slot)
    if not channels or from_slot >= to_slot:
        return report
    for part in alike(channels, to_slot - from_slot):
        with database.ingest() as connection:
            report.codes.update(check_part(connection, part, touched, now_ms))
            report.codes.update(compare_sources(connection, part, touched))
            report.codes.update(compare_sums(connection, part, touched))
    report.codes.update(_compare(database, channels, touched, now_ms))
    # Estimates may have changed around what was touched, and with them the indicators of a day before or after.
    around = [one.channel_id for one in channels], from_slot - SLOTS_PER_DAY, to_slot + SLOTS_PER_DAY
    mark_touched(database, *around)
    return report


def _compare(database: Database, channels: Sequence[MeteredChannel], touched: Region, now_ms: int) -> Counter[Code]:
    """What needs the channels of others too, once those that were touched are judged."""
    codes: Counter[Code] = Counter()
    # Estimates and implausible gaps may have changed a day around what was touched.
    around = Region(touched.from_slot - SLOTS_PER_DAY, touched.to_slot + SLOTS_PER_DAY)
    with database.ingest() as connection:
        codes += compare_clocks(connection, channels, around)
    holdings = [holding for one in channels for holding in one.holdings]
    for member_id in sorted({one.member_id for one in holdings}):
        with database.ingest() as connection:
            codes += compare_injection(connection, member_id, touched)
    for community_id in sorted({one.community_id for one in holdings}):
        with database.ingest() as connection:
            codes += compare_yields(connection, community_id, around, now_ms)
    return codes
