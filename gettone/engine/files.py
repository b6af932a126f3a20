"""Readers of the files of `gettone rewards compute`: readings, members and model (rewards specification §7)."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from gettone.engine.reading_rows import RawRow, ReadingRow, parse_reading, raw_reading_rows
from gettone.engine.tables import read_table
from gettone.errors import InputError
from gettone.periods import load_zone, midnight_s
from gettone.rewards.checks import first_overlap
from gettone.rewards.inputs import Community, Membership, Series
from gettone.rewards.local_days import baseline_start_s
from gettone.rewards.model import Model, parse_model
from gettone.rewards.run import RejectedReading
from gettone.types import SettlementPeriod

MEMBER_COLUMNS = ("member_id", "device", "from", "to", "contract_power_w")

_WATTS = re.compile(r"\d{1,12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class FileInputs:
    """What the files hold for one calculation; `rejected` in order of device and time."""

    community: Community
    rejected: tuple[RejectedReading, ...]


@dataclass(slots=True)
class _Device:
    """Readings of one device while its file is read: value [Wh] and whether it counts, by slot start."""

    interval_s: int
    slots: dict[int, tuple[int | None, bool]] = field(default_factory=dict)
    rejected: list[tuple[int, str]] = field(default_factory=list)


def read_model(path: Path) -> Model:
    """The model of a JSON file; InputError names the file and the field that is wrong."""
    with refusals_naming(path):
        return parse_model(read_json(path))


@contextmanager
def refusals_naming(path: Path) -> Iterator[None]:
    """Put the file in front of every refusal of what it holds, unless the refusal names it already."""
    try:
        yield
    except InputError as refusal:
        if str(path) in refusal.message:
            raise
        raise InputError(refusal.code, f"{path}: {refusal.message}") from None


def read_json(path: Path) -> Any:
    """A JSON file; names that stand twice in one object and numbers beyond JSON are refused."""
    try:
        text = path.read_text(encoding="utf-8")
        return json.loads(text, object_pairs_hook=_object_of_unique_names, parse_constant=_refuse_constant)
    except OSError as error:
        raise InputError("file_unreadable", f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise InputError("json_syntax", f"{path} is not a JSON document: {error}") from None


def read_members(path: Path, timezone: str) -> tuple[Membership, ...]:
    """Memberships of a members file; dates are local midnights in `timezone`, empty ones are open."""
    zone = load_zone(timezone)
    rows = [RawRow(path, row, values) for row, values in read_table(path, MEMBER_COLUMNS, ("pod",))]
    memberships = tuple(_membership(row, zone) for row in rows)
    overlap = first_overlap(memberships)
    if overlap is not None:
        device = memberships[overlap].device
        raise rows[overlap].refuse("membership_overlap", f"device {device!r} has another membership then")
    return memberships


def read_community(
    readings: Path, memberships: Sequence[Membership], model: Model, period: SettlementPeriod, netting: str
) -> FileInputs:
    """The community of a readings file and its members.

    Raises InputError, with file, row and reason, for a row against the format, an unknown device, an interval
    longer than the model's slot, a slot with two different values, and a period without any reading.
    """
    rows = map(parse_reading, raw_reading_rows(readings))
    devices = _collect(readings, rows, {one.device for one in memberships}, model.sharing.slot_s)
    in_period = (period.start_s <= start_s < period.end_s for device in devices.values() for start_s in device.slots)
    if not any(in_period):
        raise InputError("period_without_readings", f"{readings} holds no reading inside the period asked for")
    community = Community(_series(devices, memberships), tuple(memberships), netting)
    return FileInputs(community, _rejected(devices, model, period))


def _collect(path: Path, rows: Iterable[ReadingRow], known: set[str], slot_s: int) -> dict[str, _Device]:
    devices: dict[str, _Device] = {}
    for row in rows:
        device = devices.get(row.device)
        if device is None:
            if row.device not in known:
                raise _refuse(path, row, "device_unknown", "is in no row of the members file")
            if row.interval_s > slot_s:
                reason = f"has readings of {row.interval_s} s, longer than the model's slot of {slot_s} s"
                raise _refuse(path, row, "interval_too_long", reason)
            device = devices[row.device] = _Device(row.interval_s)
        if row.interval_s != device.interval_s:
            reason = f"changes its interval from {device.interval_s} s to {row.interval_s} s"
            raise _refuse(path, row, "interval_changed", reason)
        _keep(path, row, device)
    return devices


def _keep(path: Path, row: ReadingRow, device: _Device) -> None:
    rule = row.broken_rule
    value = (row.energy_wh, row.quality.earns and rule is None)
    before = device.slots.setdefault(row.start_s, value)
    if before != value:
        reason = f"has the slot {_utc_text(row.start_s)} twice, with different values or qualities"
        raise _refuse(path, row, "slot_conflict", reason)
    if rule is not None:
        device.rejected.append((row.start_s, rule))


def _series(devices: dict[str, _Device], memberships: Sequence[Membership]) -> dict[str, Series]:
    # A device nobody read still has expected slots: it takes the coarsest interval of the community.
    coarsest_s = max(device.interval_s for device in devices.values())
    series = {}
    for one in memberships:
        device = devices.get(one.device, _Device(coarsest_s))
        counted = {start_s: wh for start_s, (wh, counts) in device.slots.items() if counts and wh is not None}
        series[one.device] = Series(one.device, device.interval_s, counted)
    return series


def _rejected(devices: dict[str, _Device], model: Model, period: SettlementPeriod) -> tuple[RejectedReading, ...]:
    reads_past = model.no_peaks is not None and model.no_peaks.limit_mode == "percentile"
    from_s = baseline_start_s(period, model.sharing.slot_s) if reads_past else period.start_s
    return tuple(
        RejectedReading(name, _utc_text(start_s), rule)
        for name in sorted(devices, key=str.encode)
        for start_s, rule in sorted(set(devices[name].rejected))
        if from_s <= start_s < period.end_s
    )


def _membership(row: RawRow, zone: ZoneInfo) -> Membership:
    for name in ("member_id", "device"):
        if not row.values[name]:
            raise row.refuse("member_field", f"{name} is empty")
    from_s, to_s = _midnight_s(row, "from", zone), _midnight_s(row, "to", zone)
    if from_s is not None and to_s is not None and from_s >= to_s:
        raise row.refuse("membership_empty", "the membership ends before it begins: 'to' is exclusive")
    power = row.values["contract_power_w"]
    if not _WATTS.fullmatch(str(power)):
        raise row.refuse("not_whole", f"contract_power_w is {power!r}, and must be whole W, 0 for none")
    pod = row.values.get("pod") or None
    return Membership(row.values["member_id"], row.values["device"], from_s, to_s, int(power), pod)


def _midnight_s(row: RawRow, name: str, zone: ZoneInfo) -> int | None:
    text = row.values[name]
    if text in (None, ""):
        return None
    try:
        return midnight_s(date.fromisoformat(str(text)), zone)
    except (ValueError, OverflowError):
        raise row.refuse("date_syntax", f"{name} is {text!r}, and must be a date such as 2016-09-01") from None


def _refuse(path: Path, row: ReadingRow, code: str, reason: str) -> InputError:
    return InputError(code, f"{path}, row {row.row}: device {row.device!r} {reason}")


def _utc_text(instant_s: int) -> str:
    return datetime.fromtimestamp(instant_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _object_of_unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    repeated = [name for name in names if names.count(name) > 1]
    if repeated:
        raise ValueError(f"the name {repeated[0]!r} stands twice in one object")
    return dict(pairs)


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")
