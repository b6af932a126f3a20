"""`gettone prices` and `gettone weather`."""

import json
import secrets
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from gettone.db.engine import Database
from gettone.db.repositories.flows import Flows
from gettone.errors import InputError
from gettone.metering.flow import FlowConfig
from tests.factories.price_files import market_file

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def _settings(database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = tmp_path / "kek"
    key.write_text(secrets.token_hex(32))
    key.chmod(0o600)
    monkeypatch.setenv("GETTONE_DATABASE_URL", database_url)
    monkeypatch.setenv("GETTONE_KEK_FILE", str(key))
    monkeypatch.chdir(tmp_path)
    prices = FlowConfig(syntax="price_xml", decimal=",", separator=";", options=(("kind", "actual"),))
    with database.write() as connection:
        Flows(connection).get_or_create("market", prices)
        Flows(connection).get_or_create("weather", FlowConfig(syntax="weather_csv"))


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def test_prices__imported_then_repeated__say_what_they_did() -> None:
    Path("p.xml").write_text(market_file("20260601", ["1"] * 24, zones=("NORD",)))
    assert "batch 1: done, new 24" in run("prices", "import", "p.xml", "--flow", "market").stdout
    again = json.loads(run("prices", "import", "p.xml", "--flow", "market", "--json").stdout)
    assert (again["state"], again["codes"]) == ("duplicate", {"F_DUP": 1})
    assert "24 prices repeated" in run("prices", "forecast", "2026-06-02").stdout


def test_prices__no_day__is_refused() -> None:
    assert isinstance(run("prices", "forecast", "tomorrow").exception, InputError)


def test_weather__unknown_station__waits_for_its_registration() -> None:
    Path("w.csv").write_text("station,timestamp,signal,value\nhill,2026-03-29T00:00:00Z,irradiance,1\n")
    assert "batch 1: parked, R_UNKNOWN 1" in run("weather", "import", "w.csv", "--flow", "weather").stdout


def test_source_test__file_of_prices__is_judged_and_not_stored() -> None:
    config = json.loads(FlowConfig(syntax="price_xml", decimal=",", separator=";").to_json())
    document = {"flow": "drop", "supplier": "operator", "transport": "triage", "send_period_s": 86_400}
    options = {"options": {"kind": "actual"}}
    Path("drop.json").write_text(json.dumps(document | {"config": config | options}))
    Path("p.xml").write_text(market_file("20260601", ["1"] * 24, zones=("NORD",)))
    run("source", "add", "drop.json")
    judged = json.loads(run("source", "test", "drop", "p.xml", "--json").stdout)["file"]
    assert (judged["state"], judged["counters"]["rows_new"]) == ("would_be_done", 24)
    assert "batch 1:" in run("prices", "import", "p.xml", "--flow", "drop").stdout


def test_prices__unusable_file__is_refused_with_the_number_of_its_batch() -> None:
    Path("p.xml").write_text("sorry")
    refusal = run("prices", "import", "p.xml", "--flow", "market").exception
    assert isinstance(refusal, InputError)
    assert (refusal.code, "batch 1" in refusal.message, "F_SCHEMA" in refusal.message) == ("file_rejected", True, True)
