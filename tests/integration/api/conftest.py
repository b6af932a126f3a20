"""An API over a database of either kind, with a registered community and an intake that only receives."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert

from api.app import create_app
from api.batches.repository import COUNTERS
from api.context import ApiContext, Front
from gettone.db.engine import Database
from gettone.db.repositories.access_keys import IMPORT, READ, DeviceKeys, ReaderKeys
from gettone.db.repositories.batches import Batches
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.flows import Flows
from gettone.db.tables import Batch, Source
from gettone.vault import Vault
from tests.factories.api_world import World, close_world, open_world
from tests.factories.identity import StaticTokens
from tests.factories.metering import FLOW, RECEIPT_MS, register
from tests.factories.null_intake import NullOutcome, NullReceipt

YEAR_MS = 365 * 86_400_000
FRONT = Front("http://127.0.0.1:8180/realms/gettone", "gettone-api", ("gettone-dapp",), True, None)


class ReceivingIntake:
    """Receives into `batches` and judges nothing."""

    def __init__(self, database: Database) -> None:
        self.payloads: list[bytes] = []
        self._database = database

    def receive(
        self, flow_name: str, payload: bytes | Path, *, received_at_ms: int, derived_from: int | None = None
    ) -> NullReceipt:
        content = payload if isinstance(payload, bytes) else payload.read_bytes()
        self.payloads.append(content)
        digest = hashlib.sha256(content).digest()
        with self._database.ingest() as connection:
            batch_id = Batches(connection).next_id()
            values = {"batch_id": batch_id, "flow_id": Flows(connection).get(flow_name).flow_id, "sha256": digest}
            values |= {"bytes": len(content), "received_at": received_at_ms, "state": "received", "report": "{}"}
            connection.execute(insert(Batch).values(**values, **dict.fromkeys(COUNTERS, 0)))
        return NullReceipt(batch_id, digest, batch_id - 1, b"\x02" * 32)

    def process(self, batch_id: int, *, now_ms: int) -> NullOutcome:
        raise AssertionError("the API leaves batches to the worker")


@dataclass
class Server:
    """The running API with what its callers need."""

    client: TestClient
    context: ApiContext
    intake: ReceivingIntake
    database: Database
    device_key: str
    other_device_key: str
    reader_key: str
    writer_key: str
    foreign_key: str
    dry_runs: list[tuple[str, bytes]] = field(default_factory=list)

    def get(self, path: str, key: str | None = None, **parameters: Any) -> Any:
        return self.client.get(path, params=parameters, headers=bearer(key or self.reader_key))

    def send(self, body: Any, key: str | None = None, **headers: str) -> Any:
        kind = {"content": body} if isinstance(body, bytes) else {"json": body}
        headers = {"content-type": "application/json", **bearer(key or self.device_key), **headers}
        return self.client.post("/api/v1/ingest/readings", headers=headers, **kind)


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[Server]:
    database = Database(database_url)
    vault = Vault(bytes(range(32)))
    register(database, vault, step_s=900)
    with database.write() as connection:
        flow = Flows(connection).get(FLOW)
        connection.execute(insert(Source).values(flow_id=flow.flow_id, transport="rest", since=0))
        valid = {"now_ms": RECEIPT_MS, "valid_to": RECEIPT_MS + YEAR_MS}
        devices = [DeviceKeys(connection).issue(number, **valid).key for number in (1, 2)]
        own = Communities(connection).get_or_create("fontana", tz="America/Los_Angeles").community_id
        other = Communities(connection).get_or_create("other", tz="Europe/Rome").community_id
        readers = [
            ReaderKeys(connection).issue(community, "test", frozenset(scopes), **valid).key
            for community, scopes in ((own, {READ}), (own, {IMPORT}), (other, {READ, IMPORT}))
        ]
    intake = ReceivingIntake(database)
    dry_runs: list[tuple[str, bytes]] = []

    def dry_run(flow_name: str, path: Path, now_ms: int) -> Mapping[str, Any]:
        dry_runs.append((flow_name, path.read_bytes()))
        return {"state": "would_be_done", "now_ms": now_ms}

    tokens = StaticTokens()
    context = ApiContext(
        database, vault, tokens, intake, dry_run, tmp_path, FRONT, b"throw-away", clock=lambda: RECEIPT_MS
    )
    with TestClient(create_app(context), raise_server_exceptions=False) as client:
        yield Server(client, context, intake, database, *devices, *readers, dry_runs)
    database.close()


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    """Two communities with a person in every role."""
    opened = open_world(database_url, tmp_path)
    yield opened
    close_world(opened)
