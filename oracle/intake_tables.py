"""The step of the intake for files of prices and weather, by the syntax of their flow (§3.2, §7)."""

from collections.abc import Callable
from pathlib import Path

from gettone.db.engine import Database
from gettone.db.repositories.flows import FlowRow
from gettone.metering.codes import Code
from oracle.payload.refusals import unusable
from oracle.prices.price_table import PRICE_SYNTAXES, read_prices
from oracle.sources.table_file import MAX_BYTES, TableFile
from oracle.weather.weather_table import WEATHER_SYNTAXES, read_weather

_STEPS: dict[str, Callable[[Database, Path, FlowRow], TableFile]] = {
    **dict.fromkeys(PRICE_SYNTAXES, read_prices),
    **dict.fromkeys(WEATHER_SYNTAXES, read_weather),
}


def is_table(syntax: str) -> bool:
    """Whether files of a syntax hold rows of another table than readings."""
    return syntax in _STEPS


def read_table_file(database: Database, payload: Path, flow: FlowRow) -> TableFile:
    """A file of a flow of prices or weather; InputError with an F code for an unusable one, as beyond 10 MiB."""
    check_size(payload)
    return _STEPS[flow.config.syntax](database, payload, flow)


def check_size(payload: Path) -> None:
    """InputError F_SIZE for a file beyond 10 MiB, F_SCHEMA for one that cannot be opened."""
    try:
        size_bytes = payload.stat().st_size
    except OSError as failure:
        raise unusable(Code.F_SCHEMA, f"cannot be read: {failure.strerror}") from None
    if size_bytes > MAX_BYTES:
        raise unusable(Code.F_SIZE, f"has {size_bytes} bytes, more than {MAX_BYTES}: split it")
