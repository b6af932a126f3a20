"""A proxy between a service and its node that does to requests what networks and nodes do, drawn from a seed.

It forwards JSON-RPC, single and batched; every fault is counted by name, so that a run can say what it met.
"""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

import requests

from tests.factories.loopback_server import served

# Per mille of requests that meet each fault; the rest passes as it is.
FAULTS = {
    "dropped before the node": 40,
    "dropped after the node": 40,
    "delayed": 60,
    "answered too late": 15,
    "sent twice": 40,
    "stale head": 80,
    "refused with HTTP 503": 30,
    "refused with HTTP 429": 15,
    "internal error": 25,
    "cut JSON": 40,
    "no JSON": 15,
}
READS = ("eth_getTransactionCount", "eth_getTransactionReceipt", "eth_blockNumber", "eth_getBlockByNumber", "eth_call")
_PATIENCE_S = 20


@dataclass
class FaultProxy:
    """A running proxy; `faults` counts what it did."""

    target: str
    random: random.Random
    shares: dict[str, int]
    late_s: float
    session: requests.Session = field(default_factory=requests.Session)
    faults: Counter[str] = field(default_factory=Counter)
    stale: dict[str, Any] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    url: str = ""

    def draw(self) -> str:
        """The fault of the next request, empty for none."""
        with self.lock:
            at = self.random.randrange(1000)
            for name, share in self.shares.items():
                at -= share
                if at < 0:
                    self.faults[name] += 1
                    return name
            self.faults["passed"] += 1
            return ""

    def forward(self, body: bytes) -> bytes:
        """What the node answers."""
        headers = {"content-type": "application/json"}
        return self.session.post(self.target, data=body, headers=headers, timeout=_PATIENCE_S).content

    def remembered(self, body: bytes, answer: bytes) -> bytes:
        """The answer of a node whose head lags: to each read what was answered to it the time before, if ever."""
        asked, answered = json.loads(body), json.loads(answer)
        if isinstance(asked, list):
            old = [self._earlier(one, found) for one, found in zip(asked, answered, strict=True)]
            return json.dumps(old).encode()
        return json.dumps(self._earlier(asked, answered)).encode()

    def note(self, body: bytes, answer: bytes) -> None:
        """Remember the answers to reads, to give them again when they are old."""
        asked, answered = json.loads(body), json.loads(answer)
        pairs = zip(asked, answered, strict=True) if isinstance(asked, list) else [(asked, answered)]
        with self.lock:
            for question, found in pairs:
                if question["method"] in READS and "result" in found:
                    # What was answered first stays: the head of this node moves by leaps only.
                    self.stale.setdefault(_name(question), found["result"])

    def _earlier(self, question: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
        if question["method"] not in READS or "error" in found:
            return found
        if question["method"] == "eth_getTransactionReceipt":
            return found | {"result": None}
        return found | {"result": self.stale.get(_name(question), found["result"])}


@contextmanager
def fault_proxy(
    target: str, seed: int, *, shares: dict[str, int] | None = None, late_s: float = 1.0
) -> Iterator[FaultProxy]:
    """A proxy to `target` on a free port; `late_s` is longer than its clients wait."""
    proxy = FaultProxy(target, random.Random(seed), FAULTS if shares is None else shares, late_s)  # noqa: S311 - a test
    with served(_handler(proxy)) as proxy.url:
        yield proxy


def _handler(proxy: FaultProxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            _ACTIONS.get(proxy.draw(), _pass)(self, proxy, body)

        def answer(self, status: int, content: bytes) -> None:
            try:
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def hang_up(self) -> None:
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Nothing: the proxy counts instead."""

    return Handler


def _pass(handler: Any, proxy: FaultProxy, body: bytes) -> None:
    answer = proxy.forward(body)
    proxy.note(body, answer)
    handler.answer(200, answer)


def _drop_before(handler: Any, _proxy: FaultProxy, _body: bytes) -> None:
    handler.hang_up()


def _drop_after(handler: Any, proxy: FaultProxy, body: bytes) -> None:
    proxy.forward(body)
    handler.hang_up()


def _delay(handler: Any, proxy: FaultProxy, body: bytes) -> None:
    time.sleep(0.02)
    _pass(handler, proxy, body)


def _too_late(handler: Any, proxy: FaultProxy, body: bytes) -> None:
    answer = proxy.forward(body)
    time.sleep(proxy.late_s)
    handler.answer(200, answer)


def _twice(handler: Any, proxy: FaultProxy, body: bytes) -> None:
    proxy.forward(body)
    handler.answer(200, proxy.forward(body))


def _stale(handler: Any, proxy: FaultProxy, body: bytes) -> None:
    handler.answer(200, proxy.remembered(body, proxy.forward(body)))


def _internal(handler: Any, _proxy: FaultProxy, body: bytes) -> None:
    error = {"code": -32603, "message": "Internal error"}
    asked = json.loads(body)
    one = {"jsonrpc": "2.0", "id": None if isinstance(asked, list) else asked["id"], "error": error}
    handler.answer(200, json.dumps(one).encode())


def _cut(handler: Any, proxy: FaultProxy, body: bytes) -> None:
    answer = proxy.forward(body)
    handler.answer(200, answer[: len(answer) // 2])


def _status(status: int) -> Callable[[Any, FaultProxy, bytes], None]:
    return lambda handler, _proxy, _body: handler.answer(status, b"not now")


_ACTIONS: dict[str, Callable[[Any, FaultProxy, bytes], None]] = {
    "dropped before the node": _drop_before,
    "dropped after the node": _drop_after,
    "delayed": _delay,
    "answered too late": _too_late,
    "sent twice": _twice,
    "stale head": _stale,
    "refused with HTTP 503": _status(503),
    "refused with HTTP 429": _status(429),
    "internal error": _internal,
    "cut JSON": _cut,
    "no JSON": _status(200),
}


def _name(question: dict[str, Any]) -> str:
    return json.dumps([question["method"], question["params"]])
