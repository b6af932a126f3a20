"""The job that takes a file of readings into the database, once, or refuses it and changes nothing."""

from pathlib import Path

from gettone.db.repositories.batch_states import DONE
from gettone.db.repositories.batches import Batches
from gettone.db.repositories.flows import Flows
from gettone.errors import InputError
from gettone.metering.codes import Code
from oracle.import_report import ImportReport, duplicate_report, examined_report, outcome_report
from oracle.intake import Intake
from oracle.intake_examination import Examination, examine
from oracle.intake_wait import process_to_the_end

MAX_BYTES = 200 * 1024 * 1024


def import_readings(
    intake: Intake,
    path: Path,
    flow_name: str,
    *,
    now_ms: int,
    dry_run: bool = False,
    accept_rejects: bool = False,
) -> ImportReport:
    """Import the file `path` as a batch of a flow; `now_ms` is the receipt [unix ms].

    1. the flow did this content already: duplicate, nothing to do
    2. examine the whole file by all rules, and leave nothing behind
    3. refuse the file, unless its wrong rows were accepted by a person
    4. receive it, with its leaf in the ingest log   5. merge it in one transaction

    Raises InputError, with file, row and reason, for an unreadable file, a wrong row without `accept_rejects`,
    and a device that is not registered; MissingInput for an unknown flow.
    """
    size_bytes = path.stat().st_size if path.is_file() else 0
    if size_bytes > MAX_BYTES:
        reason = f"{path} has {size_bytes} bytes, more than {MAX_BYTES}: split it [{Code.F_SIZE}]"
        raise InputError("file_too_large", reason)
    examined = examine(intake.database, intake.vault, path, flow_name, now_ms)
    if examined.duplicate is not None:
        return duplicate_report(examined)
    if dry_run:
        return examined_report(examined)
    _refuse_wrong_rows(path, examined, accept_rejects)
    receipt = intake.receive(flow_name, path, received_at_ms=now_ms)
    return outcome_report(
        examined, process_to_the_end(intake, receipt.batch_id, now_ms=now_ms), _done(intake, examined)
    )


def _done(intake: Intake, examined: Examination) -> int | None:
    """The batch that did the content, where another import was faster with the same file."""
    with intake.database.read() as connection:
        flow = Flows(connection).get(examined.flow)
        same = Batches(connection).with_digest(flow.flow_id, examined.sha256)
    return next((batch.batch_id for batch in same if batch.state == DONE), None)


def _refuse_wrong_rows(path: Path, examined: Examination, accept_rejects: bool) -> None:
    """A wrong row refuses the file, unless a person said to go on; an unknown device always does."""
    validated = examined.merged.judged.validated
    rejected = sorted(validated.rejected)
    unknown = [one for one in rejected if one.code is Code.R_UNKNOWN]
    conflicts = validated.codes.get(Code.D_CONFLICT, 0)
    if unknown or (rejected and not accept_rejects):
        first = (unknown or rejected)[0]
        others = f" ({len(rejected)} rows are wrong in all)" if len(rejected) > 1 else ""
        mend = "register it first" if unknown else "mend it, or import the other rows with --accept-rejects"
        raise InputError("row_rejected", f"{path}, row {first.row}: {first.reason}{others}; {mend} [{first.code}]")
    if conflicts and not accept_rejects:
        raise InputError(
            "slot_conflict",
            f"{path}: {conflicts} rows give different values to the same slot of a device; remove the wrong ones, "
            f"or put all in quarantine with --accept-rejects [{Code.D_CONFLICT}]",
        )
