"""Requests of members to be paid by others."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, or_, select, tuple_, update

from gettone.db.tables import PaymentRequest


class RequestState(StrEnum):
    """Open until the payer answers, once."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request of one member to another, as the table has it."""

    request_id: str
    community_id: int
    member_id: str
    payer_id: str
    units: int
    text: str | None
    state: RequestState
    created_at: int
    answered_at: int | None

    def deed(self) -> Mapping[str, Any]:
        """What the audit trail says of it; the words are the members' own."""
        return {"payer": self.payer_id, "units": str(self.units), "state": self.state.value}


@dataclass(frozen=True, slots=True)
class PaymentRequests:
    """Reads and writes the requests of one community; instants in unix ms."""

    connection: Connection
    community_id: int

    def add(self, row: RequestRow) -> None:
        """Store a request."""
        self.connection.execute(insert(PaymentRequest).values(**asdict(row)))

    def find(self, request_id: str) -> RequestRow | None:
        """A request of the community."""
        mine = (PaymentRequest.request_id == request_id, PaymentRequest.community_id == self.community_id)
        row = self.connection.execute(_REQUEST.where(*mine)).one_or_none()
        return None if row is None else _request(row)

    def of_member(self, member_id: str, after: tuple[int, str] | None, limit: int) -> list[RequestRow]:
        """What a member asked for or is asked for, the newest first, behind (created_at, id)."""
        query = _REQUEST.where(
            PaymentRequest.community_id == self.community_id,
            or_(PaymentRequest.member_id == member_id, PaymentRequest.payer_id == member_id),
        )
        if after is not None:
            query = query.where(tuple_(PaymentRequest.created_at, PaymentRequest.request_id) < after)
        newest = query.order_by(PaymentRequest.created_at.desc(), PaymentRequest.request_id.desc())
        return [_request(row) for row in self.connection.execute(newest.limit(limit))]

    def answer(self, request_id: str, state: RequestState, now_ms: int) -> bool:
        """The payer's answer; False where it was answered already."""
        place = (PaymentRequest.request_id == request_id, PaymentRequest.state == RequestState.OPEN.value)
        values = {"state": state.value, "answered_at": now_ms}
        return self.connection.execute(update(PaymentRequest).where(*place).values(**values)).rowcount == 1


_REQUEST: Select[*tuple[Any, ...]] = select(*PaymentRequest.__table__.columns)


def _request(row: Row[Any]) -> RequestRow:
    return RequestRow(**dict(row._mapping) | {"state": RequestState(row.state)})
