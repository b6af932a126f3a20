"""Invitations: found by id, matched by address without showing it."""

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, insert, or_, select, update

from gettone.db.repositories.keys import LOOKUP, Keys
from gettone.db.tables import Invitation
from gettone.membership.kinds import MembershipKind
from gettone.row_ids import fresh_id
from gettone.vault import KEY_BYTES, Vault, lookup_pid, seal, unseal

OPEN, ACCEPTED, WITHDRAWN = "open", "accepted", "withdrawn"
VALID_MS = 14 * 86_400_000


@dataclass(frozen=True, slots=True)
class Guest:
    """Whom a community invites, and as what."""

    email: str
    kind: MembershipKind
    has_storage: bool
    is_natural_person: bool
    external_id: str | None


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation; `email` is None as soon as it is no longer open; instants in unix ms."""

    invitation_id: str
    community_id: int
    email: str | None
    kind: MembershipKind
    has_storage: bool
    is_natural_person: bool
    external_id: str | None
    state: str
    invited_by: str
    invited_at: int
    expires_at: int


class Invitations:
    """Reads and writes `invitations`; addresses are compared without regard to case."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection, self._vault = connection, vault

    def add(self, community_id: int, guest: Guest, invited_by: str, now_ms: int) -> InvitationRow:
        """Invite somebody; an earlier open invitation of the same address to the community is withdrawn."""
        pid = self._pid(guest.email)
        earlier = (
            Invitation.community_id == community_id,
            Invitation.email_pid == pid,
            Invitation.state == OPEN,
        )
        self._connection.execute(update(Invitation).where(*earlier).values(**_closed(WITHDRAWN)))
        number, key = fresh_id("inv"), secrets.token_bytes(KEY_BYTES)
        owner = ("invitation", number)
        values = {"invitation_id": number, "community_id": community_id, "email_pid": pid, "state": OPEN}
        values |= {"email": seal(key, guest.email.encode(), owner), "data_key": self._vault.wrap(key, owner)}
        values |= {"kind": guest.kind.value, "has_storage": guest.has_storage, "external_id": guest.external_id}
        values |= {"is_natural_person": guest.is_natural_person, "invited_by": invited_by, "invited_at": now_ms}
        self._connection.execute(insert(Invitation).values(**values, expires_at=now_ms + VALID_MS))
        found = self.find(number)
        assert found is not None  # noqa: S101 - written just above
        return found

    def find(self, invitation_id: str) -> InvitationRow | None:
        """An invitation, or None."""
        row = self._connection.execute(_INVITATION.where(Invitation.invitation_id == invitation_id)).one_or_none()
        return None if row is None else self._row(row)

    def page(self, community_id: int, after: tuple[int, str] | None, limit: int) -> list[InvitationRow]:
        """The invitations of a community by time, behind (invited_at, id)."""
        query = _INVITATION.where(Invitation.community_id == community_id)
        if after is not None:
            at, number = after
            later = and_(Invitation.invited_at == at, Invitation.invitation_id > number)
            query = query.where(or_(Invitation.invited_at > at, later))
        rows = self._connection.execute(query.order_by(Invitation.invited_at, Invitation.invitation_id).limit(limit))
        return [self._row(row) for row in rows]

    def is_for(self, invitation_id: str, email: str) -> bool:
        """Whether an invitation is for this address."""
        query = select(Invitation.email_pid).where(Invitation.invitation_id == invitation_id)
        return bytes(self._connection.execute(query).scalar_one()) == self._pid(email)

    def end(self, invitation_id: str, state: str) -> bool:
        """Accept or withdraw an open invitation and forget its address; False when it is not open any more."""
        mine = Invitation.invitation_id == invitation_id, Invitation.state == OPEN
        return self._connection.execute(update(Invitation).where(*mine).values(**_closed(state))).rowcount == 1

    def _pid(self, email: str) -> bytes:
        key = Keys(self._connection, self._vault).platform_key(LOOKUP)
        return lookup_pid(key, "invitation:" + email.strip().casefold())

    def _row(self, row: Row[Any]) -> InvitationRow:
        email = None
        if row.email is not None and row.data_key is not None:
            owner = ("invitation", row.invitation_id)
            email = unseal(self._vault.unwrap(bytes(row.data_key), owner), bytes(row.email), owner).decode()
        return InvitationRow(
            row.invitation_id,
            row.community_id,
            email,
            MembershipKind(row.kind),
            row.has_storage,
            row.is_natural_person,
            row.external_id,
            row.state,
            row.invited_by,
            row.invited_at,
            row.expires_at,
        )


def _closed(state: str) -> dict[str, Any]:
    return {"state": state, "email": None, "data_key": None}


_INVITATION: Select[*tuple[Any, ...]] = select(*Invitation.__table__.columns)
