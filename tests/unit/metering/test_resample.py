"""Readings over the calendar: whole numbers, gaps visible, local days of 92 and 100 quarters."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from gettone.metering.calendar.resample import Buckets, Span, resample

pytestmark = pytest.mark.unit

ROME = ZoneInfo("Europe/Rome")
DAY_SLOT = 1_971_932  # 2026-03-29 00:00 in Rome, the day that lacks an hour


def run(values: list[int | None], resolution: str, aggregate: str = "sum", **where: int) -> Buckets:
    wh = np.array([value or 0 for value in values], np.int64)
    quality = np.array([0 if value is None else 1 for value in values], np.int8)
    return resample(wh, quality, Span(where.get("from_slot", 0), where.get("step_s", 900)), resolution, aggregate, UTC)


def test_resample__slots__stay_with_their_gaps() -> None:
    found = run([5, None, 7], "slot")
    assert (found.start.tolist(), found.wh.tolist(), found.known.tolist()) == ([0, 1, 2], [5, 0, 7], [1, 0, 1])
    assert found.quality.tolist() == [1, 0, 1]


def test_resample__hours__are_those_of_the_clock() -> None:
    found = run([1, 2, 4, None, 8], "hour", from_slot=2)
    assert (found.start.tolist(), found.wh.tolist()) == ([2, 4], [3, 12])
    assert (found.known.tolist(), found.expected.tolist(), found.quality.tolist()) == ([2, 2], [2, 3], [1, 0])


@pytest.mark.parametrize(
    ("values", "expected"), [([1, 2], 2), ([2, 3], 2), ([-1, -2], -2), ([1, 1, 2], 1), ([1, None], 1), ([None], 0)]
)
def test_resample__mean__is_rounded_half_even_over_what_is_known(values: list[int | None], expected: int) -> None:
    assert run(values, "hour", "mean").wh.tolist() == [expected]


@pytest.mark.parametrize(("aggregate", "expected"), [("min", -3), ("max", 5)])
def test_resample__extremes__leave_out_what_is_missing(aggregate: str, expected: int) -> None:
    assert run([5, None, -3], "hour", aggregate).wh.tolist() == [expected]


@pytest.mark.parametrize(("year", "month", "day", "slots"), [(2026, 3, 29, 92), (2026, 10, 25, 100), (2026, 5, 1, 96)])
def test_resample__local_day__has_its_own_number_of_quarters(year: int, month: int, day: int, slots: int) -> None:
    midnight = int(datetime(year, month, day, tzinfo=ROME).timestamp()) // 900
    ones = np.ones(300, np.int64)
    found = resample(ones, ones.astype(np.int8), Span(midnight - 10, 900), "day", "sum", ROME)
    assert found.start.tolist()[:3] == [midnight - 10, midnight, midnight + slots]
    assert found.wh.tolist()[:2] == [10, slots]


def test_resample__month__begins_on_its_first_local_midnight() -> None:
    start = DAY_SLOT
    ones = np.ones(92 + 3 * 96, np.int64)
    found = resample(ones, ones.astype(np.int8), Span(start, 900), "month", "sum", ROME)
    april = int(datetime(2026, 4, 1, tzinfo=ROME).timestamp()) // 900
    assert (found.start.tolist(), found.wh.tolist()) == ([start, april], [92 + 2 * 96, 96])


def test_resample__hourly_channel__has_one_value_an_hour() -> None:
    wh, quality = np.zeros(9, np.int64), np.zeros(9, np.int8)
    wh[[2, 6]], quality[[2, 6]] = (10, 20), (1, 2)
    found = resample(wh, quality, Span(2, 3600), "slot", "sum", UTC)
    assert (found.start.tolist(), found.wh.tolist(), found.quality.tolist()) == ([4, 8], [10, 20], [1, 2])


def test_resample__nothing__is_nothing() -> None:
    assert run([], "day").start.tolist() == []
