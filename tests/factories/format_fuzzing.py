"""Broken payloads of every syntax, and what must hold of any format that reads one.

A case is a valid payload with its flow; it is broken a few times by chance: bytes go, come and change, pieces are
doubled or cut off, and words that parsers trip over are put in.
"""

import csv
import io
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from gettone.errors import InputError
from gettone.metering.flow import FlowConfig
from gettone.metering.received import Received, ReceivedRegisters
from oracle.formats.registry import read_batch
from oracle.prices import labelled_csv, market_xml
from oracle.weather import weather_file
from tests.factories.distributor import curve_of, distributor_flow, flow_of, point_of
from tests.factories.payloads import gzip_of, zip_of
from tests.factories.price_files import labelled_file, market_file
from tests.factories.urban_dataset import dataset_of, quarter_lines

WORDS = [
    *(word.encode() for word in ('"', '""', "'", ",", ";", "\n", "\r", "\r\n", "\n\n", "\t", "\x00", "\ufeff", "٣")),
    *(
        word.encode()
        for word in ("=1+1", "@x", "NaN", "Infinity", "1e999", "-0", "0x10", "1_000", "9" * 30, "\u2212" + "5")
    ),
    *(
        word.encode()
        for word in ("0." + "1" * 40, "true", "null", "{}", "[]", "[" * 50, '{"a":' * 20, "}", "]", "\\ud800")
    ),
    *(
        word.encode()
        for word in ("<", "</a>", "<!DOCTYPE a>", '<!ENTITY a "b">', "&amp;", "&a;", "&#0;", "]]>", "<![CDATA[")
    ),
    *(word.encode() for word in ('E101="1"', 'Dst="2"', "2026-03-29T02:15:00", "2026-10-25T02:15:00", "2026-02-30")),
    *(
        word.encode()
        for word in ("24:00", "9999-12-31T23:59:59Z", "0000-00-00", "../../x", "device", "timestamp", "value")
    ),
    *(b"\xff", b"\xed\xa0\x80", b"\xe9", b"PK\x03\x04", b"\x1f\x8b", b"PAR1"),
]


class Case(NamedTuple):
    """A valid payload, what reads it, and how many rows a text of its syntax has (None where only a bound is known)."""

    content: bytes
    read: Callable[[Path], Any]
    count_rows: Callable[[bytes], int | None]


def break_content(content: bytes, chance: random.Random) -> bytes:
    """The content with one to six changes."""
    broken = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(broken) + 1)
        to = min(len(broken), at + chance.choice((1, 1, 2, 8, 64, 1024)))
        match chance.randrange(7):
            case 0:
                del broken[at:to]
            case 1:
                broken[at:at] = chance.choice(WORDS)
            case 2:
                broken[at:to] = chance.choice(WORDS)
            case 3:
                broken[at:at] = broken[at:to]
            case 4:
                broken[at : at + 1] = bytes([chance.randrange(256)])
            case 5:
                other = chance.randrange(len(broken) + 1)
                broken[at:at] = broken[other : other + chance.randrange(200)]
            case _:
                if chance.random() < 0.2:
                    del broken[at:]
    return bytes(broken)


def check_case(case: Case, content: bytes, path: Path) -> str:
    """Read a content; answers `rows`, or the code it was refused with.  An assertion fails where a rule is broken."""
    path.write_bytes(content)
    try:
        found = case.read(path)
    except InputError as refusal:
        refused = refusal.message
    else:
        refused = ""
    if refused:
        assert refused.endswith("]"), f"no F code: {refused}"
        return refused.rpartition("[")[2].rstrip("]")
    if isinstance(found, Received | ReceivedRegisters):
        _check_received(found)
        expected = case.count_rows(content)
        assert expected is None or expected == found.rows_in, f"{found.rows_in} of {expected} rows are accounted for"
    return "rows"


def _check_received(found: Received | ReceivedRegisters) -> None:
    at_s = found.start_s if isinstance(found, Received) else found.at_s
    columns = [found.device, found.direction, at_s, found.mantissa, found.exponent, found.unit, found.quality]
    assert {len(column) for column in columns} == {len(found.row)}
    rows = [*found.row.tolist(), *(one.row for one in found.broken)]
    assert len(set(rows)) == len(rows), "a row stands twice"
    assert min(rows, default=1) >= 1
    assert {one.row for one in found.broken} <= set(found.texts), "a broken row has no text"
    assert not len(found.row) or 0 <= found.device.min() <= found.device.max() < len(found.devices)
    assert np.isin(found.quality, range(5)).all()
    assert np.isin(found.direction, range(-1, 6)).all()
    assert (np.abs(found.mantissa) < 10**15).all()
    assert (np.abs(found.exponent.astype(int)) <= 30).all()
    assert not found.mantissa[found.quality == 0].any()


def _csv_records(content: bytes) -> int | None:
    """Records of a delimited text behind its header, None where quotes leave it open."""
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return None
    return sum(1 for record in records[1:] if any(record) or len(record) > 1)


def _json_values(content: bytes) -> int | None:
    """Values of the lines; one that is no strict JSON is one row, None where the first does not end as an object."""
    try:
        lines = [line for line in content.decode("utf-8-sig").split("\n") if line.strip()]
    except UnicodeDecodeError:
        return None
    if not lines or not lines[0].rstrip().endswith("}"):
        return None
    return sum(map(_values_of_line, lines))


def _values_of_line(line: str) -> int:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError
        return dict(pairs)

    try:
        document = json.loads(line, object_pairs_hook=unique, parse_constant=int)
    except (ValueError, RecursionError):
        return 1
    values = document.get("values") if isinstance(document, dict) else None
    return max(len(values), 1) if isinstance(values, list) else 1


def _urban_lines(content: bytes) -> int | None:
    try:
        return len(json.loads(content.decode("utf-8-sig"))["UrbanDataset"]["values"]["line"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _unknown(_: bytes) -> int | None:
    return None


def _batch(flow: FlowConfig) -> Callable[[Path], Any]:
    return lambda path: read_batch(path, flow)


def cases() -> dict[str, Case]:
    """A valid payload of every parser."""
    table = "device,timestamp_utc,interval_s,energy_wh,quality,role\n" + "".join(
        f'"A",2026-03-29T{at // 4:02}:{at % 4 * 15:02}:00Z,900,{at * 7},,x\n' for at in range(24)
    )
    plain = table.replace('"', "").encode()
    dialect = "device;timestamp;value\n" + "".join(
        f"A;2026-10-25 {at // 4:02}:{at % 4 * 15:02};{at},5\n" for at in [*range(12), *range(8, 16)]
    )
    italian = FlowConfig(
        syntax="csv", separator=";", decimal=",", clock="Europe/Rome", step_s=900, unit="kWh", null_marks=("",)
    )
    message = {"v": 1, "device": "7", "dir": 1, "unit": "Wh", "from": "2026-03-29T00:00:00Z", "step": 900}
    messages = "\n".join(json.dumps(message | {"values": [1, 2.5, None, at], "est": [3]}) for at in range(4))
    registers = "\n".join(
        json.dumps(
            {
                "v": 1,
                "device": "7",
                "kind": "register",
                "values": [1000 + at, 1180.5],
                "times": ["2026-03-29T00:00:00Z", "2026-03-29T00:15:07Z"],
            }
        )
        for at in range(4)
    )
    urban = FlowConfig(
        syntax="urban_dataset", unit=None, options=(("property.PODID", "device"), ("property.ActiveEnergy", "value"))
    )
    month = flow_of(point_of("".join(curve_of(day, ["0,187"] * 96) for day in (1, 2)), EaF1="1,5"))
    weather = "device,timestamp,signal,value\n" + "R,2026-03-29T00:00:00Z,temperature,21.5\n" * 4
    signals = {"temperature": weather_file.Signal(11, -1, -900, 700)}
    prices = FlowConfig(syntax="price_xml", decimal=",", separator=";", options=(("kind", "actual"),))
    labelled = FlowConfig(
        syntax="price_csv", step_s=3600, columns=(("timestamp", "hour_local_label"),), options=(("kind", "scenario"),)
    )
    stations = FlowConfig(syntax="weather_csv", columns=(("station", "device"),))
    return {
        "profile": Case(plain, _batch(FlowConfig()), _csv_records),
        "profile, quoted": Case(table.encode(), _batch(FlowConfig()), _csv_records),
        "profile, gzip": Case(gzip_of(plain), _batch(FlowConfig()), _unknown),
        "profile, zip": Case(zip_of(plain), _batch(FlowConfig()), _unknown),
        "csv": Case(dialect.encode(), _batch(italian), _unknown),
        "parquet": Case(_parquet(), _batch(FlowConfig()), _unknown),
        "json": Case(messages.encode(), _batch(FlowConfig(syntax="json", unit=None)), _json_values),
        "json, registers": Case(registers.encode(), _batch(FlowConfig(syntax="json", kind="register")), _json_values),
        "csv, registers": Case(
            dialect.encode(),
            _batch(FlowConfig(syntax="csv", separator=";", decimal=",", kind="register", clock="Europe/Rome")),
            _unknown,
        ),
        "distributor_xml": Case(month.encode(), _batch(distributor_flow()), _unknown),
        "urban_dataset": Case(
            json.dumps(dataset_of(quarter_lines("2026-03-29", ["0.187"] * 8))).encode(), _batch(urban), _urban_lines
        ),
        "price_xml": Case(
            market_file("20260601", ["113,00"] * 24).encode(), lambda path: market_xml.read(path, prices), _unknown
        ),
        "price_csv": Case(
            labelled_file(["2026-06-01"]).encode(), lambda path: labelled_csv.read(path, labelled), _unknown
        ),
        "weather_csv": Case(weather.encode(), lambda path: weather_file.read(path, stations, signals), _unknown),
    }


def _parquet() -> bytes:
    table = pa.table(
        {
            "device": ["A"] * 8,
            "timestamp_utc": [f"2026-03-29T0{at}:00:00Z" for at in range(8)],
            "interval_s": [900] * 8,
            "energy_wh": list(range(8)),
        }
    )
    target = io.BytesIO()
    pq.write_table(table, target)
    return target.getvalue()
