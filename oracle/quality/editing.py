"""Editing readings by two persons: one proposes exact values, another approves; what was approved is a batch (§4)."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from gettone.db.columns import SLOT_S
from gettone.db.engine import Database
from gettone.db.repositories.batch_states import DONE, RECEIVED, BatchStates
from gettone.db.repositories.batches import Batches, BatchRow, Counters
from gettone.db.repositories.edits import APPROVED, PROPOSED, REFUSED, EditRow, Edits
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.ingest_log import IngestLog, LeafRow
from gettone.db.repositories.pending_checks import PendingChecks
from gettone.db.repositories.readings import Readings
from gettone.db.tables import Channel
from gettone.errors import Conflict, InputError, MissingInput
from gettone.lake import Lake
from gettone.metering.edits.approval import MANUAL_CLASS, Action, Edit, propose
from gettone.metering.edits.merge import EditMerge, apply_edit
from gettone.metering.flow import FlowConfig
from gettone.metering.operators import parse_operator, require_two_persons
from gettone.notary.ingest_leaf import LeafKind
from oracle.after_merge.check import check_touched
from oracle.intake_judgement import canonical, report_digest
from oracle.quality.late import mark_late

MANUAL_FLOW = "manual edits"
MANUAL_CONFIG = FlowConfig(source_class=MANUAL_CLASS)
NONCE_BYTES = 32


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person wants done with the slots [from_slot, to_slot) of a channel, every `step_slots`.

    typed_wh: one value per slot to substitute.  version: the one waiting version meant.
    """

    channel_id: int
    action: Action
    from_slot: int
    to_slot: int
    step_slots: int
    reason: str
    typed_wh: Sequence[int] = ()
    version: int | None = None


def channel_step_slots(database: Database, channel_id: int) -> int:
    """Slots of 900 s between the values of a channel; MissingInput for an unknown one."""
    with database.read() as connection:
        step_s = connection.execute(select(Channel.step_s).where(Channel.channel_id == channel_id)).scalar()
    if step_s is None:
        raise MissingInput("channel_unknown", f"there is no channel {channel_id}: see `gettone readings quality`")
    return step_s // SLOT_S


def propose_edit(database: Database, wanted: Wanted, *, operator: str, now_ms: int) -> EditRow:
    """Store what one person proposes, with the exact values it is about; changes no reading.

    InputError when there is nothing to edit there, for an ambiguous acceptance, a wrong operator id or no reason.
    """
    person = parse_operator(operator)
    if wanted.from_slot >= wanted.to_slot:
        raise InputError("edit_range", "the edit covers no slot: its end must be after its start")
    slots = range(wanted.from_slot, wanted.to_slot, wanted.step_slots)
    with database.write() as connection:
        edits = Edits(connection)
        stored = edits.stored(wanted.channel_id, wanted.from_slot, wanted.to_slot)
        edit = propose(wanted.channel_id, wanted.action, slots, stored, wanted.reason, wanted.typed_wh, wanted.version)
        return edits.add(edit, person, now_ms)


def approve_edit(database: Database, lake: Lake, edit_id: int, *, operator: str, now_ms: int) -> EditRow:
    """Approve a proposal as a second person: its document becomes a batch of class 6, merged with its log leaves.

    One transaction after the lake file, then the rules after a merge.  Repeating it by the same person changes
    nothing.  Refused for the person who proposed, Conflict `edit_decided` after another decision, `edit_stale` when
    the slots changed meanwhile.
    """
    row = _approve(database, lake, edit_id, parse_operator(operator), now_ms)
    _check(database, row.batch_id or 0, row.edit, now_ms)
    return row


def _approve(database: Database, lake: Lake, edit_id: int, person: str, now_ms: int) -> EditRow:
    with database.ingest() as connection:
        edits = Edits(connection)
        row = edits.get(edit_id)
        require_two_persons(row.proposed_by, person)
        if (row.state, row.decided_by) == (APPROVED, person):
            return row
        if row.state != PROPOSED:
            raise Conflict("edit_decided", f"edit {edit_id} is {row.state} already")
        payload = edit_payload(row, person)
        sha256, size_bytes = lake.put(payload)
        batch_id = _receive(connection, sha256, size_bytes, now_ms)
        _merge(connection, Batches(connection).get([batch_id])[batch_id], row.edit)
        edits.decide(edit_id, APPROVED, person, now_ms, batch_id)
        return edits.get(edit_id)


def refuse_edit(database: Database, edit_id: int, *, operator: str, now_ms: int) -> EditRow:
    """Refuse a proposal as a second person; no reading changes."""
    person = parse_operator(operator)
    with database.write() as connection:
        edits = Edits(connection)
        row = edits.get(edit_id)
        require_two_persons(row.proposed_by, person)
        if (row.state, row.decided_by) != (REFUSED, person):
            edits.decide(edit_id, REFUSED, person, now_ms)
        return edits.get(edit_id)


def edit_payload(row: EditRow, approved_by: str) -> bytes:
    """The bytes of an approved edit: the document as proposed, and who stands for it."""
    return canonical(
        {
            "approved_by": approved_by,
            "edit": row.document,
            "edit_id": row.edit_id,
            "proposed_by": row.proposed_by,
        }
    ).encode()


def edit_of_payload(payload: bytes) -> Edit:
    """The edit in the bytes of an approved one."""
    return Edit.of_json(json.loads(payload)["edit"])


def replay_edit(database: Database, lake: Lake, batch: BatchRow, *, now_ms: int) -> None:
    """Merge the stored batch of an approved edit again, as in a replay: the rows it wrote when two persons made it.

    Nothing where another worker has the batch.  Conflict `edit_stale` when what was proposed is not what is stored.
    """
    edit = edit_of_payload(lake.read(batch.sha256 or b""))
    with database.ingest() as connection:
        held = BatchStates(connection).holds(batch.batch_id, batch.lease_until or 0)
        if held:
            _merge(connection, batch, edit)
    if held:
        _check(database, batch.batch_id, edit, now_ms)


def _merge(connection: Connection, batch: BatchRow, edit: Edit) -> None:
    """Write the rows of an approved edit, conclude its batch with its outcome leaf, and note what is to check."""
    edits, readings = Edits(connection), Readings(connection)
    box = edit.slots
    stored = edits.stored(edit.channel_id, *box)
    merge = apply_edit(edit, stored, batch.batch_id, batch.received_at, batch.sha256 or b"")
    readings.add(merge.added)
    readings.replace(merge.replaced)
    readings.add_versions(merge.versions)
    edits.answer(edit.channel_id, merge.answered)
    _conclude(connection, batch, edit, merge)
    PendingChecks(connection).add(batch.batch_id, *box)
    mark_late(connection, batch.batch_id, [edit.channel_id], *box, batch.received_at)


def _check(database: Database, batch_id: int, edit: Edit, now_ms: int) -> None:
    """The rules after a merge on what an approved edit touched; killed before, it stays pending."""
    from_slot, to_slot = edit.slots
    last_slots = channel_step_slots(database, edit.channel_id) - 1
    check_touched(database, [edit.channel_id], from_slot, to_slot + last_slots, now_ms=now_ms)
    with database.write() as connection:
        PendingChecks(connection).remove(batch_id)


def _receive(connection: Connection, sha256: bytes, size_bytes: int, now_ms: int) -> int:
    """The batch of an edit, received: leaf and row."""
    flow, batches = Flows(connection).get_or_create(MANUAL_FLOW, MANUAL_CONFIG), Batches(connection)
    nonce = secrets.token_bytes(NONCE_BYTES)
    row = BatchRow(
        batch_id=batches.next_id(),
        flow_id=flow.flow_id,
        sha256=sha256,
        size_bytes=size_bytes,
        received_at=now_ms,
        state=RECEIVED,
        counters=Counters(),
        report="{}",
        nonce=nonce,
        flow_config=flow.number,
        received_leaf=IngestLog(connection)
        .append(
            LeafKind.RECEIVED,
            nonce=nonce,
            source_class=MANUAL_CLASS,
            received_at=now_ms,
            size_bytes=size_bytes,
            sha256=sha256,
        )
        .leaf_index,
    )
    batches.add(row)
    return row.batch_id


def _conclude(connection: Connection, batch: BatchRow, edit: Edit, merge: EditMerge) -> None:
    report = canonical({"codes": {}, "edit": edit.action.value, "rows": len(edit.values)})
    leaf = _outcome_leaf(connection, batch, report)
    counters = Counters(
        rows_new=merge.new,
        rows_changed=merge.changed,
        rows_confirmed=merge.confirmed,
        rows_equal=merge.equal,
        rows_older=merge.older,
        rows_missing=merge.missing,
        rows_rejected=merge.refused,
    )
    number = Batches(connection).highest() + 1
    BatchStates(connection).finish(
        batch.batch_id, DONE, report, counters, outcome_leaf=leaf.leaf_index, merge_no=number
    )


def _outcome_leaf(connection: Connection, batch: BatchRow, report: str) -> LeafRow:
    return IngestLog(connection).append(
        LeafKind.OUTCOME,
        nonce=batch.nonce or bytes(NONCE_BYTES),
        source_class=MANUAL_CLASS,
        received_at=batch.received_at,
        size_bytes=batch.size_bytes,
        sha256=batch.sha256 or bytes(32),
        report_sha256=report_digest(report),
    )
