"""A table of readings, whatever it was written in: its columns under our names, and where each stood."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pyarrow as pa

from gettone.metering.codes import Code
from gettone.metering.flow import REGISTER, FlowConfig
from gettone.metering.received import Int64Array, Rejected
from oracle.payload.refusals import unusable

DEVICE_OPTION, LAYOUT_OPTION, AFTER_OPTION = "device", "time_layout", "register_after_s"
_OURS = ("device", "timestamp", "interval_s", "value", "unit", "quality", "direction")


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of equal length by our names, of the types the file had; `row` is the number in the source.

    broken, texts: rows that did not even have the right number of fields, and their text.
    """

    row: Int64Array
    columns: dict[str, pa.Array]
    ignored_columns: tuple[str, ...]
    broken: list[Rejected] = field(default_factory=list)
    texts: dict[int, str] = field(default_factory=dict)


class Layout(NamedTuple):
    """Which columns are asked for: our name -> name in the source, and those of our names that must be there.

    whole: a value is a whole number.  offset: a timestamp carries its UTC offset.
    """

    names: dict[str, str]
    required: tuple[str, ...]
    whole: bool = False
    offset: bool = False

    def chosen(self, header: Sequence[str]) -> dict[str, int]:
        """Position of each of our columns in a header; InputError F_COLUMN for a missing or a repeated name."""
        repeated = next((name for name in header if list(header).count(name) > 1), None)
        if repeated is not None:
            raise unusable(Code.F_COLUMN, f"has the column {repeated!r} twice in its header")
        missing = next((self.names[ours] for ours in self.required if self.names[ours] not in header), None)
        if missing is not None:
            shown = ", ".join(header)[:200] or "nothing"
            raise unusable(Code.F_COLUMN, f"has no column {missing!r}: its header has {shown}; add or rename it")
        return {ours: list(header).index(name) for ours, name in self.names.items() if name in header}

    def ignored(self, header: Sequence[str]) -> tuple[str, ...]:
        """Names of a header that nothing is read from, sorted."""
        return tuple(sorted(set(header) - set(self.names.values())))


PROFILE_LAYOUT = Layout(
    {
        "device": "device",
        "timestamp": "timestamp_utc",
        "interval_s": "interval_s",
        "value": "energy_wh",
        "unit": "unit",
        "quality": "quality",
        "direction": "direction",
    },
    ("device", "timestamp", "interval_s", "value"),
    whole=True,
    offset=True,
)


def layout_of(flow: FlowConfig) -> Layout:
    """The columns a flow asks for: `device` unless an option names the only one, time, value, and the step.

    Names beside our seven are a mistake in the configuration: InputError F_SCHEMA.
    """
    unknown = [ours for ours, _ in flow.columns if ours not in _OURS]
    if unknown:
        raise unusable(Code.F_SCHEMA, f"cannot be read: its flow maps {unknown[0]!r}, and ours are {', '.join(_OURS)}")
    required = ["timestamp", "value"]
    if flow.option(DEVICE_OPTION) is None:
        required.insert(0, "device")
    if flow.kind != REGISTER and flow.step_s is None:
        required.append("interval_s")
    return Layout({ours: flow.column(ours) for ours in _OURS}, tuple(required))


def seconds_after_label(flow: FlowConfig) -> int:
    """How long after its label a register was read [s]: a source may label it by the interval that it ends."""
    text = flow.option(AFTER_OPTION)
    if text is None:
        return 0
    if flow.kind != REGISTER or not (text.isascii() and text.isdigit() and len(text) <= 5):
        raise unusable(Code.F_SCHEMA, f"cannot be read: {AFTER_OPTION} must be whole seconds, of registers only")
    return int(text)
