"""The registers that later readings of a flow are counted from (rules V7 and V10)."""

from collections.abc import Sequence

import numpy as np
from sqlalchemy import Connection, bindparam, delete, select

from gettone.db.bulk import insert_rows
from gettone.db.columns import Base
from gettone.db.tables import RegisterBase
from gettone.metering.values import RegisterBases

_BASES = Base.metadata.tables[RegisterBase.__tablename__]
_COLUMNS = ("channel_id", "at_s", "wh", "quality", "joined")
_CHANNELS_PER_QUERY = 500


class StoredBases:
    """Reads and writes `register_bases` of one flow."""

    def __init__(self, connection: Connection, flow_id: int) -> None:
        self._connection = connection
        self._flow_id = flow_id

    def known(self, channel_ids: Sequence[int]) -> RegisterBases:
        """The stored bases of these channels, by channel and instant."""
        query = select(*(_BASES.c[name] for name in _COLUMNS)).where(_BASES.c.flow_id == self._flow_id)
        rows: list[tuple[int, ...]] = []
        for first in range(0, len(channel_ids), _CHANNELS_PER_QUERY):
            chosen = list(channel_ids[first : first + _CHANNELS_PER_QUERY])
            rows += [tuple(row) for row in self._connection.execute(query.where(_BASES.c.channel_id.in_(chosen)))]
        if not rows:
            return RegisterBases.empty()
        channel_id, at_s, wh, quality, joined = zip(*sorted(rows), strict=True)
        return RegisterBases(
            np.array(channel_id, np.int32),
            np.array(at_s, np.int64),
            np.array(wh, np.int64),
            np.array(quality, np.int8),
            np.array(joined, np.bool_),
        )

    def change(self, batch_id: int, spent: RegisterBases, added: RegisterBases) -> None:
        """Delete the bases a batch spent, then store those it brought."""
        if len(spent):
            keys = (_BASES.c.channel_id == bindparam("of_channel"), _BASES.c.at_s == bindparam("of_instant"))
            pairs = zip(spent.channel_id.tolist(), spent.at_s.tolist(), strict=True)
            self._connection.execute(
                delete(_BASES).where(_BASES.c.flow_id == self._flow_id, *keys),
                [{"of_channel": channel_id, "of_instant": at_s} for channel_id, at_s in pairs],
            )
        if len(added):
            rows = zip(*(getattr(added, name).tolist() for name in _COLUMNS), strict=True)
            names = (*_COLUMNS, "flow_id", "batch_id")
            insert_rows(self._connection, _BASES.name, names, [(*row, self._flow_id, batch_id) for row in rows])
