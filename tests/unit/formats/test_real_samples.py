"""Real files through the formats: rows, sums and oddities that their description states."""

from pathlib import Path

import numpy as np
import pytest

from gettone.metering.codes import Code
from gettone.metering.flow import FlowConfig
from gettone.metering.received import Received, ReceivedRegisters
from oracle.formats.registry import read_batch
from oracle.prices import labelled_csv

pytestmark = pytest.mark.unit

DATA = Path(__file__).resolve().parents[2] / "data" / "metering"
AUSTRALIA = FlowConfig(
    syntax="csv",
    columns=(("direction", "role"), ("timestamp", "timestamp_utc"), ("value", "energy_wh")),
    options=(("direction.consumption", "withdrawal"), ("direction.production", "injection")),
)
KONSTANZ_REGISTER = FlowConfig(
    syntax="csv",
    kind="register",
    unit="kWh",
    columns=(("timestamp", "timestamp_utc"), ("value", "source_value")),
    options=(("register_after_s", "900"),),
)
FONTANA_LABELS = FlowConfig(
    syntax="csv", clock="America/Los_Angeles", step_s=3600, columns=(("timestamp", "local"), ("value", "energy_wh"))
)
SCENARIO = FlowConfig(
    syntax="csv", step_s=3600, columns=(("timestamp", "hour_local_label"),), options=(("kind", "scenario"),)
)


def intervals(name: str, flow: FlowConfig) -> Received:
    received = read_batch(DATA / name, flow)
    assert isinstance(received, Received)
    return received


def test_konstanz__registers__differ_by_the_intervals() -> None:
    energy = intervals("konstanz_household_15min.csv.gz", FlowConfig())
    registers = read_batch(DATA / "konstanz_household_15min.csv.gz", KONSTANZ_REGISTER)
    assert isinstance(registers, ReceivedRegisters)
    wh = registers.mantissa * 10 ** (registers.exponent.astype(np.int64) + 3)
    together = np.flatnonzero(np.diff(registers.at_s) == 900)
    assert np.array_equal(np.diff(wh)[together], energy.mantissa[together + 1])
    assert np.array_equal(registers.at_s, energy.start_s + 900)


def test_australia__import_and_export_of_one_point__stay_apart() -> None:
    received = intervals("au_pod_import_export_5min.csv.gz", AUSTRALIA)
    sums = {way: int(received.mantissa[received.direction == way].sum()) for way in (1, 2)}
    assert sums == {1: 270_738, 2: -589_172}
    assert (len(received.row), len(received.broken)) == (17_856, 0)


def test_fontana__hour_that_does_not_exist__is_refused_row_by_row() -> None:
    received = intervals("fontana_17homes_rejects.csv", FONTANA_LABELS)
    assert (len(received.row), [one.code for one in received.broken]) == (0, [Code.T_NONEXISTENT] * 34)


def test_italy__scenario_with_24_labels_every_day__fills_the_calendar() -> None:
    found = labelled_csv.read(DATA / "italy_zonal_price_scenario_hourly.csv.gz", SCENARIO)
    prices = {one.day.isoformat(): one.ueur_mwh["NORD"] for one in found.days}
    assert (len(found.days), found.refused, found.broken, found.dropped) == (365, [], [], 1)
    assert sum(map(len, prices.values())) == 8_760
    assert (len(prices["2023-03-26"]), prices["2023-03-26"][1:3]) == (23, (79_500_000, 82_290_000))
    assert (len(prices["2023-10-29"]), prices["2023-10-29"][2:4]) == (25, (113_000_000, 113_000_000))
