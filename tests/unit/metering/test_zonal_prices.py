"""Prices exact to 10^-6, placed by the calendar, repeated as a forecast."""

from datetime import date

import pytest

from gettone.errors import InputError
from gettone.metering.zonal_prices import (
    PriceDay,
    beyond_bounds,
    hourly_price,
    labels_of,
    parse_price,
    place_labels,
    repeat_day,
    starts_of,
)

pytestmark = pytest.mark.unit

SPRING, AUTUMN, NORMAL = date(2026, 3, 29), date(2026, 10, 25), date(2026, 6, 1)


def flat_labels(day: date) -> tuple[int, ...]:
    first = labels_of(day, 3600)[0]
    return tuple(first + hour * 3600 for hour in range(24))


@pytest.mark.parametrize(
    ("text", "mark", "ueur"),
    [
        ("113,00", ",", 113_000_000),
        ("114,905680", ",", 114_905_680),
        ("-0.000001", ".", -1),
        ("0", ".", 0),
        ("1e2", ".", 100_000_000),
    ],
)
def test_parse_price__number__is_exact(text: str, mark: str, ueur: int) -> None:
    assert parse_price(text, mark) == ueur


@pytest.mark.parametrize(("text", "mark"), [("0,0000001", ","), ("1.000,00", ","), ("", ","), ("=1", ","), ("x", ".")])
def test_parse_price__no_exact_price__is_refused(text: str, mark: str) -> None:
    with pytest.raises(InputError, match="price"):
        parse_price(text, mark)


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (NORMAL, 24), (AUTUMN, 25)])
def test_starts_of__days_of_the_market__follow_the_calendar(day: date, hours: int) -> None:
    assert (len(starts_of(day, 3600)), len(starts_of(day, 900))) == (hours, 4 * hours)


@pytest.mark.parametrize("day", [SPRING, NORMAL, AUTUMN])
def test_place_labels__those_of_the_calendar__stay_in_order(day: date) -> None:
    labels = labels_of(day, 3600)
    assert place_labels(day, 3600, labels, "actual") == tuple(range(len(labels)))


def test_place_labels__scenario_in_spring__loses_the_label_that_does_not_exist() -> None:
    assert place_labels(SPRING, 3600, flat_labels(SPRING), "scenario") == (0, 1, *range(3, 24))


def test_place_labels__scenario_in_autumn__gives_the_repeated_label_to_both_hours() -> None:
    assert place_labels(AUTUMN, 3600, flat_labels(AUTUMN), "scenario") == (0, 1, 2, 2, *range(3, 24))


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_place_labels__actual_with_24_labels_on_a_changeover__is_no_day(day: date) -> None:
    assert place_labels(day, 3600, flat_labels(day), "actual") is None


def test_place_labels__out_of_order__is_no_day() -> None:
    labels = flat_labels(NORMAL)
    assert place_labels(NORMAL, 3600, (labels[1], labels[0], *labels[2:]), "scenario") is None


@pytest.mark.parametrize(
    ("ueur", "beyond"),
    [(-500_000_000, False), (-500_000_001, True), (5_000_000_000, False), (5_000_000_001, True)],
)
def test_beyond_bounds__exactly_the_bound__passes(ueur: int, beyond: bool) -> None:
    assert beyond_bounds(ueur) is beyond


@pytest.mark.parametrize(("quarters", "hour"), [([1, 2, 3, 4], 2), ([1, 1, 1, 3], 2), ([-1, -2, -3, -4], -2)])
def test_hourly_price__four_quarters__half_even(quarters: list[int], hour: int) -> None:
    assert hourly_price(quarters) == hour


def test_hourly_price__three_quarters__are_no_hour() -> None:
    with pytest.raises(InputError, match="four quarters"):
        hourly_price([1, 2, 3])


@pytest.mark.parametrize(
    ("last", "day", "expected"),
    [
        (NORMAL, date(2026, 6, 2), tuple(range(24))),
        (date(2026, 3, 28), SPRING, (0, 1, *range(3, 24))),
        (SPRING, date(2026, 3, 30), (0, 1, 1, *range(2, 23))),
        (date(2026, 10, 24), AUTUMN, (0, 1, 2, 2, *range(3, 24))),
        (AUTUMN, date(2026, 10, 26), (0, 1, 2, *range(4, 25))),
    ],
)
def test_repeat_day__by_the_time_of_the_clock__every_hour_has_a_price(
    last: date, day: date, expected: tuple[int, ...]
) -> None:
    known = PriceDay(last, 3600, {"NORD": tuple(range(len(starts_of(last, 3600))))})
    assert repeat_day(known, day).ueur_mwh["NORD"] == expected
