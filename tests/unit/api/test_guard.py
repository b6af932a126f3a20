"""Bodies that could do harm are refused before any route sees them."""

import json
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.guard import MAX_JSON_BYTES, Guard

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def client() -> TestClient:
    app = FastAPI()

    @app.post("/echo")
    def echo(body: dict[str, Any]) -> dict[str, Any]:
        return body

    app.add_middleware(Guard, own_bodies=())
    return TestClient(app)


def send(client: TestClient, content: bytes) -> Any:
    return client.post("/echo", content=content, headers={"content-type": "application/json"})


def nested(depth: int) -> bytes:
    return (b'{"a":' * depth) + b"1" + b"}" * depth


def test_guard__plain_body__passes_unchanged(client: TestClient) -> None:
    assert send(client, b'{"a": [1, "x"]}').json() == {"a": [1, "x"]}


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b'{"a": NaN}', 422, "invalid"),
        (b'{"a": -Infinity}', 422, "invalid"),
        (b'{"a": "x\\u0000y"}', 422, "invalid"),
        (nested(33), 422, "invalid"),
        (nested(100_000), 422, "invalid"),
        (b'{"a": ', 400, "malformed"),
        (b"\xff\xfe{}", 400, "malformed"),
        (b'{"a": "' + b"x" * MAX_JSON_BYTES + b'"}', 413, "too_large"),
    ],
    ids=["nan", "infinity", "null byte", "deep", "very deep", "cut", "not utf-8", "large"],
)
def test_guard__harmful_body__is_a_problem(client: TestClient, content: bytes, status: int, code: str) -> None:
    answer = send(client, content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


def test_guard__depth_at_the_limit__passes(client: TestClient) -> None:
    assert send(client, nested(31)).json() == json.loads(nested(31))


def test_guard__large_body_without_a_length__is_refused_too(client: TestClient) -> None:
    parts = iter([b'{"a": "'] + [b"x" * 65_536] * 17 + [b'"}'])
    answer = client.post("/echo", content=parts, headers={"content-type": "application/json"})
    assert answer.status_code == 413


def test_guard__any_answer__carries_headers_of_safety(client: TestClient) -> None:
    headers = send(client, b"{}").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]


@pytest.mark.parametrize("address", ["/echo/%00", "/echo?cursor=%00"])
def test_guard__null_byte_in_the_address__is_refused(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
