"""Load and sun by model, series like a measured one."""

import json
from datetime import date, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from gettone.errors import InputError
from gettone.generator.archetypes import load_table, weights_of
from gettone.generator.draws import draw_below
from gettone.generator.load import Household, day_energy_wh, load_of_day
from gettone.generator.seeding import SeedMode, like_seed
from gettone.generator.sun import Site, clear_w_per_kwp, cloud_permille, production_wh, sky_of_day
from gettone.periods import midnight_s

pytestmark = pytest.mark.unit

ROME = ZoneInfo("Europe/Rome")
JUNE = date(2025, 6, 21)
FAMILY = Household("m001", "family", 3, 4)


def test_year__three_people_in_four_rooms__use_2690_kwh() -> None:
    assert FAMILY.year_wh == 2_690_000


def test_table__weights__are_those_of_its_gaussians() -> None:
    document = json.loads(files("gettone.generator").joinpath("archetypes.json").read_text(encoding="utf-8"))
    for one in document["archetypes"].values():
        for kind in ("work_day", "free_day"):
            wanted = weights_of(one[kind]["base"], one[kind]["gaussians"])
            assert max(abs(a - b) for a, b in zip(wanted, one[kind]["weights"], strict=True)) <= 1


def test_table__permille__are_1000_on_average() -> None:
    table = load_table()
    assert sum(table.month_permille) == 12_000
    assert 5 * table.day_permille["work_day"] + table.day_permille["saturday"] + table.day_permille["holiday"] == 7_000


def test_load_of_day__slots__sum_to_the_energy_of_the_day() -> None:
    noise = np.array([800 + draw_below("demo-1", f"load/m001/{JUNE}", 0, 401)])
    energy = day_energy_wh(np.array([FAMILY.year_wh]), noise, JUNE)[0]
    assert load_of_day("demo-1", [FAMILY], JUNE, ROME).sum() == energy


def test_day_energy__june_saturday__is_the_year_by_month_day_and_noise() -> None:
    # 2,690,000 * 950 * 1030 * 1000 / (365 * 10^9) = 7,211.4...
    assert day_energy_wh(np.array([2_690_000]), np.array([1000]), JUNE).tolist() == [7211]


@pytest.mark.parametrize(("day", "slots"), [(date(2026, 3, 29), 92), (date(2026, 10, 25), 100), (JUNE, 96)])
def test_load_of_day__changeover__has_the_slots_of_the_calendar(day: date, slots: int) -> None:
    wh = load_of_day("demo-1", [FAMILY, Household("m002", "shop", 1, 2)], day, ROME)
    assert wh.shape == (2, slots)
    assert (wh >= 0).all()


def test_load_of_day__one_meter_among_others__is_the_same_as_alone() -> None:
    others = [Household(f"m{number:03}", "retired", 2, 3) for number in range(2, 6)]
    among = load_of_day("demo-1", [*others, FAMILY], JUNE, ROME)[-1]
    assert among.tolist() == load_of_day("demo-1", [FAMILY], JUNE, ROME)[0].tolist()


def test_load_of_day__other_seed__gives_other_values() -> None:
    assert load_of_day("demo-1", [FAMILY], JUNE, ROME).tolist() != load_of_day("demo-2", [FAMILY], JUNE, ROME).tolist()


def test_load_of_day__year__is_near_the_formula() -> None:
    days = [date(2025, 1, 1) + timedelta(days=number) for number in range(0, 365, 5)]
    total = sum(int(load_of_day("demo-1", [FAMILY], day, ROME).sum()) for day in days) * 5
    assert abs(total - FAMILY.year_wh) < FAMILY.year_wh // 20


def test_load_of_day__machine__runs_at_its_power() -> None:
    wh = load_of_day("demo-1", [Household("m001", "bakery", 40, 6)], JUNE, ROME)[0]
    # The bread oven of 2.4 kW takes 600 Wh a quarter from between 03:30 and 05:30 on, three hours long.
    start = 14 + draw_below("demo-1", f"load/m001/{JUNE}", 26, 9)
    assert wh[start : start + 12].min() >= 600
    quiet = load_of_day("demo-1", [Household("m001", "shop", 10, 6)], JUNE, ROME)[0]
    assert quiet[start : start + 12].max() < 600


def test_load_of_day__machine_above_half_the_day__stays_off() -> None:
    assert load_of_day("demo-1", [Household("m001", "bakery", 1, 1)], JUNE, ROME).max() < 600


def test_clear_w_per_kwp__rome_at_midsummer__is_749_w_and_6156_wh() -> None:
    watts = clear_w_per_kwp(Site(), JUNE, ROME)
    # 11:00Z is 13 hours after local midnight.  Another version of the library may differ by 1 W a slot.
    assert abs(watts[52] - 749) <= 1
    assert abs(round(watts.sum() / 4) - 6156) <= 15


def test_clear_w_per_kwp__night__is_dark() -> None:
    assert clear_w_per_kwp(Site(), JUNE, ROME)[:16].sum() == 0


def test_cloud_permille__kinds_of_day__keep_their_bounds() -> None:
    bounds = {0: (940, 1000), 1: (350, 950), 2: (120, 350)}
    for number in range(60):
        day = JUNE + timedelta(days=number)
        low, high = bounds[sky_of_day("demo-1", "rome", day)]
        permille = cloud_permille("demo-1", "rome", day, 96)
        assert low <= permille.min() <= permille.max() <= high


def test_sky_of_day__a_season__has_all_kinds() -> None:
    assert {sky_of_day("demo-1", "rome", JUNE + timedelta(days=number)) for number in range(60)} == {0, 1, 2}


def test_production__power_and_clouds__make_energy() -> None:
    # 749 W per kWp under a clear sky, a plant of 3 kWp: 749 * 3 / 4 = 561.75 Wh.
    assert production_wh(np.array([749]), np.array([1000]), np.array([3000])).tolist() == [[562]]
    assert production_wh(np.array([749]), np.array([500]), np.array([3000])).tolist() == [[281]]


def seeded(mode: SeedMode, measured: np.ndarray, name: str = "m001") -> np.ndarray:
    return like_seed(measured, midnight_s(JUNE, ROME), 900, ROME, seed="demo-1", name=name, mode=mode)


def test_like_seed__factors__stay_within_the_spread() -> None:
    result = seeded(SeedMode(), np.full(96 * 5, 1000))
    assert 700 <= result.min() < result.max() <= 1300


def test_like_seed__between_points__is_linear() -> None:
    result = seeded(SeedMode(), np.full(96 * 5, 1000))
    bends = np.flatnonzero(np.abs(np.diff(result, 2)) > 1)
    # 6 points a day are 30 in five days, each with at most one bend.
    assert 10 < len(bends) <= 50


def test_like_seed__no_points__is_the_seed() -> None:
    measured = np.arange(96)
    assert seeded(SeedMode(points_per_day=0), measured).tolist() == measured.tolist()


def test_like_seed__keep_energy__keeps_each_local_day_in_both_directions() -> None:
    measured = np.where(np.arange(96 * 3) % 96 < 40, 200, -300) + np.arange(96 * 3) % 7
    result = seeded(SeedMode(keep_energy=True), measured)
    assert result.tolist() != measured.tolist()
    for sign in (1, -1):
        kept = np.maximum(sign * result, 0).reshape(3, 96).sum(axis=1)
        assert kept.tolist() == np.maximum(sign * measured, 0).reshape(3, 96).sum(axis=1).tolist()


def test_like_seed__other_name__is_another_series() -> None:
    measured = np.full(96, 500)
    assert seeded(SeedMode(), measured, "m001").tolist() != seeded(SeedMode(), measured, "m002").tolist()


def test_seed_mode__spread_above_all__is_refused() -> None:
    with pytest.raises(InputError, match="permille"):
        SeedMode(spread_permille=1001)
