"""What the routes read of proofs."""

from sqlalchemy import Connection

from gettone.db.repositories.settlement_pages import ListedSettlement, SettlementPages


def newest(
    connection: Connection, community_id: int, before: tuple[int, int] | None, limit: int
) -> list[ListedSettlement]:
    """Settlements that are open on chain, the newest first."""
    return SettlementPages(connection, community_id).newest(before, limit, opened_only=True)


def find(connection: Connection, community_id: int, period_index: int, revision: int | None) -> ListedSettlement | None:
    """One revision of a period that is open on chain, the latest where none is named."""
    opened = [
        one
        for one in SettlementPages(connection, community_id).revisions(period_index)
        if one.opened_block is not None and revision in (None, one.revision)
    ]
    return opened[-1] if opened else None
