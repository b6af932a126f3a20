"""What blocks a settlement, as the tables say it."""

from typing import Any

import pytest
from sqlalchemy import insert

from gettone.db.engine import Database
from gettone.db.partitions import ensure_partitions
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.devices import Devices
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.gate_facts import GateTables
from gettone.db.repositories.gates import Gates
from gettone.db.tables import Anomaly, Batch, DeviceMember, FlowCommunity, Reading
from gettone.metering.flow import FlowConfig
from gettone.metering.gate.rules import GateRules
from gettone.types import Direction
from gettone.vault import Vault
from oracle.settle.gate import in_two_communities
from tests.factories.metering import FLOW, RegisteredCommunity, register

FROM_SLOT = 1_636_348
TO_SLOT = FROM_SLOT + 96
START_MS = FROM_SLOT * 900_000


@pytest.fixture
def community(database: Database, vault: Vault) -> RegisteredCommunity:
    return register(database, vault)


def tables(connection: Any, found: RegisteredCommunity) -> GateTables:
    return GateTables(connection, found.community_id, FROM_SLOT, TO_SLOT)


def add_batch(connection: Any, batch_id: int, flow_id: int, state: str, received_at: int = START_MS) -> None:
    counters = dict.fromkeys([one.name for one in Batch.__table__.columns if one.name.startswith("rows_")], 0)
    values = {"batch_id": batch_id, "flow_id": flow_id, "sha256": bytes([batch_id]) * 32, "bytes": 1, "report": "{}"}
    connection.execute(insert(Batch).values(**values, state=state, received_at=received_at, **counters))


def add_anomaly(connection: Any, code: str, *, state: str = "open", **where: Any) -> None:
    span = {"first_slot": FROM_SLOT, "last_slot": FROM_SLOT + 3} | where
    connection.execute(insert(Anomaly).values(code=code, severity=2, count=1, state=state, note=None, **span))


@pytest.mark.parametrize("state", ["received", "parsing", "retry", "dead"])
def test_batches_waiting__unprocessed_since_the_period_began__are_named(
    database: Database, community: RegisteredCommunity, state: str
) -> None:
    with database.write() as connection:
        flow_id = Flows(connection).get(FLOW).flow_id
        other = Flows(connection).get_or_create("elsewhere", FlowConfig()).flow_id
        add_batch(connection, 1, flow_id, state, START_MS - 1)
        add_batch(connection, 2, flow_id, state)
        add_batch(connection, 3, flow_id, "done")
        add_batch(connection, 4, other, state)
        assert tables(connection, community).batches_waiting() == (2,)


def test_flow_ids__flow_named_for_the_community__is_one_of_them(
    database: Database, community: RegisteredCommunity
) -> None:
    with database.write() as connection:
        other = Flows(connection).get_or_create("prices", FlowConfig()).flow_id
        connection.execute(insert(FlowCommunity).values(community_id=community.community_id, flow_id=other))
        assert other in tables(connection, community).flow_ids


@pytest.mark.parametrize(("slot", "blocks"), [(FROM_SLOT, True), (FROM_SLOT - 4, False)])
def test_devices_without_holder__with_readings_in_the_period__are_named(
    database: Database, vault: Vault, community: RegisteredCommunity, slot: int, blocks: bool
) -> None:
    with database.write() as connection:
        flow = Flows(connection).get(FLOW)
        device = Devices(connection, vault).get_or_create("stranger")
        channel = Devices(connection, vault).add_channel(device.device_id, Direction.EXCHANGE, 3600)
        Flows(connection).add_device(flow.flow_id, device.device_id)
        add_batch(connection, 1, flow.flow_id, "done")
        ensure_partitions(connection, slot, slot)
        values = {"wh": 1, "quality": 1, "rank": 10, "version": 1, "batch_id": 1}
        connection.execute(insert(Reading).values(channel_id=channel.channel_id, slot=slot, **values))
        found = tables(connection, community).devices_without_holder()
        assert found == ((device.device_id,) if blocks else ())


def test_in_two_communities__held_in_both_at_once__is_named(database: Database, community: RegisteredCommunity) -> None:
    device_id = community.channels[0].device_id
    with database.write() as connection:
        communities = Communities(connection)
        other = communities.get_or_create("other", tz="Europe/Rome")
        member = communities.add_member(other.community_id)
        holding = {"device_id": device_id, "member_id": member.member_id, "valid_from": FROM_SLOT + 48}
        connection.execute(insert(DeviceMember).values(**holding, valid_to=None))
        held = tables(connection, community).holders([device_id, community.channels[1].device_id])
    assert in_two_communities(held) == (device_id,)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, True),
        ({"state": "closed"}, False),
        ({"first_slot": TO_SLOT, "last_slot": TO_SLOT}, False),
        ({"first_slot": 0, "last_slot": FROM_SLOT - 1}, False),
        ({"first_slot": 0, "last_slot": None}, True),
    ],
)
def test_open_sums__open_and_touching_the_period__are_named(
    database: Database, community: RegisteredCommunity, changes: dict[str, Any], found: bool
) -> None:
    channel_id = community.channel_ids[0]
    with database.write() as connection:
        add_anomaly(connection, "C_SUM", channel_id=channel_id, **changes)
        assert tables(connection, community).open_sums([channel_id]) == ((channel_id,) if found else ())
        assert tables(connection, community).open_sums([community.channel_ids[1]]) == ()


def test_open_clocks__said_of_a_flow_of_the_community__are_named(
    database: Database, community: RegisteredCommunity
) -> None:
    with database.write() as connection:
        flow_id = Flows(connection).get(FLOW).flow_id
        add_anomaly(connection, "T_CLOCK", flow_id=flow_id)
        assert tables(connection, community).open_clocks([]) == (flow_id,)


def test_rules_at__several_in_time__are_those_in_force_then(database: Database, community: RegisteredCommunity) -> None:
    with database.write() as connection:
        gates = Gates(connection)
        for valid_from_s, permille in ((100, 910), (200, 920)):
            rules = GateRules(community_permille=permille)
            gates.set_rules(community.community_id, rules, valid_from_s=valid_from_s, now_s=50, set_by="first.admin")
        found = [gates.rules_at(community.community_id, at_s).rules.community_permille for at_s in (99, 100, 199, 200)]
    assert found == [950, 910, 910, 920]
