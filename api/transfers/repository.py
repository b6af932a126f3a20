"""Transfers that were told before, and whether members dealt with each other."""

from dataclasses import dataclass

from sqlalchemy import Connection

from api.member_wallets import ActingMember
from gettone.db.repositories.member_acts import ActRow, MemberActs
from gettone.db.repositories.statements import Statements


@dataclass(frozen=True, slots=True)
class TransferRepository:
    """Reads and writes transfers of one community's members."""

    connection: Connection
    community_id: int

    def is_first(self, member: ActingMember, wallet: str) -> bool:
        """Whether the member never transferred to a wallet before."""
        statements = Statements(self.connection, self.community_id)
        return not statements.has_given(bytes.fromhex(member.member_id), wallet)

    def find(self, member: ActingMember, once: bytes) -> ActRow | None:
        """The transfer of the member's wallet with a nonce or a transaction."""
        return MemberActs(self.connection).find(self.community_id, member.wallet, once)

    def add(self, row: ActRow) -> None:
        """Write a transfer down."""
        MemberActs(self.connection).add(row)
