"""Wallets in the database."""

from sqlalchemy import Connection

from api.access import Access
from api.context import ApiContext
from api.operations.repository import asker_of
from gettone.db.repositories.memberships import MembershipRow, Memberships
from gettone.db.repositories.operations import Operations
from gettone.db.repositories.wallets import WalletRow, Wallets

JOIN = "wallet.join"


def of_member(context: ApiContext, community_id: int, member_id: str) -> WalletRow | None:
    """The wallet of a member of this community; MissingInput for a stranger."""
    with context.database.read() as connection:
        Memberships(connection, community_id).get(member_id)
        return Wallets(connection).of_member(member_id)


def locked_member(connection: Connection, community_id: int, member_id: str) -> MembershipRow:
    """A member whom nobody else changes until the transaction ends."""
    memberships = Memberships(connection, community_id)
    memberships.lock(member_id)
    return memberships.get(member_id)


def ask_join(connection: Connection, context: ApiContext, access: Access, row: WalletRow) -> str:
    """Have the member brought on chain; the id of the operation."""
    document = {"community": access.where.slug, "member_id": row.member_id, "address": row.address}
    asker = asker_of(access.person)
    return Operations(connection).add(JOIN, document, asker, context.clock(), access.where.community_id)
