"""Values that wait for a person, and those that persons let stand; taking a current value back into quarantine."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, select

from gettone.db.repositories.readings import HELD_BACK
from gettone.db.tables import Batch, Flow, Reading, ReadingVersion

MANUAL_CLASS = 6


class WaitingValue(NamedTuple):
    """A value [Wh] that waits for a person; `state` quarantined or conflict."""

    channel_id: int
    slot: int
    version: int
    wh: int
    rank: int
    state: str


class CurrentValue(NamedTuple):
    """The current value of a slot with its version and where it came from."""

    channel_id: int
    slot: int
    wh: int
    quality: int
    rank: int
    version: int
    batch_id: int


class HeldValues:
    """Reads `reading_versions` and `readings` for the rules after a merge."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def waiting(self, channel_ids: Sequence[int], from_slot: int, to_slot: int) -> tuple[WaitingValue, ...]:
        """The values of these channels in [from_slot, to_slot) that wait, by channel, slot and version."""
        columns = (getattr(ReadingVersion, name) for name in WaitingValue._fields)
        query = (
            select(*columns)
            .where(ReadingVersion.state.in_(HELD_BACK), *_box(ReadingVersion, channel_ids, from_slot, to_slot))
            .order_by(ReadingVersion.channel_id, ReadingVersion.slot, ReadingVersion.version)
        )
        return tuple(WaitingValue(*row)._replace(wh=row.wh or 0) for row in self._connection.execute(query))

    def accepted(self, channel_ids: Sequence[int], from_slot: int, to_slot: int) -> tuple[tuple[int, int], ...]:
        """(channel id, slot) of the current values that persons put there: batches of class 6."""
        flows = self._manual_flows()
        if not flows:
            return ()
        query = (
            select(Reading.channel_id, Reading.slot)
            .join(Batch, Batch.batch_id == Reading.batch_id)
            .where(Batch.flow_id.in_(flows), *_box(Reading, channel_ids, from_slot, to_slot))
        )
        return tuple((row[0], row[1]) for row in self._connection.execute(query))

    def current(self, channel_id: int, from_slot: int, to_slot: int) -> tuple[CurrentValue, ...]:
        """The current values of a channel in [from_slot, to_slot), by slot."""
        columns = (getattr(Reading, name) for name in CurrentValue._fields)
        query = select(*columns).where(*_box(Reading, [channel_id], from_slot, to_slot)).order_by(Reading.slot)
        return tuple(CurrentValue(*row) for row in self._connection.execute(query))

    def _manual_flows(self) -> list[int]:
        rows = self._connection.execute(select(Flow.flow_id, Flow.config))
        return [row[0] for row in rows if json.loads(row[1]).get("source_class") == MANUAL_CLASS]


def _box(
    table: type[Reading] | type[ReadingVersion], ids: Sequence[int], from_slot: int, to_slot: int
) -> tuple[ColumnElement[bool], ...]:
    return (table.channel_id.in_(list(ids)), table.slot >= from_slot, table.slot < to_slot)
