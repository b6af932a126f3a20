"""Rule V20: rows that came after their period was frozen, and the revision they ask for (§4, §8); pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

LAST_MONTH = 61
"""A correction is accepted to the end of this month after its period."""


class FrozenPeriod(NamedTuple):
    """A period [from_slot, to_slot) whose readings are frozen, in its latest revision.

    last_frozen_s: when that revision was computed [unix s].
    """

    community_id: int
    period_index: int
    revision: int
    from_slot: int
    to_slot: int
    last_frozen_s: int


@dataclass(frozen=True, slots=True)
class LateRows:
    """How many rows of a channel came late to a frozen period, between its first and last such slot."""

    channel_id: int
    period: FrozenPeriod
    first_slot: int
    last_slot: int
    count: int


@dataclass(frozen=True, slots=True)
class WantedRevision:
    """A revision that late rows ask for; it may not be settled before `not_before_s` [unix s]."""

    community_id: int
    period_index: int
    revision: int
    not_before_s: int


def late_rows(
    rows: Iterable[tuple[int, int]], periods: Iterable[FrozenPeriod], held: Iterable[tuple[int, int, int, int]]
) -> tuple[LateRows, ...]:
    """The accepted rows (channel, slot) of a batch that fall into frozen periods, by period and channel.

    `held` says over which slots a channel counts in a community: (channel, community, from_slot, to_slot).  A row
    outside every holding counts for nobody and is late for nobody.
    """
    holdings: dict[tuple[int, int], list[range]] = {}
    for channel_id, community_id, from_slot, to_slot in held:
        holdings.setdefault((channel_id, community_id), []).append(range(from_slot, to_slot))
    found: dict[tuple[int, FrozenPeriod], list[int]] = {}
    frozen = sorted(periods)
    for channel_id, slot in rows:
        for period in frozen:
            mine = holdings.get((channel_id, period.community_id), ())
            if period.from_slot <= slot < period.to_slot and any(slot in one for one in mine):
                found.setdefault((channel_id, period), []).append(slot)
    return tuple(
        LateRows(channel_id, period, min(slots), max(slots), len(slots))
        for (channel_id, period), slots in sorted(found.items(), key=lambda one: (one[0][1], one[0][0]))
    )


def wanted_revisions(late: Iterable[LateRows], now_s: int) -> tuple[WantedRevision, ...]:
    """The next revision of each late period that may still be corrected.

    A first revision may follow at once, each later one a month after the one before; after the 61st month nothing
    is corrected any more.
    """
    wanted = {}
    for period in sorted({one.period for one in late}):
        if months_later(period.to_slot * 900, LAST_MONTH) > now_s:
            earliest_s = months_later(period.last_frozen_s, 1) if period.revision else now_s
            key = (period.community_id, period.period_index)
            wanted[key] = WantedRevision(*key, period.revision + 1, max(now_s, earliest_s))
    return tuple(wanted.values())


def months_later(instant_s: int, months: int) -> int:
    """The same day and time of a later month in UTC, its 28th at the latest [unix s]."""
    begun = datetime.fromtimestamp(instant_s, UTC)
    counted = begun.year * 12 + begun.month - 1 + months
    return int(begun.replace(year=counted // 12, month=counted % 12 + 1, day=min(begun.day, 28)).timestamp())
