"""Devices: registered one by one, held by one member at a time, seen by who may see them."""

from typing import Any

import pytest
from sqlalchemy import select

from gettone.db.repositories.access_keys import DeviceKeys
from gettone.db.repositories.audit_rows import AuditRows
from gettone.db.tables import AuditText, Device, DeviceMember
from tests.factories.api_world import HERE, NOW_MS, THERE, World
from tests.factories.device_calls import (
    ELSEWHERE,
    PLACE,
    POD,
    body,
    count,
    post,
    registered,
    settle,
)

pytestmark = pytest.mark.database


def test_register_device__new_one__is_there_with_all_that_was_stated(world: World) -> None:
    answer = post(world, PLACE, body(world))
    made = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"{PLACE}/{made['device_id']}"
    assert made["pod"] == POD
    assert [(one["direction"], one["step_s"]) for one in made["channels"]] == [(1, 900), (2, 900)]
    assert made["holders"] == [
        {"member": world.member_ids[f"MB {HERE}"], "from": "2027-02-01T08:00:00.000Z", "to": None}
    ]
    assert made["powers"][0]["contract_w"] == 3000
    assert made["flows"] == ["upload"]
    assert world.call("GET", answer.headers["location"], "CA").json() == made


def test_register_device__same_key_twice__is_one_device(world: World) -> None:
    first, second = post(world, PLACE, body(world)), post(world, PLACE, body(world))
    assert second.json() == first.json()
    assert second.headers["idempotency-replayed"] == "true"


def test_register_device__deed__names_no_pod(world: World) -> None:
    number = registered(world)["device_id"]
    with world.database.read() as connection:
        newest = AuditRows(connection).visible(None, before=None, limit=1)[0]
        texts = list(connection.execute(select(AuditText.text)).scalars())
    assert (newest.action, newest.subject) == ("device.register", str(number))
    assert texts
    assert not [one for one in texts if POD in one]


def test_register_device__held_by_somebody__is_taken(world: World) -> None:
    registered(world)
    member = world.member_ids[f"MB {THERE}"]
    answer = post(world, ELSEWHERE, body(world, member=member, flows=[]), community=THERE)
    assert (answer.status_code, answer.json()["code"]) == (409, "device_taken")


def test_register_device__released_elsewhere__is_ours_with_its_old_keys_ended(world: World) -> None:
    made = registered(world, **{"from": "2027-01-01"})
    with world.database.write() as connection:
        key = DeviceKeys(connection).issue(made["device_id"], now_ms=NOW_MS - 1, valid_to=NOW_MS * 2).key
        ended = DeviceMember.__table__.update().where(DeviceMember.device_id == made["device_id"])
        connection.execute(ended.values(valid_to=2_000_001))
    member = world.member_ids[f"MB {THERE}"]
    wanted = body(world, member=member, flows=[], contract_w=6000)
    answer = post(world, ELSEWHERE, wanted, community=THERE)
    assert answer.status_code == 201
    assert [one["contract_w"] for one in answer.json()["powers"]] == [6000]
    assert [one["member"] for one in answer.json()["holders"]] == [member]
    assert world.client.post("/api/v1/ingest/readings", headers={"authorization": f"Bearer {key}"}).status_code == 401


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"member": "ab" * 32}, "/body/member"),
        ({"flows": ["nowhere"]}, "/body/flows"),
        ({"channels": []}, "/body/channels"),
        ({"channels": [{"direction": 6, "step_s": 900}]}, "/body/channels/0/direction"),
        ({"channels": [{"direction": 1, "step_s": 600}]}, "/body/channels/0/step_s"),
        ({"contract_w": 1.5}, "/body/contract_w"),
        ({"colour": "red"}, "/body/colour"),
    ],
)
def test_register_device__wrong_field__is_named_and_nothing_changes(
    world: World, wrong: dict[str, Any], pointer: str
) -> None:
    before = count(world, Device)
    answer = post(world, PLACE, body(world, **wrong))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert count(world, Device) == before


def test_register_device__unknown_type__is_refused(world: World) -> None:
    assert post(world, PLACE, body(world, type="toaster")).status_code == 422


def test_register_device__in_a_settled_period__is_closed(world: World) -> None:
    settle(world, 1_801_440_000, 1_801_440_000 + 28 * 86_400)
    answer = post(world, PLACE, body(world))
    assert (answer.status_code, answer.json()["code"]) == (409, "period_closed")


def test_list_devices__admin__sees_those_of_the_community_page_by_page(world: World) -> None:
    registered(world)
    first = world.call("GET", f"{PLACE}?limit=2", "CA").json()
    rest = world.call("GET", f"{PLACE}?limit=2&cursor={first['next']}", "CA").json()
    assert [one["pod"] for one in first["items"] + rest["items"]] == ["home01", "home02", POD]
    assert rest["next"] is None


def test_list_devices__member__sees_the_own_ones(world: World) -> None:
    registered(world)
    assert [one["pod"] for one in world.call("GET", PLACE, "MB").json()["items"]] == [POD]


def test_get_device__of_another_member__does_not_exist_for_a_member(world: World) -> None:
    assert world.call("GET", f"{PLACE}/1", "MB").status_code == 404


def test_get_device__of_another_community__does_not_exist(world: World) -> None:
    assert world.call("GET", f"{ELSEWHERE}/1", "CA", THERE).status_code == 404


def test_get_device__known_state__is_not_sent_again(world: World) -> None:
    etag = world.call("GET", f"{PLACE}/1", "CA").headers["etag"]
    assert world.call("GET", f"{PLACE}/1", "CA", headers={"If-None-Match": etag}).status_code == 304
