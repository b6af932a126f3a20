"""Answers to devices: the counters of the batch where they suffice, value by value where not."""

import json

import pytest

from gettone.metering.codes import Code
from gettone.metering.messages import Message, Topic, read_message
from oracle.transports.answers import Stored, full_answers, quick_answers
from tests.factories.meters import body
from tests.factories.null_intake import NullOutcome

pytestmark = pytest.mark.unit

START = "2026-03-29T00:00:00Z"
NONE = dict.fromkeys(
    (
        f"rows_{one}"
        for one in ["new", "changed", "confirmed", "equal", "older", "merged", "missing", "rejected", "quarantined"]
    ),
    0,
)


def message(values: list[int | None], device_id: int = 1) -> Message:
    return read_message(Topic("fontana", device_id, "readings"), json.dumps(body("a", START, values)).encode())


def test_answer__vector_of_the_specification__is_answered_as_there() -> None:
    outcome = NullOutcome("done", NONE | {"rows_new": 3, "rows_missing": 1}, {})
    assert quick_answers([message([187, 192, None, 204])], outcome) == [
        {"state": "done", "new": 3, "equal": 0, "rejected": 0, "missing": 1, "codes": {"M_DECLARED": 1}}
    ]


def test_answer__all_known_already__is_equal() -> None:
    outcome = NullOutcome("done", NONE | {"rows_equal": 3}, {})
    answers = quick_answers([message([1, 2]), message([3], 2)], outcome)
    assert answers is not None
    assert [(one["new"], one["equal"]) for one in answers] == [(0, 2), (0, 1)]


@pytest.mark.parametrize("name", ["rows_equal", "rows_changed", "rows_rejected", "rows_quarantined", "rows_older"])
def test_answer__mixed_window__needs_the_values(name: str) -> None:
    assert quick_answers([message([1, 2])], NullOutcome("done", NONE | {"rows_new": 1, name: 1}, {})) is None


def test_answer__mixed_window__is_told_value_by_value() -> None:
    first, second = message([1, None, 3, 4, 5]), message([6, 7], 2)
    slots = list(first.slots)
    stored = Stored(
        frozenset({(1, 1, slots[0]), (2, 1, slots[1])}),
        {(1, 1, slots[3]): Code.P_BOUND, (2, 1, slots[0]): Code.D_OLDER},
        {3: Code.R_SYNTAX},
    )
    assert full_answers([first, second], stored) == [
        {"state": "done", "new": 1, "equal": 1, "rejected": 2, "missing": 1}
        | {"codes": {"M_DECLARED": 1, "P_BOUND": 1, "R_SYNTAX": 1}},
        {"state": "done", "new": 1, "equal": 1, "rejected": 0, "missing": 0, "codes": {"D_OLDER": 1}},
    ]


def test_answer__refused_message__hears_its_code_and_the_others_their_own() -> None:
    refused = read_message(Topic("fontana", 1, "readings"), b"hello")
    answers = full_answers([refused, message([1], 2)], Stored(frozenset(), {}, {1: Code.R_SYNTAX}))
    assert [(one["state"], one["codes"]) for one in answers] == [("rejected", {"F_SCHEMA": 1}), ("done", {})]


@pytest.mark.parametrize(
    ("state", "counted"), [("rejected", "rejected"), ("parked", "rejected"), ("duplicate", "equal")]
)
def test_answer__window_as_a_whole__is_told_to_each(state: str, counted: str) -> None:
    answers = quick_answers([message([1, 2])], NullOutcome(state, NONE, {"R_UNKNOWN": 2}))
    assert answers is not None
    assert (answers[0]["state"], answers[0][counted]) == (state, 2)
