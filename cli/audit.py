"""`gettone audit export | verify`: the audit trail in a file, and whether its chain of hashes is whole."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.console import out, print_json
from gettone.db.repositories.audit_rows import AuditRows
from gettone.db.repositories.audit_trail import AuditTrail, first_break_of
from gettone.db.schema import open_current
from gettone.errors import CheckFailed, InputError
from gettone.settings import load_settings

audit_app = typer.Typer(no_args_is_help=True, add_completion=False, help="The audit trail: who did what, and when.")

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]


@audit_app.command()
def export(
    file: Annotated[Path, typer.Option("--out", help="File to write: one row a line, as JSON.")],
    as_json: AsJson = False,
) -> None:
    """Write every row of the trail with its hash; digests stand for the words, which stay here."""
    count, partial = 0, file.with_name(file.name + ".partial")
    try:
        with open_current(load_settings().url) as database, database.read() as connection, partial.open("w") as target:
            for row in AuditRows(connection).chained():
                target.write(json.dumps(row, sort_keys=True, separators=(",", ":")) + "\n")
                count += 1
        partial.replace(file)
    except OSError as cause:
        raise InputError("out_file", f"{file} cannot be written: {cause.strerror}") from None
    if as_json:
        print_json({"file": str(file), "rows": count})
        return
    out.print(f"wrote {count} rows to {file}", markup=False)


@audit_app.command()
def verify(
    file: Annotated[Path | None, typer.Argument(help="File of `audit export`; the database if left out.")] = None,
    as_json: AsJson = False,
) -> None:
    """Follow the chain of hashes; exits 1 at the first row that was edited, removed, moved or added behind it."""
    if file is not None:
        found, where = first_break_of(_rows(file)), file.name
    else:
        with open_current(load_settings().url) as database, database.read() as connection:
            found, where = AuditTrail(connection).first_break(), "the database"
    if as_json:
        print_json({"first_break": found})
    if found is not None:
        raise CheckFailed(
            "audit_broken",
            f"the audit trail in {where} breaks at row {found}: it was edited, removed, moved or added behind the "
            "trail; compare it with an export or a backup of before",
        )
    if not as_json:
        out.print(f"the audit trail in {where} is whole", markup=False)


def _rows(file: Path) -> Iterator[Mapping[str, Any]]:
    try:
        with file.open(encoding="utf-8") as source:
            for number, line in enumerate(source, start=1):
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise InputError("audit_file", f"line {number} of {file.name} is no row of an export")
                yield row
    except (OSError, ValueError) as cause:
        raise InputError("audit_file", f"{file.name} is no export of the audit trail: {cause}") from None
