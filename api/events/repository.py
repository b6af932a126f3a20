"""What happened behind a mark: lines of statements, changes of agreements, operations that ended."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, or_, select, tuple_

from gettone.db.repositories.chain_index import ChainIndex
from gettone.db.repositories.operations import Asker
from gettone.db.tables import ChainAgreement, ChainAgreementParty, Operation, TokenEntry

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class EventRepository:
    """Reads what is news to a listener."""

    connection: Connection

    def block(self, community_id: int) -> int:
        """The last block of a community that is indexed, -1 before the first."""
        cursor = ChainIndex(self.connection, community_id).cursor()
        return -1 if cursor is None else cursor.block_number

    def entries(self, community_id: int, member_id: str, after: tuple[int, int]) -> list[Any]:
        """Lines of a member's statement behind a place, the earliest first."""
        query = select(
            TokenEntry.block_number,
            TokenEntry.log_index,
            TokenEntry.reason,
            TokenEntry.change_units,
            TokenEntry.balance_units,
            TokenEntry.tx_hash,
        ).where(
            TokenEntry.community_id == community_id,
            TokenEntry.holder == bytes.fromhex(member_id),
            tuple_(TokenEntry.block_number, TokenEntry.log_index) > after,
        )
        rows = self.connection.execute(query.order_by(TokenEntry.block_number, TokenEntry.log_index).limit(AT_ONCE))
        return list(rows)

    def agreements(self, community_id: int, member_id: str, after: tuple[int, bytes]) -> list[Any]:
        """Own agreements whose state changed behind a mark, the earliest change first."""
        party = and_(
            ChainAgreementParty.community_id == ChainAgreement.community_id,
            ChainAgreementParty.agreement_id == ChainAgreement.agreement_id,
        )
        query = (
            select(ChainAgreement.agreement_id, ChainAgreement.state, ChainAgreement.state_block)
            .join(ChainAgreementParty, party)
            .where(
                ChainAgreement.community_id == community_id,
                ChainAgreementParty.holder == bytes.fromhex(member_id),
                tuple_(ChainAgreement.state_block, ChainAgreement.agreement_id) > after,
            )
            .order_by(ChainAgreement.state_block, ChainAgreement.agreement_id)
        )
        return list(self.connection.execute(query.limit(AT_ONCE)))

    def ended(self, asker: Asker, since_ms: int) -> list[Any]:
        """Operations of the caller that ended at an instant or later."""
        mine = [Operation.owner == asker.user_id] if asker.user_id is not None else []
        mine += [Operation.client == asker.client] if asker.client is not None else []
        query = select(Operation.operation_id, Operation.kind, Operation.state, Operation.finished_at).where(
            or_(*mine), Operation.finished_at >= since_ms
        )
        return list(self.connection.execute(query.order_by(Operation.finished_at, Operation.operation_id)))
