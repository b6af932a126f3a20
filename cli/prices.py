"""`gettone prices` and `gettone weather`: files of a market or of weather stations into their tables."""

import time
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cli.console import out, print_json
from cli.settlement_context import open_vault
from gettone.db.schema import open_current
from gettone.errors import InputError
from gettone.settings import load_settings
from oracle.prices.import_prices import forecast_day, import_prices
from oracle.sources.recorded_batch import Recorded
from oracle.weather.import_weather import import_weather

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
    settings = load_settings()
    vault = open_vault(settings)
    with open_current(settings.url) as database:
        recorded = import_prices(database, vault, file, flow, now_ms=_now_ms())
    _print(recorded, as_json)


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
    settings = load_settings()
    vault = open_vault(settings)
    with open_current(settings.url) as database:
        recorded = import_weather(database, vault, file, flow, now_ms=_now_ms())
    _print(recorded, as_json)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _print(recorded: Recorded, as_json: bool) -> None:
    if as_json:
        print_json(recorded.to_document())
        return
    words = [f"{name.removeprefix('rows_')} {count}" for name, count in recorded.counted() if count]
    codes = [f"{code} {count}" for code, count in sorted(recorded.codes.items())]
    out.print(f"batch {recorded.batch_id}: {recorded.state}, {' '.join(words + codes) or 'no change'}", markup=False)
