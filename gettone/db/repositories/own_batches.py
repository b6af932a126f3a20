"""Which batches held the rows of one member and of nobody else: what they name may be shown to that member."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Connection, func, or_, select

from gettone.db.repositories.batches import BatchRow
from gettone.db.tables import Channel, DeviceMember, Reading, ReadingVersion


def own_batches(connection: Connection, member_id: str, batches: Iterable[BatchRow]) -> frozenset[int]:
    """Ids of those batches of which every row became a value of a device while it was in the member's hands.

    A row that left no value (equal, merged, missing, rejected) may have been somebody else's: its batch is not
    the member's alone.
    """
    rows: Counter[int] = Counter()
    for table in (Reading, ReadingVersion):
        query = (
            select(table.batch_id, func.count())
            .join(Channel, Channel.channel_id == table.channel_id)
            .join(DeviceMember, DeviceMember.device_id == Channel.device_id)
            .where(DeviceMember.member_id == member_id, table.slot >= DeviceMember.valid_from)
            .where(or_(DeviceMember.valid_to.is_(None), table.slot < DeviceMember.valid_to))
            .group_by(table.batch_id)
        )
        for batch_id, count in connection.execute(query):
            rows[batch_id] += count
    return frozenset(one.batch_id for one in batches if rows[one.batch_id] == one.counters.total > 0)
