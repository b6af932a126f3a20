"""Rule V20 through the intake, and an edit replayed by it."""

from pathlib import Path

import pytest
from sqlalchemy import insert, select

from gettone.db.engine import Database
from gettone.db.repositories.batches import Batches
from gettone.db.tables import Anomaly, Batch, Gate, ReadingVersion, Settlement
from gettone.lake import Lake
from gettone.metering.edits.approval import Action
from gettone.vault import Vault
from oracle.intake import Intake, open_lake
from oracle.quality.editing import Wanted, approve_edit, propose_edit
from tests.factories.metering import FLOW, RECEIPT_MS, START_S, START_SLOT, RegisteredCommunity, contents, register

HEADER = "device,timestamp_utc,interval_s,energy_wh\n"


@pytest.fixture
def lake(database: Database, vault: Vault, tmp_path: Path) -> Lake:
    return open_lake(database, vault, tmp_path / "lake")


@pytest.fixture
def community(database: Database, vault: Vault) -> RegisteredCommunity:
    return register(database, vault)


def receive(intake: Intake, wh: int, hour: int = 0, later_ms: int = 0) -> None:
    text = HEADER + f"home01,2016-09-01T{hour:02}:00:00Z,3600,{wh}\n"
    receipt = intake.receive(FLOW, text.encode(), received_at_ms=RECEIPT_MS + later_ms)
    assert intake.process(receipt.batch_id, now_ms=RECEIPT_MS + later_ms).state == "done"


def freeze(database: Database, found: RegisteredCommunity) -> None:
    text = dict.fromkeys(["model_json", "allocations_json", "slot_totals_json", "community_json"], "{}")
    units = dict.fromkeys(["carry_in_units", "carried_over_units", "entitlement_units", "total_units"], 0)
    bounds = {"period_start_s": START_S, "period_end_s": START_S + 86_400, "timezone": "UTC", "result_digest": ""}
    gate = {"gate_report_json": "{}", "gate_report_sha256": bytes(32), "freeze_batch": 1, "model_version": 1}
    key = {"community_id": found.community_id, "period_index": 4, "revision": 0, "state": "closed"}
    with database.write() as connection:
        connection.execute(insert(Settlement).values(**text, **units, **bounds, **gate, **key, computed_at=RECEIPT_MS))


def late(database: Database) -> list[tuple[int, int]]:
    with database.read() as connection:
        query = select(Anomaly.channel_id, Anomaly.count).where(Anomaly.code == "L_LATE")
        return [(row[0], row[1]) for row in connection.execute(query)]


def test_process__correction_of_a_frozen_period__is_late_and_wants_a_revision(
    database: Database, vault: Vault, lake: Lake, community: RegisteredCommunity
) -> None:
    intake = Intake(database, vault, lake)
    receive(intake, 500)
    freeze(database, community)
    receive(intake, 510, later_ms=1000)
    receive(intake, 300, hour=23, later_ms=2000)
    assert late(database) == [(community.channel_ids[0], 2)]
    with database.read() as connection:
        wanted = connection.execute(select(Gate.period_index, Gate.revision, Gate.state)).all()
    assert [tuple(one) for one in wanted] == [(4, 1, "open")]


def test_process__equal_value_again__is_not_late(
    database: Database, vault: Vault, lake: Lake, community: RegisteredCommunity
) -> None:
    intake = Intake(database, vault, lake)
    receive(intake, 500)
    freeze(database, community)
    text = HEADER + "home01,2016-09-01T00:00:00Z,3600,500\n\n"
    receipt = intake.receive(FLOW, text.encode(), received_at_ms=RECEIPT_MS + 1000)
    intake.process(receipt.batch_id, now_ms=RECEIPT_MS + 1000)
    assert late(database) == []


def test_process__edit_received_again_as_a_batch__writes_the_same_rows(
    database: Database, vault: Vault, lake: Lake, community: RegisteredCommunity
) -> None:
    """A replay runs the batch of an edit through the intake: the readings are those of the approval."""
    intake = Intake(database, vault, lake)
    receive(intake, 500)
    before = contents(database, "readings", "reading_versions")
    wanted = Wanted(community.channel_ids[0], Action.WITHDRAW, START_SLOT, START_SLOT + 4, 4, "read on site")
    row = propose_edit(database, wanted, operator="a.rossi", now_ms=RECEIPT_MS)
    row = approve_edit(database, lake, row.edit_id, operator="b.verdi", now_ms=RECEIPT_MS)
    after = contents(database, "readings", "reading_versions")
    with database.write() as connection:
        connection.exec_driver_sql("DELETE FROM reading_versions WHERE state = 'superseded'")
        connection.exec_driver_sql("UPDATE readings SET wh = 500, quality = 1, version = 1, batch_id = 1")
        reset = {"state": "received", "merge_no": None, "outcome_leaf": None}
        connection.execute(Batch.__table__.update().where(Batch.batch_id == row.batch_id).values(**reset))
    assert contents(database, "readings", "reading_versions") == before
    assert intake.process(row.batch_id or 0, now_ms=RECEIPT_MS).state == "done"
    assert contents(database, "readings", "reading_versions") == after
    with database.read() as connection:
        assert Batches(connection).highest() == 2


@pytest.mark.parametrize("action", [Action.ACCEPT, Action.REFUSE])
def test_process__value_a_person_decided_on__is_not_put_to_a_person_again(
    database: Database, vault: Vault, lake: Lake, community: RegisteredCommunity, action: Action
) -> None:
    intake = Intake(database, vault, lake)
    receive(intake, 99_000)
    wanted = Wanted(community.channel_ids[0], action, START_SLOT, START_SLOT + 4, 4, "read on site")
    row = propose_edit(database, wanted, operator="a.rossi", now_ms=RECEIPT_MS)
    approve_edit(database, lake, row.edit_id, operator="b.verdi", now_ms=RECEIPT_MS)
    text = HEADER + "home01,2016-09-01T00:00:00Z,3600,99000\nhome01,2016-09-01T01:00:00Z,3600,1\n"
    receipt = intake.receive(FLOW, text.encode(), received_at_ms=RECEIPT_MS + 1000)
    intake.process(receipt.batch_id, now_ms=RECEIPT_MS + 1000)
    with database.read() as connection:
        states = connection.execute(select(ReadingVersion.state)).scalars().all()
    assert states == ["accepted" if action is Action.ACCEPT else "refused"]
