"""Meters of the real world through the rules: the figures that their sources and the specification name.

The files are credited in `tests/data/metering/CREDITS.md`.
"""

import csv
import gzip
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from gettone.metering.clock import LabelClock
from gettone.metering.flow import FlowConfig
from gettone.metering.received import Unit
from gettone.metering.registers.resolution import resolve_registers
from gettone.metering.registry import RegisteredChannel, RegisteredDevice
from gettone.metering.rules.validation import validate
from gettone.metering.values import RegisterBases
from gettone.types import Direction
from tests.factories.received import START_S, Row, received_of, registers_of

pytestmark = pytest.mark.unit

FOLDER = Path(__file__).parents[2] / "data" / "metering"
AFTER_ALL_S = int(datetime(2023, 6, 1, tzinfo=UTC).timestamp())
KWH = FlowConfig(unit="kWh")


def lines(name: str) -> list[dict[str, str]]:
    opened = gzip.open if name.endswith(".gz") else open
    with opened(FOLDER / name, "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def instant_s(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def meter(*directions: Direction, step_s: int = 900) -> RegisteredDevice:
    channels = (RegisteredChannel(1 + at, one, step_s) for at, one in enumerate(directions))
    return RegisteredDevice(1, None, tuple(channels), ())


def test_konstanz__register__gives_the_values_of_its_source_and_the_days_their_lengths() -> None:
    found = lines("konstanz_household_15min.csv.gz")
    # The register of a line is read at the end of its interval.
    rows = [
        Row(one["source_value"], instant_s(one["timestamp_utc"]) + 900 - START_S, "konstanz1", unit=Unit.KWH)
        for one in found
    ]
    flow = FlowConfig(kind="register", unit="kWh")
    registry = {"konstanz1": meter(Direction.WITHDRAWAL)}
    result = resolve_registers(
        registers_of(rows), registry, flow, instant_s("2017-01-01T00:00:00Z"), RegisterBases.empty()
    )
    energies = {instant_s(one["timestamp_utc"]) // 900: int(one["energy_wh"]) for one in found}
    accepted = dict(zip(result.accepted.slot.tolist(), result.accepted.wh.tolist(), strict=True))
    assert accepted.items() <= energies.items()
    # Each of the three cut pieces begins with a register that has no predecessor.
    assert (len(energies) - len(accepted), len(result.gaps), result.rejected) == (3, 2, ())
    days = Counter(
        datetime.fromtimestamp(slot * 900, ZoneInfo("Europe/Berlin")).date().isoformat() for slot in accepted
    )
    assert (days["2016-03-27"], days["2016-10-30"]) == (92, 100)


def test_australia__five_minutes_of_two_directions__are_5952_quarters_not_netted() -> None:
    direction = {"consumption": Direction.WITHDRAWAL, "production": Direction.INJECTION}
    rows = [
        Row(
            one["source_value"] if one["role"] == "consumption" else "-" + one["source_value"],
            instant_s(one["timestamp_utc"]) - START_S,
            "pod-au1",
            interval_s=300,
            direction=direction[one["role"]],
            unit=Unit.KWH,
        )
        for one in lines("au_pod_import_export_5min.csv.gz")
    ]
    registry = {"pod-au1": meter(Direction.WITHDRAWAL, Direction.INJECTION)}
    accepted = validate(received_of(rows), registry, KWH, AFTER_ALL_S).accepted
    withdrawn, injected = (accepted[accepted.channel_id == channel_id] for channel_id in (1, 2))
    assert (len(accepted), withdrawn.wh.sum(), injected.wh.sum()) == (5_952, 270_738, -589_172)
    assert np.array_equal(withdrawn.slot, injected.slot)
    assert int(((withdrawn.wh != 0) & (injected.wh != 0)).sum()) == 440


def test_fontana__decimals_of_the_source__round_to_its_whole_wh() -> None:
    found = [one for one in lines("fontana_17homes_hourly.csv.gz") if one["role"] == "consumption"]
    rows = [
        Row(one["source_value"], instant_s(one["timestamp_utc"]) - START_S, one["device"], 3600, unit=Unit.KWH)
        for one in found
    ]
    names = {row.device for row in rows}
    registry = {
        name: RegisteredDevice(at, None, (RegisteredChannel(at, Direction.LOAD, 3600),), ())
        for at, name in enumerate(sorted(names))
    }
    result = validate(received_of(rows), registry, KWH, instant_s("2017-06-01T00:00:00Z"))
    assert len(result.accepted) == len(found)
    expected = sorted((one["device"], one["timestamp_utc"], int(one["energy_wh"])) for one in found)
    assert result.accepted.wh.tolist() == [wh for *_, wh in expected]


def test_fontana__hour_that_the_clock_skipped__does_not_exist_34_times() -> None:
    labels = [datetime.fromisoformat(one["local"]).replace(tzinfo=UTC) for one in lines("fontana_17homes_rejects.csv")]
    local_s = np.array([int(one.timestamp()) for one in labels], np.int64)
    starts = LabelClock("America/Los_Angeles").starts(local_s, np.arange(len(labels), dtype=np.int32), 3600)
    assert starts.nonexistent.tolist() == [True] * 34
