"""Settlements: every step is written with the state it expects, so that two jobs can never both take it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, bindparam, delete, insert, select, update

from gettone.db.columns import Base
from gettone.db.repositories.settlement_heads import SettlementHeads
from gettone.db.repositories.settlement_rows import (
    AccountLine,
    ChunkRow,
    Committed,
    CommittedMember,
    CommittedSeriesRow,
    Computed,
    ComputedMember,
    Proposed,
    SettlementMemberRow,
    SettlementRow,
    chunk_of,
    member_of,
    part_of,
    settlement_of,
)
from gettone.db.repositories.settlement_states import ChunkState, Origin, SettlementState
from gettone.db.tables import Settlement, SettlementAttestation, SettlementChunk, SettlementMember, SettlementSeries
from gettone.errors import Conflict, MissingInput

_SETTLEMENTS: Table = Base.metadata.tables[Settlement.__tablename__]
_MEMBERS: Table = Base.metadata.tables[SettlementMember.__tablename__]
_SERIES: Table = Base.metadata.tables[SettlementSeries.__tablename__]
_CHUNKS: Table = Base.metadata.tables[SettlementChunk.__tablename__]
_ATTESTATIONS: Table = Base.metadata.tables[SettlementAttestation.__tablename__]
_UNSENT = (SettlementState.COMPUTING, SettlementState.PROPOSED, SettlementState.ATTESTED)
_HAS_CALCULATION = _SETTLEMENTS.c.result_digest != ""
_IS_RESTORED = _SETTLEMENTS.c.origin == Origin.CHAIN.value


class Settlements:
    """Reads and writes the four settlement tables; each `record_` method moves a settlement one state on.

    computing → proposed → attested → open → paying → paid → closed.  A method raises Conflict
    `settlement_state` when the stored state is not the one it follows, and then changes nothing.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(
        self, community_id: int, period_index: int, revision: int, *, with_restored: bool = False
    ) -> SettlementRow | None:
        """One settlement that is computed, or None; `with_restored` also one that only the chain remembers."""
        return self._one(
            _SETTLEMENTS.c.period_index == period_index,
            _SETTLEMENTS.c.revision == revision,
            _SETTLEMENTS.c.community_id == community_id,
            (_HAS_CALCULATION | _IS_RESTORED) if with_restored else _HAS_CALCULATION,
        )

    def get(self, settlement_id: int) -> SettlementRow:
        """A settlement by id; MissingInput when there is none."""
        found = self._one(_SETTLEMENTS.c.settlement_id == settlement_id)
        if found is None:
            raise MissingInput("settlement_unknown", f"there is no settlement {settlement_id} in this database")
        return found

    def of_community(self, community_id: int) -> tuple[SettlementRow, ...]:
        """All settlements of a community that are computed, by period and revision."""
        query = select(_SETTLEMENTS).where(_SETTLEMENTS.c.community_id == community_id, _HAS_CALCULATION)
        rows = self._connection.execute(query.order_by(_SETTLEMENTS.c.period_index, _SETTLEMENTS.c.revision))
        return tuple(settlement_of(row) for row in rows.mappings())

    def record_computed(self, computed: Computed, members: Sequence[ComputedMember]) -> int:
        """Store a new settlement and its lines; returns its id; Conflict `settlement_exists` otherwise."""
        settlement_id = SettlementHeads(self._connection).begin(asdict(computed))
        self._insert(_MEMBERS, settlement_id, [asdict(one) for one in members])
        return settlement_id

    def record_proposed(
        self,
        settlement_id: int,
        committed: Committed,
        proposed: Proposed,
        members: Sequence[CommittedMember],
        series: Sequence[CommittedSeriesRow],
        chunks: Sequence[ChunkRow],
    ) -> None:
        """Store roots, leaves, series, payouts and the proposal made of them; computing → proposed."""
        values = asdict(committed) | asdict(proposed)
        self._advance(settlement_id, (SettlementState.COMPUTING,), SettlementState.PROPOSED, **values)
        self._update_members(settlement_id, members)
        self._insert(_SERIES, settlement_id, [asdict(one) for one in series])
        rows = [
            {"chunk": one.chunk, "payouts": b"".join(one.payouts), "state": ChunkState.WAITING.value} for one in chunks
        ]
        self._insert(_CHUNKS, settlement_id, rows)

    def record_attested(self, settlement_id: int, signatures_json: str) -> None:
        """Store the signatures that open the settlement; proposed → attested."""
        values = {"signatures_json": signatures_json}
        self._advance(settlement_id, (SettlementState.PROPOSED,), SettlementState.ATTESTED, **values)

    def record_opened(self, settlement_id: int, tx_hash: bytes, block_number: int) -> None:
        """Store the SettlementOpened event; attested → open."""
        self._advance(
            settlement_id,
            (SettlementState.ATTESTED,),
            SettlementState.OPEN,
            opened_tx=tx_hash,
            opened_block=block_number,
        )

    def record_chunk_paid(
        self,
        settlement_id: int,
        chunk: int,
        *,
        credited_units: int,
        fee_units: int,
        skipped_units: int,
        tx_hash: bytes,
        block_number: int,
    ) -> None:
        """Store a ChunkPaid event; open or paying → paying.  The same event again changes nothing."""
        values = {
            "state": ChunkState.PAID.value,
            "credited_units": credited_units,
            "fee_units": fee_units,
            "skipped_units": skipped_units,
            "tx_hash": tx_hash,
            "block_number": block_number,
        }
        stored = next((one for one in self.chunks(settlement_id) if one.chunk == chunk), None)
        if stored is not None and stored.state is ChunkState.PAID and stored.tx_hash == tx_hash:
            return
        if stored is None or stored.state is ChunkState.PAID:
            raise Conflict("chunk_state", f"chunk {chunk} of settlement {settlement_id} is unknown or paid otherwise")
        self._advance(settlement_id, (SettlementState.OPEN, SettlementState.PAYING), SettlementState.PAYING)
        key = (_CHUNKS.c.settlement_id == settlement_id, _CHUNKS.c.chunk == chunk)
        self._connection.execute(update(_CHUNKS).where(*key).values(**values))

    def record_paid(
        self, settlement_id: int, *, credited_units: int, fee_units: int, skipped_units: int, voided_units: int = 0
    ) -> None:
        """Store the SettlementPaid event, or with `voided_units` that the rest was voided; open or paying → paid.

        Conflict `chunks_unpaid` while a chunk waits that was not voided, `chunk_sum` when the chunks do not add up to
        the event; of a settlement restored from the chain the voided ones may be unknown.
        """
        chunks = self.chunks(settlement_id)
        waiting = [one for one in chunks if one.state is not ChunkState.PAID]
        if waiting and not voided_units:
            numbers = [one.chunk for one in waiting]
            raise Conflict("chunks_unpaid", f"settlement {settlement_id} still has unpaid chunks: {numbers}")
        event = {"credited_units": credited_units, "fee_units": fee_units, "skipped_units": skipped_units}
        sums = {name: sum(getattr(one, name) or 0 for one in chunks) for name in event}
        event["voided_units"] = voided_units
        sums["voided_units"] = sum(one.total_units for one in waiting) if waiting else voided_units
        if sums != event:
            raise Conflict(
                "chunk_sum", f"settlement {settlement_id}: its chunks add up to {sums}, the event says {event}"
            )
        self._advance(settlement_id, (SettlementState.OPEN, SettlementState.PAYING), SettlementState.PAID, **event)
        voided = (_CHUNKS.c.settlement_id == settlement_id, _CHUNKS.c.state == ChunkState.WAITING.value)
        self._connection.execute(update(_CHUNKS).where(*voided).values(state=ChunkState.VOIDED.value))

    def record_closed(self, settlement_id: int, closed_at: int) -> None:
        """Chain, database and leaves agree: paid → closed; `closed_at` in unix ms."""
        self._advance(settlement_id, (SettlementState.PAID,), SettlementState.CLOSED, closed_at=closed_at)

    def withdraw(self, settlement_id: int) -> None:
        """Delete a settlement that is not open on chain; Conflict afterwards."""
        self._require(settlement_id, _UNSENT, "withdrawn")
        for table in (_ATTESTATIONS, _SERIES, _CHUNKS, _MEMBERS, _SETTLEMENTS):
            self._connection.execute(delete(table).where(table.c.settlement_id == settlement_id))

    def members(self, settlement_id: int) -> tuple[SettlementMemberRow, ...]:
        """The lines of a settlement, by leaf index."""
        return tuple(member_of(row) for row in self._rows(_MEMBERS, settlement_id, "leaf_index"))

    def line(self, settlement_id: int, member_id: str) -> SettlementMemberRow | None:
        """The line of one member, or None."""
        query = select(_MEMBERS).where(_MEMBERS.c.settlement_id == settlement_id, _MEMBERS.c.member_id == member_id)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else member_of(row)

    def accounts(self, settlement_id: int) -> tuple[AccountLine, ...]:
        """What each member had skipped and carries after a settlement, by leaf index; without leaves and traces."""
        columns = (_MEMBERS.c[name] for name in AccountLine._fields)
        query = select(*columns).where(_MEMBERS.c.settlement_id == settlement_id).order_by(_MEMBERS.c.leaf_index)
        return tuple(AccountLine(*row) for row in self._connection.execute(query))

    def leaves(self, settlement_id: int) -> tuple[tuple[bytes, bytes], ...]:
        """Assignment and roster leaf of every member of a committed settlement, by leaf index."""
        query = select(_MEMBERS.c.assignment_leaf, _MEMBERS.c.roster_leaf)
        query = query.where(_MEMBERS.c.settlement_id == settlement_id).order_by(_MEMBERS.c.leaf_index)
        return tuple((bytes(row[0]), bytes(row[1])) for row in self._connection.execute(query))

    def series(self, settlement_id: int) -> tuple[CommittedSeriesRow, ...]:
        """The committed series of a settlement, by leaf index and number."""
        return tuple(
            part_of(CommittedSeriesRow, row) for row in self._rows(_SERIES, settlement_id, "leaf_index", "number")
        )

    def chunks(self, settlement_id: int) -> tuple[ChunkRow, ...]:
        """The chunks of a settlement, in order."""
        return tuple(chunk_of(row) for row in self._rows(_CHUNKS, settlement_id, "chunk"))

    def _advance(
        self, settlement_id: int, expected: tuple[SettlementState, ...], to: SettlementState, **values: Any
    ) -> None:
        key = (
            _SETTLEMENTS.c.settlement_id == settlement_id,
            _SETTLEMENTS.c.state.in_([one.value for one in expected]),
        )
        statement = update(_SETTLEMENTS).where(*key).values(state=to.value, **values)
        if self._connection.execute(statement).rowcount != 1:
            self._require(settlement_id, expected, to.value)

    def _require(self, settlement_id: int, expected: tuple[SettlementState, ...], to: str) -> None:
        state = self.get(settlement_id).state
        if state not in expected:
            raise Conflict(
                "settlement_state",
                f"settlement {settlement_id} is {state}, so it cannot become {to}: "
                f"that follows {' or '.join(expected)}; another job may be at work on it",
            )

    def _update_members(self, settlement_id: int, members: Sequence[CommittedMember]) -> None:
        if not members:
            return
        names = [field.name for field in fields(CommittedMember) if field.name != "leaf_index"]
        key = (_MEMBERS.c.settlement_id == settlement_id, _MEMBERS.c.leaf_index == bindparam("at_index"))
        statement = update(_MEMBERS).where(*key).values({name: bindparam("new_" + name) for name in names})
        rows = [{"at_index": one.leaf_index} | {"new_" + name: getattr(one, name) for name in names} for one in members]
        self._connection.execute(statement, rows)

    def _insert(self, table: Table, settlement_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            self._connection.execute(insert(table), [{"settlement_id": settlement_id, **row} for row in rows])

    def _one(self, *conditions: ColumnElement[bool]) -> SettlementRow | None:
        row = self._connection.execute(select(_SETTLEMENTS).where(*conditions)).mappings().one_or_none()
        return None if row is None else settlement_of(row)

    def _rows(self, table: Table, settlement_id: int, *order: str) -> Sequence[RowMapping]:
        query = select(table).where(table.c.settlement_id == settlement_id).order_by(*(table.c[name] for name in order))
        return self._connection.execute(query).mappings().all()
