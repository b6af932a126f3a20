"""The way of a change behind its draft: submitted, decided by another person, brought into force by the worker."""

from sqlalchemy import Connection

from api.access import Access
from api.chain_reading import asked, contracts_of
from api.changes import repository
from api.changes.auth import require_kind
from api.changes.schemas import ReasonInput
from api.changes.service import body_of, found, note, require_state
from api.context import ApiContext
from api.matrix import APPROVES, PROPOSES
from api.once import Answer
from api.operations.service import ask, place_of
from api.operations.service import body_of as operation_body
from api.two_persons import require_another
from gettone.chain.rule_calls import notice_s
from gettone.db.repositories.operations import Operations
from gettone.db.repositories.rule_changes import ChangeRow, ChangeState
from gettone.errors import Conflict
from gettone.periods import utc_text
from gettone.rule_changes import ChangeKind, change_digest


def submit(connection: Connection, context: ApiContext, access: Access, change_id: str) -> Answer:
    """Fix a draft: its digest is what the second person approves.  Again it changes nothing."""
    row = found(connection, access, change_id)
    require_kind(access, row.kind, PROPOSES)
    if row.state is ChangeState.SUBMITTED:
        return _shown(connection, access, change_id)
    require_state(row, (ChangeState.DRAFT,))
    _require_notice(context, access, row)
    digest = change_digest(access.where.slug, row.kind, row.parameters, row.valid_from_s)
    repository.of(connection, access.where.community_id).submit(change_id, digest, access.person.name, context.clock())
    note(connection, context, access, row, "change.submit", after=row.parameters)
    return _shown(connection, access, change_id)


def approve(connection: Connection, context: ApiContext, access: Access, change_id: str) -> Answer:
    """Approve what another person submitted, and have it scheduled with its notice.  Again it changes nothing."""
    row = found(connection, access, change_id)
    require_kind(access, row.kind, APPROVES)
    if row.operation_id is not None and row.decided_by == access.person.name:
        return _operation(connection, row.operation_id)
    require_state(row, (ChangeState.SUBMITTED,))
    require_another(connection, context, access, row.proposed_by, row.proposed_at)
    _require_notice(context, access, row)
    changes = repository.of(connection, access.where.community_id)
    changes.decide(change_id, ChangeState.APPROVED, access.person.name, context.clock())
    note(connection, context, access, row, "change.approve", after=row.parameters)
    answer = ask(connection, context, access, "change.schedule", {"change": change_id})
    changes.note_operation(change_id, answer.document["id"])
    return answer


def reject(connection: Connection, context: ApiContext, access: Access, change_id: str, body: ReasonInput) -> Answer:
    """Refuse what another person submitted.  Again it changes nothing."""
    row = found(connection, access, change_id)
    require_kind(access, row.kind, APPROVES)
    return _end(connection, context, access, row, ChangeState.REJECTED, body.reason)


def withdraw(connection: Connection, context: ApiContext, access: Access, change_id: str, body: ReasonInput) -> Answer:
    """Take a change back before it is approved.  Again it changes nothing."""
    row = found(connection, access, change_id)
    require_kind(access, row.kind, PROPOSES)
    return _end(connection, context, access, row, ChangeState.WITHDRAWN, body.reason)


def _end(
    connection: Connection, context: ApiContext, access: Access, row: ChangeRow, state: ChangeState, reason: str
) -> Answer:
    if row.state is state:
        return _shown(connection, access, row.change_id)
    follows = (ChangeState.SUBMITTED, *((ChangeState.DRAFT,) if state is ChangeState.WITHDRAWN else ()))
    require_state(row, follows)
    changes = repository.of(connection, access.where.community_id)
    changes.decide(row.change_id, state, access.person.name, context.clock(), reason)
    word = "change.reject" if state is ChangeState.REJECTED else "change.withdraw"
    note(connection, context, access, row, word, before=row.parameters, reason=reason)
    return _shown(connection, access, row.change_id)


def _require_notice(context: ApiContext, access: Access, row: ChangeRow) -> None:
    """Conflict `notice_too_short` when the members could not know of a change early enough."""
    if row.kind is ChangeKind.SETTINGS:
        now_s, least_s = context.clock() // 1000, 0
    else:
        contracts = contracts_of(context, access)
        now_s, least_s = asked(contracts.client.now_s), asked(lambda: notice_s(contracts, row.kind))
    if row.valid_from_s <= now_s + least_s:
        raise Conflict(
            "notice_too_short",
            f"the change would apply from {utc_text(row.valid_from_s)}, and may from {utc_text(now_s + least_s + 1)} "
            f"at the earliest: members must know of it {least_s} s before",
        )


def _shown(connection: Connection, access: Access, change_id: str) -> Answer:
    return Answer(200, body_of(found(connection, access, change_id)).model_dump(mode="json"))


def _operation(connection: Connection, operation_id: str) -> Answer:
    row = Operations(connection).find(operation_id)
    assert row is not None  # noqa: S101 - operations stay
    return Answer(202, operation_body(row).model_dump(mode="json"), {"Location": place_of(operation_id)})
