"""Stored payloads without a member's rows: read with the format of their flow, written again by exact number."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gettone.errors import InputError
from gettone.metering.exact import BoolArray
from gettone.metering.flow import FlowConfig
from gettone.metering.received import Received, ReceivedRegisters
from oracle.formats.registry import read_batch

Span = tuple[int, int]
"""A range of time [from, to) in unix s."""
EVER: Span = (-(1 << 62), 1 << 62)
HEAD = ("device", "at_s", "interval_s", "direction", "mantissa", "exponent", "unit", "quality")
_OPAQUE = (b"PAR1", b"\x1f\x8b", b"PK\x03\x04")


@dataclass(frozen=True, slots=True)
class Rewritten:
    """Whether a payload names the member, and the rest of it; None where nothing is left to keep."""

    names_member: bool
    rest: bytes | None = None


def rewrite(
    payload: Path, flow: FlowConfig, spans_of: Callable[[str], Sequence[Span]], own_names: tuple[str, ...]
) -> Rewritten:
    """A payload without the rows of the devices for which `spans_of` gives times, within those times.

    A payload that its format cannot read was never merged: it goes as a whole when it holds one of `own_names`, or
    when it is packed and might.
    """
    try:
        received = read_batch(payload, flow)
    except InputError:
        return Rewritten(_may_hold(payload.read_bytes(), own_names))
    kept = _others(received, spans_of)
    # Rows that could not be read may name a device that no column names.
    broken = any(name in text for text in received.texts.values() for name in own_names)
    if kept.all() and not broken:
        return Rewritten(False)
    return Rewritten(True, _written(received, kept) if kept.any() else None)


def _others(received: Received | ReceivedRegisters, spans_of: Callable[[str], Sequence[Span]]) -> BoolArray:
    """The rows that are not the member's."""
    at_s = received.start_s if isinstance(received, Received) else received.at_s
    kept = np.ones(len(at_s), dtype=np.bool_)
    for number, name in enumerate(received.devices):
        for from_s, to_s in spans_of(name):
            kept &= ~((received.device == number) & (at_s >= from_s) & (at_s < to_s))
    return kept


def _written(received: Received | ReceivedRegisters, kept: BoolArray) -> bytes:
    """Other people's rows as CSV: instants in unix s, numbers as mantissa and exponent of their unit."""
    rows = np.flatnonzero(kept).tolist()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEAD)
    intervals = isinstance(received, Received)
    for at in rows:
        instant = received.start_s[at] if isinstance(received, Received) else received.at_s[at]
        writer.writerow(
            [
                received.devices[received.device[at]],
                int(instant),
                int(received.interval_s[at]) if intervals and isinstance(received, Received) else 0,
                *(int(getattr(received, name)[at]) for name in HEAD[3:]),
            ]
        )
    return text.getvalue().encode()


def _may_hold(payload: bytes, own_names: tuple[str, ...]) -> bool:
    if payload.startswith(_OPAQUE):
        return True
    encodings = ("utf-8", "utf-16-le", "utf-16-be")
    return any(name.encode(encoding) in payload for name in own_names for encoding in encodings)
