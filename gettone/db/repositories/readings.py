"""Readings and their versions: current, by slot range, and as of a batch."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, func, select, update

from gettone.db.bulk import insert_rows
from gettone.db.columns import Base
from gettone.db.partitions import ensure_partitions
from gettone.db.repositories.devices import ChannelRow
from gettone.db.tables import Batch, Reading, ReadingVersion
from gettone.metering.rules.versions import CurrentReading, NewReading, NewVersion

HELD_BACK = ("quarantined", "conflict")
ASKED = (*HELD_BACK, "accepted", "refused")
"""States of a value that waits for a person, or that a person decided on."""
_READINGS = Base.metadata.tables[Reading.__tablename__]


class StoredReading(NamedTuple):
    """One value: slot of 900 s, signed Wh, quality 0..4, rank, and the batch it came with."""

    slot: int
    wh: int
    quality: int
    rank: int
    batch_id: int


@dataclass(frozen=True, slots=True)
class ChannelReadings:
    """The readings of one channel, ascending by slot; a slot that is absent was never received."""

    channel: ChannelRow
    readings: tuple[StoredReading, ...]


class Readings:
    """Reads and writes `readings` and `reading_versions`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def as_of(
        self, channels: Sequence[ChannelRow], from_slot: int, to_slot: int, freeze_batch: int
    ) -> tuple[ChannelReadings, ...]:
        """What was current in [from_slot, to_slot) when `freeze_batch` batches were merged (§8).

        In the order of `channels`, empty ones too.  What came later is taken back from the versions, so that a
        re-run reads what was notarized.
        """
        values = self._as_of([one.channel_id for one in channels], from_slot, to_slot, freeze_batch)
        return tuple(
            ChannelReadings(one, tuple(values[one.channel_id][slot] for slot in sorted(values[one.channel_id])))
            for one in channels
        )

    def quarantined(self, channel_ids: Sequence[int], from_slot: int, to_slot: int, freeze_batch: int) -> int:
        """How many slots have a value that waits for a person (V11, V12), as of a batch."""
        query = (
            select(ReadingVersion.channel_id, ReadingVersion.slot)
            .where(
                ReadingVersion.state.in_(HELD_BACK),
                _merged_by(ReadingVersion, freeze_batch),
                *_box(ReadingVersion, channel_ids, from_slot, to_slot),
            )
            .distinct()
        )
        return len(self._connection.execute(query).all())

    def current(
        self, channel_ids: Sequence[int], from_slot: int, to_slot: int
    ) -> dict[tuple[int, int], CurrentReading]:
        """The current values in [from_slot, to_slot) by (channel id, slot)."""
        query = select(
            Reading.channel_id,
            Reading.slot,
            Reading.wh,
            Reading.quality,
            Reading.rank,
            Reading.version,
            Reading.batch_id,
        ).where(*_box(Reading, channel_ids, from_slot, to_slot))
        return {(row[0], row[1]): CurrentReading(*row[2:]) for row in self._connection.execute(query)}

    def last_versions(self, channel_ids: Sequence[int], from_slot: int, to_slot: int) -> dict[tuple[int, int], int]:
        """The highest version number kept beside the current value, by (channel id, slot)."""
        query = (
            select(ReadingVersion.channel_id, ReadingVersion.slot, func.max(ReadingVersion.version))
            .where(*_box(ReadingVersion, channel_ids, from_slot, to_slot))
            .group_by(ReadingVersion.channel_id, ReadingVersion.slot)
        )
        return {(channel_id, slot): version for channel_id, slot, version in self._connection.execute(query)}

    def held_back(self, channel_ids: Sequence[int], from_slot: int, to_slot: int) -> set[tuple[int, int, int, int]]:
        """(channel id, slot, Wh, rank) of values put to a person: the same one is not asked about again."""
        query = select(ReadingVersion.channel_id, ReadingVersion.slot, ReadingVersion.wh, ReadingVersion.rank).where(
            ReadingVersion.state.in_(ASKED), *_box(ReadingVersion, channel_ids, from_slot, to_slot)
        )
        return {(row[0], row[1], row[2] or 0, row[3]) for row in self._connection.execute(query)}

    def add(self, rows: Sequence[NewReading]) -> None:
        """Insert the first values of slots."""
        self._ensure_partitions(rows)
        insert_rows(self._connection, Reading.__tablename__, NewReading._fields, rows)

    def replace(self, rows: Sequence[NewReading]) -> None:
        """Put new current values in the place of others; the caller keeps those as versions."""
        if not rows:
            return
        key = (_READINGS.c.channel_id == bindparam("at_channel"), _READINGS.c.slot == bindparam("at_slot"))
        fields = NewReading._fields[2:]
        statement = update(_READINGS).where(*key).values({name: bindparam("new_" + name) for name in fields})
        self._connection.execute(
            statement,
            [
                {"at_channel": row.channel_id, "at_slot": row.slot}
                | {"new_" + name: getattr(row, name) for name in fields}
                for row in rows
            ],
        )

    def add_versions(self, rows: Sequence[NewVersion]) -> None:
        """Insert values that are not the current ones."""
        self._ensure_partitions(rows)
        insert_rows(self._connection, ReadingVersion.__tablename__, NewVersion._fields, rows)

    def _ensure_partitions(self, rows: Sequence[NewReading] | Sequence[NewVersion]) -> None:
        if rows:
            ensure_partitions(self._connection, min(row.slot for row in rows), max(row.slot for row in rows))

    def _as_of(
        self, ids: Sequence[int], from_slot: int, to_slot: int, freeze_batch: int
    ) -> Mapping[int, dict[int, StoredReading]]:
        found: dict[int, dict[int, StoredReading]] = defaultdict(dict)
        superseded = (
            select(
                ReadingVersion.channel_id,
                ReadingVersion.slot,
                ReadingVersion.wh,
                ReadingVersion.quality,
                ReadingVersion.rank,
                ReadingVersion.batch_id,
            )
            .where(
                ReadingVersion.state == "superseded",
                _merged_by(ReadingVersion, freeze_batch),
                *_box(ReadingVersion, ids, from_slot, to_slot),
            )
            .order_by(ReadingVersion.version)
        )
        current = select(
            Reading.channel_id, Reading.slot, Reading.wh, Reading.quality, Reading.rank, Reading.batch_id
        ).where(_merged_by(Reading, freeze_batch), *_box(Reading, ids, from_slot, to_slot))
        # A slot's values became current in the order of their versions, so the last one written here wins.
        for query in (superseded, current):
            for channel_id, slot, wh, quality, rank, batch_id in self._connection.execute(query):
                found[channel_id][slot] = StoredReading(slot, wh or 0, quality, rank, batch_id)
        return found


def _merged_by(table: type[Reading] | type[ReadingVersion], freeze_batch: int) -> ColumnElement[bool]:
    return table.batch_id.in_(select(Batch.batch_id).where(Batch.merge_no <= freeze_batch))


def _box(
    table: type[Reading] | type[ReadingVersion], ids: Iterable[int], from_slot: int, to_slot: int
) -> tuple[ColumnElement[bool], ...]:
    return (table.channel_id.in_(list(ids)), table.slot >= from_slot, table.slot < to_slot)
