"""What a caller may do now: open grants and memberships, read anew for each request (specification §1.1)."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    cast,
    exists,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.types import Integer, Text

from gettone.db.columns import Hex32
from gettone.db.tables import Community, DeniedSession, LoginSession, Role, RoleGrant, User, UserCommunity

ACTIVE = "active"
MEMBER_ROLE = "MB"
# A member who is leaving or suspended still sees what is theirs; only one who left has no right any more.
MEMBER_STATES = (ACTIVE, "frozen", "suspended", "leaving", "wallet_pending", "awaiting_fee")


@dataclass(frozen=True, slots=True)
class Right:
    """A role in one community, or in the deployment where `community_id` is None.

    `member_id` is that of a member's own right; scopes and the range of data in slots bound a granted one.
    """

    role: str
    community_id: int | None
    slug: str | None
    member_id: str | None = None
    scopes: frozenset[str] = frozenset()
    data_from: int | None = None
    data_to: int | None = None


@dataclass(frozen=True, slots=True)
class KnownCaller:
    """A person or machine as the database knows it; `user_id` is None for machines and before the first login.

    `session_known` is False at the first call of a session; `needs_factor` where it seemed unusual then (F14).
    """

    user_id: str | None = None
    is_disabled: bool = False
    values_locked_until: int = 0
    session_ended: bool = False
    session_known: bool = False
    needs_factor: bool = False
    rights: tuple[Right, ...] = ()


class Rights:
    """Reads `users`, `role_grants`, `users_communities` and `denied_sessions`, in one statement for each caller."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_person(self, subject: str, session: str | None, now_ms: int) -> KnownCaller:
        """Who the subject of a token is, and what they may do; `session` is its `sid`."""
        held = union_all(_grants(now_ms), _memberships()).subquery()
        ended = exists().where(DeniedSession.sid == (session or ""), DeniedSession.until > now_ms)
        one = select(ended.label("ended")).subquery()
        person = (User.user_id, User.disabled_at, User.values_locked_until, LoginSession.sid, LoginSession.needs_factor)
        query = (
            select(*person, one.c.ended, held)
            .select_from(one)
            .outerjoin(User, User.idp_subject == subject)
            .outerjoin(LoginSession, and_(LoginSession.sid == (session or ""), LoginSession.user_id == User.user_id))
            .outerjoin(held, held.c.user_id == User.user_id)
        )
        rows = self._connection.execute(query).all()
        first = rows[0]
        return KnownCaller(
            user_id=first[0],
            is_disabled=first.disabled_at is not None,
            values_locked_until=first.values_locked_until or 0,
            session_ended=bool(first.ended),
            session_known=first.sid is not None,
            needs_factor=bool(first.needs_factor),
            rights=tuple(_right(row) for row in rows if row.role is not None),
        )

    def of_machine(self, client: str, now_ms: int) -> KnownCaller:
        """What a machine client was granted."""
        query = _grants(now_ms).where(RoleGrant.client == client)
        return KnownCaller(rights=tuple(_right(row) for row in self._connection.execute(query)))

    def is_granted(self, client: str, now_ms: int) -> bool:
        """Whether a machine client has any open grant."""
        return bool(self.of_machine(client, now_ms).rights)


def _grants(now_ms: int) -> Select[*tuple[Any, ...]]:
    open_now = and_(
        RoleGrant.state == ACTIVE,
        RoleGrant.valid_from <= now_ms,
        or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > now_ms),
    )
    return (
        select(
            RoleGrant.user_id,
            Role.code.label("role"),
            RoleGrant.community_id,
            Community.slug,
            type_coerce(null(), Hex32).label("member_id"),
            RoleGrant.scopes,
            RoleGrant.data_from,
            RoleGrant.data_to,
        )
        .join(Role, Role.role_id == RoleGrant.role_id)
        .outerjoin(Community, Community.community_id == RoleGrant.community_id)
        .where(open_now)
    )


def _memberships() -> Select[*tuple[Any, ...]]:
    nothing = cast(null(), Integer)
    return (
        select(
            UserCommunity.user_id,
            literal(MEMBER_ROLE, Text).label("role"),
            UserCommunity.community_id,
            Community.slug,
            UserCommunity.member_id,
            cast(null(), Text).label("scopes"),
            nothing.label("data_from"),
            nothing.label("data_to"),
        )
        .join(Community, Community.community_id == UserCommunity.community_id)
        .where(UserCommunity.user_id.is_not(None), UserCommunity.status.in_(MEMBER_STATES))
    )


def _right(row: Row[Any]) -> Right:
    return Right(
        row.role,
        row.community_id,
        row.slug,
        row.member_id,
        frozenset((row.scopes or "").split()),
        row.data_from,
        row.data_to,
    )
