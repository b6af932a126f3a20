"""`gettone readings propose | proposals | approve | refuse`: readings edited by two persons."""

import json
from datetime import datetime
from typing import Annotated, Any

import typer

from cli.clock import now_ms
from cli.console import out, print_json
from cli.settlement_context import open_vault
from gettone.db.columns import SLOT_S
from gettone.db.engine import Database
from gettone.db.repositories.edits import EditRow, Edits
from gettone.db.schema import open_current
from gettone.errors import InputError
from gettone.metering.edits.approval import Action
from gettone.periods import utc_text
from gettone.settings import Settings, load_settings
from oracle.intake import open_lake
from oracle.quality.editing import Wanted, approve_edit, channel_step_slots, propose_edit, refuse_edit

OperatorOption = Annotated[str, typer.Option("--by", help="Operator id of who decides, such as a.rossi.")]
EditArgument = Annotated[int, typer.Argument(help="Number of the proposal.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]


def propose(
    action: Annotated[Action, typer.Argument(help="What to do with the values.")],
    channel: Annotated[int, typer.Option("--channel", help="Number of the channel.")],
    slots: Annotated[str, typer.Option("--slots", help="Start of one slot, 2026-03-29T00:00:00Z, or START/END.")],
    by: OperatorOption,
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept with the edit.")],
    wh: Annotated[str, typer.Option("--wh", help="Values to substitute [Wh], with commas between.")] = "",
    version: Annotated[int | None, typer.Option("--version", help="The one version meant, of a conflict.")] = None,
    as_json: AsJson = False,
) -> None:
    """Propose to accept or refuse what is in quarantine, to withdraw values, or to substitute them."""
    settings = load_settings()
    with open_current(settings.url) as database:
        step = channel_step_slots(database, channel)
        first, _, end = slots.partition("/")
        from_slot = _slot(first)
        to_slot = _slot(end) if end else from_slot + step
        wanted = Wanted(channel, action, from_slot, to_slot, step, reason, _numbers(wh), version)
        row = propose_edit(database, wanted, operator=by, now_ms=now_ms(settings))
    _print(row, as_json, "another person decides with `gettone readings approve` or `refuse`")


def proposals(as_json: AsJson = False) -> None:
    """List what waits for a second person, with its values."""
    with open_current(load_settings().url) as database, database.read() as connection:
        rows = Edits(connection).proposed()
    if as_json:
        print_json({"proposals": [_document(row) for row in rows]})
        return
    for row in rows:
        _print(row, False, f"{len(row.edit.values)} values; {row.edit.reason}")


def approve(edit: EditArgument, by: OperatorOption, as_json: AsJson = False) -> None:
    """Approve a proposal of another person: its values are merged as a batch of their own."""
    settings = load_settings()
    with open_current(settings.url) as database:
        row = _approve(settings, database, edit, by)
    _print(row, as_json, f"merged as batch {row.batch_id}")


def refuse(edit: EditArgument, by: OperatorOption, as_json: AsJson = False) -> None:
    """Refuse a proposal of another person: nothing changes."""
    settings = load_settings()
    with open_current(settings.url) as database:
        row = refuse_edit(database, edit, operator=by, now_ms=now_ms(settings))
    _print(row, as_json, "nothing was changed")


def _approve(settings: Settings, database: Database, edit: int, by: str) -> EditRow:
    lake = open_lake(database, open_vault(settings), settings.lake_dir)
    return approve_edit(database, lake, edit, operator=by, now_ms=now_ms(settings))


def _slot(text: str) -> int:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None or instant.timestamp() % SLOT_S:
        raise InputError("edit_range", f"{text!r} is not the start of a slot in UTC: write 2026-03-29T00:15:00Z")
    return int(instant.timestamp()) // SLOT_S


def _numbers(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split(",")) if text else ()
    except ValueError:
        raise InputError("edit_values", f"{text!r} is not a list of whole numbers of Wh") from None


def _print(row: EditRow, as_json: bool, rest: str) -> None:
    if as_json:
        print_json(_document(row))
        return
    span = f"{utc_text(row.from_slot * SLOT_S)} to {utc_text(row.to_slot * SLOT_S)}"
    what = f"edit {row.edit_id}: {row.edit.action} on channel {row.channel_id}, {span}"
    out.print(f"{what}, {row.state} by {row.decided_by or row.proposed_by}; {rest}", markup=False)


def _document(row: EditRow) -> dict[str, Any]:
    return {
        "edit_id": row.edit_id,
        "state": row.state,
        "proposed_by": row.proposed_by,
        "decided_by": row.decided_by,
        "batch_id": row.batch_id,
        "edit": json.loads(row.document),
    }
