"""How far the event index is."""

from sqlalchemy import func, select

from gettone.db.engine import Database
from gettone.db.tables import ChainCursor, Community


def oldest_cursor_s(database: Database, slugs: tuple[str, ...]) -> int | None:
    """Time [unix s] of the block up to which all indexed communities among `slugs` are, None before the first."""
    query = (
        select(func.min(ChainCursor.time_s))
        .join(Community, Community.community_id == ChainCursor.community_id)
        .where(Community.slug.in_(slugs))
    )
    with database.read() as connection:
        return connection.execute(query).scalar_one_or_none()
