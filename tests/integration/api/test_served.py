"""The API as `gettone api serve` wires it: a request, the worker, and the readings again."""

import json
import secrets
import time
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from typer.testing import CliRunner

import cli.api
from cli.main import app
from gettone.db.engine import Database
from gettone.errors import MissingInput
from gettone.metering.flow import FlowConfig
from gettone.vault import Vault
from tests.factories.metering import register

pytestmark = [pytest.mark.database, pytest.mark.slow]

START_S = (int(time.time()) // 86_400 - 2) * 86_400


def test_served__request_then_worker__is_read_back_through_the_series(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kek = tmp_path / "kek"
    kek.write_text(secrets.token_hex(32), encoding="ascii")
    kek.chmod(0o600)
    database = Database(database_url)
    register(database, Vault.from_file(kek), step_s=900)
    database.close()
    settings = {"GETTONE_DATABASE_URL": database_url, "GETTONE_KEK_FILE": str(kek)}
    settings |= {"GETTONE_ENVIRONMENT": "demo", "GETTONE_EMBEDDED_IDP_FILE": str(tmp_path / "identity.sqlite")}
    settings |= {"GETTONE_SOURCES_DIR": str(tmp_path / "sources"), "GETTONE_LAKE_DIR": str(tmp_path / "lake")}

    def run(*words: str) -> Any:
        result = CliRunner().invoke(app, list(words), env=settings)
        assert result.exception is None, result.exception
        return json.loads(result.stdout) if "--json" in words else result.stdout

    config = json.loads(FlowConfig(source_class=3, syntax="json", max_reject_permille=1000).to_json())
    source = {"flow": "requests", "supplier": "members", "transport": "rest", "send_period_s": 0}
    (tmp_path / "source.json").write_text(json.dumps(source | {"devices": ["home01"], "config": config}))
    run("source", "add", str(tmp_path / "source.json"))
    writer = run("source", "key", "issue", "--device", "1", "--json")["key"]
    words = (
        "source",
        "key",
        "issue",
        "--community",
        "fontana",
        "--scope",
        "readings:read",
        "--scope",
        "readings:import",
    )
    reader = {"authorization": f"Bearer {run(*words, '--json')['key']}"}
    start = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(START_S))
    end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(START_S + 3600))
    body = {"v": 1, "dir": 0, "from": start, "step": 900, "unit": "kWh", "values": [0.187, 0.0005, None, 204e-3]}
    seen: dict[str, Any] = {}

    def serve(served: FastAPI, **_options: Any) -> None:
        with TestClient(served) as client:
            issuer = client.get("/api/v1/config").json()["issuer"]
            seen["issuers"] = (issuer, client.get(f"{issuer}/.well-known/openid-configuration").json()["issuer"])
            headers = {"authorization": f"Bearer {writer}"}
            seen["taken"] = client.post("/api/v1/ingest/readings", json=body, headers=headers)
            where = seen["taken"].headers["location"]
            seen["before"] = client.get(where, headers=reader).json()["state"]
            run("source", "run", "--once")
            seen["after"] = client.get(where, headers=reader).json()
            seen["series"] = client.get("/api/v1/series/1", params={"from": start, "to": end}, headers=reader).json()
            line = json.dumps(body | {"device": 1, "values": [1, 2, 3, "x"]})
            seen["dry"] = client.post(
                "/api/v1/ingest/files", params={"flow": "requests", "dry_run": True}, content=line, headers=reader
            ).json()

    monkeypatch.setattr(cli.api.uvicorn, "run", serve)
    run("api", "serve")
    assert seen["issuers"] == ("http://127.0.0.1:8000/realms/gettone",) * 2
    assert (seen["taken"].status_code, seen["before"], seen["after"]["state"]) == (202, "received", "done")
    assert (seen["after"]["counters"]["rows_new"], seen["after"]["counters"]["rows_missing"]) == (3, 1)
    assert seen["series"]["wh"] == [187, 0, None, 204]
    assert (seen["dry"]["state"], seen["dry"]["counters"]["rows_rejected"]) == ("would_be_done", 1)


def test_serve__production_without_a_provider__is_refused(database_url: str, tmp_path: Path) -> None:
    settings = {"GETTONE_DATABASE_URL": database_url, "GETTONE_SOURCES_DIR": str(tmp_path)}
    result = CliRunner().invoke(app, ["api", "serve"], env=settings)
    assert (type(result.exception), getattr(result.exception, "code", "")) == (MissingInput, "settings_missing")


def test_serve__demonstration_beyond_loopback__is_refused(database_url: str, tmp_path: Path) -> None:
    settings = {"GETTONE_DATABASE_URL": database_url, "GETTONE_ENVIRONMENT": "demo"}
    result = CliRunner().invoke(app, ["api", "serve", "--host", "0.0.0.0"], env=settings)  # noqa: S104 - is refused
    assert getattr(result.exception, "code", "") == "embedded_provider_unsafe"
