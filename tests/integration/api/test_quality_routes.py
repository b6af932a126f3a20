"""Quality and anomalies as far as rights reach, and anomalies that two persons dismiss."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from gettone.db.tables import Anomaly, Channel, DeviceMember, RoleGrant, UserCommunity
from oracle.reports import StoredReports
from tests.factories.api_world import HERE, World, close_world, open_world

pytestmark = pytest.mark.database

C = "/api/v1/communities/fontana"
REASON = {"reason": "the meter was replaced"}


@pytest.fixture
def measured(database_url: str, tmp_path: Path) -> Iterator[World]:
    opened = open_world(database_url, tmp_path, reports=StoredReports())
    yield opened
    close_world(opened)


def holdings(world: World) -> list[tuple[int, str, int]]:
    """(channel, member, first slot) of what members of the community hold."""
    query = (
        select(Channel.channel_id, DeviceMember.member_id, DeviceMember.valid_from)
        .join(DeviceMember, DeviceMember.device_id == Channel.device_id)
        .join(UserCommunity, UserCommunity.member_id == DeviceMember.member_id)
        .where(UserCommunity.community_id == world.community_ids[HERE])
        .order_by(Channel.channel_id)
    )
    with world.database.read() as connection:
        return [tuple(row) for row in connection.execute(query)]  # type: ignore[misc]


def add(world: World, channel: int, slot: int, state: str = "open") -> int:
    values = {"channel_id": channel, "code": "S_STUCK", "severity": 2, "first_slot": slot, "last_slot": slot + 3}
    new = insert(Anomaly).values(**values, count=4, state=state).returning(Anomaly.anomaly_id)
    with world.database.write() as connection:
        return int(connection.execute(new).scalar_one())


def numbers(world: World, role: str) -> list[int]:
    return [one["id"] for one in world.call("GET", f"{C}/anomalies", role).json()["items"]]


def act(world: World, number: int, what: str, role: str, body: Any = None) -> Any:
    key = {"Idempotency-Key": f"{what}{role}"}
    return world.call("POST", f"{C}/quality/{number}/{what}", role, json=body, headers=key)


def test_list_anomalies__staff__sees_those_of_the_community_newest_first(measured: World) -> None:
    (channel, _member, slot), *_rest = holdings(measured)
    first, second = add(measured, channel, slot), add(measured, channel, slot + 10)
    assert [numbers(measured, role) for role in ("CA", "OA", "AU")] == [[second, first]] * 3
    assert numbers(measured, "MB") == []


def test_list_anomalies__auditor__sees_those_that_begin_in_the_range(measured: World) -> None:
    (channel, _member, slot), *_rest = holdings(measured)
    first = add(measured, channel, slot)
    add(measured, channel, slot + 10)
    with measured.database.write() as connection:
        mine = RoleGrant.user_id == measured.user_ids[("AU", HERE)]
        connection.execute(RoleGrant.__table__.update().where(mine).values(data_to=slot + 5))
    assert numbers(measured, "AU") == [first]


def test_override_quality__two_persons__dismiss_it_with_the_reason(measured: World) -> None:
    (channel, _member, slot), *_rest = holdings(measured)
    number = add(measured, channel, slot)
    assert act(measured, number, "approve", "CA").json()["code"] == "state"
    assert act(measured, number, "override", "OA", REASON).json()["anomaly"]["state"] == "open"
    found = world_approve(measured, number)
    assert (found["anomaly"]["state"], found["anomaly"]["note"]) == ("dismissed", REASON["reason"])
    assert (found["proposed_by"], found["approved_by"]) == ("oa-fontana", "ca-fontana")


def world_approve(world: World, number: int) -> Any:
    headers = {"Idempotency-Key": "second"}
    return world.call("POST", f"{C}/quality/{number}/approve", "CA", headers=headers).json()


def test_override_quality__same_person__may_not_approve(measured: World) -> None:
    (channel, _member, slot), *_rest = holdings(measured)
    number = add(measured, channel, slot)
    measured.grant(measured.user_ids[("CA", HERE)], "OA", HERE)
    both = measured.tokens.issue("ca-fontana", ("community-admin", "oracle-admin"))
    headers = {"authorization": f"Bearer {both}", "Idempotency-Key": "k"}
    path = f"{C}/quality/{number}"
    assert measured.client.post(f"{path}/override", json=REASON, headers=headers).status_code == 200
    refused = measured.client.post(f"{path}/approve", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "self_approval")


@pytest.mark.parametrize("state", ["closed", "dismissed"])
def test_override_quality__not_open__is_409(measured: World, state: str) -> None:
    (channel, _member, slot), *_rest = holdings(measured)
    number = add(measured, channel, slot, state)
    assert act(measured, number, "override", "OA", REASON).json()["code"] == "state"


def test_get_quality__period__has_a_line_a_channel_and_only_own_ones_for_a_member(measured: World) -> None:
    staff = measured.call("GET", f"{C}/quality", "OA", params={"period": "2026-01"})
    member = measured.call("GET", f"{C}/quality", "MB", params={"period": "2026-01"})
    assert (staff.status_code, member.status_code) == (200, 200)
    assert member.json()["lines"] == []


@pytest.mark.parametrize("period", ["2026-13", "yesterday"])
def test_get_quality__what_is_no_period__is_422(measured: World, period: str) -> None:
    assert measured.call("GET", f"{C}/quality", "OA", params={"period": period}).status_code == 422


def test_get_quality__auditor_outside_the_range__is_404(measured: World) -> None:
    with measured.database.write() as connection:
        mine = RoleGrant.user_id == measured.user_ids[("AU", HERE)]
        connection.execute(RoleGrant.__table__.update().where(mine).values(data_from=0, data_to=100))
    assert measured.call("GET", f"{C}/quality", "AU", params={"period": "2026-01"}).status_code == 404
