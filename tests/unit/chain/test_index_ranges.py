"""A range is read whole or refused: nodes that lag, contradict themselves, or answer half."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests

from gettone.chain.index.events import EventDecoder, events_of
from gettone.chain.index.ranges import Block, RangeReader, ReadRange
from gettone.chain.index.rpc import BATCH_MAX, NodeRefusal, NodeRpc, Question
from gettone.errors import CheckFailed, Conflict, Unreachable

pytestmark = pytest.mark.unit

TOKEN = "0x" + "aa" * 20
HEAD = 100


def hash_of(number: int) -> str:
    return f"0x{number:064x}"


def log_of(block: int, index: int = 0) -> dict[str, Any]:
    place = {"blockNumber": hex(block), "blockHash": hash_of(block), "logIndex": hex(index)}
    return {"address": TOKEN, "topics": [hash_of(1)], "data": "0x", "transactionHash": hash_of(9), **place}


class ScriptedNode(NodeRpc):
    """A chain of HEAD blocks with a log in every tenth, without sockets; `change` alters single answers."""

    def __init__(self, change: Callable[[Question, Any], Any] = lambda _, answer: answer) -> None:
        super().__init__("http://scripted")
        self.asked: list[Question] = []
        self._change = change

    def ask_all(self, questions: Any) -> list[Any]:
        self.asked += questions
        return [self._change(one, self._answer(one)) for one in questions]

    def _answer(self, question: Question) -> Any:
        first = question.params[0]
        if question.method == "eth_getBlockByNumber":
            number = int(first, 16)
            return {"hash": hash_of(number), "timestamp": hex(1000 + number)} if number <= HEAD else None
        if question.method == "eth_getLogs":
            start, end = int(first["fromBlock"], 16), int(first["toBlock"], 16)
            return [log_of(number) for number in range(start, end + 1) if number % 10 == 0]
        return "0x2a"


def reader_of(node: ScriptedNode) -> RangeReader:
    return RangeReader(node, [TOKEN], TOKEN, b"\x18\x16\x0d\xdd")


def blocks_of(found: ReadRange) -> list[int]:
    return [int(log["blockNumber"], 16) for log in found.logs]


def test_ranges__sparse_chain__every_block_once_and_spans_that_grow() -> None:
    found = list(reader_of(ScriptedNode()).ranges(3, HEAD, None))
    spans = [(one.first, one.last.number) for one in found]
    assert [first for first, _ in spans] == [3] + [last + 1 for _, last in spans[:-1]]
    assert spans[-1][1] == HEAD
    assert [last - first for first, last in spans[:2]] == [15, 31]
    assert [block for one in found for block in blocks_of(one)] == list(range(10, HEAD + 1, 10))
    assert found[0].blocks == (Block(10, hash_of(10), 1010),)
    assert found[-1].supply_units == 42


@pytest.mark.parametrize("limit", [1, 2, 7])
def test_read__span_refused_as_too_long__halved_until_it_is_answered(limit: int) -> None:
    def refuse(question: Question, answer: Any) -> Any:
        if question.method == "eth_getLogs":
            asked = question.params[0]
            if int(asked["toBlock"], 16) - int(asked["fromBlock"], 16) + 1 > limit:
                return NodeRefusal(-32005, "Requested range exceeds maximum RPC range limit")
        return answer

    found = list(reader_of(ScriptedNode(refuse)).ranges(1, HEAD, None))
    assert [block for one in found for block in blocks_of(one)] == list(range(10, HEAD + 1, 10))


def test_read__logs_refused_for_another_reason__unreachable_with_the_nodes_words() -> None:
    def refuse(question: Question, answer: Any) -> Any:
        return NodeRefusal(-32602, "Invalid params") if question.method == "eth_getLogs" else answer

    with pytest.raises(Unreachable, match="Invalid params") as refusal:
        reader_of(ScriptedNode(refuse)).read(1, HEAD, None)
    assert refusal.value.code == "logs_refused"


def test_read__node_that_lags_behind_its_own_head__unreachable() -> None:
    with pytest.raises(Unreachable) as refusal:
        reader_of(ScriptedNode()).read(HEAD + 1, HEAD + 5, None)
    assert refusal.value.code == "node_behind"


def test_read__another_block_in_the_place_of_the_previous__refused_with_both_hashes() -> None:
    with pytest.raises(Conflict) as refusal:
        reader_of(ScriptedNode()).read(6, HEAD, (5, b"\xab" * 32))
    assert refusal.value.code == "chain_went_back"
    assert "ab" * 32 in refusal.value.message
    assert hash_of(5) in refusal.value.message


def test_read__logs_and_header_of_two_chains__refused() -> None:
    def mix(question: Question, answer: Any) -> Any:
        if question.method == "eth_getLogs":
            return [log | {"blockHash": hash_of(77)} for log in answer]
        return answer

    with pytest.raises(CheckFailed) as refusal:
        reader_of(ScriptedNode(mix)).read(1, HEAD, None)
    assert refusal.value.code == "blocks_differ"


@pytest.mark.parametrize(("head", "is_judged"), [(HEAD, False), (16, True)])
def test_read__old_state_forgotten__believed_before_the_head_and_refused_at_it(head: int, is_judged: bool) -> None:
    def forget(question: Question, answer: Any) -> Any:
        return NodeRefusal(-32000, "World state unavailable") if question.method == "eth_call" else answer

    reader = reader_of(ScriptedNode(forget))
    if is_judged:
        with pytest.raises(Unreachable) as refusal:
            reader.read(1, head, None)
        assert refusal.value.code == "supply_unknown"
    else:
        assert reader.read(1, head, None).supply_units is None


@pytest.mark.parametrize("logs", [[log_of(5), log_of(5)], [log_of(99)]], ids=["given twice", "from outside"])
def test_events_of__logs_that_do_not_belong__refused(logs: list[dict[str, Any]]) -> None:
    found = ReadRange(1, Block(10, hash_of(10), 1), (), logs, None)
    with pytest.raises(CheckFailed) as refusal:
        events_of(EventDecoder({"CommunityToken": TOKEN}), found)
    assert refusal.value.code == "logs_differ"


def test_events_of__logs_in_any_order__in_chain_order() -> None:
    found = ReadRange(1, Block(10, hash_of(10), 1), (), [log_of(7, 2), log_of(3, 5), log_of(7, 1)], None)
    events = events_of(EventDecoder({"CommunityToken": TOKEN}), found)
    assert [one[:2] for one in events] == [(3, 5), (7, 1), (7, 2)]


def replying(monkeypatch: pytest.MonkeyPatch, body: Callable[[list[dict[str, Any]]], bytes]) -> NodeRpc:
    """A node that answers what `body` makes of the questions."""

    def post(_: Any, __: str, data: bytes, **___: Any) -> Any:
        reply = requests.Response()
        reply.status_code = 200
        reply._content = body(json.loads(data))
        return reply

    monkeypatch.setattr(requests.Session, "post", post)
    return NodeRpc("http://replying")


def test_ask_all__answers_in_any_order__in_that_of_the_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    node = replying(
        monkeypatch,
        lambda asked: json.dumps([{"id": one["id"], "result": one["method"]} for one in reversed(asked)]).encode(),
    )
    names = [f"m{n}" for n in range(2 * BATCH_MAX + 3)]
    assert node.ask_all([Question(name, ()) for name in names]) == names


def test_ask__error__the_nodes_own_code_and_words(monkeypatch: pytest.MonkeyPatch) -> None:
    error = {"code": -32005, "message": "too much"}
    node = replying(monkeypatch, lambda asked: json.dumps([{"id": asked[0]["id"], "error": error}]).encode())
    with pytest.raises(NodeRefusal) as refusal:
        node.ask("eth_getLogs", {})
    assert (refusal.value.code, refusal.value.message) == (-32005, "too much")


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b'[{"id": 0, "result": 1}', b"[]", b'{"error": {"code": 1, "message": "no"}}', b"7"],
    ids=["empty", "no JSON", "cut off", "no answer", "whole request refused", "a number"],
)
def test_ask_all__half_an_answer__unreachable(monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    node = replying(monkeypatch, lambda _: body)
    with pytest.raises(Unreachable) as refusal:
        node.ask_all([Question("a", ()), Question("b", ())])
    assert refusal.value.code == "chain_unreachable"
