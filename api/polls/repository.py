"""What the routes read and write of polls."""

from sqlalchemy import Connection

from gettone.db.repositories.polls import Polls


def of(connection: Connection, community_id: int) -> Polls:
    """The polls of a community."""
    return Polls(connection, community_id)
