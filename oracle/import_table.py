"""The job that takes a file of prices or weather through the intake, as every other batch goes."""

import hashlib
from pathlib import Path

from gettone.db.repositories.batch_states import PARSING, REJECTED
from gettone.db.repositories.batches import Batches, BatchRow, Counters
from gettone.db.repositories.flows import FlowRow, Flows
from gettone.errors import InputError
from oracle.intake import Intake
from oracle.intake_judgement import canonical
from oracle.intake_merge import BatchMerge
from oracle.intake_outcome import Outcome
from oracle.intake_tables import check_size, read_table_file
from oracle.intake_wait import process_to_the_end
from oracle.sources.table_file import Tabled


def import_table(
    intake: Intake, path: Path, flow_name: str, *, now_ms: int, syntaxes: tuple[str, ...], holds: str
) -> Outcome:
    """Receive and process a file of a flow with one of `syntaxes`; `holds` says what such a flow carries.

    The same content again is a duplicate.  Raises InputError `syntax_unknown` for a flow of anything else, and with
    an F code for an unusable file, which is kept as a rejected batch; MissingInput for an unknown flow.
    """
    _flow(intake, flow_name, syntaxes, holds)
    check_size(path)
    receipt = intake.receive(flow_name, path, received_at_ms=now_ms)
    outcome = process_to_the_end(intake, receipt.batch_id, now_ms=now_ms)
    if outcome.state == REJECTED:
        reason = outcome.refusal or f"the file has too many wrong rows, of {outcome.rows} [F_TOO_MANY]"
        raise InputError("file_rejected", f"{path}, batch {outcome.batch_id}: {reason}")
    return outcome


def examine_table(intake: Intake, path: Path, flow_name: str, *, now_ms: int) -> Tabled:
    """What a file of a flow of prices or weather would do, and all of it taken back; errors as `import_table`."""
    with intake.database.read() as connection:
        flow = Flows(connection).get(flow_name)
    table = read_table_file(intake.database, path, flow)
    sha256 = hashlib.sha256(path.read_bytes()).digest()
    with intake.database.ingest() as connection:
        # No batch ever has this number, so that nobody waits for what is taken back anyway.
        batch = BatchRow(-1, flow.flow_id, sha256, path.stat().st_size, now_ms, PARSING, Counters(), canonical({}))
        Batches(connection).add(batch)
        tabled = BatchMerge(connection, intake.vault, flow, batch).write_table(table)
        connection.rollback()
    return tabled


def _flow(intake: Intake, name: str, syntaxes: tuple[str, ...], holds: str) -> FlowRow:
    with intake.database.read() as connection:
        flow = Flows(connection).get(name)
    if flow.config.syntax not in syntaxes:
        raise InputError(
            "syntax_unknown",
            f"flow {name!r} has syntax {flow.config.syntax!r}: {holds} are read as {' or '.join(syntaxes)}",
        )
    return flow
