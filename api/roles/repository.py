"""Roles in the database."""

from api.context import ApiContext
from gettone.db.repositories.grants import GrantRow, Grants


def page(context: ApiContext, community_id: int, after: tuple[str, int] | None, limit: int) -> list[GrantRow]:
    """The grants of a community that have not ended, by holder."""
    with context.database.read() as connection:
        return Grants(connection).of_community(community_id, context.clock(), after, limit)
