"""`gettone urban-dataset`: what the platform gives to others in the layout of the Smart City Platform."""

import time
from pathlib import Path
from typing import Annotated

import typer

from cli.console import out
from gettone.db.schema import open_current
from gettone.settings import load_settings
from oracle.exports.export_kpi import export_month

datasets_app = typer.Typer(no_args_is_help=True, add_completion=False, help="UrbanDatasets of communities.")


@datasets_app.callback()
def _datasets() -> None:
    """UrbanDatasets of communities."""


@datasets_app.command("export")
def export(
    community: Annotated[str, typer.Option("--community", help="Id of the community.")],
    month: Annotated[str, typer.Option("--month", help="Local month, as 2016-09.")],
    file: Annotated[Path, typer.Option("--out", help="File to write.")],
    producer: Annotated[str, typer.Option("--producer", help="Id of this solution on the platform.")] = "gettone",
) -> None:
    """Write EnergyCommunityKPI-2.0 of a month: its totals, and those of its hours from eight members on."""
    settings = load_settings()
    with open_current(settings.url) as database:
        content = export_month(database, community, month, producer=producer, made_at_s=int(time.time()))
    file.write_bytes(content)
    out.print(f"{file}: {len(content)} bytes", markup=False)
