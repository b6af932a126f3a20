"""Zonal prices of electricity: whole days by the local calendar, exact to 10^-6 EUR/MWh (metering specification §7)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from gettone.errors import InputError
from gettone.metering.exact import parse_decimal, rhe
from gettone.periods import load_zone, midnight_s

ZONES = ("NORD", "CNOR", "CSUD", "SUD", "CALA", "SICI", "SARD", "PUN")
ACTUAL, SCENARIO, FORECAST = "actual", "scenario", "forecast"
# A price replaces another of its own kind or of one further on.
KINDS = (ACTUAL, SCENARIO, FORECAST)
MARKET_ZONE = "Europe/Rome"
HOUR_S, QUARTER_S = 3600, 900
LOWEST_UEUR, HIGHEST_UEUR = -500_000_000, 5_000_000_000
PLACES = 6

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - labels of a local clock have no zone


class PriceDay(NamedTuple):
    """Prices [10^-6 EUR/MWh] of a local day by zone, one for each interval of `step_s` from local midnight on."""

    day: date
    step_s: int
    ueur_mwh: Mapping[str, tuple[int, ...]]


def parse_price(text: str, mark: str) -> int:
    """A price in 10^-6 EUR/MWh; InputError `price_syntax` for anything that is not exactly such a number.

    >>> parse_price("113,00", ","), parse_price("-0.5", ".")
    (113000000, -500000)
    """
    try:
        mantissa, exponent = parse_decimal(text, mark)
    except InputError:
        raise InputError("price_syntax", f"{text[:40]!r} is no price with the decimal mark {mark!r}") from None
    power = exponent + PLACES
    if power >= 0:
        return mantissa * int(10**power)
    whole, rest = divmod(mantissa, int(10**-power))
    if rest:
        raise InputError("price_syntax", f"{text[:40]!r} is a price with more than {PLACES} decimal places")
    return whole


def starts_of(day: date, step_s: int) -> range:
    """Starts [unix s] of the intervals of a local day of the market: 23, 24 or 25 hours, 92, 96 or 100 quarters."""
    zone = load_zone(MARKET_ZONE)
    return range(midnight_s(day, zone), midnight_s(day + timedelta(days=1), zone), step_s)


def labels_of(day: date, step_s: int) -> tuple[int, ...]:
    """What the local clock showed at the starts of a day's intervals [s since 1970 on that clock], in order."""
    zone = load_zone(MARKET_ZONE)
    local = (datetime.fromtimestamp(start, zone).replace(tzinfo=None) for start in starts_of(day, step_s))
    return tuple((one - _EPOCH) // timedelta(seconds=1) for one in local)


def place_labels(day: date, step_s: int, labels: Sequence[int], kind: str) -> tuple[int, ...] | None:
    """Position of the label that each interval of a day takes its price from; None if they do not make up the day.

    The labels must be those of the calendar, in order.  A scenario may instead have the same labels every day: on
    changeover days it loses the one that does not exist, and gives the repeated one to both hours.
    """
    expected = labels_of(day, step_s)
    if tuple(labels) == expected:
        return tuple(range(len(labels)))
    midnight = (day - _EPOCH.date()).days * 86_400
    if kind == SCENARIO and tuple(labels) == tuple(range(midnight, midnight + 86_400, step_s)):
        return tuple(labels.index(one) for one in expected)
    return None


def beyond_bounds(ueur_mwh: int) -> bool:
    """Whether a price is outside -500 to 5,000 EUR/MWh: it waits for a person."""
    return not LOWEST_UEUR <= ueur_mwh <= HIGHEST_UEUR


def hourly_price(quarters: Sequence[int]) -> int:
    """The price of an hour from those of its four quarters, half to even.

    >>> hourly_price([1, 2, 3, 4])
    2
    """
    if len(quarters) != HOUR_S // QUARTER_S:
        raise InputError("price_quarters", f"an hour has four quarters, and {len(quarters)} prices were given")
    return rhe(sum(quarters), len(quarters))


def repeat_day(last: PriceDay, day: date) -> PriceDay:
    """The forecast of a day without prices: those of the last one, by the time the clock shows.

    An hour that the last day did not have takes the price of the one before it.
    """
    midnight, before = ((one - _EPOCH.date()).days * 86_400 for one in (day, last.day))
    known = [label - before for label in labels_of(last.day, last.step_s)]
    positions: list[int] = []
    for label in labels_of(day, last.step_s):
        at = known.index(label - midnight) if label - midnight in known else positions[-1]
        positions.append(at)
    return PriceDay(day, last.step_s, {zone: tuple(row[at] for at in positions) for zone, row in last.ueur_mwh.items()})
