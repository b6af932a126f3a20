"""`gettone db`, `gettone readings` and `gettone config`, with their exit statuses."""

import json
import secrets
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from cli.main import app
from gettone.db import schema
from gettone.db.engine import Database
from gettone.errors import GettoneError
from gettone.vault import Vault
from tests.factories.metering import START_S, contents, register, write_readings

pytestmark = pytest.mark.database


def run(settings: dict[str, str], *words: str) -> Result:
    return CliRunner().invoke(app, list(words), env=settings)


def status_of(result: Result) -> int:
    """The exit status `gettone` ends with."""
    if isinstance(result.exception, GettoneError):
        return result.exception.exit_status
    return result.exit_code


def settings_of(database_url: str, tmp_path: Path) -> dict[str, str]:
    """The settings of an installation with a key of its own."""
    kek = tmp_path / "kek"
    kek.write_text(secrets.token_hex(32), encoding="ascii")
    kek.chmod(0o600)
    return {
        "GETTONE_DATABASE_URL": database_url,
        "GETTONE_KEK_FILE": str(kek),
        "GETTONE_LAKE_DIR": str(tmp_path / "lake"),
    }


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> dict[str, str]:
    return settings_of(database_url, tmp_path)


@pytest.fixture
def new_settings(empty_database_url: str, tmp_path: Path) -> dict[str, str]:
    """Those of an installation whose database is empty."""
    return settings_of(empty_database_url, tmp_path)


def test_db__upgrade_current_check__agree(new_settings: dict[str, str]) -> None:
    assert status_of(run(new_settings, "db", "upgrade", "0002")) == 0
    assert json.loads(run(new_settings, "db", "current", "--json").stdout)["revision"] == "0002"
    assert status_of(run(new_settings, "db", "check")) == 3
    assert json.loads(run(new_settings, "db", "upgrade", "--json").stdout)["revision"] == schema.head()
    assert json.loads(run(new_settings, "db", "check", "--json").stdout)["differences"] == []


def test_readings_import__file_then_again__changes_once(settings: dict[str, str], tmp_path: Path) -> None:
    database = Database(settings["GETTONE_DATABASE_URL"])
    register(database, Vault.from_file(Path(settings["GETTONE_KEK_FILE"])))
    # The program takes its own clock here, so the readings must be of a recent year.
    start_s = 1_780_000_000 // 3600 * 3600
    path = write_readings(tmp_path / "a.csv", [("home01", start_s + 3600 * hour, hour) for hour in range(5)])
    words = ("readings", "import", str(path), "--flow", "upload", "--json")
    dry = json.loads(run(settings, *words, "--dry-run").stdout)
    assert (dry["state"], dry["counters"]["rows_new"]) == ("would_be_done", 5)
    done = json.loads(run(settings, *words).stdout)
    assert (done["state"], done["counters"]["rows_new"], done["batch_id"]) == ("done", 5, 1)
    assert json.loads(run(settings, *words).stdout)["state"] == "duplicate"
    assert len(contents(database)["readings"]) == 5
    database.close()


def test_readings_import__too_old_for_the_clock__ends_with_2(settings: dict[str, str], tmp_path: Path) -> None:
    database = Database(settings["GETTONE_DATABASE_URL"])
    register(database, Vault.from_file(Path(settings["GETTONE_KEK_FILE"])))
    database.close()
    path = write_readings(tmp_path / "a.csv", [("home01", START_S, 1)])
    words = ("readings", "import", str(path), "--flow", "upload")
    assert status_of(run(settings, *words)) == 2
    assert status_of(run(settings, *words, "--dry-run")) == 2
    assert status_of(run(settings, *words, "--accept-rejects")) == 2


def test_readings_import__no_database_or_no_key__ends_with_3(new_settings: dict[str, str], tmp_path: Path) -> None:
    path = write_readings(tmp_path / "a.csv", [("home01", START_S, 1)])
    words = ("readings", "import", str(path), "--flow", "upload")
    assert status_of(run(new_settings, *words)) == 3
    assert status_of(run(new_settings | {"GETTONE_KEK_FILE": str(tmp_path / "none")}, *words)) == 3
    assert status_of(run(new_settings | {"GETTONE_KEK_FILE": ""}, *words)) == 3


def test_config_check__missing_then_unsafe__ends_with_3_then_6(settings: dict[str, str]) -> None:
    missing = run(settings, "config", "check", "--json")
    assert status_of(missing) == 3
    assert "GETTONE_RPC_URL" in json.loads(missing.stdout)["missing"]
    Path(settings["GETTONE_KEK_FILE"]).chmod(0o644)
    unsafe = run(settings, "config", "check", "--json")
    assert status_of(unsafe) == 6
    assert "chmod 600" in json.loads(unsafe.stdout)["unsafe"][0]


def test_config_show__password_of_the_database__is_withheld() -> None:
    shown = run({"GETTONE_DATABASE_URL": "postgresql://gettone:hidden@db/gettone"}, "config", "show")
    assert status_of(shown) == 0
    assert "postgresql+psycopg://gettone:***@db/gettone" in shown.stdout
    assert "hidden" not in shown.output
