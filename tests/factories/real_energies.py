"""Real readings as dense arrays: the 17 homes of the sample, and one household in Konstanz."""

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from gettone.metering.calendar.slots import SLOT_S, SlotCalendar
from gettone.metering.indicators.member_energies import Part, Readings
from gettone.types import Direction

ROOT = Path(__file__).resolve().parents[2]
FONTANA = ROOT / "samples" / "fontana" / "readings.csv.gz"
KONSTANZ = ROOT / "tests" / "data" / "indicators" / "konstanz_april_2016.csv.gz"


@dataclass(frozen=True)
class RealCommunity:
    """Readings, who holds them, and the local time of their slots; members are in the order of their names."""

    names: tuple[str, ...]
    readings: Readings
    parts: tuple[Part, ...]
    calendar: SlotCalendar


@cache
def fontana_september() -> RealCommunity:
    """The 17 homes with load and plant meters, September 2016 on the local calendar, hourly."""
    calendar = _month(date(2016, 9, 1), date(2016, 10, 1), "America/Los_Angeles", 3600)
    devices = _series(FONTANA, calendar)
    names = tuple(sorted({name.rsplit("-", 1)[0] for name in devices}))
    order = [f"{name}-{kind}" for name in names for kind in ("load", "pv")]
    parts = tuple(
        Part(
            row,
            row // 2,
            row // 2,
            Direction.PRODUCTION if row % 2 else Direction.LOAD,
            3600,
            calendar.from_slot,
            calendar.to_slot,
        )
        for row in range(len(order))
    )
    return RealCommunity(names, _dense([devices[one] for one in order], calendar), parts, calendar)


@cache
def konstanz_april() -> RealCommunity:
    """One household without a plant meter, April 2016 in Rome, quarter-hourly."""
    calendar = _month(date(2016, 4, 1), date(2016, 5, 1), "Europe/Rome", 900)
    devices = _series(KONSTANZ, calendar)
    part = Part(0, 0, 0, Direction.WITHDRAWAL, 900, calendar.from_slot, calendar.to_slot)
    return RealCommunity(tuple(devices), _dense(list(devices.values()), calendar), (part,), calendar)


def _month(first: date, end: date, timezone: str, step_s: int) -> SlotCalendar:
    zone = ZoneInfo(timezone)
    bounds = (int(datetime(one.year, one.month, one.day, tzinfo=zone).timestamp()) // SLOT_S for one in (first, end))
    return SlotCalendar(*bounds, step_s, timezone)


def _series(path: Path, calendar: SlotCalendar) -> dict[str, dict[int, int]]:
    devices: dict[str, dict[int, int]] = {}
    for device, slot, wh in _rows(path):
        if calendar.from_slot <= slot < calendar.to_slot:
            devices.setdefault(device, {})[slot] = wh
    return devices


def _rows(path: Path) -> Iterator[tuple[str, int, int]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            start_s = int(datetime.fromisoformat(row["timestamp_utc"]).timestamp())
            yield row["device"], start_s // SLOT_S, int(row["energy_wh"])


def _dense(series: list[dict[int, int]], calendar: SlotCalendar) -> Readings:
    shape = (len(series), calendar.to_slot - calendar.from_slot)
    wh, quality = np.zeros(shape, np.int64), np.zeros(shape, np.int8)
    for row, values in enumerate(series):
        places = np.array(list(values)) - calendar.from_slot
        wh[row, places], quality[row, places] = list(values.values()), 1
    return Readings(calendar.from_slot, wh, quality)
