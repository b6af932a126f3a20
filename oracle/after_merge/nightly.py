"""What no batch starts by itself: checks that were cut short, and local days that end without any reading."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from gettone.db.engine import Database
from gettone.db.repositories.coverage_days import CoverageDays
from gettone.db.repositories.metered_channels import MeteredChannel, MeteredChannels
from gettone.db.repositories.pending_checks import Pending, PendingChecks
from gettone.metering.checks.block import SLOT_S
from gettone.metering.checks.coverage import day_starts
from gettone.periods import load_zone
from oracle.after_merge.blocks import local_days
from oracle.after_merge.check import CheckReport, check_touched
from oracle.after_merge.gap_rows import Region


def check_pending(database: Database, *, now_ms: int) -> tuple[CheckReport, ...]:
    """Judge the batches that merged without being judged; `now_ms` [unix ms].

    Those whose ranges meet are judged together: meters that send at the same time touch the same days.
    """
    with database.read() as connection:
        pending = PendingChecks(connection)
        groups = [
            (group, sorted({channel for one in group for channel in pending.channels(one)}))
            for group in _meeting(pending.all())
        ]
    reports = []
    for group, channel_ids in groups:
        from_slot, to_slot = group[0].from_slot, max(one.to_slot for one in group)
        reports.append(check_touched(database, channel_ids, from_slot, to_slot, now_ms=now_ms))
        with database.write() as connection:
            for one in group:
                PendingChecks(connection).remove(one.batch_id)
    return tuple(reports)


def _meeting(pending: Sequence[Pending]) -> list[list[Pending]]:
    """Groups of what touches or follows on one another in time, by their start."""
    groups: list[list[Pending]] = []
    end = 0
    for one in sorted(pending, key=lambda one: (one.from_slot, one.batch_id)):
        if groups and one.from_slot <= end:
            groups[-1].append(one)
        else:
            groups.append([one])
        end = max(end, one.to_slot)
    return groups


def check_nightly(database: Database, *, now_ms: int) -> tuple[CheckReport, ...]:
    """Judge what is pending, then close the local days that are over on every channel that somebody holds.

    A channel is judged from its last closed day on; one that has none yet, from yesterday on.  A second call in the
    same night finds nothing to close.
    """
    reports = list(check_pending(database, now_ms=now_ms))
    for (from_slot, to_slot), channel_ids in sorted(_open_days(database, now_ms)):
        reports.append(check_touched(database, channel_ids, from_slot, to_slot, now_ms=now_ms))
    return tuple(reports)


def _open_days(database: Database, now_ms: int) -> Iterator[tuple[Region, tuple[int, ...]]]:
    """Ranges of slots with the channels whose local days there are over and not closed."""
    now_slot = now_ms // 1000 // SLOT_S
    with database.read() as connection:
        registry = MeteredChannels(connection)
        last_days, channels = CoverageDays(connection).last_days(), registry.get(registry.held())
    groups: dict[tuple[str, int], list[MeteredChannel]] = defaultdict(list)
    for one in channels:
        today = local_days(now_slot, now_slot + 1, one.timezone).start
        first = last_days.get(one.channel_id, today - 2) + 1
        if first < today:
            groups[one.timezone, first].append(one)
    for (timezone, first), members in groups.items():
        today = local_days(now_slot, now_slot + 1, timezone).start
        starts = day_starts(range(first, today), load_zone(timezone))
        open_days = Region(int(starts[0]), int(starts[-1]))
        held = tuple(
            one.channel_id
            for one in members
            if any(open_days.touches(holding.from_slot, holding.to_slot) for holding in one.holdings)
        )
        if held:
            yield open_days, held
