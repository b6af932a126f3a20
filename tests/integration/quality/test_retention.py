"""What is older than its retention goes, after a dry run that changes nothing."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from gettone.db.columns import Base
from gettone.db.engine import Database
from gettone.db.partitions import ensure_partitions
from gettone.db.repositories.batches import Batches, BatchRow, Counters, RejectRow
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.ingest_log import IngestLog
from gettone.db.repositories.readings import Readings
from gettone.db.tables import Anomaly, Gap
from gettone.lake import Lake
from gettone.metering.retention import cutoffs, months_before
from gettone.metering.rules.versions import NewReading
from gettone.notary.ingest_leaf import LeafKind
from gettone.vault import Vault
from oracle.quality.retention import apply_retention, plan_retention
from tests.factories.metering import FLOW, RegisteredCommunity, contents, register

NOW_S = 1_785_542_400  # 2026-08-01
MONTHS_AGO = {months: months_before(NOW_S, months) for months in (1, 23, 25, 71, 73)}


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake", bytes(range(32)))


@pytest.fixture
def community(database: Database, vault: Vault, lake: Lake) -> RegisteredCommunity:
    """One batch with a reading, a reject, a gap and two anomalies for each age in months."""
    found = register(database, vault)
    for number, (months, at_s) in enumerate(sorted(MONTHS_AGO.items(), reverse=True), start=1):
        sha256, _ = lake.put(f"payload {months}".encode())
        with database.ingest() as connection:
            add_month(connection, found.channel_ids[0], number, at_s, sha256)
    return found


def add_month(connection: Connection, channel_id: int, batch_id: int, at_s: int, sha256: bytes) -> None:
    flow_id, slot = Flows(connection).get(FLOW).flow_id, at_s // 900
    times: dict[str, Any] = {"nonce": bytes(32), "received_at": at_s * 1000, "size_bytes": 9, "sha256": sha256}
    leaf = IngestLog(connection).append(LeafKind.RECEIVED, source_class=5, **times)
    row = BatchRow(batch_id, flow_id, sha256, 9, at_s * 1000, "done", Counters(), "{}", received_leaf=leaf.leaf_index)
    Batches(connection).add(row)
    Batches(connection).add_rejects(batch_id, [RejectRow(1, "R_SYNTAX", None, b"sealed")])
    ensure_partitions(connection, slot, slot)
    Readings(connection).add([NewReading(channel_id, slot, 5, 1, 10, 1, batch_id)])
    connection.execute(insert(Gap).values(channel_id=channel_id, first_slot=slot, slots=1, state="long"))
    for state in ("open", "closed"):
        span = {"first_slot": slot, "last_slot": slot, "count": 1, "severity": 1}
        connection.execute(insert(Anomaly).values(channel_id=channel_id, code="S_ZERO", state=state, **span))


def test_plan_retention__dry_run__tells_what_would_go_and_changes_nothing(
    database: Database, lake: Lake, community: RegisteredCommunity
) -> None:
    before = contents(database, *Base.metadata.tables)
    report = plan_retention(database, lake, NOW_S)
    assert report.payloads == 3
    assert {name: report.rows[name] for name in ("readings", "gaps", "rejects", "anomalies")} == {
        "readings": 1,
        "gaps": 1,
        "rejects": 3,
        "anomalies": 3,
    }
    assert contents(database, *Base.metadata.tables) == before


def test_apply_retention__readings__go_after_72_months_with_their_batch(
    database: Database, lake: Lake, community: RegisteredCommunity
) -> None:
    apply_retention(database, lake, NOW_S)
    found = contents(database, "readings", "batches")
    assert [row[-1] for row in found["readings"]] == [2, 3, 4, 5]
    assert [row[0] for row in found["batches"]] == [2, 3, 4, 5]


def test_apply_retention__payloads_and_rejects__go_after_24_months(
    database: Database, lake: Lake, community: RegisteredCommunity
) -> None:
    with database.read() as connection:
        digests = {one.batch_id: one.sha256 or b"" for one in Batches(connection).all()}
    apply_retention(database, lake, NOW_S)
    assert {batch_id: lake.has(sha256) for batch_id, sha256 in digests.items()} == {
        1: False,
        2: False,
        3: False,
        4: True,
        5: True,
    }
    assert [row[0] for row in contents(database, "rejects")["rejects"]] == [4, 5]


def test_apply_retention__open_anomalies__stay(database: Database, lake: Lake, community: RegisteredCommunity) -> None:
    apply_retention(database, lake, NOW_S)
    states = [row[8] for row in contents(database, "anomalies")["anomalies"]]
    assert (states.count("open"), states.count("closed")) == (5, 2)


def test_apply_retention__log__keeps_its_root(database: Database, lake: Lake, community: RegisteredCommunity) -> None:
    with database.read() as connection:
        head = IngestLog(connection).head()
    apply_retention(database, lake, NOW_S)
    with database.read() as connection:
        log = IngestLog(connection)
        assert log.head() == head
        assert [log.get(index).preimage is None for index in range(5)] == [True, False, False, False, False]


def test_apply_retention__again__changes_nothing(
    database: Database, lake: Lake, community: RegisteredCommunity
) -> None:
    apply_retention(database, lake, NOW_S)
    before = contents(database, *Base.metadata.tables)
    report = apply_retention(database, lake, NOW_S)
    assert (report.rows, report.payloads) == ({}, 0)
    assert contents(database, *Base.metadata.tables) == before


def test_apply_retention__all_batches_old__numbers_go_on(
    database: Database, lake: Lake, community: RegisteredCommunity
) -> None:
    apply_retention(database, lake, NOW_S + 10 * 365 * 86_400)
    with database.read() as connection:
        batches = Batches(connection)
        assert (batches.next_id(), batches.highest()) == (6, 5)
    assert contents(database, "readings")["readings"] == []


def test_cutoffs__samples__are_kept_for_sixty_days() -> None:
    assert NOW_S - cutoffs(NOW_S).samples_s == 60 * 86_400
