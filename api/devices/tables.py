"""Tables of devices: judged row by row, entered as a whole or not at all."""

from collections.abc import Sequence

from api.csv_rows import RowError, read_rows, refuse_errors
from api.devices.registering import Act, enter, wrong_fields
from api.devices.schemas import DeviceInput, DeviceRow, ImportBody, ImportInput
from api.invitations.schemas import RowErrorBody
from api.once import Answer
from gettone.db.repositories.devices import Devices
from gettone.errors import GettoneError

MAX_ROWS = 10_000


def import_table(act: Act, table: ImportInput) -> Answer:
    """Enter the devices of a table, or with `dry_run` only judge it; while one row is wrong nothing is changed."""
    listed = read_rows(table.csv, DeviceRow, max_rows=MAX_ROWS)
    rows = [(number, _of_row(row)) for number, row in listed.good]
    errors = [*listed.errors, *_wrong_rows(act, rows)]
    wanted_rows = [wanted for _, wanted in rows]
    known = Devices(act.connection, act.context.vault).find([one.pod for one in wanted_rows])
    if table.dry_run:
        errors = errors or _tried(act, wanted_rows)
    else:
        refuse_errors(errors)
        enter(act, wanted_rows)
        act.note("device.import", act.access.where.slug, rows=len(wanted_rows))
    wrong = {one.row for one in errors}
    new = sum(wanted.pod not in known for number, wanted in rows if number not in wrong)
    shown = [RowErrorBody(row=one.row, pointer=one.pointer, code=one.code) for one in sorted(errors, key=_row)]
    body = ImportBody(dry_run=table.dry_run, rows=listed.count, new=new, errors=shown)
    return Answer(200, body.model_dump(mode="json"))


def _wrong_rows(act: Act, rows: Sequence[tuple[int, DeviceInput]]) -> list[RowError]:
    devices, seen, errors = Devices(act.connection, act.context.vault), set[bytes](), []
    for number, wanted in rows:
        pid = devices.pid(wanted.pod)
        found = wrong_fields(act, wanted) if pid not in seen else [("pod", "twice", "")]
        errors += [RowError(number, f"/{field}", code) for field, code, _sentence in found]
        seen.add(pid)
    return errors


def _row(error: RowError) -> int:
    return error.row


def _tried(act: Act, wanted: Sequence[DeviceInput]) -> list[RowError]:
    """What the database would refuse of devices whose rows are right; nothing stays of the trial."""
    with act.connection.begin_nested() as trial:
        try:
            enter(act, wanted)
        except GettoneError as refusal:
            return [RowError(0, "", refusal.code)]
        finally:
            trial.rollback()
    return []


def _of_row(row: DeviceRow) -> DeviceInput:
    values = row.model_dump(exclude={"directions", "step_s", "flows"})
    channels = [{"direction": int(one), "step_s": int(row.step_s)} for one in row.directions.split(" ")]
    flows = tuple(row.flows.split("|")) if row.flows else ()
    return DeviceInput.model_validate({**values, "channels": channels, "flows": flows}, strict=False)
