"""What the routes read and write of messages."""

from sqlalchemy import Connection

from gettone.db.repositories.communities import Communities
from gettone.db.repositories.messages import Messages


def of(connection: Connection, community_id: int) -> Messages:
    """The messages of a community."""
    return Messages(connection, community_id)


def kind_of(connection: Connection, community_id: int, member_id: str) -> str:
    """Whether a member is a citizen or a stakeholder."""
    return Communities(connection).member(community_id, member_id).kind.value
