"""Slots of a local day: where its quarters of an hour lie in UTC, and how many there are."""

from datetime import date, timedelta
from functools import lru_cache

from gettone.metering.clock import UTC_CLOCK, fixed_offset_s
from gettone.periods import load_zone, midnight_s
from gettone.types import DAY_S

QUARTER_S = 900
_EPOCH = date(1970, 1, 1)


@lru_cache(maxsize=4096)
def quarters_of(day: date, clock: str) -> range:
    """Starts [unix s] of the quarters of a local day: 92, 96 or 100 of them in a zone with summer time.

    clock: as that of a flow, `utc`, an offset as `+01:00`, or the name of a zone (InputError if it is unknown).
    """
    return range(_midnight_s(day, clock), _midnight_s(day + timedelta(days=1), clock), QUARTER_S)


def _midnight_s(day: date, clock: str) -> int:
    if clock == UTC_CLOCK or clock[0] in "+-":
        return (day - _EPOCH).days * DAY_S - fixed_offset_s(clock)
    return midnight_s(day, load_zone(clock))
