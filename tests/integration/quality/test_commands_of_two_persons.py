"""The commands for two persons and for retention, as people type them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.database import db_app
from cli.readings import readings_app
from gettone.db.engine import Database
from gettone.db.partitions import ensure_partitions
from gettone.db.repositories.batches import Batches, BatchRow, Counters
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.readings import Readings
from gettone.errors import Refused
from gettone.metering.rules.versions import NewReading
from gettone.vault import Vault
from tests.factories.metering import FLOW, RECEIPT_MS, START_SLOT, RegisteredCommunity, register

Run = Callable[..., str]


@pytest.fixture
def community(database: Database) -> RegisteredCommunity:
    found = register(database, Vault(bytes(range(32))))
    with database.ingest() as connection:
        flow_id = Flows(connection).get(FLOW).flow_id
        Batches(connection).add(BatchRow(1, flow_id, b"\x01" * 32, 9, RECEIPT_MS, "done", Counters(), "{}"))
        ensure_partitions(connection, START_SLOT, START_SLOT)
        Readings(connection).add([NewReading(found.channel_ids[0], START_SLOT, 500, 1, 10, 1, 1)])
    return found


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, database_url: str, tmp_path: Path) -> Run:
    kek = tmp_path / "kek"
    kek.touch(mode=0o600)
    kek.write_text(bytes(range(32)).hex(), encoding="ascii")
    for name, value in {"DATABASE_URL": database_url, "KEK_FILE": kek, "LAKE_DIR": tmp_path / "lake"}.items():
        monkeypatch.setenv(f"GETTONE_{name}", str(value))
    monkeypatch.setenv("GETTONE_ENVIRONMENT", "demo")

    def command(*arguments: str, app: object = readings_app) -> str:
        done = CliRunner().invoke(app, list(arguments))  # type: ignore[arg-type]
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.stdout

    return command


def test_propose_and_approve__by_two_persons__edit_the_reading(
    run: Run, database: Database, community: RegisteredCommunity
) -> None:
    channel = str(community.channel_ids[0])
    where = ("--channel", channel, "--slots", "2016-09-01T00:00:00Z", "--wh", "420", "--reason", "bill")
    proposed = json.loads(run("propose", "substitute", *where, "--by", "a.rossi", "--json"))
    assert "substitute on channel" in run("proposals")
    with pytest.raises(Refused):
        run("approve", str(proposed["edit_id"]), "--by", "a.rossi")
    assert "merged as batch 2" in run("approve", str(proposed["edit_id"]), "--by", "b.verdi")
    with database.read() as connection:
        found = Readings(connection).current(community.channel_ids, START_SLOT, START_SLOT + 1)
    assert [(one.wh, one.quality) for one in found.values()] == [(420, 4)]
    assert run("proposals") == ""


def test_refuse__by_another_person__changes_nothing(run: Run, community: RegisteredCommunity) -> None:
    where = ("--channel", str(community.channel_ids[0]), "--slots", "2016-09-01T00:00:00Z/2016-09-01T01:00:00Z")
    run("propose", "withdraw", *where, "--by", "a.rossi", "--reason", "wrong meter")
    assert "refused by b.verdi; nothing was changed" in run("refuse", "1", "--by", "b.verdi")


def test_erase__twice_by_two_persons__erases(run: Run, database: Database, community: RegisteredCommunity) -> None:
    who = ("--community", "fontana", "--member", community.members[0].member_id)
    assert "another person" in run("erase", *who, "--by", "a.rossi", "--reason", "letter of 3 May")
    assert "tombstone is leaf 0" in run("erase", *who, "--by", "b.verdi")
    with database.read() as connection:
        assert Readings(connection).current(community.channel_ids, START_SLOT, START_SLOT + 1) == {}


def test_retention__without_apply__changes_nothing(
    run: Run, database: Database, community: RegisteredCommunity
) -> None:
    assert "would delete 1 rows of readings" in run("retention", app=db_app)
    assert json.loads(run("retention", "--apply", "--json", app=db_app))["rows"]["readings"] == 1
    with database.read() as connection:
        assert Readings(connection).current(community.channel_ids, START_SLOT, START_SLOT + 1) == {}
