"""What admins ask of settlements: each is checked here, and done by the worker with the settlement code."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection

from api.access import Access
from api.context import ApiContext
from api.matrix import APPROVES, PROPOSES
from api.once import Answer
from api.operations.service import ask
from api.refusals import Invalid, NotPermitted
from api.settlements import repository, service
from api.settlements.schemas import ReasonBody, RunBody
from api.two_persons import require_another
from gettone.db.repositories.audit_rows import AuditRows
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.db.repositories.settlement_pages import ListedSettlement
from gettone.errors import Conflict
from gettone.metering.gate.decision import GateState

PUBLISHABLE = ("proposed", "attested", "open", "paying", "paid")
RESENDABLE = ("failed", "attested", "open", "paying", "paid")


class Word(NamedTuple):
    """What a person said of a settlement before: who, and when [unix ms]."""

    person: str
    at_ms: int


def run(connection: Connection, context: ApiContext, access: Access, body: RunBody) -> Answer:
    """Settle a period, from wherever it stands; on a closed settlement this changes nothing."""
    subject = f"settlement {body.period_index}"
    return _asked(connection, context, access, "settlement.run", subject, body.model_dump())


def approve(connection: Connection, context: ApiContext, access: Access, period_index: int) -> Answer:
    """Approve the proposal of a settlement; Conflict `state` for one that is not proposed."""
    settlement = service.found(connection, access, period_index)
    _require_state(settlement, ("proposed",))
    return _act(connection, context, access, "settlement.approve", settlement)


def publish(connection: Connection, context: ApiContext, access: Access, period_index: int) -> Answer:
    """Sign, open and pay a settlement that is proposed; Conflict `state` for one that is not."""
    settlement = service.found(connection, access, period_index)
    _require_state(settlement, PUBLISHABLE)
    return _act(connection, context, access, "settlement.publish", settlement)


def retry(connection: Connection, context: ApiContext, access: Access, period_index: int) -> Answer:
    """Resend the stored bytes of a settlement and go on where it failed; Conflict `state` where nothing failed."""
    settlement = service.found(connection, access, period_index)
    _require_state(settlement, RESENDABLE)
    return _act(connection, context, access, "settlement.retry", settlement)


def revise(connection: Connection, context: ApiContext, access: Access, period_index: int, body: ReasonBody) -> Answer:
    """Speak for correcting a closed period: an oracle admin proposes, a community admin approves."""
    settlement = service.found(connection, access, period_index)
    withdrawn = settlement.revision > 0 and settlement.opened_block is None
    if not withdrawn:
        _require_state(settlement, ("closed",))
    revision = settlement.revision if withdrawn else settlement.revision + 1
    here = access.where.community_id
    words = repository.words_for_revision(connection, here, period_index, revision)
    spoken = [Word(one.operator, one.approved_at) for one in words]
    more = _spoken(connection, context, access, spoken, body.reason)
    return _act(connection, context, access, "settlement.revise", settlement, **more)


def release(connection: Connection, context: ApiContext, access: Access, period_index: int, body: ReasonBody) -> Answer:
    """Speak for settling an incomplete period: an oracle admin proposes, a community admin approves."""
    settlement = service.found(connection, access, period_index)
    gate = repository.gate(connection, access.where.community_id, settlement)
    if gate is None or gate.state != GateState.INCOMPLETE:
        state = "not examined" if gate is None else gate.state
        raise Conflict("state", f"the gate of period {period_index} is {state}: only an incomplete one is released")
    # The gate keeps names alone; when the first person spoke is in the audit trail.
    at_ms = AuditRows(connection).last_at("settlement.release", subject_of(settlement), access.where.community_id)
    spoken = [Word(one, at_ms or 0) for one in gate.persons]
    more = _spoken(connection, context, access, spoken, body.reason)
    return _act(connection, context, access, "settlement.release", settlement, **more)


def subject_of(settlement: ListedSettlement) -> str:
    """A settlement as the audit trail names it."""
    return f"settlement {settlement.period_index}.r{settlement.revision}"


def _spoken(
    connection: Connection, context: ApiContext, access: Access, words: list[Word], reason: str | None
) -> Mapping[str, Any]:
    """What the next word adds to an operation; refuses who may not speak next."""
    if len(words) > 1:
        raise Conflict("state", "two persons have said so already: the worker goes on with it")
    if not words and reason is None:
        raise Invalid("invalid", "say why: the reason is kept", fields=(("/body/reason", "missing"),))
    step, who = (APPROVES, "a community admin approves") if words else (PROPOSES, "an oracle admin proposes")
    if step not in access.letters:
        raise NotPermitted("not_permitted", f"{who} this, and you are none")
    person, alone = access.person.name, False
    if words:
        alone = require_another(connection, context, access, words[0].person, words[0].at_ms)
    return {"person": person, "reason": reason or "", "alone": alone, "words": len(words)}


def _act(
    connection: Connection, context: ApiContext, access: Access, kind: str, settlement: ListedSettlement, **more: Any
) -> Answer:
    document = {"period_index": settlement.period_index, "person": access.person.name, **more}
    return _asked(connection, context, access, kind, subject_of(settlement), document)


def _asked(
    connection: Connection, context: ApiContext, access: Access, kind: str, subject: str, document: dict[str, Any]
) -> Answer:
    reason = document.get("reason") or None
    here = access.where.community_id
    AuditTrail(connection).append(Deed(access.person.name, kind, subject, here, reason=reason), context.clock())
    return ask(connection, context, access, kind, document)


def _require_state(settlement: ListedSettlement, states: tuple[str, ...]) -> None:
    if settlement.state not in states:
        raise Conflict(
            "state",
            f"period {settlement.period_index} revision {settlement.revision} is {settlement.state}, and this follows "
            f"{' or '.join(states)}",
        )
