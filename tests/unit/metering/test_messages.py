"""Messages of meters: who speaks, for which slots, and what is refused as a whole."""

import json
from typing import Any

import pytest

from gettone.metering.codes import Code
from gettone.metering.messages import MAX_BYTES, Message, Span, Topic, read_message

pytestmark = pytest.mark.unit

TOPIC = Topic("fontana", 17, "readings")
# The payload of the specification, byte by byte.
VECTOR = (
    b'{"v":1,"id":"01JQ8","dir":1,"kind":"interval","unit":"Wh","from":"2026-03-29T00:00:00Z","step":900,'
    b'"values":[187,192,null,204],"est":[3]}'
)
# 2026-01-01T00:00Z is slot 1,963,584; the vector begins 87 days later.
FIRST_SLOT = 1_963_584 + 87 * 96


def changed(**fields: Any) -> bytes:
    return json.dumps({**json.loads(VECTOR), **fields}).encode()


def test_topic__of_a_device__gives_community_and_number() -> None:
    assert Topic.of("gettone/v1/fontana/17/readings") == TOPIC


@pytest.mark.parametrize(
    "text",
    [
        "gettone/v1/fontana/17/ack",
        "gettone/v1/fontana/017/readings",
        "gettone/v1/fontana/IT001E12345678/readings",
        "gettone/v1/Fontana/17/readings",
        "gettone/v2/fontana/17/readings",
        "gettone/v1/fontana/17/readings/x",
    ],
)
def test_topic__any_other__is_not_ours(text: str) -> None:
    assert Topic.of(text) is None


def test_topic__answers__go_to_the_same_device() -> None:
    assert TOPIC.answers == "gettone/v1/fontana/17/ack"


def test_message__of_the_specification__names_its_device_and_keeps_its_digits() -> None:
    message = read_message(TOPIC, VECTOR)
    assert message.line == b'{"device":17,' + VECTOR[1:]
    assert (message.message_id, message.rows) == ("01JQ8", 4)
    assert message.span == Span(1, FIRST_SLOT, FIRST_SLOT + 4)


def test_message__written_over_lines__becomes_one_line_of_equal_content() -> None:
    message = read_message(TOPIC, json.dumps(json.loads(VECTOR), indent=2).replace("\n", "\r\n").encode())
    assert b"\n" not in message.line
    assert json.loads(message.line) == {"device": 17, **json.loads(VECTOR)}


def test_message__names_its_own_device__is_left_as_it_is() -> None:
    payload = changed(device=17)
    assert read_message(TOPIC, payload).line == payload


def test_message__registers__speak_for_the_slots_of_their_instants() -> None:
    times = ["2026-03-29T00:07:00Z", "2026-03-29T00:31:00Z"]
    message = read_message(TOPIC, changed(kind="register", times=times, values=[1, 2]))
    assert message.span == Span(1, FIRST_SLOT, FIRST_SLOT + 3)


def test_message__part_of_a_slot__speaks_for_the_whole_slot() -> None:
    message = read_message(TOPIC, changed(**{"from": "2026-03-29T02:10:00+02:00", "step": 300, "values": [1, 2]}))
    assert message.span == Span(1, FIRST_SLOT, FIRST_SLOT + 2)


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b" " * (MAX_BYTES + 1 - len(VECTOR)) + VECTOR, Code.F_SIZE),
        (b"\xff" + VECTOR, Code.F_ENCODING),
        (b"hello", Code.F_SCHEMA),
        (b"", Code.F_SCHEMA),
        (b"[" * 60_000, Code.F_SCHEMA),
        (b"[1]", Code.F_SCHEMA),
        (changed(device=18), Code.F_SCHEMA),
        (changed(device="17"), Code.F_SCHEMA),
        (changed(dir=None), Code.F_SCHEMA),
        (changed(dir=True), Code.F_SCHEMA),
        (changed(values=[]), Code.F_SCHEMA),
        (changed(values=7), Code.F_SCHEMA),
        (changed(step=0), Code.F_SCHEMA),
        (changed(**{"from": "2026-03-29T00:00:00"}), Code.F_SCHEMA),
        (changed(**{"from": 5}), Code.F_SCHEMA),
        (changed(kind="register"), Code.F_SCHEMA),
        (changed(kind="register", times=["2026-03-29T00:00:00Z", "then"]), Code.F_SCHEMA),
    ],
)
def test_message__unusable__is_one_bad_row_with_its_code(payload: bytes, code: Code) -> None:
    message = read_message(TOPIC, payload)
    assert (message.refused, message.rows, message.span) == (code, 1, None)
    assert json.loads(message.line)["refused"] == code
    assert len(message.line) < 800


def test_message__at_the_limit_of_size__is_taken() -> None:
    assert read_message(TOPIC, b" " * (MAX_BYTES - len(VECTOR)) + VECTOR).refused is None


@pytest.mark.parametrize("wrong", [5, "x" * 65, "a\nb", None])
def test_message__odd_id__is_not_repeated(wrong: Any) -> None:
    message: Message = read_message(TOPIC, changed(id=wrong))
    assert (message.message_id, message.refused) == (None, None)
