"""How far a caller's rights reach: communities, and within them the range of time that was granted."""

from api.access import Access
from gettone.db.columns import SLOT_S
from gettone.db.repositories.rights import Right
from gettone.db.repositories.scopes import Scope

SLOT_MS = SLOT_S * 1000


def scopes_of(access: Access) -> tuple[Scope, ...]:
    """The community of the route, or without one every community of the rights; granted rights with their range."""
    if access.community is None:
        return tuple(_scope(one, one.community_id) for one in access.rights if one.community_id is not None)
    return tuple(_scope(one, access.community.community_id) for one in access.rights)


def _scope(right: Right, community_id: int) -> Scope:
    first = None if right.data_from is None else right.data_from * SLOT_MS
    end = None if right.data_to is None else right.data_to * SLOT_MS
    return Scope(community_id, first, end)
