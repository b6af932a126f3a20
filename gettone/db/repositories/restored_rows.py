"""Settlements restored from the chain: written as the chain holds them, filled when their lines are known again."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from gettone.db.columns import Base
from gettone.db.repositories.settlement_states import ChunkState, Origin, SettlementState
from gettone.db.tables import Settlement, SettlementChunk, SettlementMember

_SETTLEMENTS: Table = Base.metadata.tables[Settlement.__tablename__]
_MEMBERS: Table = Base.metadata.tables[SettlementMember.__tablename__]
_CHUNKS: Table = Base.metadata.tables[SettlementChunk.__tablename__]
_KEPT = ("community_id", "period_index", "revision", "period_start_s", "period_end_s", "timezone", "total_units")


class RestoredRows:
    """Writes rows of origin `chain`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, row: Mapping[str, Any], chunks: Mapping[int, bytes]) -> int:
        """Store an opened settlement with the payout words of the chunks that are known; returns its id.

        A row of the same period that is held makes room.
        """
        held = [_SETTLEMENTS.c[name] == row[name] for name in _KEPT[:3]]
        self._connection.execute(delete(_SETTLEMENTS).where(*held, _SETTLEMENTS.c.state == SettlementState.HELD.value))
        new = insert(_SETTLEMENTS).returning(_SETTLEMENTS.c.settlement_id)
        settlement_id = int(self._connection.execute(new.values(**row)).scalar_one())
        self.add_chunks(settlement_id, chunks)
        return settlement_id

    def add_chunks(
        self, settlement_id: int, chunks: Mapping[int, bytes], state: ChunkState = ChunkState.WAITING
    ) -> None:
        """Store the payout words of chunks that are not known yet, in a state; those known stay."""
        known = select(_CHUNKS.c.chunk).where(_CHUNKS.c.settlement_id == settlement_id)
        there = set(self._connection.execute(known).scalars())
        rows = [
            {"settlement_id": settlement_id, "chunk": chunk, "payouts": words, "state": state.value}
            for chunk, words in sorted(chunks.items())
            if chunk not in there
        ]
        if rows:
            self._connection.execute(insert(_CHUNKS), rows)

    def remove(self, settlement_id: int) -> None:
        """Delete a restored settlement, to make room for the same one with its leaves."""
        for table in (_CHUNKS, _MEMBERS, _SETTLEMENTS):
            self._connection.execute(delete(table).where(table.c.settlement_id == settlement_id))

    def fill(self, settlement_id: int, computed: Mapping[str, Any], members: Sequence[Mapping[str, Any]]) -> None:
        """Store the calculation of a restored settlement, without leaves: those are under keys that are lost."""
        values = {name: value for name, value in computed.items() if name not in _KEPT}
        key = (_SETTLEMENTS.c.settlement_id == settlement_id, _SETTLEMENTS.c.origin == Origin.CHAIN.value)
        self._connection.execute(update(_SETTLEMENTS).where(*key).values(**values))
        self._connection.execute(delete(_MEMBERS).where(_MEMBERS.c.settlement_id == settlement_id))
        if members:
            self._connection.execute(insert(_MEMBERS), [{"settlement_id": settlement_id, **one} for one in members])
