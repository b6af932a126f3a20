"""A registry file in the database: once, again, with additions, and refused where it contradicts."""

import json
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from gettone.db.engine import Database
from gettone.db.repositories.positions import Positions
from gettone.errors import Conflict, InputError
from gettone.generator.community import Plan
from gettone.generator.files.sources import SOURCES
from gettone.generator.generation import registry_of
from gettone.metering.flow import FlowConfig
from gettone.metering.map_grid import Position
from gettone.registration.document import RegistryDocument
from gettone.types import Direction
from gettone.vault import Vault
from oracle.load_registry import load_registry_file
from tests.factories.metering import contents

pytestmark = pytest.mark.database

TABLES = (
    "communities",
    "users_communities",
    "member_intervals",
    "devices",
    "channels",
    "device_members",
    "device_contracts",
    "flows",
    "flows_devices",
)
PLAN = Plan(4, date(2026, 3, 1), 1, "demo-1", pv_permille=600)


@pytest.fixture
def document() -> RegistryDocument:
    return registry_of(PLAN, SOURCES)


def test_load_registry__again__changes_nothing(database: Database, vault: Vault, document: RegistryDocument) -> None:
    first = load_registry_file(database, vault, document)
    before = contents(database, *TABLES)
    second = load_registry_file(database, vault, document)
    assert contents(database, *TABLES) == before
    assert (first.new_members, first.new_devices) == (4, len(document.devices))
    assert (second.new_members, second.new_devices) == (0, 0)


def test_load_registry__more_homes__are_added(database: Database, vault: Vault, document: RegistryDocument) -> None:
    load_registry_file(database, vault, document)
    larger = registry_of(replace(PLAN, homes=6), SOURCES)
    assert load_registry_file(database, vault, larger).new_members == 2


def test_load_registry__membership__may_end_once(database: Database, vault: Vault, document: RegistryDocument) -> None:
    load_registry_file(database, vault, document)
    ended = replace(document, members=tuple(replace(one, until=date(2026, 9, 1)) for one in document.members))
    load_registry_file(database, vault, ended)
    with pytest.raises(Conflict, match="ended already"):
        load_registry_file(database, vault, document)


def changed_flow(document: RegistryDocument) -> RegistryDocument:
    return replace(document, flows=(replace(document.flows[0], config=FlowConfig(source_class=1)), *document.flows[1:]))


def changed_contract(document: RegistryDocument) -> RegistryDocument:
    return replace(document, devices=(replace(document.devices[0], contract_w=1), *document.devices[1:]))


def changed_holder(document: RegistryDocument) -> RegistryDocument:
    other = document.members[1].member_id
    return replace(document, devices=(replace(document.devices[0], holder=other), *document.devices[1:]))


def changed_kind(document: RegistryDocument) -> RegistryDocument:
    return replace(document, members=(replace(document.members[0], kind="system"), *document.members[1:]))


@pytest.mark.parametrize("change", [changed_flow, changed_contract, changed_holder, changed_kind])
def test_load_registry__contradiction__is_refused_and_changes_nothing(
    database: Database, vault: Vault, document: RegistryDocument, change: Callable[[RegistryDocument], RegistryDocument]
) -> None:
    load_registry_file(database, vault, document)
    before = contents(database, *TABLES)
    with pytest.raises(Conflict):
        load_registry_file(database, vault, change(document))
    assert contents(database, *TABLES) == before


def test_load_registry__registers__are_entered_once(
    database: Database, vault: Vault, document: RegistryDocument
) -> None:
    change = (Direction.WITHDRAWAL, datetime(2026, 3, 5, 10, tzinfo=UTC), 12_345_750, 10)
    meter = replace(document.devices[0], digits=6, meter_changes=(change,))
    for _ in range(2):
        load_registry_file(database, vault, replace(document, devices=(meter, *document.devices[1:])))
    assert contents(database, "meter_changes")["meter_changes"] == [(1, 1_772_704_800_000, 12_345_750, 10)]
    with pytest.raises(Conflict, match="6 digits, not 7"):
        load_registry_file(database, vault, replace(document, devices=(replace(meter, digits=7),)))


def test_load_registry__position__is_sealed_and_follows_the_newest_file(
    database: Database, vault: Vault, document: RegistryDocument
) -> None:
    for geo in ("41.9028, 12.4964", "45.4642, 9.19"):
        located = replace(document.devices[0], geo=geo)
        load_registry_file(database, vault, replace(document, devices=(located, *document.devices[1:])))
    with database.read() as connection:
        assert Positions(connection, vault).of([1]) == {1: Position(45_464_200, 9_190_000)}


def test_load_registry__position_twice__changes_nothing(
    database: Database, vault: Vault, document: RegistryDocument
) -> None:
    located = replace(document, devices=(replace(document.devices[0], geo="41.9028, 12.4964"),))
    load_registry_file(database, vault, located)
    before = contents(database, *TABLES)
    load_registry_file(database, vault, located)
    assert contents(database, *TABLES) == before


def test_load_registry__unknown_use__is_refused(database: Database, vault: Vault, document: RegistryDocument) -> None:
    wrong = replace(document.devices[0], use_type="palace")
    with pytest.raises(InputError, match="palace"):
        load_registry_file(database, vault, replace(document, devices=(wrong,)))


def test_load_registry__unknown_kind__is_refused(database: Database, vault: Vault, document: RegistryDocument) -> None:
    wrong = replace(document, members=(replace(document.members[0], kind="king"),))
    with pytest.raises(InputError, match="king"):
        load_registry_file(database, vault, replace(wrong, devices=()))


def test_commands__generate_and_load__say_what_they_did(database_url: str, tmp_path: Path) -> None:
    kek = tmp_path / "kek"
    kek.write_text(secrets.token_hex(32), encoding="ascii")
    kek.chmod(0o600)
    settings = {"GETTONE_DATABASE_URL": database_url, "GETTONE_KEK_FILE": str(kek)}

    def run(*words: str) -> str:
        return CliRunner().invoke(app, list(words), env=settings, catch_exceptions=False).stdout

    folder = tmp_path / "out"
    made = run(
        "generate", "community", "--homes", "3", "--days", "1", "--out", str(folder), "--source", "messages", "--json"
    )
    assert [one["flow"] for one in json.loads(made)["files"]] == ["generated-messages"]
    loaded = json.loads(run("db", "load-registry", str(folder / "registry.toml"), "--json"))
    assert (loaded["members"], loaded["new_members"]) == (3, 3)
