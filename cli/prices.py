"""`gettone prices` and `gettone weather`: files of a market or of weather stations into their tables."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cli.clock import clock_of
from cli.console import out, print_json
from cli.ingest_context import ingest_context
from gettone.db.schema import open_current
from gettone.errors import InputError
from gettone.settings import load_settings
from oracle.import_table import import_table
from oracle.intake_outcome import Outcome
from oracle.prices.forecast import forecast_day
from oracle.prices.price_table import PRICE_SYNTAXES
from oracle.weather.weather_table import WEATHER_SYNTAXES

prices_app = typer.Typer(no_args_is_help=True, add_completion=False, help="Zonal prices of electricity.")
weather_app = typer.Typer(no_args_is_help=True, add_completion=False, help="Weather of stations.")

_File = Annotated[Path, typer.Argument(help="The file as it came, plain, gzip or zip.")]
_Flow = Annotated[str, typer.Option("--flow", help="Name of the registered flow that the file belongs to.")]
_Json = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]


@prices_app.callback()
def _prices() -> None:
    """Zonal prices of electricity."""


@weather_app.callback()
def _weather() -> None:
    """Weather of stations."""


@prices_app.command("import")
def import_price_file(file: _File, flow: _Flow, as_json: _Json = False) -> None:
    """Store the prices of a file once, in whole days; the flow has syntax price_xml or price_csv."""
    _import(file, flow, PRICE_SYNTAXES, "prices", as_json)


@prices_app.command("forecast")
def forecast(day: Annotated[str, typer.Argument(help="The day without prices, as 2026-03-29.")]) -> None:
    """Repeat the last day of each zone that has no price of a day."""
    settings = load_settings()
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        raise InputError("date_syntax", f"{day!r} is no day: write it as 2026-03-29") from None
    with open_current(settings.url) as database:
        stored = forecast_day(database, wanted)
    out.print(f"{day}: {stored} prices repeated as a forecast", markup=False)


@weather_app.command("import")
def import_weather_file(file: _File, flow: _Flow, as_json: _Json = False) -> None:
    """Store the weather of a file once: station,timestamp,signal,value[,quality]."""
    _import(file, flow, WEATHER_SYNTAXES, "weather files", as_json)


def _import(file: Path, flow: str, syntaxes: tuple[str, ...], holds: str, as_json: bool) -> None:
    settings = load_settings()
    with ingest_context(settings) as (_database, _vault, intake):
        now_ms = clock_of(settings)()
        _print(import_table(intake, file, flow, now_ms=now_ms, syntaxes=syntaxes, holds=holds), as_json)


def _print(outcome: Outcome, as_json: bool) -> None:
    if as_json:
        fields = ("state", "batch_id", "counters", "codes")
        print_json({name: getattr(outcome, name) for name in fields})
        return
    words = [f"{name.removeprefix('rows_')} {count}" for name, count in outcome.counters.items() if count]
    codes = [f"{code} {count}" for code, count in sorted(outcome.codes.items())]
    out.print(f"batch {outcome.batch_id}: {outcome.state}, {' '.join(words + codes) or 'no change'}", markup=False)
