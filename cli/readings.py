"""`gettone readings`: take files of readings into the database."""

from pathlib import Path
from typing import Annotated

import typer

from cli.clock import now_ms
from cli.console import err, out, print_json
from cli.readings_check import check
from cli.readings_edits import approve, proposals, propose, refuse
from cli.readings_erase import erase
from cli.readings_quality import quality
from cli.replay import anchor, dismiss, rejects, replay
from cli.settlement_context import open_vault
from gettone.db.schema import open_current
from gettone.errors import InputError
from gettone.settings import load_settings
from oracle.import_readings import import_readings
from oracle.import_report import ImportReport
from oracle.intake import open_intake

readings_app = typer.Typer(no_args_is_help=True, add_completion=False, help="Import meter readings.")
readings_app.command()(quality)
readings_app.command()(check)
for _command in (propose, proposals, approve, refuse, erase):
    readings_app.command()(_command)


@readings_app.callback()
def _group() -> None:
    """Import meter readings."""


@readings_app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="CSV (also .gz) or Parquet: device,timestamp_utc,interval_s,energy_wh.")],
    flow: Annotated[str, typer.Option("--flow", help="Name of the registered flow that the file belongs to.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Judge every row, store nothing.")] = False,
    accept_rejects: Annotated[
        bool, typer.Option("--accept-rejects", help="Import the good rows of a file that also has wrong ones.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Import a file of readings once; the same file again changes nothing.

    A file with a wrong row is refused as a whole unless --accept-rejects says to go on without such rows; above
    the flow's share of wrong rows (20 %), and with an unregistered device, it is refused in any case.
    """
    settings = load_settings()
    vault = open_vault(settings)
    with open_current(settings.url) as database:
        report = import_readings(
            open_intake(database, vault, settings.lake_dir),
            file,
            flow,
            now_ms=now_ms(settings),
            dry_run=dry_run,
            accept_rejects=accept_rejects,
        )
    _print(report, file, as_json)
    _refuse_after(report, file)


def _print(report: ImportReport, file: Path, as_json: bool) -> None:
    if as_json:
        print_json(report.to_document())
        return
    words = " ".join(f"{name.removeprefix('rows_')} {count}" for name, count in report.counted() if count)
    out.print(f"{file}: {report.state}, {report.rows} rows: {words or 'no change'}", markup=False)
    for one in report.errors:
        err.print(f"{file}, row {one.row}: {one.reason} [{one.code}]", markup=False)


def _refuse_after(report: ImportReport, file: Path) -> None:
    """A file that was, or would be, refused ends with the status of a file against its format."""
    if report.state.endswith("rejected"):
        raise InputError(
            "too_many_rejects",
            f"{file}: {len(report.errors)} or more of {report.rows} rows are wrong, above the flow's share; "
            "nothing was stored, so see that unit and columns are right [F_TOO_MANY]",
        )
    if report.state == "would_be_done" and report.errors:
        raise InputError("row_rejected", f"{file}: {report.counters.rows_rejected} rows would be refused")


readings_app.command("rejects")(rejects)
readings_app.command("replay")(replay)
readings_app.command("dismiss")(dismiss)
readings_app.command("anchor")(anchor)
