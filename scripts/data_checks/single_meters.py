"""The files of single meters: registers, local labels, gaps, two directions."""

from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from gettone.db.repositories.series import read_dense
from gettone.metering.flow import FlowConfig
from gettone.types import Direction
from oracle.payload.local_days import quarters_of
from scripts.data_checks.installation import Installation, Meter, Place
from scripts.data_checks.table import Line, line

WITHDRAWAL = [(Direction.WITHDRAWAL, 900)]
REGISTER = FlowConfig(
    syntax="csv",
    kind="register",
    unit="kWh",
    columns=(("timestamp", "timestamp_utc"), ("value", "source_value")),
    options=(("register_after_s", "900"),),
)
TWO_WAYS = FlowConfig(
    syntax="csv",
    columns=(("direction", "role"), ("timestamp", "timestamp_utc"), ("value", "energy_wh")),
    options=(("direction.consumption", "withdrawal"), ("direction.production", "injection")),
)


def ms(text: str) -> int:
    """An instant in ms."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def check_konstanz(place: Place, data: Path) -> list[Line]:
    """A complete register over two changes of the clock, beside its intervals."""
    name = "konstanz_household_15min"
    made = Installation(place, name)
    made.register([Meter("konstanz1", WITHDRAWAL)], {"intervals": FlowConfig(), "registers": REGISTER}, "Europe/Rome")
    first = made.deliver("intervals", data / f"{name}.csv.gz", ms("2017-04-01"))
    second = made.deliver("registers", data / f"{name}.csv.gz", ms("2017-04-02"))
    made.check(ms("2017-04-03"))
    days = [_stored_of_day(made, date(2016, 3, 27)), _stored_of_day(made, date(2016, 10, 30))]
    total = made.row("SELECT sum(wh) FROM readings")[0]
    made.close()
    return [
        line(name, "complete quarters", "V2-V13", 48_091, first.counters["rows_new"]),
        # The first register has none before it: it makes no value, and is the base of all others.
        line(name, "complete register", "V10", "48,090 equal, 1 base", _equal_and_bases(second)),
        line(name, "days of 92 and 100 quarters", "V19", [92, 100], days),
        line(name, "sum [Wh]", "README", 7_138_531, total),
    ]


def check_building(place: Place, data: Path) -> list[Line]:
    """A register with labels of a local clock, of which four occur twice."""
    name = "swiss_building_dst_raw_local"
    made = Installation(place, name)
    local = FlowConfig(
        syntax="csv",
        kind="register",
        unit="kWh",
        clock="Europe/Zurich",
        columns=(("timestamp", "local_europe_zurich"), ("value", "register_kwh")),
        options=(("device", "building"),),
    )
    made.register([Meter("building", WITHDRAWAL, 1_000_000)], {"registers": local}, "Europe/Zurich")
    outcome = made.deliver("registers", data / f"{name}.csv.gz", ms("2016-02-01"))
    stored = dict(made.rows("SELECT slot, wh FROM readings"))
    beside = Installation(place, "swiss_building_dst_15min")
    beside.register([Meter("building1", WITHDRAWAL, 1_000_000)], {"intervals": FlowConfig()}, "Europe/Zurich")
    beside.deliver("intervals", data / "swiss_building_dst_15min.csv.gz", ms("2016-02-01"))
    same = stored == dict(beside.rows("SELECT slot, wh FROM readings"))
    beside.close()
    values = [stored.get(_slot("2015-10-25T00:45")), stored.get(_slot("2015-03-29T00:45"))]
    made.close()
    return [
        line(name, "labels that occur twice, told apart by order", "V6", 8, outcome.codes.get("T_ORDER", 0)),
        line(name, "intervals", "V10", 35_041, len(stored)),
        line(name, "equal to `swiss_building_dst_15min`", "V6", True, same),
        line(name, "2015-10-25T00:45Z, 2015-03-29T00:45Z [Wh]", "V6", [10_000, 10_500], values),
    ]


def check_lucerne(place: Place, data: Path) -> list[Line]:
    """Four registers with long gaps whose energy is known, and a clock that jumped."""
    name = "lucerne_4flats_15min"
    made = Installation(place, name)
    flats = [Meter(f"flat{letter}", WITHDRAWAL) for letter in "ABCD"]
    made.register(flats, {"intervals": FlowConfig(), "registers": REGISTER}, "Europe/Zurich")
    first = made.deliver("intervals", data / f"{name}.csv.gz", ms("2020-07-01"))
    made.deliver("registers", data / f"{name}.csv.gz", ms("2020-07-02"))
    report = made.check(ms("2020-07-03"))
    gaps = made.rows("SELECT slots, wh, state, first_slot FROM gaps ORDER BY channel_id, first_slot")
    jumps = [one for one in gaps if one[3] == _slot("2019-10-26T23:45")]
    long = sorted(one[1] or 0 for one in gaps if one[2] == "long")
    made.close()
    return [
        line(name, "quarters", "V2-V13", 206_236, first.counters["rows_new"]),
        line(name, "5 long gaps, register intact [Wh]", "V18", sorted([49_010, 131_292, 57_185, 52_478, 59_139]), long),
        line(name, "missing slots in all", "V16", 4_200, sum(one[0] for one in gaps)),
        line(name, "4 gaps of 5 slots, E [Wh]", "V17", [15, 36, 40, 43], sorted(one[1] or 0 for one in jumps)),
        line(name, "the same, implausible", "V17", 4, sum(one[2] == "implausible" for one in jumps)),
        line(name, "the same start in several devices", "T_CLOCK", True, report.codes.get("T_CLOCK", 0) > 0),
    ]


def check_australia(place: Place, data: Path) -> list[Line]:
    """Five minutes of both directions of one point."""
    name = "au_pod_import_export_5min"
    made = Installation(place, name)
    both = [(Direction.WITHDRAWAL, 900), (Direction.INJECTION, 900)]
    made.register([Meter("pod-au1", both)], {"both": TWO_WAYS}, "Australia/Brisbane")
    outcome = made.deliver("both", data / f"{name}.csv.gz", ms("2023-05-01"))
    first, last = made.row("SELECT min(slot), max(slot) + 1 FROM readings")
    sums = [made.row("SELECT sum(wh) FROM readings WHERE channel_id = :id", id=one)[0] for one in made.all_channels()]
    with made.database.read() as connection:
        wh = read_dense(connection, made.all_channels(), first, last)[0]
    made.close()
    return [
        line(name, "5-minute rows", "V2", 17_856, outcome.rows),
        line(name, "quarters made of three parts", "V8", 5_952, outcome.counters["rows_new"]),
        line(name, "import and export [Wh]", "V8", ["+270,738", "-589,172"], [f"{one:+,}" for one in sums]),
        line(name, "quarters with both, not netted", "V8", 440, int(np.all(wh != 0, axis=0).sum())),
    ]


def _stored_of_day(made: Installation, day: date) -> int:
    quarters = quarters_of(day, "Europe/Rome")
    query = "SELECT count(*) FROM readings WHERE slot >= :first AND slot < :last"
    return int(made.row(query, first=quarters.start // 900, last=quarters.stop // 900)[0])


def _equal_and_bases(outcome: object) -> str:
    counters = outcome.counters  # type: ignore[attr-defined]
    return f"{counters['rows_equal']:,} equal, {counters['rows_merged'] + counters['rows_missing']} base"


def _slot(text: str) -> int:
    return ms(text) // 900_000
