"""Refused rows for a person: listed in clear, corrected as a batch of their own, or accepted as refused."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gettone.db.repositories.batch_states import DONE, DUPLICATE, BatchStates
from gettone.db.repositories.batches import Batches
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.keys import REJECTS, Keys
from gettone.errors import InputError, MissingInput
from gettone.vault import unseal
from oracle.intake import Intake
from oracle.intake_outcome import Outcome


@dataclass(frozen=True, slots=True)
class ClearReject:
    """A refused row in clear: it may name a device, so it is for the screen of who may see it, never for a log."""

    batch_id: int
    row: int
    code: str
    field: str | None
    text: str
    state: str
    parked_until: int | None


def list_rejects(intake: Intake, batch_id: int | None = None) -> tuple[ClearReject, ...]:
    """The refused rows of a batch, or the open ones of all; MissingInput for a batch that is not there."""
    with intake.database.write() as connection:
        batches = Batches(connection)
        found = batches.get([batch_id]) if batch_id is not None else {one.batch_id: one for one in batches.all()}
        if not found and batch_id is not None:
            raise MissingInput("batch_unknown", f"there is no batch {batch_id} in this database")
        key = Keys(connection, intake.vault).platform_key(REJECTS)
        return tuple(
            ClearReject(
                number,
                row.row_no,
                row.code,
                row.field,
                unseal(key, row.raw, ("reject", number, row.row_no)).decode(errors="replace"),
                row.state,
                row.parked_until,
            )
            for number in sorted(found)
            for row in batches.rejects(number)
            if batch_id is not None or row.state == "open"
        )


def correct_rejects(
    intake: Intake, batch_id: int, file: Path, *, rows: Iterable[int] | None = None, now_ms: int
) -> Outcome:
    """Merge a file with corrected rows of a batch as a batch of its own, in the format of the same flow.

    `rows` are the refused rows it mends, all open ones by default; they are `fixed` once the file is done.
    InputError for rows that are not open rejects of the batch.
    """
    with intake.database.read() as connection:
        open_rows = {one.row_no for one in Batches(connection).rejects(batch_id) if one.state == "open"}
        mended = open_rows if rows is None else set(rows)
        if not mended or mended - open_rows:
            raise InputError("reject_unknown", f"batch {batch_id} has no open rejects in rows {sorted(mended)}")
        batch = Batches(connection).get([batch_id])[batch_id]
        flow = Flows(connection).of_batch(batch.flow_id, batch.flow_config)
    receipt = intake.receive(flow.name, file, received_at_ms=now_ms, derived_from=batch_id)
    return finish_correction(intake, batch_id, mended, receipt.batch_id, now_ms=now_ms)


def finish_correction(intake: Intake, batch_id: int, rows: set[int], correction_id: int, *, now_ms: int) -> Outcome:
    """Process the received batch that corrects rows of another one; they are `fixed` once its content is done."""
    outcome = intake.process(correction_id, now_ms=now_ms)
    if outcome.state in (DONE, DUPLICATE):
        _close(intake, batch_id, rows, "fixed")
    return outcome


def accept_rejects(intake: Intake, batch_id: int, rows: Iterable[int]) -> int:
    """Let refused rows stay refused: nobody is asked about them again; returns how many."""
    return _close(intake, batch_id, set(rows), "accepted")


def _close(intake: Intake, batch_id: int, rows: set[int], state: str) -> int:
    with intake.database.write() as connection:
        return BatchStates(connection).close_rejects(batch_id, rows, state)
