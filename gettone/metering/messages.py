"""Messages of meters: the topic says who speaks, the payload is the JSON body of the metering specification §3.2."""

import base64
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from gettone.metering.codes import Code

MAX_BYTES = 64 * 1024
SLOT_S = 900
LONGEST_STEP_S = 86_400
RAW_BYTES = 400

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TOPIC = re.compile(r"gettone/v1/([a-z0-9-]{1,32})/([1-9][0-9]{0,9})/(readings|status)")
_MESSAGE_ID = re.compile(r"[\x20-\x7e]{1,64}")


@dataclass(frozen=True, slots=True)
class Topic:
    """Who speaks: the slug of a community and our number of a device; `kind` is readings or status."""

    community: str
    device_id: int
    kind: str

    @classmethod
    def of(cls, text: str) -> "Topic | None":
        """The parts of a topic, None for one that is not ours."""
        found = _TOPIC.fullmatch(text)
        return None if found is None else cls(found[1], int(found[2]), found[3])

    @property
    def answers(self) -> str:
        """The topic on which this device hears what became of its messages."""
        return f"gettone/v1/{self.community}/{self.device_id}/ack"


@dataclass(frozen=True, slots=True)
class Span:
    """The slots [from_slot, to_slot) of one direction that a message speaks for."""

    direction: int
    from_slot: int
    to_slot: int

    def meets(self, other: "Span") -> bool:
        """Whether both speak for a same slot of a same direction."""
        return self.direction == other.direction and self.from_slot < other.to_slot and other.from_slot < self.to_slot


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it enters a batch.

    line: its one line of the batch.  rows: how many values it holds (1 for a refused one, which is one bad row).
    span: the slots it speaks for, None when refused.  refused: the code of a message that is unusable as a whole.
    slots: the slot in which each value begins or was read.  nulls: which values are declared missing.
    """

    topic: Topic
    message_id: str | None
    line: bytes
    rows: int
    span: Span | None
    refused: Code | None = None
    slots: Sequence[int] = ()
    nulls: frozenset[int] = frozenset()


def line_of(device_id: int, body: dict[str, Any], payload: bytes) -> bytes:
    """The payload as one line that names its device; its numbers keep the digits they were written with."""
    # In JSON a line break is only ever a blank between two tokens.
    text = payload.strip().replace(b"\r", b" ").replace(b"\n", b" ")
    return text if "device" in body else b'{"device":%d,' % device_id + text[1:]


def read_message(topic: Topic, payload: bytes) -> Message:
    """The message of a device; one that is too large, no JSON object or about another device is refused as a whole.

    Nothing is dropped: a refused message becomes one row of the batch that the rules reject, with its first bytes.
    """
    if len(payload) > MAX_BYTES:
        return _refused(topic, None, payload, Code.F_SIZE)
    try:
        body = json.loads(payload)
    except UnicodeDecodeError:
        return _refused(topic, None, payload, Code.F_ENCODING)
    except (ValueError, RecursionError):
        return _refused(topic, None, payload, Code.F_SCHEMA)
    if not isinstance(body, dict):
        return _refused(topic, None, payload, Code.F_SCHEMA)
    message_id = _message_id(body)
    slots = [] if "device" in body and body["device"] != topic.device_id else _slots(body)
    if not slots:
        return _refused(topic, message_id, payload, Code.F_SCHEMA)
    values = body["values"]
    # A step above a quarter of an hour speaks for every slot until the next value.
    step = SLOT_S if body.get("kind") == "register" else body["step"]
    last = max(slots) + max(1, -(-step // SLOT_S))
    span = Span(body["dir"], min(slots), last)
    nulls = frozenset(at for at, value in enumerate(values) if value is None) if None in values else frozenset()
    line = line_of(topic.device_id, body, payload)
    return Message(topic, message_id, line, len(values), span, None, slots, nulls)


def _refused(topic: Topic, message_id: str | None, payload: bytes, code: Code) -> Message:
    raw = base64.b64encode(payload[:RAW_BYTES]).decode()
    document = {"device": topic.device_id, "refused": code, "bytes": len(payload), "raw": raw}
    return Message(topic, message_id, json.dumps(document, separators=(",", ":")).encode(), 1, None, code)


def _message_id(body: dict[str, Any]) -> str | None:
    found = body.get("id")
    return found if isinstance(found, str) and _MESSAGE_ID.fullmatch(found) else None


def _slots(body: dict[str, Any]) -> list[int]:
    """The slot of each value, [] for a body whose frame is not that of the specification."""
    direction, values = body.get("dir"), body.get("values")
    if type(direction) is not int or not isinstance(values, list) or not values:
        return []
    if body.get("kind") == "register":
        found = _instants(body.get("times")) or []
        return [one // SLOT_S for one in found] if len(found) == len(values) else []
    start, step = _instant(body.get("from")), body.get("step")
    if start is None or type(step) is not int or not 0 < step <= LONGEST_STEP_S:
        return []
    return [at // SLOT_S for at in range(start, start + step * len(values), step)]


def _instants(times: Any) -> list[int] | None:
    if not isinstance(times, list) or not times:
        return None
    found = [_instant(one) for one in times]
    return None if None in found else [one for one in found if one is not None]


def _instant(text: Any) -> int | None:
    try:
        instant = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return None if instant.tzinfo is None else (instant - _EPOCH) // timedelta(seconds=1)
