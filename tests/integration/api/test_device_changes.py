"""Devices: changed, handed over, given other meters, let in by keys that are shown once."""

import pytest
from sqlalchemy import insert, select

from gettone.db.tables import DeviceKey, DeviceMember
from tests.factories.api_world import HERE, THERE, World
from tests.factories.device_calls import PLACE, change, post, registered, settle

pytestmark = pytest.mark.database


def test_change_device__powers_and_use__replace_what_was_in_force(world: World) -> None:
    number = registered(world)["device_id"]
    wanted = {"use_type": "residential", "powers": {"from": "2027-03-01", "contract_w": 4500}, "digits": 6}
    changed = change(world, number, wanted).json()
    assert [(one["contract_w"], one["to"]) for one in changed["powers"]] == [
        (3000, "2027-03-01T08:00:00.000Z"),
        (4500, None),
    ]
    assert changed["use_type"] == "residential"
    assert {one["digits"] for one in changed["channels"]} == {6}


def test_change_device__flows__are_those_that_remain(world: World) -> None:
    number = registered(world)["device_id"]
    assert change(world, number, {"flows": []}).json()["flows"] == []


def test_change_device__without_if_match__is_refused(world: World) -> None:
    assert change(world, 1, {"status": "faulty"}, etag=None).json()["code"] == "etag_required"


def test_change_device__of_an_older_state__is_refused(world: World) -> None:
    answer = change(world, 1, {"status": "faulty"}, etag='"old"')
    assert (answer.status_code, answer.json()["code"]) == (412, "etag_mismatch")


def test_retire_device__held__ends_its_holding_and_its_keys(world: World) -> None:
    etag = world.call("GET", f"{PLACE}/1", "CA").headers["etag"]
    answer = world.call("DELETE", f"{PLACE}/1", "CA", headers={"If-Match": etag})
    after = world.call("GET", f"{PLACE}/1", "CA").json()
    assert answer.status_code == 204
    assert after["status"] == "retired"
    assert after["holders"][0]["to"] == "2027-01-15T08:15:00.000Z"
    assert world.call("POST", "/api/v1/ingest/readings", "DV").status_code == 401


def test_assign_device__to_another_member__ends_the_holding_before(world: World) -> None:
    other = world.member_ids[f"VF {HERE}"]
    answer = post(world, f"{PLACE}/1/assignments", {"member": other, "from": "2027-03-01"})
    held = answer.json()["holders"]
    assert answer.status_code == 201
    assert [one["to"] for one in held] == ["2027-03-01T08:00:00.000Z", None]
    assert held[1]["member"] == other


def test_assign_device__before_a_later_holding__is_taken(world: World) -> None:
    other, mine = world.member_ids[f"VF {HERE}"], world.member_ids[f"MB {HERE}"]
    post(world, f"{PLACE}/1/assignments", {"member": other, "from": "2027-04-01"})
    answer = post(world, f"{PLACE}/1/assignments", {"member": mine, "from": "2027-03-01"}, key="again")
    assert (answer.status_code, answer.json()["code"]) == (409, "device_taken")


def test_assign_device__reversed_range__is_refused(world: World) -> None:
    other = world.member_ids[f"VF {HERE}"]
    wanted = {"member": other, "from": "2027-03-01", "to": "2027-02-01"}
    assert post(world, f"{PLACE}/1/assignments", wanted).json()["errors"] == [{"pointer": "/body/to", "code": "range"}]


def test_assign_device__in_a_settled_period__is_closed(world: World) -> None:
    settle(world, 1_801_440_000, 1_801_440_000 + 28 * 86_400)
    wanted = {"member": world.member_ids[f"VF {HERE}"], "from": "2027-02-01"}
    assert post(world, f"{PLACE}/1/assignments", wanted).json()["code"] == "period_closed"


def test_assign_device__moved_to_another_community__is_not_ours_to_change(world: World) -> None:
    with world.database.write() as connection:
        mine = DeviceMember.__table__.update().where(DeviceMember.device_id == 1)
        connection.execute(mine.values(valid_to=1_999_000))
        there = {"device_id": 1, "member_id": world.member_ids[f"MB {THERE}"], "valid_from": 1_999_000}
        connection.execute(insert(DeviceMember).values(**there))
    wanted = {"member": world.member_ids[f"MB {HERE}"], "from": "2027-03-01"}
    answer = post(world, f"{PLACE}/1/assignments", wanted)
    assert (answer.status_code, answer.json()["code"]) == (409, "device_taken")


def test_replace_meter__same_again__changes_nothing(world: World) -> None:
    wanted = {"direction": 0, "at": "2027-01-10T10:00:00Z", "final_wh": 12_345_600, "initial_wh": 10}
    first = post(world, f"{PLACE}/1/meter-changes", wanted)
    second = post(world, f"{PLACE}/1/meter-changes", wanted, key="again")
    assert first.status_code == 201
    assert [(one["final_wh"], one["initial_wh"]) for one in second.json()["meter_changes"]] == [(12_345_600, 10)]


def test_replace_meter__other_registers_at_that_instant__conflict(world: World) -> None:
    wanted = {"direction": 0, "at": "2027-01-10T10:00:00Z", "final_wh": 12_345_600, "initial_wh": 10}
    post(world, f"{PLACE}/1/meter-changes", wanted)
    answer = post(world, f"{PLACE}/1/meter-changes", {**wanted, "initial_wh": 11}, key="again")
    assert (answer.status_code, answer.json()["code"]) == (409, "register_differs")


def test_replace_meter__direction_it_does_not_have__is_refused(world: World) -> None:
    wanted = {"direction": 3, "at": "2027-01-10T10:00:00Z", "final_wh": 1, "initial_wh": 1}
    assert post(world, f"{PLACE}/1/meter-changes", wanted).json()["errors"][0]["pointer"] == "/body/direction"


def test_issue_device_key__repeated__shows_the_key_once(world: World) -> None:
    first, second = (post(world, f"{PLACE}/2/keys", {"days": 30}) for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert first.json()["key"].startswith("gk_")
    assert second.json() == {**first.json(), "key": None}


def test_issue_device_key__third_at_a_time__conflicts(world: World) -> None:
    post(world, f"{PLACE}/1/keys", {}, key="second")
    answer = post(world, f"{PLACE}/1/keys", {}, key="third")
    assert (answer.status_code, answer.json()["code"]) == (409, "keys_valid")


def test_revoke_device_key__valid__opens_no_door_any_more(world: World) -> None:
    with world.database.read() as connection:
        number = connection.execute(select(DeviceKey.key_id).where(DeviceKey.device_id == 1)).scalar_one()
    assert world.call("DELETE", f"{PLACE}/1/keys/{number}", "CA").status_code == 204
    assert world.call("DELETE", f"{PLACE}/1/keys/{number}", "CA").status_code == 204
    assert world.call("POST", "/api/v1/ingest/readings", "DV").status_code == 401


def test_revoke_device_key__of_another_device__does_not_exist(world: World) -> None:
    with world.database.read() as connection:
        number = connection.execute(select(DeviceKey.key_id).where(DeviceKey.device_id == 2)).scalar_one()
    assert world.call("DELETE", f"{PLACE}/1/keys/{number}", "CA").status_code == 404
