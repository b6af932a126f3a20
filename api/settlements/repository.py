"""What the routes read of settlements."""

from sqlalchemy import Connection

from gettone.db.repositories.approvals import Act, ApprovalRow, Approvals
from gettone.db.repositories.gates import GateRow, Gates
from gettone.db.repositories.settlement_pages import ListedSettlement, SettlementPages
from gettone.db.repositories.settlement_rows import ChunkRow, SettlementMemberRow, SettlementRow
from gettone.db.repositories.settlements import Settlements


def newest(
    connection: Connection, community_id: int, before: tuple[int, int] | None, limit: int
) -> list[ListedSettlement]:
    """Settlements of a community, the newest first."""
    return SettlementPages(connection, community_id).newest(before, limit)


def find(
    connection: Connection, community_id: int, period_index: int, revision: int | None = None
) -> ListedSettlement | None:
    """One revision of a period, the latest where none is named."""
    return SettlementPages(connection, community_id).find(period_index, revision)


def revisions(connection: Connection, community_id: int, period_index: int) -> list[ListedSettlement]:
    """Every revision of a period."""
    return SettlementPages(connection, community_id).revisions(period_index)


def lines(
    connection: Connection, settlement: ListedSettlement, community_id: int, after: int, limit: int
) -> list[SettlementMemberRow]:
    """Lines of a settlement behind a leaf index."""
    return SettlementPages(connection, community_id).lines(settlement.settlement_id, after, limit)


def line(connection: Connection, settlement: ListedSettlement, member_id: str) -> SettlementMemberRow | None:
    """A member's own line."""
    return Settlements(connection).line(settlement.settlement_id, member_id)


def whole(connection: Connection, settlement: ListedSettlement) -> SettlementRow:
    """The settlement with parameters and model."""
    return Settlements(connection).get(settlement.settlement_id)


def chunks(connection: Connection, settlement: ListedSettlement) -> tuple[ChunkRow, ...]:
    """The payouts of a settlement as the contract takes them."""
    return Settlements(connection).chunks(settlement.settlement_id)


def words_for_revision(
    connection: Connection, community_id: int, period_index: int, revision: int
) -> tuple[ApprovalRow, ...]:
    """Who spoke for a revision, in that order."""
    return Approvals(connection).of((community_id, period_index, revision), Act.REVISE)


def gate(connection: Connection, community_id: int, settlement: ListedSettlement) -> GateRow | None:
    """The quality gate of a settlement."""
    return Gates(connection).find(community_id, settlement.period_index, settlement.revision)
