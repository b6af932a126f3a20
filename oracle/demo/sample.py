"""The Fontana sample: real readings of 17 homes, its reward models, and its connection points by month."""

import csv
import gzip
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from gettone.errors import CheckFailed, MissingInput

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "samples" / "fontana"
TIMEZONE = "America/Los_Angeles"
MODELS = ("no_peaks", "self_consumption", "combined")
STEP_S = 3600


@dataclass(frozen=True, slots=True)
class HomeRow:
    """A home with the contract power [W] of its connection point."""

    name: str
    contract_power_w: int


def read_homes() -> tuple[HomeRow, ...]:
    """The homes of the sample's member list, by name."""
    with _open(SAMPLE / "members.csv") as lines:
        powers: dict[str, int] = {}
        for row in csv.DictReader(lines):
            powers[row["member_id"]] = powers.get(row["member_id"], 0) + int(row["contract_power_w"])
    return tuple(HomeRow(name, power_w) for name, power_w in sorted(powers.items()))


def read_model(name: str) -> Mapping[str, Any]:
    """One of the sample's reward models as a JSON document."""
    with _open(SAMPLE / "models" / f"{name}.json") as lines:
        document: Mapping[str, Any] = json.load(lines)
    return document


def derive_connection_points(folder: Path) -> dict[str, Path]:
    """Net load and production per home with the project's script; one file per local month, by `2016-09`."""
    script, whole = ROOT / "scripts" / "derive_connection_points.py", folder / "connection_points.csv.gz"
    command = [sys.executable, str(script), str(SAMPLE / "readings.csv.gz"), str(whole)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - the project's own script
    if done.returncode:
        raise CheckFailed("derive_connection_points", f"{script.name} failed: {done.stderr.strip()}")
    return _split_by_month(whole, folder)


def _split_by_month(whole: Path, folder: Path) -> dict[str, Path]:
    zone = ZoneInfo(TIMEZONE)
    months: dict[str, list[str]] = {}
    with gzip.open(whole, "rt", encoding="utf-8") as lines:
        header = next(lines)
        for line in lines:
            instant = datetime.fromisoformat(line.split(",", 2)[1])
            months.setdefault(instant.astimezone(zone).strftime("%Y-%m"), []).append(line)
    files = {}
    for month, rows in sorted(months.items()):
        files[month] = folder / f"connection_points_{month}.csv"
        files[month].write_text(header + "".join(rows), encoding="utf-8")
    return files


def _open(path: Path) -> Any:
    if not path.is_file():
        raise MissingInput("sample_missing", f"{path} is missing: run the demo from a complete checkout")
    return path.open(encoding="utf-8", newline="")
