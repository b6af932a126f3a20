"""What the routes read and write of the sharing."""

from sqlalchemy import Connection

from gettone.db.repositories.communities import Communities
from gettone.db.repositories.gse_shares import GseShares


def of(connection: Connection, community_id: int) -> GseShares:
    """The statements of a community."""
    return GseShares(connection, community_id)


def member_ids(connection: Connection, community_id: int) -> frozenset[str]:
    """The pseudonyms of a community's members."""
    return frozenset(one.member_id for one in Communities(connection).members(community_id))
