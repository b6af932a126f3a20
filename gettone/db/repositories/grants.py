"""Grants of roles to persons and machine clients, in one community or in the deployment."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, insert, or_, select, update

from gettone.db.tables import Role, RoleGrant, User

ACTIVE, PENDING, PROPOSED, ENDED = "active", "pending", "proposed", "ended"


@dataclass(frozen=True, slots=True)
class NewGrant:
    """A grant to be made; instants in unix ms, the range of data in slots; one of `user_id` and `client` is set."""

    role: str
    community_id: int | None
    user_id: str | None = None
    client: str | None = None
    scopes: str | None = None
    data_from: int | None = None
    data_to: int | None = None
    valid_from: int | None = None
    valid_to: int | None = None
    granted_by: str | None = None


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A grant: `holder` is the subject of a person or the name of a machine client."""

    grant_id: int
    holder: str
    user_id: str | None
    role: str
    state: str
    scopes: str | None
    data_from: int | None
    data_to: int | None
    valid_from: int
    valid_to: int | None


class Grants:
    """Reads and writes `role_grants`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def user_of(self, subject: str) -> str | None:
        """The user id of a person who logged in before, None for anybody else."""
        return self._connection.execute(select(User.user_id).where(User.idp_subject == subject)).scalar()

    def subject_of(self, user_id: str) -> str:
        """The subject of a person."""
        return self._connection.execute(select(User.idp_subject).where(User.user_id == user_id)).scalar_one()

    def of_community(self, community_id: int, now_ms: int, after: tuple[str, int] | None, limit: int) -> list[GrantRow]:
        """The grants of a community that have not ended, by holder, behind (holder, number)."""
        query = _GRANT.where(RoleGrant.community_id == community_id, _not_ended(now_ms))
        if after is not None:
            holder, number = after
            query = query.where(or_(_holder > holder, and_(_holder == holder, RoleGrant.grant_id > number)))
        rows = self._connection.execute(query.order_by(_holder, RoleGrant.grant_id).limit(limit))
        return [GrantRow(*row) for row in rows]

    def find(self, community_id: int, holder: str, role: str, now_ms: int) -> GrantRow | None:
        """The grant of a role to a holder that has not ended, or None."""
        mine = RoleGrant.community_id == community_id, _holder == holder, Role.code == role
        row = self._connection.execute(_GRANT.where(*mine, _not_ended(now_ms))).one_or_none()
        return None if row is None else GrantRow(*row)

    def add(self, grant: NewGrant, state: str, now_ms: int) -> int:
        """Write a grant; its number."""
        role_id = self._connection.execute(select(Role.role_id).where(Role.code == grant.role)).scalar_one()
        values = {name: getattr(grant, name) for name in NewGrant.__slots__ if name != "role"}
        values |= {"role_id": role_id, "state": state}
        if grant.valid_from is None:
            values["valid_from"] = now_ms
        return int(
            self._connection.execute(insert(RoleGrant).values(**values).returning(RoleGrant.grant_id)).scalar_one()
        )

    def move(self, grant_id: int, before: str, after: str) -> None:
        """Move a grant on from a state; one that is in another state stays as it is."""
        mine = RoleGrant.grant_id == grant_id, RoleGrant.state == before
        self._connection.execute(update(RoleGrant).where(*mine).values(state=after))

    def end(self, grant_id: int, now_ms: int) -> None:
        """Close a grant: from now on it gives nothing."""
        values = {"state": ENDED, "valid_to": now_ms}
        self._connection.execute(update(RoleGrant).where(RoleGrant.grant_id == grant_id).values(**values))

    def admins(self, community_id: int, now_ms: int) -> Sequence[str]:
        """The subjects of the admins of a community, locked so that two of them cannot go at once."""
        query = (
            select(User.idp_subject)
            .join(RoleGrant, RoleGrant.user_id == User.user_id)
            .join(Role, Role.role_id == RoleGrant.role_id)
            .where(RoleGrant.community_id == community_id, Role.code == "CA", _not_ended(now_ms))
            .where(RoleGrant.state.in_((ACTIVE, PENDING)))
            .with_for_update(of=RoleGrant)
        )
        return self._connection.execute(query).scalars().all()


def _not_ended(now_ms: int) -> ColumnElement[bool]:
    return and_(RoleGrant.state != ENDED, or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > now_ms))


_holder = func.coalesce(User.idp_subject, RoleGrant.client)
_GRANT: Select[*tuple[Any, ...]] = (
    select(
        RoleGrant.grant_id,
        _holder.label("holder"),
        RoleGrant.user_id,
        Role.code,
        RoleGrant.state,
        RoleGrant.scopes,
        RoleGrant.data_from,
        RoleGrant.data_to,
        RoleGrant.valid_from,
        RoleGrant.valid_to,
    )
    .join(Role, Role.role_id == RoleGrant.role_id)
    .outerjoin(User, User.user_id == RoleGrant.user_id)
)
