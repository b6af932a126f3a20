"""Law 4: everything that was received, replayed into an empty database, gives the same tables."""

import json
from pathlib import Path
from typing import Any

import pytest

from gettone.db.engine import Database
from gettone.db.repositories.batches import Batches
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.keys import REJECTS, Keys
from gettone.errors import Conflict, InputError, MissingInput
from gettone.metering.flow import FlowConfig
from gettone.vault import Vault, unseal
from oracle.intake import Intake, open_intake
from oracle.rejects import accept_rejects, correct_rejects, list_rejects
from oracle.replay import replay_into
from tests.factories.metering import FLOW, RECEIPT_MS, START_S, contents, register, write_readings

pytestmark = pytest.mark.database


@pytest.fixture
def intake(database: Database, vault: Vault, tmp_path: Path) -> Intake:
    """A community with batches that add, correct, are held, refused in part, fail as a whole and come twice."""
    register(database, vault)
    made = open_intake(database, vault, tmp_path / "lake")
    plain = [("home01", START_S + 3600 * hour, hour) for hour in range(10)]
    corrected = [("home01", START_S + 3600 * hour, 5) for hour in range(5, 15)]
    spoilt = [*plain, ("home02", START_S, "x"), ("home02", START_S + 3600, 10**6), ("gone", START_S, 1)]
    for at, rows in enumerate((plain, corrected, spoilt, [("home01", START_S, "?")], plain)):
        path = write_readings(tmp_path / f"{at}.csv", rows)
        made.process(made.receive(FLOW, path, received_at_ms=RECEIPT_MS + at).batch_id, now_ms=RECEIPT_MS + at)
    return made


def clear_tables(database: Database, vault: Vault) -> dict[str, Any]:
    """Readings, versions, and refused rows with their texts in clear."""
    tables: dict[str, Any] = dict(contents(database, "readings", "reading_versions"))
    with database.write() as connection:
        key, batches = Keys(connection, vault).platform_key(REJECTS), Batches(connection)
        tables["rejects"] = [
            (
                *(one.batch_id, row.row_no, row.code, row.field, row.parked_until),
                unseal(key, row.raw, ("reject", one.batch_id, row.row_no)),
            )
            for one in batches.all()
            for row in batches.rejects(one.batch_id)
        ]
    return tables


def test_replay_into__empty_database__gives_the_same_readings_versions_and_rejects(
    intake: Intake, replica: Database
) -> None:
    with intake.database.write() as connection:
        # What is registered now must not matter: the batches are judged by what was registered then.
        Flows(connection).set_config(FLOW, FlowConfig(unit="kWh"), now_ms=RECEIPT_MS + 9)
    assert replay_into(intake, replica) == 3
    assert clear_tables(replica, intake.vault) == clear_tables(intake.database, intake.vault)
    with pytest.raises(Conflict) as refusal:
        replay_into(intake, replica)
    assert refusal.value.code == "target_not_empty"


def test_list_rejects__refused_rows__are_readable_and_can_be_closed(intake: Intake) -> None:
    found = list_rejects(intake)
    assert [(one.batch_id, one.code) for one in found] == [(3, "R_SYNTAX"), (3, "R_UNKNOWN")]
    assert "x" in found[0].text
    assert accept_rejects(intake, 3, [found[0].row]) == 1
    assert [one.code for one in list_rejects(intake)] == ["R_UNKNOWN"]
    assert [one.state for one in list_rejects(intake, 3)] == ["accepted", "open"]
    with pytest.raises(MissingInput):
        list_rejects(intake, 99)


def test_correct_rejects__file_of_mended_rows__is_a_batch_of_its_own(intake: Intake, tmp_path: Path) -> None:
    row = list_rejects(intake)[0].row
    mended = write_readings(tmp_path / "mended.csv", [("home02", START_S, 7)])
    with pytest.raises(InputError) as refusal:
        correct_rejects(intake, 3, mended, rows=[row, 999], now_ms=RECEIPT_MS + 50)
    assert refusal.value.code == "reject_unknown"
    outcome = correct_rejects(intake, 3, mended, rows=[row], now_ms=RECEIPT_MS + 50)
    assert (outcome.state, outcome.counters["rows_new"]) == ("done", 1)
    with intake.database.read() as connection:
        assert Batches(connection).get([outcome.batch_id])[outcome.batch_id].derived_from == 3
    assert [one.state for one in list_rejects(intake, 3)] == ["fixed", "open"]


def test_reports__of_all_batches__hold_no_name_of_a_device(intake: Intake) -> None:
    with intake.database.read() as connection:
        reports = [json.loads(one.report) for one in Batches(connection).all()]
    assert len(reports) == 5
    assert not [one for one in reports if "home0" in json.dumps(one) or "gone" in json.dumps(one)]
