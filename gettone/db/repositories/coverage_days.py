"""Coverage of closed local days by channel (rule V19)."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, select

from gettone.db.bulk import insert_rows
from gettone.db.columns import Base
from gettone.db.tables import CoverageDay

_DAYS = Base.metadata.tables[CoverageDay.__tablename__]


class CoverageRow(NamedTuple):
    """One local day (days since 1970-01-01) of a channel: native slots by kind, energy by sign [Wh]."""

    channel_id: int
    local_day: int
    expected: int
    actual: int
    estimated: int
    substituted: int
    quarantined: int
    wh_plus: int
    wh_minus: int


class CoverageDays:
    """Reads and writes `coverage_days`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, channel_ids: Sequence[int], first_day: int, end_day: int) -> tuple[CoverageRow, ...]:
        """The days of these channels in [first_day, end_day), by channel and day."""
        query = (
            select(*(getattr(CoverageDay, name) for name in CoverageRow._fields))
            .where(
                CoverageDay.channel_id.in_(channel_ids),
                CoverageDay.local_day >= first_day,
                CoverageDay.local_day < end_day,
            )
            .order_by(CoverageDay.channel_id, CoverageDay.local_day)
        )
        return tuple(CoverageRow(*row) for row in self._connection.execute(query))

    def replace(self, old: Iterable[CoverageRow], new: Iterable[CoverageRow]) -> None:
        """Store `new` days in the place of `old` ones; what is in both stays untouched."""
        before, after = set(old), set(new)
        gone = [{"at_channel": one.channel_id, "at_day": one.local_day} for one in sorted(before - after)]
        if gone:
            key = (_DAYS.c.channel_id == bindparam("at_channel"), _DAYS.c.local_day == bindparam("at_day"))
            self._connection.execute(delete(_DAYS).where(*key), gone)
        insert_rows(self._connection, CoverageDay.__tablename__, CoverageRow._fields, sorted(after - before))

    def last_days(self) -> dict[int, int]:
        """The last day of each channel that has one."""
        query = select(CoverageDay.channel_id, func.max(CoverageDay.local_day)).group_by(CoverageDay.channel_id)
        return {row[0]: row[1] for row in self._connection.execute(query)}
