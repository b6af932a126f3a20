"""From readings to curves of a day: wall-clock columns, days with enough coverage, means of work days."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from gettone.errors import InputError
from gettone.periods import local_clock
from gettone.types import DAY_S

FloatArray = NDArray[np.float64]
Int64Array = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

MIN_DAYS = 14
MIN_COVERAGE_BP = 9_000
COLUMNS = {900: 96, 3600: 24}
_EPOCH = date(1970, 1, 1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Series:
    """Readings of n series over the same slots, of one step.

    wh: int64 [n, slots], energy of a slot.  known: bool [n, slots], whether the slot has a value.
    start_s: UTC start of the first slot [unix s].  step_s: 900 or 3600.
    """

    names: tuple[str, ...]
    wh: Int64Array
    known: BoolArray
    start_s: int
    step_s: int

    def __post_init__(self) -> None:
        """InputError for a step that has no wall-clock columns."""
        if self.step_s not in COLUMNS:
            raise InputError("cluster_step", f"curves of {self.step_s} s cannot be grouped: use 900 or 3600")

    def only(self, name: str) -> "Series":
        """The series of that name alone."""
        chosen = [row for row, one in enumerate(self.names) if one == name]
        return Series(
            tuple(self.names[row] for row in chosen), self.wh[chosen], self.known[chosen], self.start_s, self.step_s
        )


@dataclass(frozen=True, slots=True)
class Curves:
    """Curves of a day, one row each, mean Wh per slot in wall-clock columns (96, or 24 for hourly values).

    names: a series, or a local day as `2026-03-29`.  step_s: length of a column [s].
    left_out: what could not be used, with the reason: `too_few_days`, `zero`.
    """

    names: tuple[str, ...]
    wh: FloatArray
    step_s: int
    left_out: tuple[tuple[str, str], ...] = ()

    @property
    def watts(self) -> FloatArray:
        """The same curves as mean power [W]."""
        return self.wh * (3600 / self.step_s)


@dataclass(frozen=True, slots=True)
class WallClock:
    """Where each slot falls on the local calendar.

    day: number of the local day since 1970-01-01, column: 0..95 or 0..23, both int64 [slots].
    days: the local days that occur, ascending.
    """

    day: Int64Array
    column: Int64Array
    days: Int64Array

    def is_work_day(self, holidays: Collection[date] = ()) -> BoolArray:
        """Monday to Friday without holidays, for each of `days`."""
        dates = [_EPOCH + timedelta(days=int(one)) for one in self.days]
        return np.array([one.weekday() < _SATURDAY and one not in holidays for one in dates], bool)


def wall_clock(start_s: int, slots: int, step_s: int, zone: ZoneInfo) -> WallClock:
    """The local day and column of `slots` slots of step_s [s] from start_s [unix s] on."""
    starts = start_s + step_s * np.arange(slots, dtype=np.int64)
    points = np.array(local_clock(start_s, start_s + slots * step_s, zone).points, np.int64)
    local = starts + points[np.searchsorted(points[:, 0], starts, side="right") - 1, 1]
    day = local // DAY_S
    return WallClock(day, local % DAY_S // step_s, np.unique(day))


def mean_work_day_curves(series: Series, zone: ZoneInfo, holidays: Collection[date] = ()) -> Curves:
    """Mode `users`: the mean work-day curve of each series; a quarter that occurs twice counts twice.

    Only days of coverage >= 9,000 bp are read, and a series with fewer than 14 of them is left out.  A negative
    value is no load and counts as unknown.
    """
    clock = wall_clock(series.start_s, series.wh.shape[1], series.step_s, zone)
    known = series.known & (series.wh >= 0)
    covered = _covered_days(known, clock)
    position = np.searchsorted(clock.days, clock.day)
    used = known & (covered & clock.is_work_day(holidays))[:, position]
    enough = (covered.sum(axis=1) >= MIN_DAYS) & used.any(axis=1)
    curves = _column_means(np.where(used, series.wh, 0), used, clock.column, COLUMNS[series.step_s])
    return _usable(series.names, curves, enough, series.step_s)


def day_curves(series: Series, zone: ZoneInfo) -> Curves:
    """Mode `days`: the curves of each local day of the sum of the series, named by date.

    Days below 9,000 bp coverage (over all series) are left out; of fewer than 14 others nothing is returned but
    their names.  A column without a value (the hour that spring skips) is drawn between its neighbours.
    """
    clock = wall_clock(series.start_s, series.wh.shape[1], series.step_s, zone)
    known = series.known & (series.wh >= 0)
    sums = np.where(known, series.wh, 0).sum(axis=0)
    some = known.any(axis=0)
    columns, rows = COLUMNS[series.step_s], np.searchsorted(clock.days, clock.day)
    flat = rows * columns + clock.column
    total = np.bincount(flat[some], sums[some], len(clock.days) * columns)
    count = np.bincount(flat[some], minlength=len(clock.days) * columns)
    with np.errstate(invalid="ignore"):
        curves = (total / count).reshape(-1, columns)
    covered = _coverage_bp(known, clock).mean(axis=0) >= MIN_COVERAGE_BP
    names = tuple(str(_EPOCH + timedelta(days=int(one))) for one in clock.days)
    return _usable(names, curves, covered & (covered.sum() >= MIN_DAYS), series.step_s)


def _coverage_bp(known: BoolArray, clock: WallClock) -> FloatArray:
    """Known slots of each series and local day in bp of the slots that the day has within the range."""
    bounds = np.searchsorted(clock.day, clock.days)
    expected = np.diff(np.append(bounds, len(clock.day)))
    counts = np.add.reduceat(known.astype(np.int64), bounds, axis=1)
    coverage: FloatArray = counts * 10_000 / expected
    return coverage


def _covered_days(known: BoolArray, clock: WallClock) -> BoolArray:
    covered: BoolArray = _coverage_bp(known, clock) >= MIN_COVERAGE_BP
    return covered


def _column_means(wh: Int64Array, used: BoolArray, column: Int64Array, columns: int) -> FloatArray:
    order = np.argsort(column, kind="stable")
    bounds = np.searchsorted(column[order], np.arange(columns))
    with np.errstate(invalid="ignore"):
        means: FloatArray = np.add.reduceat(wh[:, order], bounds, axis=1) / np.add.reduceat(
            used[:, order].astype(np.int64), bounds, axis=1
        )
    return means


def _usable(names: tuple[str, ...], curves: FloatArray, enough: BoolArray, step_s: int) -> Curves:
    """The curves that may be grouped, gaps in their columns closed, and the names of the others."""
    filled = np.array([_filled(one) if ok else np.zeros_like(one) for one, ok in zip(curves, enough, strict=True)])
    zero = enough & ~(filled > 0).any(axis=1)
    used = enough & ~zero
    left_out = [(name, "zero" if empty else "too_few_days") for name, empty in zip(names, zero, strict=True)]
    return Curves(
        tuple(name for name, one in zip(names, used, strict=True) if one),
        filled[used],
        step_s,
        tuple(one for one, kept in zip(left_out, used, strict=True) if not kept),
    )


def _filled(curve: FloatArray) -> FloatArray:
    known = np.flatnonzero(~np.isnan(curve))
    return np.interp(np.arange(len(curve)), known, curve[known]) if known.size else np.zeros_like(curve)
