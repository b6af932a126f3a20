"""Devices: registered one by one or as a table, held by one member at a time, let in by keys that are shown once."""

from typing import Any

import pytest
from httpx import Response
from sqlalchemy import insert, select

from gettone.db.repositories.access_keys import DeviceKeys
from gettone.db.repositories.audit_rows import AuditRows
from gettone.db.tables import AuditText, Channel, Device, DeviceContract, DeviceKey, DeviceMember, Settlement
from tests.factories.api_world import HERE, NOW_MS, THERE, World

pytestmark = pytest.mark.database

PLACE = f"/api/v1/communities/{HERE}/devices"
ELSEWHERE = f"/api/v1/communities/{THERE}/devices"
POD = "IT001E12345678"


def body(world: World, **more: Any) -> dict[str, Any]:
    channels = [{"direction": 1, "step_s": 900}, {"direction": 2, "step_s": 900}]
    wanted = {"pod": POD, "member": world.member_ids[f"MB {HERE}"], "from": "2027-02-01", "channels": channels}
    return {**wanted, "contract_w": 3000, "flows": ["upload"], **more}


def post(world: World, path: str, content: Any, role: str = "CA", community: str = HERE, key: str = "k") -> Response:
    return world.call("POST", path, role, community, json=content, headers={"Idempotency-Key": key})


def registered(world: World, **more: Any) -> dict[str, Any]:
    answer = post(world, PLACE, body(world, **more), key=f"register-{more}")
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.json()
    return document


def upload(world: World, text: str, *, dry_run: bool = False, key: str = "table") -> Response:
    return post(world, f"{PLACE}/import", {"csv": text, "dry_run": dry_run}, key=key)


def table(world: World, *rows: str) -> str:
    member = world.member_ids[f"MB {HERE}"]
    lines = [row.replace("ME", member) for row in rows]
    return "\r\n".join(["pod,member,from,directions,step_s,contract_w,flows", *lines]) + "\r\n"


def count(world: World, kind: type) -> int:
    with world.database.read() as connection:
        return len(connection.execute(select(kind.__table__)).all())  # type: ignore[attr-defined]


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


def settle(world: World, start_s: int, end_s: int) -> None:
    stated = {"community_id": world.community_ids[HERE], "period_index": 4, "revision": 0, "state": "open"}
    stated |= {"period_start_s": start_s, "period_end_s": end_s, "computed_at": NOW_MS}
    fillers: dict[type, Any] = {int: 0, bytes: bytes(32), str: "0", object: 0}
    needed = [one for one in Settlement.__table__.columns if not one.nullable and not one.primary_key]
    filled = {one.name: fillers[one.type.python_type] for one in needed}
    with world.database.write() as connection:
        connection.execute(insert(Settlement).values(**(filled | stated)))


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


def change(world: World, number: int, content: dict[str, Any], etag: str | None = "") -> Response:
    if not etag and etag is not None:
        etag = world.call("GET", f"{PLACE}/{number}", "CA").headers["etag"]
    headers = {} if etag is None else {"If-Match": etag}
    return world.call("PATCH", f"{PLACE}/{number}", "CA", json=content, headers=headers)


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


def test_import_devices__good_table__registers_every_row(world: World) -> None:
    text = table(world, f"{POD},ME,2027-02-01,1 2,900,3000,upload", "boiler,ME,2027-02-01,4,3600,,")
    answer = upload(world, text)
    assert answer.json() == {"dry_run": False, "rows": 2, "new": 2, "errors": []}
    assert {one["pod"] for one in world.call("GET", PLACE, "MB").json()["items"]} == {POD, "boiler"}


def test_import_devices__same_table_again__adds_nothing(world: World) -> None:
    text = table(world, f"{POD},ME,2027-02-01,1 2,900,3000,upload")
    upload(world, text)
    tables = [count(world, kind) for kind in (Device, Channel, DeviceMember, DeviceContract)]
    assert upload(world, text, key="again").json()["new"] == 0
    assert [count(world, kind) for kind in (Device, Channel, DeviceMember, DeviceContract)] == tables


def test_import_devices__wrong_rows__are_all_named_and_nothing_changes(world: World) -> None:
    before = count(world, Device)
    text = table(
        world,
        f"{POD},ME,2027-02-01,1,900,,",
        "a b,ME,2027-02-01,1,900,,",
        "home03,ME,yesterday,1,900,,",
        "home04,ME,2027-02-01,1,900,,nowhere",
        f"{POD}X,ME,2027-02-01,1,900,,",
    )
    answer = upload(world, text)
    pointers = [one["pointer"] for one in answer.json()["errors"]]
    assert answer.status_code == 422
    assert pointers == ["/csv/2/pod", "/csv/3/from", "/csv/4/flows", "/csv/5/pod"]
    assert count(world, Device) == before


def test_import_devices__dry_run__judges_and_changes_nothing(world: World) -> None:
    before = count(world, Device)
    text = table(world, f"{POD},ME,2027-02-01,1,900,,", "home01,ME,2027-02-01,1,900,,")
    answer = upload(world, text, dry_run=True).json()
    assert [(one["row"], one["pointer"], one["code"]) for one in answer["errors"]] == [(2, "/pod", "device_taken")]
    assert (answer["rows"], answer["new"]) == (2, 1)
    assert count(world, Device) == before


def test_import_devices__dry_run_of_what_the_database_refuses__says_so(world: World) -> None:
    registered(world)
    before = count(world, DeviceContract)
    answer = upload(world, table(world, f"{POD},ME,2027-02-01,1,900,4500,"), dry_run=True).json()
    assert [one["code"] for one in answer["errors"]] == ["registry_differs"]
    assert count(world, DeviceContract) == before


@pytest.mark.parametrize(
    "text",
    [
        "pod,member\r\nx,y\r\n",
        "pod,member,from,directions,step_s,colour\r\n",
        "pod,member,from,directions,step_s\r\nx,y\r\n",
        'pod,member,from,directions,step_s\r\n"x,y\r\n',
    ],
)
def test_import_devices__no_such_table__is_refused(world: World, text: str) -> None:
    answer = upload(world, text)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
