"""Totals that sources state for the readings of channels (rule V15)."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, insert, select

from gettone.db.columns import Base
from gettone.db.tables import StatedTotal as Row
from gettone.metering.checks.stated_totals import StatedTotal

_TOTALS = Base.metadata.tables[Row.__tablename__]
_KEY = StatedTotal._fields[:4]


class StatedTotals:
    """Reads and writes `stated_totals`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, totals: Sequence[StatedTotal], batch_id: int) -> None:
        """Store the totals of a batch; a total stated again takes the place of the earlier one."""
        if not totals:
            return
        same = [_TOTALS.c[name] == bindparam(f"at_{name}") for name in _KEY]
        keys = [{f"at_{name}": getattr(one, name) for name in _KEY} for one in totals]
        self._connection.execute(delete(_TOTALS).where(*same), keys)
        self._connection.execute(insert(Row), [one._asdict() | {"batch_id": batch_id} for one in totals])

    def overlapping(self, channel_ids: Sequence[int], from_slot: int, to_slot: int) -> tuple[StatedTotal, ...]:
        """The totals of these channels that count a slot of [from_slot, to_slot), by channel, range and band."""
        query = (
            select(*(getattr(Row, name) for name in StatedTotal._fields))
            .where(Row.channel_id.in_(channel_ids), Row.from_slot < to_slot, Row.to_slot > from_slot)
            .order_by(*(getattr(Row, name) for name in _KEY))
        )
        return tuple(StatedTotal(*row) for row in self._connection.execute(query))
