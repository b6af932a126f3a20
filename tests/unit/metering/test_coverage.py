"""Rule V19: expected and valid slots of local days."""

from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from gettone.metering.checks.coverage import count_days, day_starts
from gettone.metering.checks.sequences import stuck_runs

pytestmark = pytest.mark.unit
ROME = ZoneInfo("Europe/Rome")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


def day_number(day: date) -> int:
    return day.toordinal() - date(1970, 1, 1).toordinal()


@pytest.mark.parametrize(
    ("day", "bounds"), [(SPRING, [1_971_932, 1_972_024]), (AUTUMN, [1_992_088, 1_992_188])], ids=["6.2", "6.3"]
)
def test_day_starts__days_of_the_clock_change__have_92_and_100_slots(day: date, bounds: list[int]) -> None:
    number = day_number(day)
    assert day_starts(range(number, number + 1), ROME).tolist() == bounds


def test_day_starts__every_day_from_2000_to_2040__has_92_96_or_100_slots() -> None:
    days = range(day_number(date(2000, 1, 1)), day_number(date(2041, 1, 1)))
    lengths, counts = np.unique(np.diff(day_starts(days, ROME)), return_counts=True)
    assert dict(zip(lengths.tolist(), counts.tolist(), strict=True)) == {92: 41, 96: len(days) - 82, 100: 41}


def counted(quality: list[int], **masks: list[int]) -> dict[str, int]:
    columns = len(quality)
    held = np.array([masks.get("held", [0] * columns)], dtype=bool)
    expected = np.array([masks.get("expected", [1] * columns)], dtype=bool)
    wh = np.array([masks.get("wh", [10] * columns)], dtype=np.int64)
    days = count_days(wh, np.array([quality], dtype=np.int8), held, expected, firsts=np.array([0]))
    return {name: int(getattr(days, name)[0, 0]) for name in days.__slots__}


def test_count_days__each_quality__is_counted_by_itself() -> None:
    found = counted([1, 3, 2, 4, 2, 0, 0], held=[0, 0, 0, 0, 0, 1, 0])
    assert found == {
        "expected": 7,
        "actual": 2,
        "estimated": 2,
        "substituted": 1,
        "quarantined": 1,
        "wh_plus": 50,
        "wh_minus": 0,
    }


def test_count_days__outside_membership__counts_for_nobody() -> None:
    found = counted([1, 1, 2, 0], expected=[0, 1, 0, 0], held=[0, 0, 0, 1])
    assert (found["expected"], found["actual"], found["estimated"], found["quarantined"]) == (1, 1, 0, 0)


def test_count_days__held_value_beside_a_measured_one__is_not_quarantined() -> None:
    assert counted([1], held=[1])["quarantined"] == 0


def test_count_days__held_value_with_an_estimate__is_quarantined_once() -> None:
    found = counted([2], held=[1])
    assert (found["quarantined"], found["estimated"], found["wh_plus"]) == (1, 0, 10)


def test_count_days__both_signs__are_summed_apart() -> None:
    found = counted([1, 1, 1, 0], wh=[5, -7, 3, 100])
    assert (found["wh_plus"], found["wh_minus"]) == (8, 7)


def test_count_days__two_days__are_counted_apart() -> None:
    quality = np.array([[1, 1, 0, 1, 0]], dtype=np.int8)
    none, all_ = np.zeros((1, 5), dtype=bool), np.ones((1, 5), dtype=bool)
    days = count_days(np.ones((1, 5), dtype=np.int64), quality, none, all_, np.array([0, 3]))
    assert (days.expected.tolist(), days.actual.tolist()) == ([[3, 2]], [[2, 1]])


def test_count_days__vector_8_3__a_stuck_day_has_47_of_96() -> None:
    """Shaped like the specification's meter: 49 days, 15 + 4 values refused or held, 49 equal ones on one day."""
    wh = np.arange(4704, dtype=np.int64)[None, :] % 97 + 100
    quality = np.ones(wh.shape, dtype=np.int8)
    wh[0, 23 * 96 + 20 : 23 * 96 + 69] = 999
    quality[0, 5:20] = 0
    quality[0, 200:204] = 0
    for row, first, length in zip(*stuck_runs(wh, quality == 1), strict=True):
        quality[row, first : first + length] = 0
    none = np.zeros(wh.shape, dtype=bool)
    days = count_days(wh, quality, none, ~none, np.arange(0, 4704, 96))
    actual = days.actual[0]
    assert (actual.sum(), 1000 * actual.sum() // 4704, actual[23], 1000 * actual[23] // 96) == (4636, 985, 47, 489)
