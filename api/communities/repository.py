"""Communities in the database."""

from dataclasses import dataclass

from sqlalchemy import Connection

from api.context import ApiContext
from gettone.db.columns import SLOT_S
from gettone.db.repositories.chain_index import ChainIndex
from gettone.db.repositories.communities import Communities, CommunityRow
from gettone.db.repositories.community_profiles import CommunityProfile, CommunityProfiles
from gettone.db.repositories.public_figures import PublicDay, PublicFigures, PublicRoots

SHOWN_DAYS, SHOWN_SETTLEMENTS = 31, 24


@dataclass(frozen=True, slots=True)
class PublicFacts:
    """What a community shows; `supply` is (units, block) of its index, None before it."""

    profile: CommunityProfile
    members: int
    days: list[PublicDay]
    roots: list[PublicRoots]
    supply: tuple[int, int] | None


def profiles(context: ApiContext, after: str | None, limit: int) -> list[CommunityProfile]:
    """Profiles by slug, behind the slug `after`."""
    with context.database.read() as connection:
        return CommunityProfiles(connection).page(after, limit)


def profile(context: ApiContext, community_id: int) -> CommunityProfile:
    """One profile."""
    with context.database.read() as connection:
        return CommunityProfiles(connection).get(community_id)


def create(connection: Connection, slug: str, name: str, timezone: str) -> CommunityRow | None:
    """A new community, or None where the slug is taken."""
    communities = Communities(connection)
    if communities.find(slug) is not None:
        return None
    return communities.get_or_create(slug, tz=timezone, name=name)


def public_facts(context: ApiContext, community_id: int) -> PublicFacts:
    """All that is shown to everybody, of one state of the database."""
    slot = context.clock() // 1000 // SLOT_S
    with context.database.read() as connection:
        figures, index = PublicFigures(connection, community_id), ChainIndex(connection, community_id)
        cursor = index.cursor()
        return PublicFacts(
            CommunityProfiles(connection).get(community_id),
            figures.member_count(slot),
            figures.latest_days(SHOWN_DAYS),
            figures.latest_roots(SHOWN_SETTLEMENTS),
            None if cursor is None else (index.total_units(), cursor.block_number),
        )
