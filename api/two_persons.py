"""Whether the next word on a change may be that of a caller: of another person, or a day later of the only one."""

from sqlalchemy import Connection

from api.access import Access
from api.context import ApiContext
from gettone.db.repositories.community_profiles import CommunityProfiles
from gettone.two_persons import SINGLE, require_second_person


def require_another(
    connection: Connection, context: ApiContext, access: Access, proposed_by: str, proposed_at: int
) -> bool:
    """Conflict `self_approval` for the person who proposed it [unix ms], unless the only one waited 24 hours.

    Returns whether the community is governed by one person, who may speak twice.
    """
    governance = CommunityProfiles(connection).get(access.where.community_id).governance
    require_second_person(proposed_by, proposed_at, access.person.name, governance, context.clock())
    return governance == SINGLE
