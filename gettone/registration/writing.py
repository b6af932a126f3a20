"""Writing a registry file: the same bytes for the same registry."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from gettone.metering.flow import FlowConfig
from gettone.registration.document import FORMAT, RegistryDocument

_PAIRS = ("columns", "options")
_DEFAULTS = FlowConfig()


def write_registry(document: RegistryDocument, path: Path) -> None:
    """Write `path` in one step: another program never sees half a file."""
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(lines_of(document))
    part.replace(path)


def lines_of(document: RegistryDocument) -> Iterator[str]:
    """The lines of the file, each with its end."""
    yield f"format = {_text(FORMAT)}\n\n[community]\n"
    yield from _fields(_stated(document.community))
    for flow in document.flows:
        yield "\n[[flows]]\n"
        yield from _fields({"name": flow.name, "supplier": flow.supplier, "config": _config(flow.config)})
    for kind, entries in (("members", document.members), ("devices", document.devices)):
        for entry in entries:
            yield f"\n[[{kind}]]\n"
            yield from _fields(_stated(entry))


def _stated(entry: Any) -> dict[str, Any]:
    """The fields of an entry that differ from their default."""
    values = {one.name: getattr(entry, one.name) for one in fields(entry)}
    defaults = {one.name: one.default for one in fields(entry) if one.default is not MISSING}
    return {name: value for name, value in values.items() if name not in defaults or value != defaults[name]}


def _config(config: FlowConfig) -> dict[str, Any]:
    stated = {one.name: getattr(config, one.name) for one in fields(config)}
    kept = {name: value for name, value in stated.items() if value != getattr(_DEFAULTS, name)}
    # TOML has no null, so a key that was taken away from its default is named as such.
    removed = sorted(name for name, value in kept.items() if value is None)
    found = {name: dict(value) if name in _PAIRS else value for name, value in kept.items() if value is not None}
    return found | ({"none": removed} if removed else {})


def _fields(values: Mapping[str, Any]) -> Iterator[str]:
    for name, value in values.items():
        if value is not None:
            yield f"{name} = {_value(value)}\n"


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_text(key)} = {_value(one)}" for key, one in value.items()) + " }" if value else "{}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return _text(value) if isinstance(value, str) else _plain(value)


def _plain(value: bool | int | date) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).lower() if isinstance(value, bool) else str(int(value))


def _text(text: str) -> str:
    # A JSON string in ASCII is a TOML basic string but for characters beyond the basic plane, which no name here has.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
