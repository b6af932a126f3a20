"""Rules V16, V17 and V19 on cut samples of real meters (sources and licences in tests/data/metering/CREDITS.md)."""

import csv
import gzip
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from gettone.metering.checks.coverage import count_days, day_starts
from gettone.metering.checks.examination import KnownEnergy, examine
from gettone.metering.checks.gaps import STATES, GapState, find_gaps, judge_gaps
from tests.unit.metering.test_examination import block

pytestmark = pytest.mark.unit
DATA = Path(__file__).resolve().parents[2] / "data" / "metering"


def series(name: str, device: str) -> dict[int, int]:
    """Wh by start [unix s]."""
    with gzip.open(DATA / name, "rt", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["device"] == device]
    return {int(datetime.fromisoformat(row["timestamp_utc"]).timestamp()): int(row["energy_wh"]) for row in rows}


def test_spline__two_hours_taken_out_of_a_real_day__are_vector_17_6() -> None:
    konstanz = series("konstanz_household_15min.csv.gz", "konstanz1")
    start = int(datetime(2016, 1, 15, tzinfo=UTC).timestamp())
    wh: list[int | None] = [konstanz[start + 900 * quarter] for quarter in range(96)]
    energy = sum(konstanz[start + 900 * quarter] for quarter in range(72, 80))
    known = KnownEnergy(np.array([0]), np.array([72]), np.array([8]), np.array([energy]))
    found = examine(block([*wh[:72], *[None] * 8, *wh[80:]]), known)
    assert (energy, found.estimates.wh.tolist()) == (1363, [303, 238, 187, 149, 125, 113, 116, 132])


@pytest.mark.parametrize(("day", "quarters"), [(date(2016, 3, 27), 92), (date(2016, 10, 30), 100)])
def test_coverage__real_days_of_the_clock_change__are_complete(day: date, quarters: int) -> None:
    konstanz = series("konstanz_household_15min.csv.gz", "konstanz1")
    number = day.toordinal() - date(1970, 1, 1).toordinal()
    first, end = day_starts(range(number, number + 1), ZoneInfo("Europe/Rome")).tolist()
    quality = np.array([[900 * slot in konstanz for slot in range(first, end)]], dtype=np.int8)
    none = np.zeros(quality.shape, dtype=bool)
    days = count_days(np.zeros(quality.shape, dtype=np.int64), quality, none, ~none, np.array([0]))
    assert (days.expected[0, 0], days.actual[0, 0]) == (quarters, quarters)


@pytest.mark.parametrize("device", ["home01-load", "home01-pv", "home14-pv"])
def test_gaps__hour_that_no_home_has__is_one_short_gap(device: str) -> None:
    fontana = series("fontana_17homes_hourly.csv.gz", device)
    starts = range(min(fontana), max(fontana) + 3600, 3600)
    quality = np.array([[start in fontana for start in starts]], dtype=np.int8)
    wh = np.array([[fontana.get(start, 0) for start in starts]], dtype=np.int64)
    gaps = find_gaps(wh, quality)
    missing = datetime.fromtimestamp(starts[int(gaps.first[0])], UTC)
    states = [STATES[state] for state in judge_gaps(gaps, np.array([150_000]), 3600)]
    assert (missing, gaps.length.tolist(), states) == (datetime(2016, 11, 6, 9, tzinfo=UTC), [1], [GapState.ESTIMATED])
