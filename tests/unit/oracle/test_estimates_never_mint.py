"""Law 5: no path leads from estimates, quality 0, 2, 4 or quarantine to a score."""

import ast
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gettone.db.repositories.devices import ChannelRow
from gettone.db.repositories.readings import ChannelReadings, StoredReading
from gettone.periods import parse_period
from gettone.rewards.engine import compute
from gettone.rewards.inputs import Community
from gettone.rewards.model import Model, parse_model
from gettone.types import Direction, Quality
from oracle.settle.member_series import counted_series, member_series
from oracle.settle.registers import Holding

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[3]
DAY = parse_period("2026-01-15", "UTC")
FIRST, SLOTS, MIN_RANK = DAY.start_s // 900, 24, 10
NAMES = ("0a" * 32, "0b" * 32)
CHANNELS = tuple(ChannelRow(number, number, Direction.EXCHANGE, 3600) for number in (1, 2))
HOLDINGS = tuple(
    Holding(name, channel.device_id, "", DAY.start_s, DAY.end_s, 3000, (channel,))
    for name, channel in zip(NAMES, CHANNELS, strict=True)
)
MODELS = (
    parse_model({"kind": "self_consumption", "mode": "rate", "slot_s": 3600, "rate_units_per_kwh": 10**9}),
    parse_model({"kind": "self_consumption", "mode": "pool", "budget_units": 10**9, "slot_s": 3600}),
    parse_model({"kind": "no_peaks", "mode": "rate", "rate_units_per_day": 10**9}),
)
WH = st.integers(-5000, 5000)
VALUES = st.tuples(WH, st.sampled_from(list(Quality)), st.sampled_from([1, 5, 9, 10, 50]))
DAYS = st.lists(VALUES, min_size=SLOTS, max_size=SLOTS)


def earns(value: tuple[int, Quality, int]) -> bool:
    return value[1] in (Quality.ACTUAL, Quality.CORRECTED) and value[2] >= MIN_RANK


def units(model: Model, days: list[list[tuple[int, Quality, int]]]) -> list[int]:
    readings = [
        ChannelReadings(channel, tuple(StoredReading(FIRST + 4 * hour, *value, 1) for hour, value in enumerate(day)))
        for channel, day in zip(CHANNELS, days, strict=True)
    ]
    parts = member_series(readings, HOLDINGS, DAY.start_s, DAY.end_s, MIN_RANK)
    memberships = tuple(entry for holding in HOLDINGS for entry in holding.memberships())
    run = compute(Community(counted_series(parts, {}), memberships, "none", NAMES), model, DAY)
    return [member.reward_units for member in run.members]


@pytest.mark.parametrize("model", MODELS, ids=["rate", "pool", "peaks"])
@given(days=st.tuples(DAYS, DAYS), other=st.lists(WH, min_size=SLOTS, max_size=SLOTS))
@settings(max_examples=25, deadline=None)
def test_scores__other_values_where_nothing_earns__stay_as_they_were(
    model: Model, days: tuple[list, list], other: list[int]
) -> None:
    changed = [
        [value if earns(value) else (wh, *value[1:]) for value, wh in zip(day, other, strict=True)] for day in days
    ]
    assert units(model, changed) == units(model, list(days))


@pytest.mark.parametrize("model", MODELS, ids=["rate", "pool", "peaks"])
@given(days=st.tuples(DAYS, DAYS))
@settings(max_examples=25, deadline=None)
def test_scores__missing_where_nothing_earns__stay_as_they_were(model: Model, days: tuple[list, list]) -> None:
    missing = (0, Quality.MISSING, 50)
    assert units(model, [[value if earns(value) else missing for value in day] for day in days]) == units(
        model, list(days)
    )


@pytest.mark.parametrize("quality", [Quality.MISSING, Quality.ESTIMATED, Quality.SUBSTITUTED])
@pytest.mark.parametrize("model", MODELS, ids=["rate", "pool", "peaks"])
def test_scores__no_measured_value__are_zero(model: Model, quality: Quality) -> None:
    day = [[(sign * 900, quality, 50)] * SLOTS for sign in (1, -1)]
    assert units(model, day) == [0, 0]


FORBIDDEN = {"Estimate", "Gap", "Gaps", "CoverageDay", "CoverageDays", "ReadingVersions", "read_dense", "HeldValues"}
SCORING = sorted(
    path for room in ("gettone/rewards", "gettone/engine", "oracle/settle") for path in (ROOT / room).rglob("*.py")
)


@pytest.mark.parametrize("path", SCORING, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_scoring_code__each_module__imports_nothing_that_reads_estimates(path: Path) -> None:
    """A settlement has one door to readings, `Readings.as_of`; the views and matrices for people also show guesses."""
    names = {
        alias.name.rsplit(".", 1)[-1]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom | ast.Import)
        for alias in node.names
    }
    assert not names & FORBIDDEN
