"""`gettone takeout export`: a member's own readings, salts, proofs and chain evidence in one file."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cli.console import out, print_json
from cli.settlement_context import open_contracts, open_vault
from gettone.db.repositories.communities import Communities
from gettone.db.schema import open_current
from gettone.errors import InputError
from gettone.notary.takeout_format import Level
from gettone.periods import parse_period
from gettone.settings import load_settings
from oracle.takeout.disclosure import TakeoutRequest
from oracle.takeout.export import TakeoutExporter
from oracle.takeout.signing import takeout_signer

takeout_app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Export take-outs, which anybody can verify."
)


@takeout_app.callback()
def _group() -> None:
    """Export take-outs, which anybody can verify."""


@takeout_app.command()
def export(
    community: Annotated[str, typer.Option("--community", help="Id of the community.")],
    member: Annotated[str, typer.Option("--member", help="Wallet, or the first digits of a member id.")],
    from_date: Annotated[str, typer.Option("--from", help="First local date, 2016-09-01.")],
    to_date: Annotated[str, typer.Option("--to", help="Local date after the last one, 2016-11-01.")],
    file: Annotated[Path, typer.Option("--out", help="Where to write the zip; a folder takes the usual name.")],
    level: Annotated[Level, typer.Option("--level", help="How much to disclose.")] = Level.FULL,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Write a take-out; the same content gives the same bytes."""
    settings = load_settings()
    contracts = open_contracts(settings, community)
    with open_current(settings.url) as database:
        with database.read() as connection:
            timezone = Communities(connection).get(community).tz
        period = parse_period(f"{_date(from_date)}/{_date(to_date)}", timezone)
        exporter = TakeoutExporter(database, open_vault(settings), contracts)
        name, content = exporter.export(TakeoutRequest(community, member, period, level), sign=takeout_signer(settings))
    target = file / name if file.is_dir() else file
    if not target.parent.is_dir():
        raise InputError("out_folder", f"{target.parent} is no folder: make it first, or write elsewhere")
    target.write_bytes(content)
    if as_json:
        print_json({"file": str(target), "bytes": len(content), "level": level.value})
        return
    out.print(
        f"wrote {target} ({len(content)} bytes); verify it with: gettone verify {target} --rpc {settings.rpc_url} "
        f"--genesis 0x{contracts.client.genesis_hash.hex()} --contract {contracts.ledger.address}",
        markup=False,
    )


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise InputError("date", f"{text!r} is no date: write 2016-09-01") from None
