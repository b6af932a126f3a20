"""Measured values that several sources stated for one slot (rule V15)."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select
from sqlalchemy.orm import aliased

from gettone.db.tables import Batch, Reading, ReadingVersion

MEASURED = (1, 3)


class Rival(NamedTuple):
    """The current value [Wh] of a slot and the last one that another flow stated for it."""

    channel_id: int
    slot: int
    current_wh: int
    other_wh: int


def rival_values(connection: Connection, channel_ids: Sequence[int], from_slot: int, to_slot: int) -> tuple[Rival, ...]:
    """The rivals of the measured current values of these channels in [from_slot, to_slot), one for each other flow."""
    theirs, ours = aliased(Batch), aliased(Batch)
    query = (
        select(
            ReadingVersion.channel_id,
            ReadingVersion.slot,
            theirs.flow_id,
            Reading.wh.label("current_wh"),
            ReadingVersion.wh.label("other_wh"),
        )
        .join(Reading, (Reading.channel_id == ReadingVersion.channel_id) & (Reading.slot == ReadingVersion.slot))
        .join(theirs, theirs.batch_id == ReadingVersion.batch_id)
        .join(ours, ours.batch_id == Reading.batch_id)
        .where(
            ReadingVersion.channel_id.in_(list(channel_ids)),
            ReadingVersion.slot >= from_slot,
            ReadingVersion.slot < to_slot,
            ReadingVersion.state.in_(("superseded", "older")),
            ReadingVersion.quality.in_(MEASURED),
            Reading.quality.in_(MEASURED),
            theirs.flow_id != ours.flow_id,
        )
        .order_by(ReadingVersion.version)
    )
    # Later versions of a flow come later and take the place of its earlier ones.
    last = {(row[0], row[1], row[2]): Rival(row[0], row[1], row[3], row[4] or 0) for row in connection.execute(query)}
    return tuple(last[key] for key in sorted(last))
