"""JSON in the layout of a device's message, one object or one on each line (metering specification §3.2)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gettone.metering.codes import Code
from gettone.metering.flow import REGISTER, FlowConfig
from gettone.metering.received import NO_DIRECTION, Received, ReceivedRegisters, Unit
from gettone.types import Direction, Quality
from oracle.payload.messages import BrokenDocument, decode, documents_of
from oracle.payload.moments import label_of, message_moments
from oracle.payload.numbers import found_in_json, whole_values
from oracle.payload.opened import open_payload
from oracle.payload.refusals import RowRefusal, unusable
from oracle.payload.rows import Place, RowSink
from oracle.payload.table import DEVICE_OPTION
from oracle.payload.words import UNITS, unit_of_flow

VERSION = 1
_ACTUAL, _ESTIMATED, _MISSING = int(Quality.ACTUAL), int(Quality.ESTIMATED), int(Quality.MISSING)
_KNOWN = {"v", "id", "device", "dir", "kind", "unit", "from", "step", "times", "values", "est"}


def read(payload: Path, flow: FlowConfig) -> Received | ReceivedRegisters:
    """The values of the messages of a payload, numbered through; a message that cannot be read breaks all of its.

    `device` is the outside id, unless the option `device` of the flow names the only one; `from` is the start of
    the first value, `times` the instants of registers.  Raises InputError with an F code for an unusable whole.
    """
    sink = RowSink()
    messages = good = 0
    with open_payload(payload) as plain:
        for text in documents_of(plain, flow.encoding):
            messages += 1
            good += _read_message(text, flow, sink)
    if not good:
        raise unusable(Code.F_SCHEMA, f"holds no message in JSON that can be read, among {messages}")
    return sink.registers() if flow.kind == REGISTER else sink.received()


def _read_message(text: str, flow: FlowConfig, sink: RowSink) -> bool:
    """Put the values of one message into the sink, or refuse them; answers whether it was a message at all."""
    values = 1
    try:
        message = _object(text)
        values = max(len(message["values"]) if isinstance(message.get("values"), list) else 0, 1)
        _add(message, flow, sink, text)
    except RowRefusal as refusal:
        sink.reject(refusal.code, refusal.field, refusal.reason, text, values)
        return False
    sink.ignored |= set(message) - _KNOWN
    return True


def _object(text: str) -> dict[str, Any]:
    try:
        message = decode(text)
    except BrokenDocument as broken:
        raise RowRefusal(Code.R_SYNTAX, "", f"the message is no JSON: {broken}") from None
    if not isinstance(message, dict):
        raise RowRefusal(Code.R_SYNTAX, "", "the message is no JSON object")
    return message


def _add(message: dict[str, Any], flow: FlowConfig, sink: RowSink, text: str) -> None:
    if message.get("v") != VERSION or isinstance(message.get("v"), bool):
        raise _wrong("v", f"v must be {VERSION}")
    if message.get("kind", flow.kind) != flow.kind:
        raise _wrong("kind", f"the flow carries values of kind {flow.kind} only")
    values = message.get("values")
    if not isinstance(values, list) or not values:
        raise _wrong("values", "values must be a list with at least one number or null")
    place = Place(_device(message, flow), _direction(message), _unit(message, flow))
    estimated = _estimated(message, len(values))
    qualities = [_ESTIMATED if at in estimated else _ACTUAL for at in range(len(values))] if estimated else None
    step_s = 0 if flow.kind == REGISTER else _step_s(message, flow)
    moments = _times(message, flow, len(values)) if flow.kind == REGISTER else _starts(message, flow, values, step_s)
    _add_values(sink, place, moments, step_s, values, qualities or [_ACTUAL] * len(values), text)


def _add_values(
    sink: RowSink,
    place: Place,
    moments: Sequence[int],
    step_s: int,
    values: list[Any],
    qualities: list[int],
    text: str,
) -> None:
    """Whole numbers and nulls at once, which is what most devices send; anything else value by value."""
    whole = whole_values(values)
    if whole is None:
        found = [found_in_json(value, quality) for value, quality in zip(values, qualities, strict=True)]
        sink.add_mixed(place, moments, step_s, found, lambda _: text)
        return
    if None in values:
        qualities = [_MISSING if value is None else one for value, one in zip(values, qualities, strict=True)]
    sink.add_whole(place, moments, step_s, whole, qualities)


def _device(message: dict[str, Any], flow: FlowConfig) -> str:
    device = message.get("device", flow.option(DEVICE_OPTION))
    if isinstance(device, int) and not isinstance(device, bool):
        device = str(device)
    if not isinstance(device, str) or not device.strip():
        raise _wrong("device", "device is missing, and the flow names no only one")
    return device


def _direction(message: dict[str, Any]) -> int:
    direction = message.get("dir", NO_DIRECTION)
    allowed = (NO_DIRECTION, *map(int, Direction)) if "dir" not in message else tuple(map(int, Direction))
    if isinstance(direction, bool) or not isinstance(direction, int) or direction not in allowed:
        raise _wrong("dir", "dir must be 0 to 5")
    return direction


def _unit(message: dict[str, Any], flow: FlowConfig) -> Unit:
    if "unit" not in message:
        return Unit(unit_of_flow(flow))
    unit = message["unit"]
    if not isinstance(unit, str) or unit not in UNITS:
        raise RowRefusal(Code.U_UNKNOWN, "unit", f"unit is {str(unit)[:20]!r}, and must be one of {', '.join(UNITS)}")
    return Unit(UNITS[unit])


def _estimated(message: dict[str, Any], count: int) -> set[int]:
    indexes = message.get("est", [])
    if not isinstance(indexes, list) or not all(
        isinstance(one, int) and not isinstance(one, bool) and 0 <= one < count for one in indexes
    ):
        raise _wrong("est", f"est must be a list of indexes from 0 to {count - 1}")
    return set(indexes)


def _step_s(message: dict[str, Any], flow: FlowConfig) -> int:
    step_s = message.get("step", flow.step_s)
    if isinstance(step_s, bool) or not isinstance(step_s, int) or not 0 < step_s <= 86_400:
        raise RowRefusal(Code.R_STEP, "step", "step must be a whole number of seconds from 1 to 86400")
    return step_s


def _starts(message: dict[str, Any], flow: FlowConfig, values: list[Any], step_s: int) -> range:
    (first_s,) = message_moments([label_of(message.get("from"), "from")], flow.clock, "from")
    return range(first_s, first_s + len(values) * step_s, step_s)


def _times(message: dict[str, Any], flow: FlowConfig, count: int) -> list[int]:
    times = message.get("times")
    if not isinstance(times, list) or len(times) != count:
        raise _wrong("times", f"times must be a list of {count} instants, one for each value")
    return message_moments([label_of(one, "times") for one in times], flow.clock, "times")


def _wrong(field: str, reason: str) -> RowRefusal:
    return RowRefusal(Code.R_SYNTAX, field, reason)
