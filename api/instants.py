"""Instants as the API writes them: UTC with a Z, to the millisecond (RFC 3339)."""

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field

from gettone.periods import FIRST_YEAR, LAST_YEAR


def instant_text(at_ms: int) -> str:
    """An instant [unix ms] as text: 2026-01-31T23:00:00.000Z."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def instant_ms(at: datetime) -> int:
    """An instant with an offset as unix ms."""
    return int(at.timestamp() * 1000)


def _within_years(at: date) -> date:
    """ValueError for a day or an instant that no slot has."""
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError(f"the year must be {FIRST_YEAR} to {LAST_YEAR}")
    return at


InstantIn = Annotated[AwareDatetime, AfterValidator(_within_years), Field(strict=False)]
"""An instant coming in, with its offset, of a year that slots can count."""

DayIn = Annotated[date, AfterValidator(_within_years), Field(strict=False)]
"""A local day coming in."""
