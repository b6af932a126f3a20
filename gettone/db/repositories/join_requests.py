"""Requests to become a member; the points of delivery they state are sealed under the person's own key."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, insert, or_, select, update

from gettone.db.repositories.devices import Devices
from gettone.db.tables import DeviceMember, JoinRequest, User, UserCommunity
from gettone.membership.kinds import MembershipKind
from gettone.row_ids import fresh_id
from gettone.vault import Vault, seal, unseal

REQUESTED, APPROVED, REJECTED = "requested", "approved", "rejected"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks for."""

    kind: MembershipKind
    has_storage: bool
    is_natural_person: bool
    statute_version: str
    consents: tuple[str, ...]
    devices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request; `subject` is the person's, instants in unix ms, `member_id` is given when it is approved."""

    request_id: str
    user_id: str
    subject: str
    wish: Wish
    state: str
    reason: str | None
    invitation_id: str | None
    member_id: str | None
    requested_at: int
    decided_at: int | None


class JoinRequests:
    """Reads and writes `join_requests` of one community."""

    def __init__(self, connection: Connection, vault: Vault, community_id: int) -> None:
        self._connection, self._vault, self._community_id = connection, vault, community_id

    def add(self, user_id: str, wish: Wish, now_ms: int, invitation_id: str | None = None) -> str:
        """A new request; its id."""
        request_id = fresh_id("jrq")
        key, text = self._key(user_id), json.dumps(wish.devices).encode()
        values = {"request_id": request_id, "community_id": self._community_id, "user_id": user_id}
        values |= {"kind": wish.kind.value, "has_storage": wish.has_storage, "statute_version": wish.statute_version}
        values |= {"is_natural_person": wish.is_natural_person, "consents": json.dumps(sorted(wish.consents))}
        values |= {"devices": seal(key, text, ("join_request", request_id)), "state": REQUESTED}
        self._connection.execute(insert(JoinRequest).values(**values, requested_at=now_ms, invitation_id=invitation_id))
        return request_id

    def find(self, request_id: str) -> RequestRow | None:
        """A request of this community, or None."""
        row = self._connection.execute(self._query().where(JoinRequest.request_id == request_id)).one_or_none()
        return None if row is None else self._row(row)

    def open_of(self, user_id: str) -> RequestRow | None:
        """The request of a person that nobody decided yet, or None."""
        mine = JoinRequest.user_id == user_id, JoinRequest.state == REQUESTED
        row = self._connection.execute(self._query().where(*mine)).one_or_none()
        return None if row is None else self._row(row)

    def page(self, user_id: str | None, after: tuple[int, str] | None, limit: int) -> list[RequestRow]:
        """Requests by time, of one person or of all, behind (requested_at, id)."""
        query = self._query() if user_id is None else self._query().where(JoinRequest.user_id == user_id)
        if after is not None:
            at, number = after
            later = and_(JoinRequest.requested_at == at, JoinRequest.request_id > number)
            query = query.where(or_(JoinRequest.requested_at > at, later))
        rows = self._connection.execute(query.order_by(JoinRequest.requested_at, JoinRequest.request_id).limit(limit))
        return [self._row(row) for row in rows]

    def decide(
        self, request_id: str, state: str, decided_by: str, now_ms: int, *, reason: str | None, member_id: str | None
    ) -> bool:
        """Approve or reject a request; False when somebody decided it meanwhile."""
        values = {"state": state, "decided_by": decided_by, "decided_at": now_ms}
        mine = JoinRequest.request_id == request_id, JoinRequest.state == REQUESTED
        changed = update(JoinRequest).where(*mine).values(**values, reason=reason, member_id=member_id)
        return self._connection.execute(changed).rowcount == 1

    def taken_devices(self, external_ids: Sequence[str], user_id: str, slot: int) -> list[str]:
        """Those of these points of delivery that somebody else holds in a slot or later."""
        known = Devices(self._connection, self._vault).find(list(external_ids))
        ids = {row.device_id: name for name, row in known.items()}
        query = (
            select(DeviceMember.device_id)
            .join(UserCommunity, UserCommunity.member_id == DeviceMember.member_id)
            .where(
                DeviceMember.device_id.in_(list(ids)),
                or_(DeviceMember.valid_to.is_(None), DeviceMember.valid_to > slot),
                or_(UserCommunity.user_id.is_(None), UserCommunity.user_id != user_id),
            )
        )
        return sorted({ids[device] for device in self._connection.execute(query).scalars()})

    def _key(self, user_id: str) -> bytes:
        wrapped = self._connection.execute(select(User.data_key).where(User.user_id == user_id)).scalar_one()
        return self._vault.unwrap(bytes(wrapped or b""), ("person", user_id))

    def _query(self) -> Select[*tuple[Any, ...]]:
        return (
            select(*JoinRequest.__table__.columns, User.idp_subject, User.data_key)
            .join(User, User.user_id == JoinRequest.user_id)
            .where(JoinRequest.community_id == self._community_id)
        )

    def _row(self, row: Row[Any]) -> RequestRow:
        devices: tuple[str, ...] = ()
        if row.data_key is not None:
            key = self._vault.unwrap(bytes(row.data_key), ("person", row.user_id))
            devices = tuple(json.loads(unseal(key, bytes(row.devices), ("join_request", row.request_id))))
        wish = Wish(
            MembershipKind(row.kind),
            row.has_storage,
            row.is_natural_person,
            row.statute_version,
            tuple(json.loads(row.consents)),
            devices,
        )
        return RequestRow(
            row.request_id,
            row.user_id,
            row.idp_subject,
            wish,
            row.state,
            row.reason,
            row.invitation_id,
            row.member_id,
            row.requested_at,
            row.decided_at,
        )
