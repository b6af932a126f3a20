"""Forgetting a member takes every row keyed by them, in any table of the schema, and no total of the community."""

import secrets
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from gettone.db.columns import Base
from gettone.db.engine import Database
from gettone.db.repositories.clusters import ClusterRow, Clusters, GroupRow, MemberCurve
from gettone.db.repositories.devices import ContractRow, Devices
from gettone.db.repositories.keys import LAKE, Keys
from gettone.lake import Lake
from gettone.metering.calendar.slots import Resolution
from gettone.metering.indicators.comparison import DateRange
from gettone.vault import Vault
from oracle.indicators.asking import Asking
from oracle.indicators.query import IndicatorQuery
from oracle.indicators.summary import series
from oracle.indicators.viewer import Role, Viewer
from oracle.intake import Intake
from oracle.quality.erasure import Eraser
from tests.factories.metering import FLOW, RECEIPT_MS, START_S, START_SLOT, RegisteredCommunity, contents, register
from tests.factories.rows_of_everything import fill, keyed_tables, rows_of

PODS = ("IT001E11111111", "IT001E22222222")
WEEK = DateRange(date(2016, 8, 29), date(2016, 9, 5))
FIGURES = ("derived_series", "derived_series_data", "clusters", "clusters_derived_series", "cluster_groups")


@pytest.fixture
def lake(database: Database, vault: Vault, tmp_path: Path) -> Lake:
    with database.write() as connection:
        return Lake(tmp_path / "lake", Keys(connection, vault).platform_key(LAKE))


@pytest.fixture
def community(database: Database, vault: Vault, lake: Lake) -> RegisteredCommunity:
    """Two members with six hours of readings each, from one file."""
    found = register(database, vault, PODS, contract_w=2_000_000)
    lines = [f"{pod},2016-09-01T{hour:02}:00:00Z,3600,{100 + hour}" for pod in PODS for hour in range(6)]
    payload = "\n".join(["device,timestamp_utc,interval_s,energy_wh", *lines, ""]).encode()
    intake = Intake(database, vault, lake)
    receipt = intake.receive(FLOW, payload, received_at_ms=RECEIPT_MS)
    assert intake.process(receipt.batch_id, now_ms=RECEIPT_MS).state == "done"
    return found


@pytest.fixture
def eraser(database: Database, vault: Vault, lake: Lake, tmp_path: Path) -> Eraser:
    return Eraser(database, vault, lake, tmp_path / "purge-list")


def erase(eraser: Eraser, found: RegisteredCommunity) -> None:
    member = found.members[0].member_id
    for operator in ("a.rossi", "b.verdi"):
        eraser.erase("fontana", member, operator=operator, reason="asked by letter", now_ms=RECEIPT_MS + 1)


def settled() -> dict[str, Any]:
    return {"state": "closed", "period_start_s": START_S, "period_end_s": START_S + 86_400}


def test_erase__a_row_in_every_table__leaves_none(
    database: Database, eraser: Eraser, community: RegisteredCommunity
) -> None:
    channel = community.channels[0]
    mine = {
        "member_id": community.members[0].member_id,
        "channel_id": channel.channel_id,
        "device_id": channel.device_id,
        "slot": START_SLOT,
    }
    with database.write() as connection:
        fill(connection, {**mine, "erasures": {"member_id": secrets.token_hex(32)}}, settled())
        held = {table.name for table in keyed_tables() if rows_of(connection, table, mine)}
    assert {table.name for table in keyed_tables()} - held == {"erasures"}
    erase(eraser, community)
    with database.read() as connection:
        assert [table.name for table in keyed_tables() if rows_of(connection, table, mine)] == []


def test_erase__totals_of_the_community__stay(
    database: Database, eraser: Eraser, community: RegisteredCommunity
) -> None:
    def totals() -> tuple[object, ...]:
        asking = Asking(database, IndicatorQuery(database, "fontana"), Viewer(Role.AUDITOR), WEEK)
        return series(asking, Resolution.DAY).rows

    before = totals()
    assert sum(int(str(row[1])) for row in before) == 2 * sum(range(100, 106))
    erase(eraser, community)
    assert totals() == before


def test_erase__checks_still_to_do__stay_where_readings_are_left(
    database: Database, eraser: Eraser, community: RegisteredCommunity
) -> None:
    checks = Base.metadata.tables["pending_checks"]
    with database.write() as connection:
        connection.execute(checks.delete())
        connection.execute(insert(checks).values(batch_id=1, from_slot=START_SLOT, to_slot=START_SLOT + 24))
    erase(eraser, community)
    assert contents(database, "pending_checks")["pending_checks"] == [(1, START_SLOT, START_SLOT + 24)]


def test_erase__checks_of_nothing_but_the_member__go(
    database: Database, eraser: Eraser, community: RegisteredCommunity
) -> None:
    checks, readings = (Base.metadata.tables[name] for name in ("pending_checks", "readings"))
    with database.write() as connection:
        connection.execute(readings.delete().where(readings.c.channel_id == community.channel_ids[1]))
        connection.execute(checks.delete())
        connection.execute(insert(checks).values(batch_id=1, from_slot=START_SLOT, to_slot=START_SLOT + 24))
    erase(eraser, community)
    assert contents(database, "pending_checks")["pending_checks"] == []


def grouping(found: RegisteredCommunity, members: dict[str, tuple[MemberCurve, ...]], mode: str) -> GroupRow:
    """A run with a cluster for each label."""
    curves = dict.fromkeys(("cluster_mean", "cluster_sd", "cluster_cv"), tuple(range(24)))
    clusters = tuple(ClusterRow(label, "flat / piatto", curves, ids) for label, ids in members.items())
    by_label = {"centroids_micro": {label: [7] for label in members}, "sizes": dict.fromkeys(members, 1), "k": 2}
    return GroupRow(None, mode, "", found.community_id, 1, {"mode": mode}, by_label, True, clusters)


def test_erase__days_of_the_member__go_with_their_curves(
    database: Database, eraser: Eraser, community: RegisteredCommunity
) -> None:
    own = MemberCurve(community.members[0].member_id, from_slot=START_SLOT)
    with database.write() as connection:
        Clusters(connection).add(grouping(community, {"A": (own,), "B": (own,)}, "days"))
    erase(eraser, community)
    assert contents(database, *FIGURES) == {name: [] for name in FIGURES}


def test_erase__cluster_of_the_member_alone__goes_from_the_run_and_its_result(
    database: Database, eraser: Eraser, community: RegisteredCommunity
) -> None:
    first, second = (MemberCurve(one.member_id) for one in community.members)
    with database.write() as connection:
        group_id = Clusters(connection).add(grouping(community, {"A": (first,), "B": (first, second)}, "users"))
    erase(eraser, community)
    with database.read() as connection:
        left = Clusters(connection).get(group_id)
    assert [(one.label, one.members) for one in left.clusters] == [("B", (second,))]
    assert left.result == {"centroids_micro": {"B": [7]}, "sizes": {"B": 1}, "k": 2}
    assert len(contents(database, "derived_series")["derived_series"]) == 3


def test_erase__days_of_the_whole_community__stay(
    database: Database, eraser: Eraser, community: RegisteredCommunity
) -> None:
    with database.write() as connection:
        Clusters(connection).add(grouping(community, {"A": (), "B": ()}, "days"))
    before = contents(database, *FIGURES)
    erase(eraser, community)
    assert contents(database, *FIGURES) == before


def test_erase__device_handed_over__leaves_the_contract_and_curves_of_the_others(
    database: Database, vault: Vault, eraser: Eraser, community: RegisteredCommunity
) -> None:
    (first, second), device_id, change = community.members, community.channels[0].device_id, START_SLOT + 12
    curves = [MemberCurve(device_id=device_id, flow_id=1, from_slot=change + at) for at in (-1, 1)]
    with database.write() as connection:
        devices = Devices(connection, vault)
        devices.set_holder(device_id, first.member_id, 0, change)
        devices.set_holder(device_id, second.member_id, change)
        devices.set_contract(ContractRow(device_id, 0, change, 3_000, None, None))
        devices.set_contract(ContractRow(device_id, change, None, 6_000, None, None))
        Clusters(connection).add(grouping(community, {"A": tuple(curves)}, "devices"))
    erase(eraser, community)
    clustered = Base.metadata.tables["clusters_devices_time"]
    with database.read() as connection:
        assert [one.contract_w for one in Devices(connection, vault).contracts([device_id])] == [6_000]
        assert connection.execute(select(clustered.c.from_slot)).scalars().all() == [change + 1]
