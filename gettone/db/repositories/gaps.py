"""Gaps of channels and the estimates that stand in for short ones; a settlement reads neither."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Integer, bindparam, cast, delete, func, select

from gettone.db.bulk import insert_rows
from gettone.db.columns import SLOT_S, Base
from gettone.db.partitions import ensure_partitions
from gettone.db.tables import Channel, Estimate, Gap, Reading

_GAPS = Base.metadata.tables[Gap.__tablename__]
_ESTIMATES = Base.metadata.tables[Estimate.__tablename__]


class GapRow(NamedTuple):
    """`slots` native slots without a value from first_slot on; energy [Wh] where a register tells it, and state."""

    channel_id: int
    first_slot: int
    slots: int
    wh: int | None
    state: str


class EstimateRow(NamedTuple):
    """A value that stands in for a missing one [Wh]; `rule` is one of `EstimateRule`."""

    channel_id: int
    slot: int
    wh: int
    rule: int


class Gaps:
    """Reads and writes `gaps` and `estimates`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def overlapping(self, channel_ids: Sequence[int], from_slot: int, to_slot: int) -> tuple[GapRow, ...]:
        """The gaps of these channels that have a slot in [from_slot, to_slot), by channel and start."""
        end = Gap.first_slot + Gap.slots * (cast(Channel.step_s, Integer) // SLOT_S)
        query = (
            select(Gap.channel_id, Gap.first_slot, Gap.slots, Gap.wh, Gap.state)
            .join(Channel, Channel.channel_id == Gap.channel_id)
            .where(Gap.channel_id.in_(channel_ids), Gap.first_slot < to_slot, end > from_slot)
            .order_by(Gap.channel_id, Gap.first_slot)
        )
        return tuple(GapRow(*row) for row in self._connection.execute(query))

    def replace(self, old: Iterable[GapRow], new: Iterable[GapRow]) -> None:
        """Store `new` gaps in the place of `old` ones; what is in both stays untouched."""
        before, after = set(old), set(new)
        gone = [{"at_channel": one.channel_id, "at_slot": one.first_slot} for one in sorted(before - after)]
        if gone:
            key = (_GAPS.c.channel_id == bindparam("at_channel"), _GAPS.c.first_slot == bindparam("at_slot"))
            self._connection.execute(delete(_GAPS).where(*key), gone)
        insert_rows(self._connection, Gap.__tablename__, GapRow._fields, sorted(after - before))

    def estimates(self, channel_ids: Sequence[int], from_slot: int, to_slot: int) -> tuple[EstimateRow, ...]:
        """The estimates of these channels in [from_slot, to_slot), by channel and slot."""
        query = (
            select(Estimate.channel_id, Estimate.slot, Estimate.wh, Estimate.rule)
            .where(Estimate.channel_id.in_(channel_ids), Estimate.slot >= from_slot, Estimate.slot < to_slot)
            .order_by(Estimate.channel_id, Estimate.slot)
        )
        return tuple(EstimateRow(*row) for row in self._connection.execute(query))

    def replace_estimates(self, old: Iterable[EstimateRow], new: Iterable[EstimateRow], run_id: int) -> None:
        """Store `new` estimates of a run in the place of `old` ones; what is in both keeps its run."""
        before, after = set(old), set(new)
        gone = [{"at_channel": one.channel_id, "at_slot": one.slot} for one in sorted(before - after)]
        if gone:
            key = (_ESTIMATES.c.channel_id == bindparam("at_channel"), _ESTIMATES.c.slot == bindparam("at_slot"))
            self._connection.execute(delete(_ESTIMATES).where(*key), gone)
        fresh = sorted(after - before)
        if fresh:
            ensure_partitions(self._connection, min(one.slot for one in fresh), max(one.slot for one in fresh))
            rows = [(*one, run_id) for one in fresh]
            insert_rows(self._connection, Estimate.__tablename__, (*EstimateRow._fields, "run_id"), rows)

    def last_values(self, channel_ids: Sequence[int], before_slot: int) -> dict[int, int]:
        """The last slot with a value before `before_slot`, by channel id."""
        return self._by_channel(func.max(Reading.slot), Reading.slot < before_slot, channel_ids)

    def next_values(self, channel_ids: Sequence[int], from_slot: int) -> dict[int, int]:
        """The first slot with a value from `from_slot` on, by channel id."""
        return self._by_channel(func.min(Reading.slot), Reading.slot >= from_slot, channel_ids)

    def _by_channel(
        self, slot: ColumnElement[int], side: ColumnElement[bool], channel_ids: Sequence[int]
    ) -> dict[int, int]:
        query = select(Reading.channel_id, slot).where(side, Reading.channel_id.in_(channel_ids), Reading.quality != 0)
        return {row[0]: row[1] for row in self._connection.execute(query.group_by(Reading.channel_id))}
