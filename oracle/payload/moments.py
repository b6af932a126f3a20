"""Moments that a message or a line names: to UTC by their offset, or by the clock of the flow (rule V6)."""

from collections.abc import Sequence

import numpy as np

from gettone.metering.clock import START, LabelClock
from gettone.metering.codes import Code
from oracle.payload.instants import Label, parse_label
from oracle.payload.refusals import RowRefusal


def label_of(value: object, field: str, layout: str = "") -> Label:
    """The label of a text; RowRefusal R_SYNTAX for anything that names no moment to the second."""
    label = parse_label(value, layout) if isinstance(value, str) else None
    if label is None:
        raise RowRefusal(Code.R_SYNTAX, field, f"{field} is {str(value)[:40]!r}, no instant as 2026-03-29T00:00:00Z")
    return label


def message_moments(labels: Sequence[Label], zone: str, field: str) -> list[int]:
    """UTC [unix s] of the labels of one message, whose order tells nothing about a repeated hour.

    Raises RowRefusal T_NONEXISTENT or T_AMBIGUOUS.
    """
    if all(label.fixed for label in labels):
        return [label.seconds for label in labels]
    local = [label.seconds for label in labels if not label.fixed]
    starts = LabelClock(zone, START).starts(
        np.array(local, np.int64), np.zeros(len(local), np.int32), 0, one_message=True
    )
    refusals = filter(None, map(starts.refusal, range(len(local))))
    for code, reason in refusals:
        raise RowRefusal(code, field, reason)
    found = iter(starts.start_s.tolist())
    return [label.seconds if label.fixed else next(found) for label in labels]
