"""Mode `seed`: series like a measured one (ComESTo D5.7 §5.2.14).

Some slots of the series are points with a factor each; between points the factor is linear.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from gettone.clustering.curves import wall_clock
from gettone.errors import InputError
from gettone.generator.draws import Int64Array, below, draws
from gettone.generator.shares import half_even, share_rows
from gettone.types import DAY_S

PERMILLE = 1000
_EPOCH = date(1970, 1, 1)
_MOST_SLOTS = 100


@dataclass(frozen=True, slots=True)
class SeedMode:
    """How far a series may be from its seed.

    points_per_day: points on average.  spread_permille: factors are 1000 +- this.  keep_energy: each local day keeps
    the energy of its seed, what is taken from the grid and what is fed in by themselves.
    """

    points_per_day: int = 6
    spread_permille: int = 300
    keep_energy: bool = False

    def __post_init__(self) -> None:
        """InputError for a number of points or a spread that makes no sense."""
        if not 0 <= self.points_per_day <= 24 or not 0 <= self.spread_permille <= PERMILLE:
            raise InputError(
                "seed_mode",
                f"{self.points_per_day} points a day with a spread of {self.spread_permille} permille: "
                "give 0 to 24 points and 0 to 1000 permille",
            )


def like_seed(
    measured_wh: Int64Array, start_s: int, step_s: int, zone: ZoneInfo, *, seed: str, name: str, mode: SeedMode
) -> Int64Array:
    """A series like `measured_wh` [Wh per slot of step_s from start_s on], always the same for seed and name."""
    clock = wall_clock(start_s, len(measured_wh), step_s, zone)
    bounds = np.searchsorted(clock.day, clock.days)
    position = np.arange(len(measured_wh)) - np.repeat(bounds, np.diff(np.append(bounds, len(measured_wh))))
    day = np.searchsorted(clock.days, clock.day)
    dates = [str(_EPOCH + timedelta(days=int(one))) for one in clock.days]
    chosen = draws(seed, [f"seed/{name}/{one}/point" for one in dates], _MOST_SLOTS)[day, position]
    factors = draws(seed, [f"seed/{name}/{one}/factor" for one in dates], _MOST_SLOTS)[day, position]
    points = np.flatnonzero(below(chosen, DAY_S // step_s) < mode.points_per_day)
    at_points = PERMILLE - mode.spread_permille + below(factors[points], 2 * mode.spread_permille + 1)
    scaled = half_even(measured_wh * _between(points, at_points, len(measured_wh)), PERMILLE)
    return _with_energy_of(measured_wh, scaled, bounds) if mode.keep_energy else scaled


def _between(points: Int64Array, factors: Int64Array, length: int) -> Int64Array:
    """Factor [permille] of every slot: linear between points, level before the first and after the last one."""
    if not points.size:
        return np.full(length, PERMILLE, np.int64)
    slots = np.arange(length)
    right = np.clip(np.searchsorted(points, slots), 0, len(points) - 1)
    left = np.where((points[right] > slots) & (right > 0), right - 1, right)
    span = points[right] - points[left]
    level = span == 0
    weighted = factors[left] * (points[right] - slots) + factors[right] * (slots - points[left])
    quotients = [half_even(weighted[span == one], int(one)) for one in np.unique(span[~level])]
    result = factors[left].copy()
    for one, values in zip(np.unique(span[~level]), quotients, strict=True):
        result[span == one] = values
    return result


def _with_energy_of(measured: Int64Array, scaled: Int64Array, bounds: Int64Array) -> Int64Array:
    kept = measured.copy()
    for first, end in zip(bounds, [*bounds[1:], len(measured)], strict=True):
        for sign in (1, -1):
            wanted = np.maximum(sign * measured[first:end], 0)
            weights = np.where(wanted > 0, np.maximum(sign * scaled[first:end], 0), 0)
            if weights.sum() > 0:
                part = share_rows(np.array([wanted.sum()]), weights[None, :])[0]
                kept[first:end] = np.where(wanted > 0, sign * part, kept[first:end])
    return kept
