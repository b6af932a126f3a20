"""Edits by two persons on both databases: the readings, the batch, its leaves, its lake file, and replays of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from gettone.db.engine import Database
from gettone.db.partitions import ensure_partitions
from gettone.db.repositories.batches import Batches, BatchRow, Counters
from gettone.db.repositories.edits import EditRow, Edits
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.ingest_log import IngestLog
from gettone.db.repositories.readings import Readings
from gettone.db.tables import Anomaly, Gate, Reading, ReadingVersion, Settlement
from gettone.errors import Conflict, InputError, MissingInput, Refused
from gettone.lake import Lake
from gettone.metering.edits.approval import Action
from gettone.metering.rules.versions import NewReading, NewVersion
from gettone.notary.ingest_leaf import Leaf, LeafKind
from gettone.vault import Vault
from oracle.quality.editing import Wanted, approve_edit, edit_payload, propose_edit, refuse_edit
from tests.factories.metering import FLOW, RECEIPT_MS, START_SLOT, RegisteredCommunity, contents, register

NOW_MS = RECEIPT_MS + 1000
TABLES = ("batches", "readings", "reading_versions", "ingest_log", "edits", "anomalies", "gates")


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake", bytes(range(32)))


@pytest.fixture
def community(database: Database, vault: Vault) -> RegisteredCommunity:
    """Two hours measured, of which the second also waits with another value; a third hour only waits."""
    found = register(database, vault)
    channel_id = found.channel_ids[0]
    with database.ingest() as connection:
        flow = Flows(connection).get(FLOW)
        Batches(connection).add(BatchRow(1, flow.flow_id, b"\x01" * 32, 9, RECEIPT_MS, "done", Counters(), "{}"))
        ensure_partitions(connection, START_SLOT, START_SLOT + 8)
        readings = Readings(connection)
        readings.add([NewReading(channel_id, START_SLOT + 4 * at, 500 + at, 1, 10, 1, 1) for at in (0, 1)])
        readings.add_versions([NewVersion(channel_id, START_SLOT + 4, 2, 9_000, 1, 10, 1, "quarantined")])
        readings.add_versions([NewVersion(channel_id, START_SLOT + 8, 1, 9_100, 1, 10, 1, "quarantined")])
    return found


def wanted(found: RegisteredCommunity, action: Action, hours: Sequence[int], **changes: Any) -> Wanted:
    first, last = START_SLOT + 4 * hours[0], START_SLOT + 4 * (hours[-1] + 1)
    return Wanted(found.channel_ids[0], action, first, last, 4, "read on site", **changes)


def proposed(database: Database, what: Wanted) -> EditRow:
    return propose_edit(database, what, operator="a.rossi", now_ms=NOW_MS)


def approved(database: Database, lake: Lake, what: Wanted) -> EditRow:
    row = proposed(database, what)
    return approve_edit(database, lake, row.edit_id, operator="b.verdi", now_ms=NOW_MS)


def current(database: Database, hour: int) -> tuple[int, int, int] | None:
    query = select(Reading.wh, Reading.quality, Reading.rank).where(Reading.slot == START_SLOT + 4 * hour)
    with database.read() as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


def states(database: Database) -> set[tuple[int, int, str]]:
    query = select(ReadingVersion.slot, ReadingVersion.version, ReadingVersion.state)
    with database.read() as connection:
        return {((row[0] - START_SLOT) // 4, row[1], row[2]) for row in connection.execute(query)}


def test_propose_edit__alone__changes_no_reading(database: Database, community: RegisteredCommunity) -> None:
    before = contents(database, "readings", "reading_versions", "batches", "ingest_log")
    row = proposed(database, wanted(community, Action.ACCEPT, [2]))
    assert row.state == "proposed"
    assert contents(database, "readings", "reading_versions", "batches", "ingest_log") == before


def test_approve_edit__accept__is_quality_1_with_its_rank(
    database: Database, lake: Lake, community: RegisteredCommunity
) -> None:
    approved(database, lake, wanted(community, Action.ACCEPT, [2]))
    assert current(database, 2) == (9_100, 1, 10)
    assert (2, 1, "accepted") in states(database)


def test_approve_edit__refuse__answers_and_leaves_the_slot(
    database: Database, lake: Lake, community: RegisteredCommunity
) -> None:
    approved(database, lake, wanted(community, Action.REFUSE, [1, 2]))
    assert (current(database, 1), current(database, 2)) == ((501, 1, 10), None)
    assert states(database) == {(1, 2, "refused"), (2, 1, "refused")}


def test_approve_edit__withdraw__is_missing_and_keeps_the_value(
    database: Database, lake: Lake, community: RegisteredCommunity
) -> None:
    approved(database, lake, wanted(community, Action.WITHDRAW, [0]))
    assert current(database, 0) == (0, 0, 10)
    assert (0, 1, "superseded") in states(database)


def test_approve_edit__substitute__is_quality_4(database: Database, lake: Lake, community: RegisteredCommunity) -> None:
    approved(database, lake, wanted(community, Action.SUBSTITUTE, [0, 1], typed_wh=[420, 430]))
    assert (current(database, 0), current(database, 1)) == ((420, 4, 10), (430, 4, 10))


def test_approve_edit__any__is_a_batch_with_two_leaves_and_its_bytes(
    database: Database, lake: Lake, community: RegisteredCommunity
) -> None:
    row = approved(database, lake, wanted(community, Action.SUBSTITUTE, [0, 1], typed_wh=[420, 430]))
    with database.read() as connection:
        batch = Batches(connection).get([row.batch_id or 0])[row.batch_id or 0]
        leaves = [IngestLog(connection).get(index) for index in (batch.received_leaf, batch.outcome_leaf)]
    assert (batch.state, batch.merge_no, batch.counters) == ("done", 2, Counters(rows_changed=2))
    assert [one.kind for one in leaves] == [LeafKind.RECEIVED, LeafKind.OUTCOME]
    assert Leaf.of_preimage(leaves[0].preimage or b"").source_class == 6
    assert lake.read(batch.sha256 or b"") == edit_payload(row, "b.verdi")


def test_approve_edit__by_the_proposer__is_refused(
    database: Database, lake: Lake, community: RegisteredCommunity
) -> None:
    row = proposed(database, wanted(community, Action.ACCEPT, [2]))
    before = contents(database, *TABLES)
    with pytest.raises(Refused, match="another person"):
        approve_edit(database, lake, row.edit_id, operator="a.rossi", now_ms=NOW_MS)
    assert contents(database, *TABLES) == before


def test_approve_edit__again__changes_nothing(database: Database, lake: Lake, community: RegisteredCommunity) -> None:
    row = approved(database, lake, wanted(community, Action.ACCEPT, [2]))
    before = contents(database, *TABLES)
    assert approve_edit(database, lake, row.edit_id, operator="b.verdi", now_ms=NOW_MS + 1) == row
    assert contents(database, *TABLES) == before


def test_approve_edit__killed_before_the_commit__leaves_nothing_and_runs_again(
    database: Database, lake: Lake, community: RegisteredCommunity, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = proposed(database, wanted(community, Action.ACCEPT, [2]))
    before = contents(database, *TABLES)
    with monkeypatch.context() as patch:
        patch.setattr(Edits, "decide", _killed)
        with pytest.raises(KeyboardInterrupt):
            approve_edit(database, lake, row.edit_id, operator="b.verdi", now_ms=NOW_MS)
    assert contents(database, *TABLES) == before
    approve_edit(database, lake, row.edit_id, operator="b.verdi", now_ms=NOW_MS)
    assert current(database, 2) == (9_100, 1, 10)


def _killed(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


def test_approve_edit__slot_changed_meanwhile__is_stale_and_changes_nothing(
    database: Database, lake: Lake, community: RegisteredCommunity
) -> None:
    row = proposed(database, wanted(community, Action.WITHDRAW, [0]))
    approved(database, lake, wanted(community, Action.SUBSTITUTE, [0], typed_wh=[420]))
    before = contents(database, *TABLES)
    with pytest.raises(Conflict, match="changed since"):
        approve_edit(database, lake, row.edit_id, operator="b.verdi", now_ms=NOW_MS)
    assert contents(database, *TABLES) == before


def test_refuse_edit__by_another_person__ends_the_proposal(
    database: Database, lake: Lake, community: RegisteredCommunity
) -> None:
    row = proposed(database, wanted(community, Action.ACCEPT, [2]))
    with pytest.raises(Refused, match="another person"):
        refuse_edit(database, row.edit_id, operator="a.rossi", now_ms=NOW_MS)
    refuse_edit(database, row.edit_id, operator="b.verdi", now_ms=NOW_MS)
    with pytest.raises(Conflict, match="refused already"):
        approve_edit(database, lake, row.edit_id, operator="c.bianchi", now_ms=NOW_MS)
    assert current(database, 2) is None


def test_approve_edit__unknown__is_refused(database: Database, lake: Lake) -> None:
    with pytest.raises(MissingInput, match="no edit 7"):
        approve_edit(database, lake, 7, operator="b.verdi", now_ms=NOW_MS)


def test_propose_edit__range_without_a_slot__is_refused(database: Database, community: RegisteredCommunity) -> None:
    empty = Wanted(community.channel_ids[0], Action.WITHDRAW, START_SLOT, START_SLOT, 4, "read on site")
    with pytest.raises(InputError, match="no slot"):
        proposed(database, empty)


def test_as_of__before_the_edit__still_reads_what_was_current(
    database: Database, lake: Lake, community: RegisteredCommunity
) -> None:
    approved(database, lake, wanted(community, Action.WITHDRAW, [0]))
    approved(database, lake, wanted(community, Action.ACCEPT, [2]))
    with database.read() as connection:
        readings = Readings(connection)
        found = [readings.as_of(community.channels[:1], START_SLOT, START_SLOT + 12, cut)[0] for cut in (1, 3)]
    assert [[(one.wh, one.quality) for one in part.readings] for part in found] == [
        [(500, 1), (501, 1)],
        [(0, 0), (501, 1), (9_100, 1)],
    ]


def freeze(connection: Any, found: RegisteredCommunity, revision: int = 0) -> None:
    text = dict.fromkeys(["model_json", "allocations_json", "slot_totals_json", "community_json"], "{}")
    units = dict.fromkeys(["carry_in_units", "carried_over_units", "entitlement_units", "total_units"], 0)
    bounds = {"period_start_s": START_SLOT * 900, "period_end_s": (START_SLOT + 96) * 900, "timezone": "UTC"}
    gate = {"gate_report_json": "{}", "gate_report_sha256": bytes(32), "result_digest": "", "freeze_batch": 1}
    key = {"community_id": found.community_id, "period_index": 0, "revision": revision, "model_version": 1}
    values = text | units | bounds | gate | key
    connection.execute(insert(Settlement).values(**values, state="computing", computed_at=RECEIPT_MS))


def test_approve_edit__in_a_frozen_period__is_late_and_wants_one_revision(
    database: Database, lake: Lake, community: RegisteredCommunity
) -> None:
    with database.write() as connection:
        freeze(connection, community)
    approved(database, lake, wanted(community, Action.WITHDRAW, [0]))
    approved(database, lake, wanted(community, Action.WITHDRAW, [1]))
    with database.read() as connection:
        found = connection.execute(select(Anomaly.code, Anomaly.first_slot, Anomaly.last_slot, Anomaly.count)).all()
        gates = connection.execute(select(Gate.period_index, Gate.revision, Gate.state)).all()
    assert [tuple(one) for one in found] == [("L_LATE", START_SLOT, START_SLOT + 4, 2)]
    assert [tuple(one) for one in gates] == [(0, 1, "open")]


def test_approve_edit__refusal_in_a_frozen_period__is_not_late(
    database: Database, lake: Lake, community: RegisteredCommunity
) -> None:
    with database.write() as connection:
        freeze(connection, community)
    approved(database, lake, wanted(community, Action.REFUSE, [2]))
    with database.read() as connection:
        assert "L_LATE" not in connection.execute(select(Anomaly.code)).scalars().all()


def test_approve_edit__value_kept_beside__is_not_late(
    database: Database, lake: Lake, community: RegisteredCommunity
) -> None:
    with database.write() as connection:
        freeze(connection, community)
        connection.exec_driver_sql(f"UPDATE readings SET rank = 50 WHERE slot = {START_SLOT + 4}")
    approved(database, lake, wanted(community, Action.ACCEPT, [1]))
    assert current(database, 1) == (501, 1, 50)
    with database.read() as connection:
        assert "L_LATE" not in connection.execute(select(Anomaly.code)).scalars().all()
