"""Series like the measured ones of the Fontana sample, from file to file."""

import csv
import gzip
from pathlib import Path

import pytest

from gettone.errors import InputError
from gettone.generator.seeding import SeedMode
from oracle.generate_like import generate_like
from tests.factories.metering import write_readings

pytestmark = pytest.mark.unit

SAMPLE = Path(__file__).resolve().parents[3] / "samples" / "fontana" / "readings.csv.gz"
ZONE = "America/Los_Angeles"


@pytest.fixture(scope="module")
def three_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Whole local days of one home's load and production: 2016-08-02 to 2016-08-04."""
    path = tmp_path_factory.mktemp("like") / "measured.csv"
    with gzip.open(SAMPLE, "rt", encoding="utf-8") as lines:
        header = next(lines)
        rows = [
            line
            for line in lines
            if line.startswith("home01") and "2016-08-02T07" <= line.split(",")[1] < "2016-08-05T07"
        ]
    path.write_text(header + "".join(rows), encoding="utf-8")
    return path


def made(measured: Path, folder: Path, **changes: object) -> list[dict[str, str]]:
    path = folder / "like.csv"
    options = {"seed": "demo-1", "copies": 2, "timezone": ZONE, "mode": SeedMode(keep_energy=True)} | changes
    generate_like(measured, path, **options)  # type: ignore[arg-type]
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_generate_like__keep_energy__gives_each_copy_the_energy_of_its_seed(three_days: Path, tmp_path: Path) -> None:
    with three_days.open(newline="", encoding="utf-8") as file:
        measured = list(csv.DictReader(file))
    rows = made(three_days, tmp_path)
    assert len(rows) == 2 * len(measured)
    for device in {row["device"] for row in measured}:
        total = sum(int(row["energy_wh"]) for row in measured if row["device"] == device)
        for number in (1, 2):
            copy = [int(row["energy_wh"]) for row in rows if row["device"] == f"{device}-like-{number}"]
            assert sum(copy) == total


def test_generate_like__copies__differ(three_days: Path, tmp_path: Path) -> None:
    rows = made(three_days, tmp_path)
    by_device: dict[str, list[str]] = {}
    for row in rows:
        by_device.setdefault(row["device"], []).append(row["energy_wh"])
    assert len({tuple(values) for values in by_device.values()}) == len(by_device)


def test_generate_like__again__gives_the_same_bytes(three_days: Path, tmp_path: Path) -> None:
    made(three_days, tmp_path)
    first = (tmp_path / "like.csv").read_bytes()
    made(three_days, tmp_path)
    assert (tmp_path / "like.csv").read_bytes() == first


def test_generate_like__missing_slot__stays_missing(tmp_path: Path) -> None:
    measured = write_readings(tmp_path / "measured.csv", [("m1", 1_472_688_000 + 3600 * at, 100) for at in (0, 1, 3)])
    rows = made(measured, tmp_path, copies=1, mode=SeedMode())
    assert [row["timestamp_utc"][11:13] for row in rows] == ["00", "01", "03"]


def test_generate_like__slot_twice__is_refused(tmp_path: Path) -> None:
    measured = write_readings(tmp_path / "measured.csv", [("m1", 1_472_688_000, 100), ("m1", 1_472_688_000, 100)])
    with pytest.raises(InputError, match="or twice"):
        made(measured, tmp_path)
    assert not (tmp_path / "like.csv").exists()


def test_generate_like__broken_row__is_refused(tmp_path: Path) -> None:
    measured = write_readings(tmp_path / "measured.csv", [("m1", 1_472_688_000, "much")])
    with pytest.raises(InputError, match="row 2"):
        made(measured, tmp_path)
