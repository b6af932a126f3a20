"""Keep the daily totals of communities: days that were touched, or whose basis changed, are computed again."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby

from sqlalchemy import Connection, text

from gettone.db.columns import SLOT_S
from gettone.db.engine import Database
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.holdings import communities_of, first_reading_slot
from gettone.db.repositories.indicator_days import CLOSED, IndicatorDays
from gettone.metering.calendar.slots import Resolution, day_date
from gettone.metering.indicators.community_totals import community_totals
from gettone.periods import local_date
from oracle.indicators.energies import load_energies
from oracle.indicators.registry import IndicatorRegistry, day_number, load_registry

# Together with the id of the community: one refresh of it at a time, so that an older state never comes last.
_REFRESH_LOCK = 0x6B7069
_CELLS_AT_ONCE = 4_000_000


def mark_touched(database: Database, channel_ids: Collection[int], from_slot: int, to_slot: int) -> int:
    """Say that readings in [from_slot, to_slot) of these channels changed: their local days are stale from now on.

    Of every community that ever held one of the channels.  The days are computed again, whole, when somebody next asks
    for them, so that a stream of small batches costs one computation.  Returns the number of days marked.
    """
    with database.read() as connection:
        touched = communities_of(connection, set(channel_ids))
        communities = [one for one in Communities(connection).all() if one.community_id in touched]
    marked = 0
    for one in communities:
        first = day_number(local_date(from_slot * SLOT_S, one.tz))
        last = day_number(local_date((to_slot - 1) * SLOT_S, one.tz))
        with database.write() as connection:
            # A computation under way has read the state before: its days are marked once it has stored them.
            _lock(connection, one.community_id)
            marked += IndicatorDays(connection, one.community_id).forget(first, last + 1)
    return marked


def ensure_days(database: Database, slug: str, first: date, end: date) -> int:
    """Compute those local days of [first, end) that are not stored, were touched, or rest on an earlier registry."""
    days = range(day_number(first), day_number(end))
    with database.read() as connection:
        registry = load_registry(connection, slug)
        stored = IndicatorDays(connection, registry.community.community_id).bases(days.start, days.stop)
    stale: list[int] = []
    for month in _months(days):
        basis = registry.basis(*_whole_month(month[0]))
        stale += [day for day in month if stored.get(day) not in (basis, CLOSED)]
    return _refresh(database, slug, stale)


def close_days(database: Database, slug: str, end: date) -> int:
    """Compute every local day before `end` that has readings, and keep those totals as they are for ever.

    To be called before readings are erased: the totals of the community stay, and its days are never computed again
    without what was erased.  Returns the number of days closed.
    """
    with database.read() as connection:
        registry = load_registry(connection, slug)
        first_slot = first_reading_slot(connection, sorted({one.channel_id for one in registry.held}))
    if first_slot is None:
        return 0
    first = local_date(first_slot * SLOT_S, registry.community.tz)
    ensure_days(database, slug, first, end)
    with database.write() as connection:
        _lock(connection, registry.community.community_id)
        return IndicatorDays(connection, registry.community.community_id).close(day_number(first), day_number(end))


def _refresh(database: Database, slug: str, days: Iterable[int]) -> int:
    written = 0
    for month in _months(days):
        with database.write() as connection:
            registry = load_registry(connection, slug)
            _lock(connection, registry.community.community_id)
            basis = registry.basis(*_whole_month(month[0]))
            for run in _runs(month, registry):
                _store(connection, registry, run, basis)
        written += len(month)
    return written


def _store(connection: Connection, registry: IndicatorRegistry, days: range, basis: int) -> None:
    calendar = registry.calendar(day_date(days.start), day_date(days.stop))
    energies = load_energies(connection, registry, calendar)
    totals = community_totals(energies, calendar, Resolution.DAY, registry.community.settle_slot_s)
    stored = IndicatorDays(connection, registry.community.community_id)
    stored.replace(registry.member_ids, days.start, totals, basis)


def _lock(connection: Connection, community_id: int) -> None:
    if connection.dialect.name == "postgresql":
        keys = {"kind": _REFRESH_LOCK, "community": community_id}
        connection.execute(text("SELECT pg_advisory_xact_lock(:kind, :community)"), keys)


def _months(days: Iterable[int]) -> Iterator[list[int]]:
    """Days put together by calendar month, ascending."""
    for _, month in groupby(sorted(days), key=lambda day: day_date(day).replace(day=1)):
        yield list(month)


def _whole_month(day: int) -> tuple[int, int]:
    first = day_date(day).replace(day=1)
    return day_number(first), day_number((first + timedelta(days=31)).replace(day=1))


def _runs(days: list[int], registry: IndicatorRegistry) -> Iterator[range]:
    """Consecutive days, as many at a time as fit in memory."""
    most = max(1, _CELLS_AT_ONCE // (max(len(registry.members), 1) * 100))
    start = 0
    for at in range(1, len(days) + 1):
        if at == len(days) or days[at] != days[at - 1] + 1 or at - start == most:
            yield range(days[start], days[at - 1] + 1)
            start = at
