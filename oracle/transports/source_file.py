"""The file that configures one source, TOML or JSON: every key stated, nothing guessed (§3.2)."""

import json
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from gettone.errors import InputError
from gettone.metering.flow import FlowConfig
from gettone.metering.schedule import DailySchedule
from gettone.metering.transport_rules import HTTPS, MQTT, require_fitting
from oracle.intake_tables import is_table
from oracle.transports.remote_file import RemoteFile

_REQUIRED = ("flow", "supplier", "transport", "send_period_s", "config")
_OPTIONAL = ("community", "devices", "send_cron")
# TOML has no null: an empty text stands for it.
_NULLABLE = ("rank", "direction", "unit", "k_factor", "step_s")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A source as its file states it; `devices` are names as the supplier knows them, `send_period_s` 0 is none.

    send_cron: when the file of an HTTPS source is fetched, `30 13 * * *` by the clock of the flow.
    """

    flow: str
    supplier: str
    transport: str
    send_period_s: int
    community: str | None
    devices: tuple[str, ...]
    config: FlowConfig
    send_cron: str | None = None


def read_source_file(path: Path) -> SourceFile:
    """The source that a file configures.

    InputError naming every missing and every unknown key at once, or the value that is out of its range.
    """
    document = _document(path)
    config = document.get("config", {})
    wrong = _differences("", document, _REQUIRED, _OPTIONAL)
    if isinstance(config, dict):
        wrong += _differences("config.", config, tuple(field.name for field in fields(FlowConfig)), ())
    if wrong or not isinstance(config, dict):
        raise InputError("source_keys", f"{path}: {'; '.join(wrong) or 'config is no table'}")
    _check_types(path, document)
    source = SourceFile(
        document["flow"],
        document["supplier"],
        document["transport"],
        document["send_period_s"],
        document.get("community"),
        tuple(document.get("devices", ())),
        _flow_config(path, config),
        document.get("send_cron"),
    )
    _check_transport(path, source)
    return source


def _document(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
        found = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except OSError as failure:
        raise InputError("source_file", f"{path} cannot be read: {failure.strerror}") from None
    except ValueError as failure:
        raise InputError("source_file", f"{path} is neither TOML nor JSON by its name: {failure}") from None
    if not isinstance(found, dict):
        raise InputError("source_file", f"{path} holds no table of keys")
    return found


def _differences(prefix: str, found: dict[str, Any], required: tuple[str, ...], optional: tuple[str, ...]) -> list[str]:
    missing = [prefix + name for name in required if name not in found]
    unknown = [prefix + name for name in found if name not in (*required, *optional)]
    words = [f"missing {', '.join(missing)}"] if missing else []
    return words + ([f"unknown {', '.join(unknown)}"] if unknown else [])


def _check_types(path: Path, document: dict[str, Any]) -> None:
    texts = ("flow", "supplier", "transport")
    devices, period = document.get("devices", []), document["send_period_s"]
    wrong = [name for name in texts if not isinstance(document[name], str) or not document[name]]
    wrong += [] if isinstance(devices, list) and all(isinstance(one, str) for one in devices) else ["devices"]
    wrong += [] if type(period) is int and period >= 0 else ["send_period_s"]
    wrong += [name for name in ("community", "send_cron") if not isinstance(document.get(name), str | None)]
    if wrong:
        raise InputError("source_value", f"{path}: {', '.join(wrong)} is not what the key means")


def _flow_config(path: Path, config: dict[str, Any]) -> FlowConfig:
    values: dict[str, Any] = {
        name: None if name in _NULLABLE and value == "" else value for name, value in config.items()
    }
    try:
        values |= {name: tuple(dict(values[name]).items()) for name in ("columns", "options")}
        values["null_marks"] = tuple(values["null_marks"])
        return FlowConfig(**values)
    except (TypeError, ValueError) as failure:
        raise InputError("source_value", f"{path}: config has a value of the wrong type: {failure}") from None


def _check_transport(path: Path, source: SourceFile) -> None:
    try:
        require_fitting(source.transport, source.config)
    except InputError as refusal:
        raise InputError(refusal.code, f"{path}: {refusal.message}") from None
    if (source.transport == HTTPS) != (source.send_cron is not None):
        raise InputError("source_keys", f"{path}: send_cron belongs to transport https, and to no other")
    if source.transport == HTTPS:
        _check_schedule(path, source)
    if source.transport == MQTT and source.community is None:
        raise InputError("source_keys", f"{path}: missing community, whose topics the source hears")


def _check_schedule(path: Path, source: SourceFile) -> None:
    DailySchedule.of(source.send_cron or "", source.config.clock)
    RemoteFile.of(source.config)
    if not is_table(source.config.syntax):
        raise InputError(
            "source_value", f"{path}: syntax {source.config.syntax!r} is none of prices or weather, which are fetched"
        )
