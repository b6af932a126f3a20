"""Reading a registry file: nothing is guessed, an unknown key is refused with its place."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

from gettone.errors import InputError
from gettone.metering.flow import FlowConfig
from gettone.metering.map_grid import GEO_FORMAT, Position
from gettone.registration.document import (
    FORMAT,
    CommunityEntry,
    DeviceEntry,
    FlowEntry,
    MemberEntry,
    RegistryDocument,
)
from gettone.types import Direction

Entry = TypeVar("Entry", CommunityEntry, FlowEntry, MemberEntry, DeviceEntry)
_MEMBER_ID = re.compile(r"[0-9a-f]{64}")
_TYPES: dict[str, type] = {
    **dict.fromkeys(("since", "until"), date),
    **dict.fromkeys(
        ("people", "area_dm2", "contract_w", "available_w", "plant_peak_w", "settle_slot_s", "digits"), int
    ),
}


def read_registry(path: Path) -> RegistryDocument:
    """The registry of a file.

    InputError, with the place in the file, for what is no TOML, lacks a key, has an unknown one or a wrong value,
    names something twice, or refers to a member or flow that the file does not state.
    """
    document = _parsed(path)
    if document.pop("format", None) != FORMAT:
        raise _refusal(path, "format", f"the file does not begin with format = {FORMAT!r}")
    unknown = set(document) - {"community", "flows", "members", "devices"}
    if unknown:
        raise _refusal(path, sorted(unknown)[0], "such a table is not known")
    if not isinstance(document.get("community"), dict):
        raise _refusal(path, "community", "the table is missing")
    registry = RegistryDocument(
        _entry(path, "community", CommunityEntry, document["community"]),
        tuple(_flow(path, number, one) for number, one in _numbered(path, document, "flows")),
        tuple(_member(path, number, one) for number, one in _numbered(path, document, "members")),
        tuple(_device(path, number, one) for number, one in _numbered(path, document, "devices")),
    )
    _check_names(path, registry)
    return registry


def _parsed(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except OSError as failure:
        raise InputError("file_unreadable", f"{path} cannot be read: {failure.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as failure:
        raise InputError("registry_syntax", f"{path} is no TOML file: {failure}") from None


def _numbered(path: Path, document: Mapping[str, Any], name: str) -> Iterable[tuple[int, dict[str, Any]]]:
    entries = document.get(name, [])
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise _refusal(path, name, f"write each as [[{name}]]")
    return enumerate(entries, 1)


def _entry(path: Path, place: str, kind: type[Entry], values: Mapping[str, Any]) -> Entry:
    known = {one.name: one for one in fields(kind)}
    for name in values:
        if name not in known:
            raise _refusal(path, place, f"the key {name!r} is not known: use {', '.join(known)}")
    for name, one in known.items():
        if one.default is MISSING and name not in values:
            raise _refusal(path, place, f"the key {name!r} is missing")
    for name, value in values.items():
        _check_type(path, place, name, value)
    return kind(**values)


def _check_type(path: Path, place: str, name: str, value: Any) -> None:
    wanted = _TYPES.get(name, str)
    if name in ("config", "channels", "flows", "meter_changes"):
        return
    if not isinstance(value, wanted) or isinstance(value, bool | datetime):
        words = {date: "a date such as 2026-03-01", int: "a whole number", str: "a text"}[wanted]
        raise _refusal(path, place, f"{name} must be {words}")


def _flow(path: Path, number: int, values: dict[str, Any]) -> FlowEntry:
    place = f"flows, entry {number}"
    config = values.get("config")
    if not isinstance(config, dict):
        raise _refusal(path, place, "the key 'config' must be a table, such as { syntax = \"profile\" }")
    return _entry(path, place, FlowEntry, values | {"config": _config(path, place, dict(config))})


def _config(path: Path, place: str, values: dict[str, Any]) -> FlowConfig:
    none = values.pop("none", [])
    known = {one.name for one in fields(FlowConfig)}
    unknown = sorted((set(values) | set(none)) - known)
    if unknown:
        raise _refusal(path, place, f"config does not know {', '.join(unknown)}")
    pairs = {name: tuple(values[name].items()) for name in ("columns", "options") if name in values}
    marks = {"null_marks": tuple(values["null_marks"])} if "null_marks" in values else {}
    try:
        return FlowConfig(**(values | pairs | marks | dict.fromkeys(none)))
    except InputError as refusal:
        raise _refusal(path, place, refusal.message) from None


def _member(path: Path, number: int, values: dict[str, Any]) -> MemberEntry:
    place = f"members, entry {number}"
    member = _entry(path, place, MemberEntry, values)
    if not _MEMBER_ID.fullmatch(member.member_id):
        raise _refusal(path, place, "member_id must be 64 lower-case hex digits: a random pseudonym, no name")
    return member


def _device(path: Path, number: int, values: dict[str, Any]) -> DeviceEntry:
    place = f"devices, entry {number}"
    try:
        channels = tuple((Direction(direction), int(step_s)) for direction, step_s in values.get("channels", ()))
    except (TypeError, ValueError):
        raise _refusal(path, place, "channels must be pairs of a direction 0 to 5 and a step in seconds") from None
    flows = values.get("flows", ())
    if not isinstance(flows, list | tuple) or not all(isinstance(one, str) for one in flows):
        raise _refusal(path, place, "flows must be a list of names")
    stated = {"channels": channels, "flows": tuple(flows), "meter_changes": _meter_changes(path, place, values)}
    device = _entry(path, place, DeviceEntry, values | stated)
    _check_position(path, place, device)
    return device


def _check_position(path: Path, place: str, device: DeviceEntry) -> None:
    if device.geo_format != GEO_FORMAT:
        raise _refusal(path, place, f"geo_format {device.geo_format!r} is not known: use {GEO_FORMAT!r}")
    try:
        if device.geo is not None:
            Position.parse(device.geo)
    except InputError as refusal:
        raise _refusal(path, place, refusal.message) from None


def _meter_changes(
    path: Path, place: str, values: Mapping[str, Any]
) -> tuple[tuple[Direction, datetime, int, int], ...]:
    try:
        return tuple(
            (Direction(direction), _instant(at), int(old_wh), int(new_wh))
            for direction, at, old_wh, new_wh in values.get("meter_changes", ())
        )
    except (TypeError, ValueError):
        raise _refusal(
            path,
            place,
            "meter_changes must be lists of a direction, an instant with its offset and two registers in Wh",
        ) from None


def _instant(value: Any) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise TypeError("no instant")
    return value.astimezone(UTC)


def _check_names(path: Path, registry: RegistryDocument) -> None:
    flows = _unique(path, "flows", [one.name for one in registry.flows])
    members = _unique(path, "members", [one.member_id for one in registry.members])
    _unique(path, "devices", [one.name for one in registry.devices])
    for number, device in enumerate(registry.devices, 1):
        if device.holder not in members:
            raise _refusal(path, f"devices, entry {number}", "its holder is none of the members of the file")
        for flow in device.flows:
            if flow not in flows:
                raise _refusal(path, f"devices, entry {number}", f"the file states no flow {flow!r}")


def _unique(path: Path, kind: str, names: list[str]) -> set[str]:
    seen: set[str] = set()
    for number, name in enumerate(names, 1):
        if name in seen:
            raise _refusal(path, f"{kind}, entry {number}", "an earlier entry has the same name")
        seen.add(name)
    return seen


def _refusal(path: Path, place: str, reason: str) -> InputError:
    return InputError("registry_entry", f"{path}, {place}: {reason}")
