"""Settlements and their lines as lists show them: page by page, without the big columns."""

from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, select, tuple_

from gettone.db.columns import Base
from gettone.db.repositories.settlement_rows import SettlementMemberRow, member_of
from gettone.db.tables import Settlement, SettlementMember

_MEMBERS = Base.metadata.tables[SettlementMember.__tablename__]


class ListedSettlement(NamedTuple):
    """What anybody may know of a settlement, and why it is held or failed; later parts are None or 0 before."""

    settlement_id: int
    period_index: int
    revision: int
    state: str
    origin: str
    reason: str | None
    period_start_s: int
    period_end_s: int
    timezone: str
    model_version: int
    entitlement_units: int
    total_units: int
    carried_over_units: int
    result_digest: str
    gate_report_sha256: bytes
    assignment_root: bytes | None
    leaf_count: int | None
    roster_root: bytes | None
    aggregates_root: bytes | None
    ingest_root: bytes | None
    ingest_size: int | None
    payouts_root: bytes | None
    chunk_count: int | None
    proposal_json: str | None
    proposal_hash: bytes | None
    previous_settlement: bytes | None
    opened_tx: bytes | None
    opened_block: int | None
    credited_units: int | None
    fee_units: int | None
    skipped_units: int | None


class SettlementPages:
    """Reads `settlements` and `settlement_members` of one community."""

    def __init__(self, connection: Connection, community_id: int) -> None:
        self._connection, self._community_id = connection, community_id

    def newest(
        self, before: tuple[int, int] | None, limit: int, *, opened_only: bool = False
    ) -> list[ListedSettlement]:
        """Settlements by period and revision, the newest first, older than `before`; all, or those on chain."""
        query = self._listed()
        if opened_only:
            query = query.where(Settlement.opened_block.is_not(None))
        if before is not None:
            query = query.where(tuple_(Settlement.period_index, Settlement.revision) < before)
        newest_first = query.order_by(Settlement.period_index.desc(), Settlement.revision.desc())
        return [ListedSettlement(*row) for row in self._connection.execute(newest_first.limit(limit))]

    def revisions(self, period_index: int) -> list[ListedSettlement]:
        """Every revision of a period, the first one first."""
        query = self._listed().where(Settlement.period_index == period_index)
        return [ListedSettlement(*row) for row in self._connection.execute(query.order_by(Settlement.revision))]

    def find(self, period_index: int, revision: int | None) -> ListedSettlement | None:
        """One revision of a period, the latest where none is named; None where there is none."""
        found = self.revisions(period_index)
        if revision is None:
            return found[-1] if found else None
        return next((one for one in found if one.revision == revision), None)

    def lines(self, settlement_id: int, after: int, limit: int) -> list[SettlementMemberRow]:
        """Lines of a settlement behind leaf index `after`, in the order of the roster."""
        of_it = (_MEMBERS.c.settlement_id == settlement_id, _MEMBERS.c.leaf_index > after)
        query = select(_MEMBERS).where(*of_it).order_by(_MEMBERS.c.leaf_index).limit(limit)
        return [member_of(row) for row in self._connection.execute(query).mappings()]

    def _listed(self) -> Select[*tuple[Any, ...]]:
        columns = (getattr(Settlement, name) for name in ListedSettlement._fields)
        return select(*columns).where(Settlement.community_id == self._community_id)
