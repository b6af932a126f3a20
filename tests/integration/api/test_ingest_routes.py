"""The ingest routes: who may, how much, and an answer that proves the delivery."""

import hashlib
import json
from typing import Any

import pytest
from sqlalchemy import insert, update

from api import limits
from api.batches import service as batches
from api.ingest import service
from api.limits import RateLimit, Rates
from gettone.access_keys import DEVICE_PREFIX, new_key
from gettone.db.repositories.access_keys import DeviceKeys
from gettone.db.tables import Batch, DeviceKey, Reject
from tests.factories.metering import RECEIPT_MS
from tests.integration.api.conftest import Server, bearer

pytestmark = [pytest.mark.database, pytest.mark.slow]

BODY: dict[str, Any] = {
    "v": 1,
    "id": "01JQ8",
    "dir": 0,
    "kind": "interval",
    "unit": "Wh",
    "from": "2016-09-01T00:00:00Z",
    "step": 900,
    "values": [187, 192, None, 204],
    "est": [3],
}
FILES = "/api/v1/ingest/files"


def problem(response: Any, status: int, code: str) -> dict[str, Any]:
    found: dict[str, Any] = response.json()
    assert (response.status_code, found["code"]) == (status, code)
    assert response.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "request_id", "errors"} <= set(found)
    assert response.headers["x-request-id"] == found["request_id"]
    return found


def test_readings__body_of_the_specification__is_received_with_its_receipt(server: Server) -> None:
    response = server.send(BODY)
    assert (response.status_code, response.headers["location"]) == (202, "/api/v1/batches/1")
    (line,) = server.intake.payloads
    assert json.loads(line) == {"device": 1, **BODY}
    receipt = {"leaf_hash": "02" * 32, "leaf_index": 0, "sha256": hashlib.sha256(line).hexdigest()}
    assert response.json() == {"batch_id": 1, "state": "received", "receipt": receipt}


def test_readings__who_may_not__is_refused_and_nothing_is_taken(server: Server) -> None:
    problem(server.client.post("/api/v1/ingest/readings", json=BODY), 401, "unauthenticated")
    problem(server.send(BODY, key=new_key(DEVICE_PREFIX)), 401, "unauthenticated")
    problem(server.send(BODY, key="nonsense"), 401, "unauthenticated")
    problem(server.send(BODY, key=server.reader_key), 403, "not_permitted")
    problem(server.send(BODY | {"device": 2}), 403, "not_permitted")
    problem(server.client.post(f"/api/v1/ingest/readings?key={server.device_key}", json=BODY), 400, "malformed")
    assert server.intake.payloads == []


def test_readings__second_key__works_beside_and_a_revoked_or_expired_one_does_not(server: Server) -> None:
    with server.database.write() as connection:
        second = DeviceKeys(connection).issue(1, now_ms=RECEIPT_MS, valid_to=RECEIPT_MS + 1)
    assert server.send(BODY, key=second.key).status_code == 202
    assert server.send(BODY).status_code == 202
    with server.database.write() as connection:
        DeviceKeys(connection).revoke(second.key_id, now_ms=RECEIPT_MS)
        connection.execute(update(DeviceKey).where(DeviceKey.key_id == 1).values(valid_to=RECEIPT_MS))
    problem(server.send(BODY, key=second.key), 401, "unauthenticated")
    problem(server.send(BODY), 401, "unauthenticated")


WRONG_BODIES: list[tuple[bytes, int, str, str | None]] = [
    (b"{", 400, "malformed", None),
    (b"[]", 400, "malformed", None),
    (b'{"v":NaN}', 400, "malformed", None),
    (b"\xff", 400, "malformed", None),
    (json.dumps(BODY | {"surprise": 1}).encode(), 422, "invalid", "/surprise"),
    (json.dumps(BODY | {"dir": 9}).encode(), 422, "invalid", "/dir"),
    (json.dumps(BODY | {"from": "2016-09-01T00:00:00"}).encode(), 422, "invalid", "/from"),
    (json.dumps(BODY | {"values": []}).encode(), 422, "invalid", "/values"),
    (json.dumps(BODY | {"kind": "register"}).encode(), 422, "invalid", "/times"),
    (json.dumps({**BODY, "step": None}).encode(), 422, "invalid", "/step"),
    (json.dumps(BODY | {"values": [1] * 10_001}).encode(), 413, "too_large", None),
    (b" " * (1024 * 1024 + 1), 413, "too_large", None),
]


def test_readings__wrong_body__names_the_field_and_changes_nothing(server: Server) -> None:
    for body, status, code, pointer in WRONG_BODIES:
        found = problem(server.send(body), status, code)
        assert pointer is None or pointer in [one["pointer"] for one in found["errors"]]
    assert server.intake.payloads == []


def test_readings__limits__are_media_rate_waiting_and_disk(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    problem(server.send(b"x", **{"content-type": "text/plain"}), 415, "media_type")
    assert server.send(BODY | {"values": [1] * 10_000}).status_code == 202
    monkeypatch.setattr(service, "MAX_WAITING", 0)
    waiting = server.send(BODY)
    problem(waiting, 429, "rate_limited")
    assert int(waiting.headers["retry-after"]) > 0
    monkeypatch.setattr(limits, "FREE_SHARE", 0)
    monkeypatch.setattr(limits.shutil, "disk_usage", lambda _f: type("U", (), {"total": 1, "free": -1})())
    problem(server.send(BODY), 507, "storage_full")
    object.__setattr__(server.context, "rates", Rates(device=RateLimit(1, lambda: 0.0)))
    server.send(BODY)
    limited = server.send(BODY)
    problem(limited, 429, "rate_limited")
    assert limited.headers["retry-after"] == "61"


def test_files__upload__is_received_and_a_dry_run_is_only_judged(server: Server) -> None:
    content = b"device,timestamp_utc,interval_s,energy_wh\n"
    headers = bearer(server.writer_key)
    dry = server.client.post(FILES, params={"flow": "upload", "dry_run": True}, content=content, headers=headers)
    assert (dry.status_code, dry.json()["state"]) == (200, "would_be_done")
    assert (server.dry_runs, server.intake.payloads) == ([("upload", content)], [])
    taken = server.client.post(FILES, params={"flow": "upload"}, content=content, headers=headers)
    assert (taken.status_code, taken.headers["location"]) == (202, "/api/v1/batches/1")
    assert server.intake.payloads == [content]
    assert not list(server.context.folder.glob("upload-*"))


def test_files__who_may_not__is_refused(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def send(key: str, flow: str = "upload") -> Any:
        return server.client.post(FILES, params={"flow": flow}, content=b"x" * 100, headers=bearer(key))

    problem(send(server.device_key), 403, "not_permitted")
    problem(send(server.reader_key), 403, "not_permitted")
    problem(send(server.foreign_key), 404, "not_found")
    problem(send(server.writer_key, "none"), 404, "not_found")
    problem(server.client.post(FILES, content=b"x", headers=bearer(server.writer_key)), 422, "invalid")
    monkeypatch.setattr("api.ingest.endpoints.MAX_FILE_BYTES", 99)
    problem(send(server.writer_key), 413, "too_large")
    assert server.intake.payloads == []


def test_batches__batch_and_rejects__are_shown_to_readers_of_the_community(server: Server) -> None:
    server.send(BODY)
    with server.database.write() as connection:
        connection.execute(update(Batch).values(state="done", rows_new=3, rows_rejected=1))
        rows = [
            {"batch_id": 1, "row_no": number, "code": "R_SYNTAX", "field": "values", "raw": b"sealed", "state": "open"}
            for number in (2, 5, 9)
        ]
        connection.execute(insert(Reject), rows)
    batch = server.get("/api/v1/batches/1").json()
    assert (batch["state"], batch["counters"]["rows_new"], batch["flow"]) == ("done", 3, "upload")
    first = server.get("/api/v1/batches/1/rejects", limit=2)
    assert [one["row_no"] for one in first.json()["items"]] == [2, 5]
    assert 'rel="next"' in first.headers["link"]
    rest = server.get("/api/v1/batches/1/rejects", limit=2, cursor=first.json()["next"]).json()
    assert ([one["row_no"] for one in rest["items"]], rest["next"]) == ([9], None)
    for path in ("/api/v1/batches/1", "/api/v1/batches/1/rejects"):
        problem(server.get(path, server.foreign_key), 404, "not_found")
        problem(server.get(path, server.device_key), 403, "not_permitted")
        problem(server.get(path, server.writer_key), 403, "not_permitted")
        problem(server.client.get(path), 401, "unauthenticated")
    problem(server.get("/api/v1/batches/2"), 404, "not_found")
    problem(server.get("/api/v1/batches/1/rejects", cursor="MS4y!"), 422, "invalid")
    problem(server.get("/api/v1/batches/1/rejects", cursor="Mi4y"), 422, "invalid")
    problem(server.get("/api/v1/batches/1/rejects", limit=1001), 422, "invalid")
    problem(server.get("/api/v1/batches/one"), 422, "invalid")


def test_api__unknown_route_and_method__are_problems_too(server: Server) -> None:
    problem(server.client.get("/api/v1/none"), 404, "not_found")
    problem(server.client.delete("/api/v1/ingest/readings"), 405, "method_not_allowed")
    assert server.client.get("/livez").json() == {"status": "live"}
    assert server.client.get("/readyz").json()["ready"] is True


def test_api__defect__tells_nothing_about_the_inside(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: Any) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(batches, "find", fail)
    response = server.get("/api/v1/batches/1")
    assert response.json()["code"] == "internal"
    assert "secret" not in response.text
