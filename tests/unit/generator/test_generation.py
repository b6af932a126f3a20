"""A generated community: the same bytes for the same seed, sums that agree between the kinds of file."""

import csv
import json
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from gettone.errors import InputError, Refused
from gettone.generator.community import Plan, energy_of
from gettone.generator.files.sources import SOURCES
from gettone.generator.generation import generate_community
from gettone.registration.reading import read_registry
from gettone.types import Direction

pytestmark = pytest.mark.unit

# Two days, one of them 23 hours long, on both sides of a month's end would be two files; here one month.
PLAN = Plan(5, date(2026, 3, 28), 2, "demo-1", pv_permille=600)


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_generate_community__same_plan__same_bytes(tmp_path: Path) -> None:
    generate_community(PLAN, tmp_path / "a")
    generate_community(PLAN, tmp_path / "b")
    assert files_of(tmp_path / "a") == files_of(tmp_path / "b")


def test_generate_community__more_homes__leave_the_first_as_they_were() -> None:
    assert PLAN.home(3) == Plan(500, date(2026, 3, 1), 1, "demo-1", pv_permille=600).home(3)


def test_generate_community__sources__carry_the_same_energy(tmp_path: Path) -> None:
    written = {one.flow: one for one in generate_community(PLAN, tmp_path)}
    table = pq.read_table(tmp_path / "readings/profile-parquet/2026-03.parquet")
    with (tmp_path / "readings/profile-csv/2026-03.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    messages = [json.loads(line) for line in (tmp_path / "readings/messages/2026-03.jsonl").open(encoding="utf-8")]
    sums = {
        "parquet": sum(table["energy_wh"].to_pylist()),
        "csv": sum(int(row["energy_wh"]) for row in rows),
        "messages": sum(sum(one["values"]) for one in messages),
        "told": written["generated-profile-csv"].wh,
    }
    assert len(set(sums.values())) == 1
    assert len(rows) == table.num_rows == sum(len(one["values"]) for one in messages)


def test_generate_community__two_months__are_two_files(tmp_path: Path) -> None:
    plan = Plan(1, date(2026, 3, 31), 2, "demo-1")
    written = generate_community(plan, tmp_path, SOURCES[:1])
    assert [one.file[-11:] for one in written] == ["2026-03.csv", "2026-04.csv"]


def test_generate_community__registry__names_every_device_of_the_files(tmp_path: Path) -> None:
    generate_community(PLAN, tmp_path)
    registry = read_registry(tmp_path / "registry.toml")
    table = pq.read_table(tmp_path / "readings/profile-parquet/2026-03.parquet")
    stated = {(one.name, int(direction)) for one in registry.devices for direction, _ in one.channels}
    assert stated == set(zip(table["device"].to_pylist(), table["direction"].to_pylist(), strict=True))


def test_generate_community__full_folder__is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    with pytest.raises(Refused, match="not empty"):
        generate_community(PLAN, tmp_path)


def test_energy_of__net_exchange__is_load_less_production() -> None:
    homes = tuple(PLAN.home(number) for number in range(1, 6))
    energy = energy_of(PLAN, homes, PLAN.dates)
    grid = energy.of(Direction.WITHDRAWAL) + energy.of(Direction.INJECTION)
    assert np.array_equal(grid, energy.of(Direction.LOAD) + energy.of(Direction.PRODUCTION))
    assert grid.shape == (5, 96 + 92)


def test_energy_of__contracts__are_kept() -> None:
    homes = tuple(Plan(60, date(2026, 1, 3), 1, "demo-1").home(number) for number in range(1, 61))
    wh = energy_of(PLAN, homes, (date(2026, 1, 3), date(2026, 1, 5))).load.max(axis=1)
    bounds = [
        one.archetype.contract_w * (1100 if one.archetype.contract_w <= 30_000 else 1000) * 15 // 40_000
        for one in homes
    ]
    assert (wh <= bounds).all()


def test_plan__no_homes__is_refused() -> None:
    with pytest.raises(InputError, match="0 homes"):
        Plan(0, date(2026, 3, 1), 1, "demo-1")
