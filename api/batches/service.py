"""What became of batches; refused rows are mended, and failed batches run again or are given up by two persons."""

import csv
import io
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from api.access import Access
from api.batches import repository
from api.batches.repository import StoredBatch
from api.batches.schemas import BatchBody, DismissalBody, RejectBody, RejectChange
from api.context import ApiContext
from api.ingest.service import refuse_own_devices
from api.instants import instant_text
from api.once import Answer
from api.operations import service as operations
from api.refusals import Invalid, NotFound
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.db.repositories.batch_states import DEAD, PARKED, RECEIVED, RETRY, BatchStates
from gettone.db.repositories.batches import Batches
from gettone.db.repositories.flows import Flows
from gettone.errors import Conflict
from gettone.metering.flow import PROFILE, FlowConfig

CORRECT = "batch.correct"
DISMISSED = "dismissed"
OPEN = "open"
# Syntaxes whose payload is a heading and rows of cells.
WITH_CELLS = (PROFILE, "csv")


@dataclass(frozen=True)
class Act:
    """One request about a batch: in which transaction, by whom, about which."""

    connection: Connection
    context: ApiContext
    access: Access
    batch_id: int

    def found(self) -> StoredBatch:
        """The batch; NotFound for one that concerns none of the caller's communities."""
        return _found(self.connection, self.access, self.batch_id)

    def note(self, action: str, subject: str, reason: str | None = None) -> None:
        """Write the deed into the audit trail of each community of the caller that the batch concerns."""
        for community_id in sorted(set(self.access.community_ids)):
            if repository.find(self.connection, self.batch_id, (community_id,)) is not None:
                deed = Deed(self.access.person.name, action, subject, community_id, reason=reason)
                AuditTrail(self.connection).append(deed, self.context.clock())


def find(context: ApiContext, access: Access, batch_id: int) -> BatchBody:
    """A batch that concerns the reader's communities; NotFound for any other."""
    with context.database.read() as connection:
        return body_of(_found(connection, access, batch_id))


def rejects(context: ApiContext, access: Access, batch_id: int, after: int, limit: int) -> list[RejectBody]:
    """Refused rows of a batch behind a row number."""
    with context.database.read() as connection:
        _found(connection, access, batch_id)
        rows = repository.rejects(connection, batch_id, after, limit)
    return [RejectBody(row_no=row[0], code=row[1], field=row[2], state=row[3]) for row in rows]


def accept(act: Act, row_no: int) -> Answer:
    """A refused row stays refused, and nobody is asked about it again."""
    row = _reject(act.connection, act.access, act.batch_id, row_no)
    if row.state == OPEN:
        BatchStates(act.connection).close_rejects(act.batch_id, [row_no], "accepted")
        act.note("reject.accept", f"{act.batch_id}/{row_no}")
    elif row.state != "accepted":
        raise Conflict("conflict", f"row {row_no} is {row.state} already")
    row = _reject(act.connection, act.access, act.batch_id, row_no)
    return Answer(200, row.model_dump(mode="json"))


def correct(context: ApiContext, access: Access, batch_id: int, row_no: int, wanted: RejectChange) -> Answer:
    """Take the row as it should have been as a batch of its own: 202 with the work that merges it.

    Conflict for a row that is not open any more, `self_import` for one of the caller's own devices.
    """
    with context.database.read() as connection:
        if _reject(connection, access, batch_id, row_no).state != OPEN:
            raise Conflict("conflict", f"row {row_no} is not open any more")
        batch = Batches(connection).get([batch_id])[batch_id]
        flow = Flows(connection).of_batch(batch.flow_id, batch.flow_config)
    payload = _payload(flow.config, wanted)
    with tempfile.TemporaryDirectory(prefix="correction-", dir=context.folder) as place:
        path = Path(place) / "payload"
        path.write_bytes(payload)
        refuse_own_devices(context, access, flow.name, path)
    receipt = context.intake.receive(flow.name, payload, received_at_ms=context.clock(), derived_from=batch_id)
    with context.database.write() as connection:
        act = Act(connection, context, access, batch_id)
        act.note("reject.correct", f"{batch_id}/{row_no}")
        document = {"batch_id": batch_id, "row_no": row_no, "correction": receipt.batch_id}
        return operations.ask(connection, context, access, CORRECT, document)


def replay(act: Act, reason: str) -> Answer:
    """Let a parked, failed or dead batch run again now; one that waits for it already stays so."""
    found = act.found()
    if found.state in (PARKED, RETRY, DEAD):
        BatchStates(act.connection).revive([act.batch_id])
        act.note("batch.replay", str(act.batch_id), reason)
    elif found.state != RECEIVED:
        raise Conflict(
            "conflict", f"batch {act.batch_id} is {found.state}: only parked, failed and dead ones run again"
        )
    return _answer(act)


def dismiss(act: Act, reason: str) -> Answer:
    """One person gives a dead batch up, another one agrees; the same person twice is Conflict `self_approval`."""
    found, states, person = act.found(), BatchStates(act.connection), act.access.person.name
    if found.state == DISMISSED:
        return _answer(act)
    if found.state != DEAD:
        raise Conflict("conflict", f"batch {act.batch_id} is {found.state}: only dead ones are given up")
    if found.dismissal[0] is None:
        states.propose_dismissal(act.batch_id, person, reason)
        act.note("batch.dismiss.propose", str(act.batch_id), reason)
    elif not states.approve_dismissal(act.batch_id, person):
        raise Conflict("self_approval", "you proposed this yourself: another person must agree")
    else:
        act.note("batch.dismiss", str(act.batch_id), reason)
    return _answer(act)


def body_of(found: StoredBatch) -> BatchBody:
    """A batch as it is shown."""
    proposed_by, reason, approved_by = found.dismissal
    dismissal = None
    if proposed_by is not None:
        dismissal = DismissalBody(proposed_by=proposed_by, reason=reason or "", approved_by=approved_by)
    return BatchBody(
        batch_id=found.batch_id,
        flow=found.flow,
        state=found.state,
        received_at=instant_text(found.received_at),
        bytes=found.size_bytes,
        sha256=None if found.sha256 is None else found.sha256.hex(),
        counters=found.counters,
        report=json.loads(found.report),
        derived_from=found.derived_from,
        dismissal=dismissal,
    )


def _found(connection: Connection, access: Access, batch_id: int) -> StoredBatch:
    found = repository.find(connection, batch_id, access.community_ids)
    if found is None:
        raise NotFound("not_found", f"there is no batch {batch_id} here")
    return found


def _reject(connection: Connection, access: Access, batch_id: int, row_no: int) -> RejectBody:
    _found(connection, access, batch_id)
    rows = repository.rejects(connection, batch_id, row_no - 1, 1)
    if not rows or rows[0][0] != row_no:
        raise NotFound("not_found", f"batch {batch_id} refused no row {row_no}")
    return RejectBody(row_no=row_no, code=rows[0][1], field=rows[0][2], state=rows[0][3])


def _payload(config: FlowConfig, wanted: RejectChange) -> bytes:
    """The row as a payload of its flow; Invalid for cells of a flow whose payloads have none."""
    if wanted.content is not None:
        return wanted.content.encode()
    if config.syntax not in WITH_CELLS:
        words = f"payloads of syntax {config.syntax} have no columns: send the row as content"
        raise Invalid("invalid", words, fields=(("/body/cells", "syntax"),))
    cells = wanted.cells or {}
    text = io.StringIO()
    writer = csv.writer(text, delimiter=config.separator)
    writer.writerows([list(cells), list(cells.values())])
    try:
        return text.getvalue().encode(config.encoding)
    except UnicodeEncodeError:
        words = f"a cell holds a letter that the flow's encoding {config.encoding} does not have"
        raise Invalid("invalid", words, fields=(("/body/cells", "encoding"),)) from None


def _answer(act: Act) -> Answer:
    return Answer(200, body_of(act.found()).model_dump(mode="json"))
