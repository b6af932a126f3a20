"""A small stand-in for Web3Signer's eth1 API on loopback: it keeps the exact bytes it was asked to sign."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from coincurve import PrivateKey
from eth_utils.crypto import keccak

from tests.factories.loopback_server import served

Change = Callable[[bytes], bytes]


@dataclass
class StubSigner:
    """The keys it holds by identifier, what it was asked (path, body), and how it alters its signatures."""

    keys: dict[str, PrivateKey]
    url: str = ""
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    change: Change = bytes
    status: int = 200

    def signature(self, identifier: str, payload: bytes) -> str:
        """r, s and v of keccak-256 of the payload, as the signer's text."""
        made = self.keys[identifier].sign_recoverable(keccak(payload), hasher=None)
        return "0x" + self.change(made[:64] + bytes([made[64] + 27])).hex()


@contextmanager
def stub_signer(*secrets: bytes) -> Iterator[StubSigner]:
    """A signer with these keys on a free port."""
    keys = [PrivateKey(secret) for secret in secrets]
    stub = StubSigner({"0x" + one.public_key.format(compressed=False)[1:].hex(): one for one in keys})
    with served(_handler(stub)) as stub.url:
        yield stub


def _handler(stub: StubSigner) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path == "/api/v1/eth1/publicKeys"
            self.answer(stub.status if found else 404, json.dumps(list(stub.keys)), "application/json")

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            stub.asked.append((self.path, body))
            identifier = self.path.removeprefix("/api/v1/eth1/sign/")
            if identifier not in stub.keys:
                self.answer(404, "", "text/plain")
                return
            payload = bytes.fromhex(body["data"].removeprefix("0x"))
            self.answer(stub.status, stub.signature(identifier, payload), "text/plain")

        def answer(self, status: int, text: str, kind: str) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Nothing: the stub keeps what it was asked."""

    return Handler
