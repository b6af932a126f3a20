"""What a community says of itself, how it is governed, and in which state it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, select, update

from gettone.db.tables import Community


class CommunityState(StrEnum):
    """Deploying until its contracts are registered; a closed one stays readable."""

    DEPLOYING = "deploying"
    ACTIVE = "active"
    PAUSED = "paused"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class CommunityProfile:
    """The public facts of a community; `governance` is two or single."""

    community_id: int
    slug: str
    name: str | None
    description: str | None
    kind: str
    tz: str
    substation: str | None
    market_zone: str | None
    settle_slot_s: int
    netting: str
    governance: str
    state: CommunityState
    statute_version: str


class CommunityProfiles:
    """Reads and writes the columns of `communities` that people decide about."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, community_id: int) -> CommunityProfile:
        """The profile of a community that is there."""
        return _profile(self._connection.execute(_PROFILE.where(Community.community_id == community_id)).one())

    def page(self, after: str | None, limit: int) -> list[CommunityProfile]:
        """Profiles by slug, behind the slug `after`."""
        query = _PROFILE if after is None else _PROFILE.where(Community.slug > after)
        return [_profile(row) for row in self._connection.execute(query.order_by(Community.slug).limit(limit))]

    def change(self, community_id: int, values: Mapping[str, Any]) -> None:
        """Write some of the columns of a profile."""
        self._connection.execute(update(Community).where(Community.community_id == community_id).values(**values))


_PROFILE: Select[*tuple[Any, ...]] = select(
    Community.community_id,
    Community.slug,
    Community.name,
    Community.description,
    Community.kind,
    Community.tz,
    Community.substation,
    Community.market_zone,
    Community.settle_slot_s,
    Community.netting,
    Community.governance,
    Community.state,
    Community.statute_version,
)


def _profile(row: Row[Any]) -> CommunityProfile:
    return CommunityProfile(**{**row._mapping, "state": CommunityState(row.state)})
