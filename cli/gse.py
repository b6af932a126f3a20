"""`gettone gse`: the energy bonus of GSE shared among the members of a set, in cents."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from cli.console import out
from gettone.engine.json_files import read_json, refusals_naming
from gettone.rewards.document import canonical_document
from gettone.rewards.gse import share_document

gse_app = typer.Typer(no_args_is_help=True, add_completion=False, help="Sharing of the energy bonus.")


@gse_app.callback()
def gse() -> None:
    """Sharing of the energy bonus."""


@gse_app.command()
def share(
    source: Annotated[Path, typer.Option("--input", help="JSON: what came in, the rules of the set, its members")],
    as_json: Annotated[bool, typer.Option("--json", help="one canonical JSON object on stdout")] = False,
) -> None:
    """Share the bonus of one period; every line sums to what came in, to the cent."""
    with refusals_naming(source):
        result = share_document(read_json(source))
    if as_json:
        sys.stdout.buffer.write(canonical_document(result) + b"\n")
        sys.stdout.buffer.flush()
    else:
        _print_table(result)


def _print_table(result: dict[str, Any]) -> None:
    table = Table("member", title="energy bonus, cents")
    columns = ("excess_cents", "producer_cents", "consumer_cents", "total_cents")
    for column in columns:
        table.add_column(column.removesuffix("_cents"), justify="right")
    for member in result["members"]:
        table.add_row(member["member_id"], *(f"{member[column]:,}" for column in columns))
    out.print(table)
    lines = result["lines"]
    for name in ("costs_cents", "social_fund_cents", "undistributed_cents", "total_cents"):
        out.print(f"{name.removesuffix('_cents').replace('_', ' ')}: {lines[name]:,} cents")
