"""A batch that repeats chosen rows of another: which rows those are, and the rows themselves."""

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from gettone import jcs
from gettone.metering.received import Received, ReceivedRegisters

_HEAD = b'{"gettone_rows":'
_COLUMNS = ("row", "device", "direction", "mantissa", "exponent", "unit", "quality")
_OPTIONAL = ("k_mantissa", "k_exponent", "source_class")


def selection_payload(rows: Iterable[int], batch_id: int) -> bytes:
    """The payload of a batch that repeats rows of batch `batch_id`, now that their devices are known."""
    return jcs.canonical({"gettone_rows": sorted(rows), "of_batch": batch_id})


def selected_rows(payload: bytes) -> tuple[int, ...] | None:
    """The rows a payload repeats; None for any payload that is not a selection."""
    return tuple(json.loads(payload)["gettone_rows"]) if payload.startswith(_HEAD) else None


def take_rows(received: Received | ReceivedRegisters, rows: Iterable[int]) -> Received | ReceivedRegisters:
    """Only these rows, by number, in their order; notes and totals belong to the whole and stay with it."""
    wanted = np.isin(received.row, list(rows))
    instants = ("start_s", "interval_s") if isinstance(received, Received) else ("at_s",)
    columns: dict[str, Any] = {name: getattr(received, name)[wanted] for name in (*_COLUMNS, *instants)}
    for name in _OPTIONAL:
        values = getattr(received, name)
        columns[name] = None if values is None else values[wanted]
    if isinstance(received, Received):
        columns["totals"] = ()
    return replace(received, **columns, broken=(), notes={})
