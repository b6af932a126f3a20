"""A table of weather: one row for each station, time and signal, exact to what the signal stores (spec §2, §3.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from gettone.errors import InputError
from gettone.metering.codes import Code
from gettone.metering.exact import parse_decimal, rhe
from gettone.metering.flow import FlowConfig
from gettone.metering.received import Rejected
from gettone.types import Quality
from oracle.payload.delimited import read_delimited
from oracle.payload.instants import parse_label
from oracle.payload.refusals import RowRefusal
from oracle.payload.table import Layout
from oracle.payload.words import QUALITIES

SLOT_S = 900
_NAMES = ("station", "timestamp", "signal", "value", "quality")


class Signal(NamedTuple):
    """A signal as registered: a stored value times 10**`scale` is what was measured, within low..high if given."""

    signal_id: int
    scale: int
    low: int | None
    high: int | None


class WeatherValue(NamedTuple):
    """A value as it is stored, of a station by its outside name."""

    station: str
    slot: int
    signal_id: int
    value: int
    quality: int


@dataclass(slots=True)
class WeatherFile:
    """values: one for each station, slot and signal, sorted, the first of its rows in `value_rows`.

    equal: rows that repeat another.

    Invariant: rows = values + equal + broken.
    """

    rows: int
    values: list[WeatherValue] = field(default_factory=list)
    value_rows: list[int] = field(default_factory=list)
    equal: int = 0
    broken: list[Rejected] = field(default_factory=list)
    texts: dict[int, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()


def read(payload: Path, flow: FlowConfig, signals: Mapping[str, Signal]) -> WeatherFile:
    """The rows of a table `station, timestamp, signal, value[, quality]` in the dialect of its flow.

    Instants carry an offset and start a slot of 900 s; values round half to even to what the signal stores; a
    missing one (null mark, quality missing) is a row that withdraws.  Rows that give one slot different values are
    all broken, D_CONFLICT.  Raises InputError with an F code for an unusable whole.
    """
    layout = Layout({name: flow.column(name) for name in _NAMES}, _NAMES[:4])
    table = read_delimited(payload, flow, layout)
    columns = {name: column.to_pylist() for name, column in table.columns.items()}
    found = WeatherFile(len(table.row) + len(table.broken), broken=list(table.broken), texts=dict(table.texts))
    found.ignored = table.ignored_columns
    seen: dict[tuple[str, int, int], list[tuple[int, WeatherValue]]] = {}
    for at, row in enumerate(table.row.tolist()):
        fields = {name: column[at] or "" for name, column in columns.items()}
        try:
            value = _value(fields, flow, signals)
            seen.setdefault(value[:3], []).append((row, value))
        except RowRefusal as refusal:
            found.broken.append(Rejected(row, refusal.code, refusal.field, refusal.reason))
            found.texts[row] = ",".join(fields.values())
    for _, rivals in sorted(seen.items()):
        _settle(rivals, found)
    return found


def _value(fields: dict[str, str], flow: FlowConfig, signals: Mapping[str, Signal]) -> WeatherValue:
    if not fields["station"].strip():
        raise RowRefusal(Code.R_SYNTAX, "station", "station is empty")
    signal = signals.get(fields["signal"].strip())
    if signal is None:
        raise RowRefusal(Code.U_UNKNOWN, "signal", f"signal must be one of {', '.join(signals)}")
    label = parse_label(fields["timestamp"])
    if label is None or not label.fixed:
        raise RowRefusal(Code.R_SYNTAX, "timestamp", "timestamp is no instant with an offset: 2026-03-29T00:00:00Z")
    if label.seconds % SLOT_S:
        raise RowRefusal(Code.T_MISALIGNED, "timestamp", f"timestamp does not start a slot of {SLOT_S} s")
    quality = QUALITIES.get(fields.get("quality", "").strip() or "actual")
    if quality is None:
        raise RowRefusal(Code.R_SYNTAX, "quality", f"quality must be one of {', '.join(QUALITIES)}")
    if fields["value"].strip() in flow.null_marks:
        quality = int(Quality.MISSING)
    stored = 0 if quality == int(Quality.MISSING) else _stored(fields["value"], flow.decimal, signal)
    return WeatherValue(fields["station"].strip(), label.seconds // SLOT_S, signal.signal_id, stored, quality)


def _stored(text: str, mark: str, signal: Signal) -> int:
    try:
        mantissa, exponent = parse_decimal(text, mark)
    except InputError as refusal:
        raise RowRefusal(Code.R_SYNTAX, "value", refusal.message) from None
    power = exponent - signal.scale
    stored = mantissa * int(10**power) if power >= 0 else rhe(mantissa, int(10**-power))
    low, high = signal.low, signal.high
    if (low is not None and stored < low) or (high is not None and stored > high) or abs(stored) >= 2**31:
        raise RowRefusal(Code.R_RANGE, "value", "value is beyond what the signal can be")
    return stored


def _settle(rivals: list[tuple[int, WeatherValue]], found: WeatherFile) -> None:
    values: Any = {value for _, value in rivals}
    if len(values) == 1:
        found.value_rows.append(rivals[0][0])
        found.values.append(rivals[0][1])
        found.equal += len(rivals) - 1
        return
    for row, value in rivals:
        reason = "other rows give this slot another value"
        found.broken.append(Rejected(row, Code.D_CONFLICT, "value", reason))
        found.texts[row] = f"{value.slot * SLOT_S} s, signal {value.signal_id}: {value.value}"
