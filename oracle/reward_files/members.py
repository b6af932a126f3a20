"""The members file of a reward calculation: who held which device, when, with what contract power."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from gettone.engine.json_files import refusals_naming
from gettone.errors import InputError
from gettone.metering.flow import FlowConfig
from gettone.periods import load_zone, midnight_s
from gettone.rewards.checks import first_overlap
from gettone.rewards.inputs import Membership
from oracle.payload.any_table import read_any_table
from oracle.payload.table import Layout

_REQUIRED = ("member_id", "device", "from", "to", "contract_power_w")
_LAYOUT = Layout({name: name for name in (*_REQUIRED, "pod")}, _REQUIRED)
_WATTS = re.compile(r"\d{1,12}", re.ASCII)


class _Row(NamedTuple):
    """A row by its columns; an absent value is empty."""

    path: Path
    row: int
    values: Mapping[str, str]

    def refuse(self, code: str, reason: str) -> InputError:
        """The refusal of this row, with file, row and reason."""
        return InputError(code, f"{self.path}, row {self.row}: {reason}")


def read_members(path: Path, timezone: str) -> tuple[Membership, ...]:
    """Memberships of a members file; dates are local midnights in `timezone`, empty ones are open.

    Raises InputError, with file, row and reason, for a row against the format and for a device in two memberships at
    once, and with the F code of rule V1 for a file that is no table of members.
    """
    zone = load_zone(timezone)
    rows = _rows(path)
    memberships = tuple(_membership(row, zone) for row in rows)
    overlap = first_overlap(memberships)
    if overlap is not None:
        device = memberships[overlap].device
        raise rows[overlap].refuse("membership_overlap", f"device {device!r} has another membership then")
    return memberships


def _rows(path: Path) -> list[_Row]:
    with refusals_naming(path):
        table = read_any_table(path, FlowConfig(), _LAYOUT)
    if table.broken:
        first = table.broken[0]
        raise _Row(path, first.row, {}).refuse("row_width", first.reason)
    columns = {name: column.cast("string").to_pylist() for name, column in table.columns.items()}
    return [
        _Row(path, row, {name: texts[at] or "" for name, texts in columns.items()})
        for at, row in enumerate(table.row.tolist())
    ]


def _membership(row: _Row, zone: ZoneInfo) -> Membership:
    for name in ("member_id", "device"):
        if not row.values[name]:
            raise row.refuse("member_field", f"{name} is empty")
    from_s, to_s = _midnight_s(row, "from", zone), _midnight_s(row, "to", zone)
    if from_s is not None and to_s is not None and from_s >= to_s:
        raise row.refuse("membership_empty", "the membership ends before it begins: 'to' is exclusive")
    power = row.values["contract_power_w"]
    if not _WATTS.fullmatch(power):
        raise row.refuse("not_whole", f"contract_power_w is {power!r}, and must be whole W, 0 for none")
    pod = row.values.get("pod") or None
    return Membership(row.values["member_id"], row.values["device"], from_s, to_s, int(power), pod)


def _midnight_s(row: _Row, name: str, zone: ZoneInfo) -> int | None:
    text = row.values[name]
    if not text:
        return None
    try:
        return midnight_s(date.fromisoformat(text), zone)
    except (ValueError, OverflowError):
        raise row.refuse("date_syntax", f"{name} is {text!r}, and must be a date such as 2016-09-01") from None
