"""K1 power curves, K2 mean daily curve, K3 profiles of work and non-work days by season."""

from dataclasses import dataclass

import numpy as np

from gettone.metering.calendar.slots import HOUR_S, SlotCalendar
from gettone.metering.indicators.arithmetic import BoolArray, Int64Array
from gettone.metering.indicators.column_groups import group_columns

SEASONS = ("winter", "spring", "summer", "autumn")


def power_w(wh: Int64Array, step_s: int) -> Int64Array:
    """K1: mean power [W] of energies [Wh] in slots of 900, 1800 or 3600 s.

    >>> power_w(np.array([187, 650]), 900).tolist()
    [748, 2600]
    """
    return wh * (HOUR_S // step_s)


@dataclass(frozen=True, slots=True)
class DayCurve:
    """A figure [Wh] for every wall-clock position of a day, None where nothing is known."""

    step_s: int
    values_wh: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class DayProfile:
    """K3: least, greatest, mean and standard deviation [Wh] by wall-clock position, for one season and day type."""

    season: str
    work_days: bool
    minimum: DayCurve
    maximum: DayCurve
    mean: DayCurve
    deviation: DayCurve


def mean_day(wh: Int64Array, known: BoolArray, calendar: SlotCalendar) -> tuple[DayCurve, ...]:
    """K2: the mean daily curve of every row; both passes of a repeated hour count.

    >>> start = 1_745_193_600 // 900
    >>> days = SlotCalendar(start, start + 384, 900, "UTC")
    >>> quarter = np.zeros((1, 384), np.int64)
    >>> quarter[0, ::96] = 100, 140, 180, 220
    >>> mean_day(quarter, quarter >= 0, days)[0].values_wh[:2]
    (160, 0)
    """
    groups = group_columns(wh, known, calendar.position)
    return tuple(_curve(row, groups.keys, calendar) for row in groups.means())


def day_profiles(wh: Int64Array, known: BoolArray, calendar: SlotCalendar) -> tuple[tuple[DayProfile, ...], ...]:
    """K3 of every row: one profile for each season and day type that occurs, in order of season, work days first."""
    kind = calendar.season * 2 + ~calendar.is_work_day
    groups = group_columns(wh, known, kind * calendar.slots_a_day + calendar.position)
    kinds, positions = np.divmod(groups.keys, calendar.slots_a_day)
    tables = zip(groups.lowest(), groups.highest(), groups.means(), groups.deviations(), strict=True)
    return tuple(tuple(_profiles(table, kinds, positions, calendar)) for table in tables)


def _profiles(
    table: tuple[list[int | None], ...], kinds: Int64Array, positions: Int64Array, calendar: SlotCalendar
) -> list[DayProfile]:
    profiles = []
    for kind in np.unique(kinds).tolist():
        columns = slice(*np.searchsorted(kinds, [kind, kind + 1]).tolist())
        curves = [_curve(figures[columns], positions[columns], calendar) for figures in table]
        profiles.append(DayProfile(SEASONS[kind // 2], kind % 2 == 0, *curves))
    return profiles


def _curve(figures: list[int | None], positions: Int64Array, calendar: SlotCalendar) -> DayCurve:
    if len(figures) == calendar.slots_a_day:
        return DayCurve(calendar.step_s, tuple(figures))
    values: list[int | None] = [None] * calendar.slots_a_day
    for position, figure in zip(positions.tolist(), figures, strict=True):
        values[position] = figure
    return DayCurve(calendar.step_s, tuple(values))
