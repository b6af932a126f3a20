"""UrbanDatasets with meter readings (SCPS 2.0, metering specification §3.4), by the property map of the flow."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gettone.metering.clock import END, START, LabelClock
from gettone.metering.codes import Code
from gettone.metering.flow import REGISTER, FlowConfig
from gettone.metering.received import NO_DIRECTION, Received, ReceivedRegisters, Unit
from gettone.types import Quality
from oracle.payload.instants import Label
from oracle.payload.messages import MAX_DOCUMENT_BYTES, BrokenDocument, decode
from oracle.payload.moments import label_of
from oracle.payload.numbers import found_in_text
from oracle.payload.opened import open_payload
from oracle.payload.refusals import RowRefusal, unusable
from oracle.payload.rows import Found, Place, RowSink
from oracle.payload.table import DEVICE_OPTION
from oracle.payload.text import Utf8Stream
from oracle.payload.urban import UrbanDataset, dataset_of
from oracle.payload.words import DIRECTIONS, QUALITIES

_OURS = ("device", "value", "quality", "direction")
_PROPERTY = "property."


@dataclass(slots=True)
class _Line:
    """A line on its way: labels are resolved for all lines together, because the order of lines may decide.

    back_s: how long before its label the interval begins [s].
    """

    place: Place
    found: Found
    label: Label
    length_s: int
    back_s: int
    text: str
    start_s: int = 0
    refusal: RowRefusal | None = None


def read(payload: Path, flow: FlowConfig) -> Received | ReceivedRegisters:
    """The lines of a data set, numbered from 1.

    Options of the flow: `property.<name>` with `device`, `value`, `quality` or `direction` for each property that is
    read; `dataset` with the identifier that must be there; `device` where all lines are of one.  `val` is text and
    stays exact; the unit of a value is that of its property.  Raises InputError with an F code for an unusable whole.
    """
    dataset = dataset_of(_document(payload, flow))
    expected = flow.option("dataset")
    if expected is not None and dataset.dataset != expected:
        raise unusable(Code.F_SCHEMA, f"is a data set {dataset.dataset[:40]!r}, and its flow carries {expected}")
    names = {key.removeprefix(_PROPERTY): ours for key, ours in flow.options if key.startswith(_PROPERTY)}
    if "value" not in names.values() or not set(names.values()) <= set(_OURS):
        raise unusable(Code.F_SCHEMA, f"cannot be read: its flow maps properties to others than {', '.join(_OURS)}")
    lines = [_line(one, dataset, names, flow) for one in dataset.lines]
    ordered = _resolve([one for one in lines if isinstance(one, _Line)], dataset.clock)
    sink = _collect(lines)
    if ordered:
        sink.notes[Code.T_ORDER] = ordered
    return sink.registers() if flow.kind == REGISTER else sink.received()


def _document(payload: Path, flow: FlowConfig) -> Any:
    with open_payload(payload) as plain:
        content = bytearray()
        stream = Utf8Stream(plain, flow.encoding)
        while piece := stream.read(1 << 20):
            content += piece
            if len(content) > MAX_DOCUMENT_BYTES:
                raise unusable(Code.F_SIZE, f"has more than {MAX_DOCUMENT_BYTES} bytes of content: split it")
    try:
        return decode(bytes(content))
    except BrokenDocument as broken:
        raise unusable(Code.F_SCHEMA, f"is no JSON: {broken}") from None


def _line(line: Any, dataset: UrbanDataset, names: dict[str, str], flow: FlowConfig) -> _Line | RowRefusal:
    """One line; a refusal carries the text of the line as its last argument."""
    try:
        values = _properties(line, names)
        label, length_s, back_s = _period(line, flow)
        quality = _word(values, "quality", QUALITIES, int(Quality.ACTUAL))
        name, text = values["value"]
        unit = dataset.units.get(name, Unit.UNKNOWN)
        device = values.get("device", ("", flow.option(DEVICE_OPTION) or ""))[1].strip()
        if not device:
            raise RowRefusal(Code.R_SYNTAX, "device", "the line names no device")
        place = Place(device, _word(values, "direction", DIRECTIONS, NO_DIRECTION), unit)
        found = found_in_text(text, flow.decimal, quality, flow.null_marks, name)
        return _Line(place, found, label, length_s, back_s, str(line))
    except RowRefusal as refusal:
        refusal.args = (*refusal.args, str(line))
        return refusal


def _properties(line: Any, names: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Our name -> (property, text); nested properties count as if they stood side by side."""
    if not isinstance(line, dict):
        raise RowRefusal(Code.R_SYNTAX, "line", "the line is no object")
    found: dict[str, tuple[str, str]] = {}
    waiting = [line.get("property")]
    while waiting:
        properties = waiting.pop()
        if not isinstance(properties, list):
            raise RowRefusal(Code.R_SYNTAX, "property", "property is no list")
        for one in properties:
            name = one.get("name") if isinstance(one, dict) else None
            if isinstance(one, dict) and "property" in one:
                waiting.append(one["property"])
            elif isinstance(name, str) and name in names:
                if not isinstance(one.get("val"), str):
                    raise RowRefusal(Code.R_SYNTAX, name, "val is no text")
                if names[name] in found:
                    raise RowRefusal(Code.R_SYNTAX, name, f"the line has {names[name]} twice")
                found[names[name]] = (name, one["val"])
    if "value" not in found:
        raise RowRefusal(Code.R_SYNTAX, "property", "the line has no property that is a value")
    return found


def _period(line: dict[str, Any], flow: FlowConfig) -> tuple[Label, int, int]:
    """The label of a line, the length of its interval, and how long before the label it begins [s]."""
    period = line.get("period")
    if not isinstance(period, dict):
        label = label_of(line.get("timestamp"), "timestamp")
        if flow.kind != REGISTER and flow.step_s is None:
            raise RowRefusal(Code.R_STEP, "period", "the line has no period, and the flow states no step")
        length_s = flow.step_s or 0
        return label, length_s, length_s if flow.label == END and flow.kind != REGISTER else 0
    start, end = label_of(period.get("start_ts"), "start_ts"), label_of(period.get("end_ts"), "end_ts")
    if flow.kind == REGISTER:
        return end, 0, 0
    # Across a change of the clock local labels are an hour further apart, or less, than the interval is long.
    length_s = end.seconds - start.seconds if start.fixed or flow.step_s is None else flow.step_s
    if start.fixed != end.fixed or not 0 < length_s <= 86_400:
        raise RowRefusal(Code.R_STEP, "period", "the period must last from 1 to 86400 seconds")
    return start, length_s, 0


def _word(values: dict[str, tuple[str, str]], ours: str, words: dict[str, int], default: int) -> int:
    if ours not in values:
        return default
    name, text = values[ours]
    if text.strip() not in words:
        raise RowRefusal(Code.R_SYNTAX, name, f"{name} is {text[:40]!r}, and must be one of {', '.join(words)}")
    return words[text.strip()]


def _resolve(lines: list[_Line], clock: str) -> int:
    """Starts in UTC: labels without offset by the zone of the data set (rule V6); answers how many order decided."""
    for one in lines:
        one.start_s = one.label.seconds - one.back_s
    local = [one for one in lines if not one.label.fixed]
    series: dict[tuple[str, int], int] = {}
    places = [series.setdefault((one.place.device, one.place.direction), len(series)) for one in local]
    labels = np.array([one.label.seconds for one in local], np.int64)
    starts = LabelClock(clock, START).starts(labels, np.array(places, np.int32), 0)
    for at, one in enumerate(local):
        one.start_s = int(starts.start_s[at]) - one.back_s
        refusal = starts.refusal(at)
        one.refusal = RowRefusal(refusal[0], "period", refusal[1]) if refusal is not None else None
    return int(starts.ordered.sum())


def _collect(lines: list[_Line | RowRefusal]) -> RowSink:
    sink = RowSink()
    for one in lines:
        if isinstance(one, RowRefusal):
            sink.reject(one.code, one.field, one.reason, one.args[-1])
        elif one.refusal is not None:
            sink.reject(one.refusal.code, one.refusal.field, one.refusal.reason, one.text)
        else:
            sink.add_mixed(one.place, [one.start_s], one.length_s, [one.found], _text_of(one))
    return sink


def _text_of(line: _Line) -> Any:
    return lambda _: line.text
