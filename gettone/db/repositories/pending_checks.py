"""Batches that merged but were not judged by the rules after a merge, as the program ended in between."""

from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, union

from gettone.db.tables import PendingCheck, Reading, ReadingVersion


class Pending(NamedTuple):
    """What a batch touched: slots [from_slot, to_slot)."""

    batch_id: int
    from_slot: int
    to_slot: int


class PendingChecks:
    """Reads and writes `pending_checks`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, batch_id: int, from_slot: int, to_slot: int) -> None:
        """State what a batch touched; in the transaction of its merge."""
        values = {"batch_id": batch_id, "from_slot": from_slot, "to_slot": to_slot}
        self._connection.execute(insert(PendingCheck).values(**values))

    def all(self) -> tuple[Pending, ...]:
        """What is not judged yet, by batch."""
        query = select(PendingCheck.batch_id, PendingCheck.from_slot, PendingCheck.to_slot)
        return tuple(Pending(*row) for row in self._connection.execute(query.order_by(PendingCheck.batch_id)))

    def channels(self, pending: Pending) -> tuple[int, ...]:
        """The channels of which a batch has a value, current or kept beside."""
        queries = [
            select(table.channel_id).where(
                table.slot >= pending.from_slot, table.slot < pending.to_slot, table.batch_id == pending.batch_id
            )
            for table in (Reading, ReadingVersion)
        ]
        return tuple(sorted(self._connection.execute(union(*queries)).scalars()))

    def remove(self, batch_id: int) -> None:
        """A batch is judged."""
        self._connection.execute(delete(PendingCheck).where(PendingCheck.batch_id == batch_id))
