"""Load of households and shops by model: a year's energy, cut to a day, shared over its slots (§7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from gettone.clustering.curves import wall_clock
from gettone.generator.archetypes import QUARTERS, Archetype, load_table
from gettone.generator.draws import Int64Array, UInt64Array, below, draws
from gettone.generator.shares import half_even, share_rows
from gettone.periods import midnight_s

SLOT_S = 900
KWH = 1000
PERMILLE = 1000
DAYS_OF_YEAR = 365
NOISE_PERMILLE = 200
HOUR_NOISE_PERMILLE = 300
_HOURS = 24
_SATURDAY, _SUNDAY = 5, 6


@dataclass(frozen=True, slots=True)
class Household:
    """Who uses the energy of a meter; `name` is the label of its draws."""

    name: str
    archetype: str
    people: int
    rooms: int

    @property
    def year_wh(self) -> int:
        """Energy of a year [Wh]: 900 + 450 a person + 110 a room, in kWh.

        >>> Household("m001", "family", 3, 4).year_wh
        2690000
        """
        return (900 + 450 * self.people + 110 * self.rooms) * KWH


def load_of_day(seed: str, households: Sequence[Household], day: date, zone: ZoneInfo) -> Int64Array:
    """Load [Wh] of a local day, int64 [households, slots of 900 s]: 92, 96 or 100 slots.

    The first draw of `load/<name>/<day>` is the noise of the day, the next 24 that of its hours, then two for each
    machine: whether it runs, and when.  The slots sum to the energy of the day exactly.
    """
    start_s, end_s = midnight_s(day, zone), midnight_s(day + timedelta(days=1), zone)
    columns = wall_clock(start_s, (end_s - start_s) // SLOT_S, SLOT_S, zone).column
    result = np.zeros((len(households), len(columns)), np.int64)
    table = load_table()
    for name in sorted({one.archetype for one in households}):
        rows = [row for row, one in enumerate(households) if one.archetype == name]
        chosen = [households[row] for row in rows]
        result[rows] = _alike(seed, chosen, table.archetypes[name], day, columns)
    return result


def day_energy_wh(year_wh: Int64Array, noise: Int64Array, day: date) -> Int64Array:
    """Energy of a day: the year's, times month, kind of day and noise [permille], over 365 days."""
    table = load_table()
    share = table.month_permille[day.month - 1] * table.day_permille[_kind(day)]
    # Two roundings would be one too many, and one product too large for 63 bits: the year in Wh has 10 digits.
    numerator = year_wh * share // 8 * noise
    return half_even(numerator, DAYS_OF_YEAR * PERMILLE**3 // 8)


def _alike(
    seed: str, households: Sequence[Household], archetype: Archetype, day: date, columns: Int64Array
) -> Int64Array:
    count = 1 + _HOURS + 2 * len(archetype.appliances)
    drawn = draws(seed, [f"load/{one.name}/{day}" for one in households], count)
    noise = PERMILLE - NOISE_PERMILLE + below(drawn[:, 0], 2 * NOISE_PERMILLE + 1)
    totals = day_energy_wh(np.array([one.year_wh for one in households], np.int64), noise, day)
    machines = _machines(archetype, drawn[:, 1 + _HOURS :], columns, totals)
    hourly = PERMILLE - HOUR_NOISE_PERMILLE + below(drawn[:, 1 : 1 + _HOURS], 2 * HOUR_NOISE_PERMILLE + 1)
    weights = np.array(archetype.work_day if _kind(day) == "work_day" else archetype.free_day, np.int64)
    return machines + share_rows(totals - machines.sum(axis=1), weights[columns] * hourly[:, columns // 4])


def _machines(archetype: Archetype, drawn: UInt64Array, columns: Int64Array, totals: Int64Array) -> Int64Array:
    """Energy of the machines that run; one that would take the day above half its energy stays off."""
    wh = np.zeros((len(drawn), len(columns)), np.int64)
    for number, (power_w, quarters, permille, first, last) in enumerate(archetype.appliances):
        energy_wh = power_w * quarters // 4
        runs = below(drawn[:, 2 * number], PERMILLE) < permille
        runs &= wh.sum(axis=1) + energy_wh <= totals // 2
        start = first + below(drawn[:, 2 * number + 1], last - first + 1)
        # A start in the hour that spring skips is moved on; one that autumn repeats begins in its first run.
        begin = np.searchsorted(np.maximum.accumulate(columns), np.minimum(start, QUARTERS - quarters))
        slots = np.minimum(begin[:, None] + np.arange(quarters), len(columns) - 1)
        each = power_w // 4
        np.add.at(wh, (np.arange(len(drawn))[:, None], slots), np.where(runs[:, None], each, 0))
    return wh


def _kind(day: date) -> str:
    weekday = day.weekday()
    return "holiday" if weekday == _SUNDAY else "saturday" if weekday == _SATURDAY else "work_day"
