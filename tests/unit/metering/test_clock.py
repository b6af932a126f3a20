"""Rule V6: local labels, the hour that repeats, the hour that does not exist."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from gettone.errors import InputError
from gettone.metering.clock import LabelClock, UtcStarts, check_clock, fixed_offset_s
from gettone.metering.codes import Code
from gettone.periods import load_zone, midnight_s

pytestmark = pytest.mark.unit

ROME = LabelClock("Europe/Rome")


def read(
    *labels: str,
    clock: LabelClock = ROME,
    series: list[int] | None = None,
    interval_s: int = 900,
    one_message: bool = False,
) -> UtcStarts:
    local_s = np.array([int(datetime.fromisoformat(one).replace(tzinfo=UTC).timestamp()) for one in labels], np.int64)
    groups = np.array(series or [0] * len(labels), np.int32)
    return clock.starts(local_s, groups, interval_s, one_message=one_message)


def slots(starts: UtcStarts) -> list[float]:
    return (starts.start_s / 900).tolist()


def test_starts__vector_6_1__does_not_exist() -> None:
    starts = read("2026-03-29T01:45", "2026-03-29T02:15", "2026-03-29T03:00")
    assert starts.nonexistent.tolist() == [False, True, False]
    assert [refusal and refusal[0] for refusal in map(starts.refusal, range(3))] == [None, Code.T_NONEXISTENT, None]
    assert (slots(starts)[0], slots(starts)[2]) == (1_971_939, 1_971_940)


@pytest.mark.parametrize(
    ("day", "first", "end"), [("2026-03-29", 1_971_932, 1_972_024), ("2026-10-25", 1_992_088, 1_992_188)]
)
def test_starts__vectors_6_2_and_6_3__midnights_bound_92_and_100_slots(day: str, first: int, end: int) -> None:
    following = (date.fromisoformat(day) + timedelta(days=1)).isoformat()
    assert slots(read(f"{day}T00:00", f"{following}T00:00")) == [first, end]


def test_starts__vector_6_4__row_order_decides() -> None:
    starts = read("2026-10-25T01:00", "2026-10-25T02:00", "2026-10-25T02:00", "2026-10-25T03:00", interval_s=3600)
    assert slots(starts) == [1_992_092, 1_992_096, 1_992_100, 1_992_104]
    assert starts.ordered.tolist() == [False, True, True, False]


def test_starts__two_series_interleaved__are_told_apart_each() -> None:
    labels = ["2026-10-25T02:00", "2026-10-25T02:00", "2026-10-25T02:30", "2026-10-25T02:00", "2026-10-25T02:30"]
    starts = read(*labels, series=[0, 1, 0, 0, 0])
    assert slots(starts) == [1_992_096, 0, 1_992_098, 1_992_100, 1_992_102]
    assert starts.ambiguous.tolist() == [False, True, False, False, False]


@pytest.mark.parametrize(
    "labels",
    [
        ["02:00", "02:15", "02:30", "02:45"],
        ["02:00", "02:00", "02:15", "02:15"],
        ["02:45", "02:30", "02:15"],
        ["02:00", "02:15", "02:00", "02:15", "02:00", "02:15"],
    ],
    ids=["one run", "pairs", "descending", "three runs"],
)
def test_starts__not_two_ascending_runs__is_ambiguous(labels: list[str]) -> None:
    starts = read(*(f"2026-10-25T{label}" for label in labels))
    assert starts.ambiguous.all()
    assert starts.refusal(0) == (Code.T_AMBIGUOUS, "the local clock showed this time twice: give it a UTC offset")


def test_starts__two_runs_in_one_message__are_ambiguous() -> None:
    starts = read("2026-10-25T01:45", "2026-10-25T02:00", "2026-10-25T02:00", one_message=True)
    assert starts.ambiguous.tolist() == [False, True, True]


def test_starts__two_autumns__are_separate_hours() -> None:
    labels = ["2025-10-26T02:00", "2025-10-26T02:00", "2026-10-25T02:00", "2026-10-25T02:00"]
    assert read(*labels).ordered.all()
    assert read(*labels[:3]).ambiguous.tolist() == [False, False, True]


def test_starts__end_labels__are_instants_before_the_interval_is_taken_off() -> None:
    ends = ["2026-03-29T03:00", "2026-10-25T02:00", "2026-10-25T02:15", "2026-10-25T02:00", "2026-10-25T03:00"]
    starts = read(*ends, clock=LabelClock("Europe/Rome", "end"))
    assert slots(starts) == [1_971_939, 1_992_095, 1_992_096, 1_992_099, 1_992_103]


def test_starts__fixed_clocks__have_every_hour_once() -> None:
    labels = ["2026-03-29T02:15", "2026-10-25T02:00", "2026-10-25T02:00"]
    assert slots(read(*labels, clock=LabelClock("+01:00"))) == [1_971_941, 1_992_100, 1_992_100]
    assert slots(read(*labels, clock=LabelClock("utc", "end"))) == [1_971_944, 1_992_103, 1_992_103]


def test_starts__labels_of_no_rows__are_none() -> None:
    assert len(read().start_s) == 0


def test_starts__every_day_of_2000_to_2040__has_its_slots() -> None:
    """All labels the clock of Rome shows, in order, are all quarters of an hour of 41 years, once."""
    zone = load_zone("Europe/Rome")
    first_s, end_s = midnight_s(date(2000, 1, 1), zone), midnight_s(date(2041, 1, 1), zone)
    instants = np.arange(first_s, end_s, 900, dtype=np.int64)
    points = np.array(ROME.clock_around(first_s, end_s).points, np.int64)
    shown = instants + points[np.searchsorted(points[:, 0], instants, side="right") - 1, 1]
    starts = ROME.starts(shown, np.zeros(len(shown), np.int32), 900)
    assert np.array_equal(starts.start_s, instants)
    lengths = np.unique(shown // 86_400, return_counts=True)[1]
    assert np.unique(lengths, return_counts=True)[1].tolist() == [41, 14_976 - 82, 41]
    assert set(lengths.tolist()) == {92, 96, 100}


def test_fixed_offset__zone_name__is_refused() -> None:
    with pytest.raises(InputError, match="no fixed offset"):
        fixed_offset_s("Europe/Rome")


@pytest.mark.parametrize("clock", ["utc", "+01:00", "-09:30", "Europe/Rome"])
def test_check_clock__known__passes(clock: str) -> None:
    check_clock(clock)
    assert LabelClock(clock).zone == clock


def test_starts__labels_of_no_calendar__keep_the_offset_of_its_ends() -> None:
    starts = read("0001-01-01T00:00", "9999-01-01T00:00")
    assert [one % 86_400 for one in starts.start_s.tolist()] == [82_800, 82_800]
