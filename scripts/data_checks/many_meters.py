"""The files of many meters, with their faults, and of a community with plants."""

import csv
import gzip
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from gettone.metering.flow import FlowConfig
from gettone.periods import parse_period
from gettone.types import Direction
from oracle.payload.local_days import QUARTER_S
from scripts.data_checks.installation import Installation, Meter, Place
from scripts.data_checks.single_meters import WITHDRAWAL, ms
from scripts.data_checks.table import Line, line

SPIKED, BUILDING, STUCK_WH = "ch9717902", "ch2046645", 999
HOMES = [f"home{number:02}" for number in range(1, 18)]
SMALL_PLANTS = {f"home{number:02}" for number in (1, 2, 3, 5, 6, 7, 8, 9)}
PACIFIC = "America/Los_Angeles"
LABELS = FlowConfig(
    syntax="csv",
    clock=PACIFIC,
    step_s=3600,
    max_reject_permille=1000,
    columns=(("timestamp", "local"), ("value", "energy_wh")),
)


def check_swiss_60(place: Place, data: Path) -> list[Line]:
    """Negatives, a catch-up after a zero, a register that stands still; and a building with a large contract."""
    name = "swiss_60households_15min"
    source = data / f"{name}.csv.gz"
    contracts = {SPIKED: 10_000, BUILDING: 400_000}
    made = Installation(place, name)
    made.register(
        [Meter(one, WITHDRAWAL, contracts.get(one)) for one in _devices(source)], {"u": FlowConfig()}, "Europe/Zurich"
    )
    outcome = made.deliver("u", source, ms("2019-01-15"))
    made.check(ms("2019-01-16"))
    held = _held(made, SPIKED)
    beyond, stuck = [one for one in held if one != STUCK_WH], [one for one in held if one == STUCK_WH]
    building = len(_held(made, BUILDING))
    made.close()
    unknown = Installation(place, f"{name}-unknown")
    unknown.register([Meter(BUILDING, WITHDRAWAL)], {"u": FlowConfig()}, "Europe/Zurich")
    unknown.deliver("u", _only(source, BUILDING), ms("2019-01-15"))
    of_unknown = len(_held(unknown, BUILDING))
    unknown.close()
    return [
        line(name, "rows", "V2", 282_240, outcome.rows),
        line(name, f"`{SPIKED}`: negatives", "V9", 15, outcome.codes.get("N_NEGATIVE", 0)),
        line(name, f"`{SPIKED}`, 10 kW: beyond the bound [Wh]", "V11", [4_560, 7_550, 11_840, 47_050], beyond),
        line(name, f"`{SPIKED}`: 999 Wh for half a day", "V14", 49, len(stuck)),
        line(name, f"`{BUILDING}`, contract 400 kW: beyond the bound", "V11", 0, building),
        line(name, f"`{BUILDING}`, contract unknown: beyond the bound", "V11", 525, of_unknown),
    ]


def check_swiss_537(place: Place, data: Path) -> list[Line]:
    """Two and a half million quarters in Parquet: meters that show nothing, and constant loads that are none."""
    name = "swiss_537households_15min"
    source = data / f"{name}.parquet"
    made = Installation(place, name)
    names = pq.read_table(source, columns=["device"])["device"].unique().to_pylist()
    made.register([Meter(one, WITHDRAWAL, 1_000_000) for one in names], {"u": FlowConfig()}, "Europe/Zurich")
    outcome = made.deliver("u", source, ms("2019-01-15"))
    made.check(ms("2019-01-16"))
    # Nothing is dropped: what is current, what waits and what was refused make up the file.
    total = made.row("SELECT sum(wh) FROM readings")[0] + sum(_held(made, SPIKED)) + _negatives(source)
    zero, stuck = made.anomalies("S_ZERO"), made.anomalies("S_STUCK")
    made.close()
    counters = outcome.counters
    return [
        line(name, "rows", "V2", 2_526_048, outcome.rows),
        line(name, "all meters of one file", "V13", 537, len(names)),
        line(name, "stored and refused", "V9", [2_526_033, 15], [counters["rows_new"], counters["rows_rejected"]]),
        line(name, "sum of stored, held and refused [Wh]", "README", 1_334_593_344, total),
        line(name, "6 always zero, 5 more for over 7 days", "V14", 11, len(zero)),
        line(name, "constant loads up to 17 x 678 Wh are none", "V14", SPIKED, ", ".join(stuck)),
    ]


def check_fontana(place: Place, data: Path) -> list[Line]:
    """A community of 17 homes with plants, hourly."""
    name = "fontana_17homes_hourly"
    made = Installation(place, name)
    meters = [Meter(f"{home}-load", [(Direction.LOAD, 3600)], None, None, home) for home in HOMES]
    meters += [
        Meter(f"{home}-pv", [(Direction.PRODUCTION, 3600)], None, 4000 if home in SMALL_PLANTS else 5000, home)
        for home in HOMES
    ]
    made.register(meters, {"u": FlowConfig(), "labels": LABELS}, PACIFIC)
    outcome = made.deliver("u", data / f"{name}.csv.gz", ms("2017-09-01"))
    loads = "SELECT count(*) FROM readings JOIN channels USING (channel_id) WHERE wh = 0 AND direction = :load"
    zero = made.row(loads, load=int(Direction.LOAD))[0]
    native = made.rows("SELECT DISTINCT slot % 4 FROM readings")
    made.check(ms("2017-09-02"))
    estimated = made.row("SELECT count(*) FROM estimates")[0]
    yields = made.anomalies("C_YIELD")
    year = _shared(made, *made.row("SELECT min(slot), max(slot) + 4 FROM readings"))
    month = parse_period("2016-09", PACIFIC)
    september = _shared(made, month.start_s // QUARTER_S, month.end_s // QUARTER_S)
    labels = made.deliver("labels", data / "fontana_17homes_rejects.csv", ms("2017-09-03"))
    made.close()
    return [
        line(name, "hourly rows", "V8", 297_806, outcome.counters["rows_new"]),
        line(name, "kept native", "V8", "0", ", ".join(str(one) for (one,) in native)),
        line(name, "loads under 0.5 Wh", "V4", 11_829, zero),
        line(name, "one hour absent everywhere", "V17", 34, estimated),
        line(name, "failed plants", "V15", "home14-pv; home15-pv", yields),
        line(name, "withdrawn, injected, shared [Wh]", "README", [112_110_829, 45_902_557, 17_695_675], year),
        line(name, "the same, September 2016", "README", [9_149_226, 3_365_017, 1_457_968], september),
        line("fontana_17homes_rejects", "hour that does not exist", "V6", 34, labels.codes.get("T_NONEXISTENT", 0)),
    ]


def _negatives(source: Path) -> int:
    energy = pq.read_table(source, columns=["energy_wh"])["energy_wh"].to_numpy()
    return int(energy[energy < 0].sum())


def _shared(made: Installation, first: int, last: int) -> list[int]:
    """Withdrawn, injected and shared energy of the homes, load and plant of each netted by the hour."""
    net = made.dense([f"{home}-load" for home in HOMES], first, last)
    net = net + made.dense([f"{home}-pv" for home in HOMES], first, last)
    withdrawn, injected = np.maximum(net, 0).sum(axis=0), np.maximum(-net, 0).sum(axis=0)
    return [int(withdrawn.sum()), int(injected.sum()), int(np.minimum(withdrawn, injected).sum())]


def _held(made: Installation, name: str) -> list[int]:
    """Values of a device in quarantine [Wh], ascending."""
    query = "SELECT wh FROM reading_versions WHERE channel_id = :id AND state = 'quarantined' ORDER BY wh"
    return [one for (one,) in made.rows(query, id=made.channels[name][0])]


def _devices(source: Path) -> list[str]:
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        return sorted({row["device"] for row in csv.DictReader(lines)})


def _only(source: Path, device: str) -> bytes:
    """The rows of one device of a file, with its header."""
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        header = next(lines)
        return (header + "".join(one for one in lines if one.startswith(f"{device},"))).encode()
