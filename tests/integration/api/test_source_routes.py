"""Suppliers and flows: stated in full, changed with their history, ended and never deleted."""

import json
from typing import Any

import pytest
from httpx import Response
from sqlalchemy import insert, select

from gettone.db.repositories.flows import Flows
from gettone.db.tables import FlowCommunity, Source, SupplierCommunity
from gettone.metering.flow import FlowConfig
from tests.factories.api_world import HERE, THERE, World

pytestmark = pytest.mark.database

SUPPLIERS, FLOWS = f"/api/v1/communities/{HERE}/suppliers", f"/api/v1/communities/{HERE}/flows"
CONFIG = json.loads(FlowConfig(source_class=3, syntax="json", max_reject_permille=1000).to_json())
UPLOAD = 1


def post(world: World, path: str, content: Any, key: str = "k", role: str = "OA", community: str = HERE) -> Response:
    return world.call("POST", path, role, community, json=content, headers={"Idempotency-Key": key})


def supplier(world: World, name: str = "Distributore") -> dict[str, Any]:
    answer = post(world, SUPPLIERS, {"name": name, "url": "https://example.org"}, key=name)
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.json()
    return document


def flow_body(world: World, **more: Any) -> dict[str, Any]:
    wanted = {"name": "meters", "transport": "rest", "send_period_s": 900, "config": CONFIG, **more}
    return wanted if "supplier_id" in more else {**wanted, "supplier_id": supplier(world)["supplier_id"]}


def flow(world: World, **more: Any) -> dict[str, Any]:
    answer = post(world, FLOWS, flow_body(world, **more), key="flow")
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.json()
    return document


def patch(world: World, path: str, content: Any, etag: str | None) -> Response:
    headers = {} if etag is None else {"If-Match": etag}
    return world.call("PATCH", path, "CA", json=content, headers=headers)


def delete(world: World, path: str, etag: str) -> Response:
    return world.call("DELETE", path, "CA", headers={"If-Match": etag})


def test_add_supplier__new_one__serves_the_community(world: World) -> None:
    made = supplier(world)
    names = [one["name"] for one in world.call("GET", SUPPLIERS, "CA").json()["items"]]
    assert names == ["members", made["name"]]


def test_add_supplier__name_that_is_here__exists(world: World) -> None:
    answer = post(world, SUPPLIERS, {"name": "members"})
    assert (answer.status_code, answer.json()["code"]) == (409, "exists")


def test_add_supplier__of_another_community__serves_this_one_as_it_is(world: World) -> None:
    there = f"/api/v1/communities/{THERE}/suppliers"
    made = post(world, there, {"name": "Rete", "note": "theirs"}, community=THERE).json()
    assert made["name"] not in world.call("GET", SUPPLIERS, "CA").text
    assert post(world, SUPPLIERS, {"name": "Rete", "note": "ours"}).json() == made


def test_change_supplier__own_one__has_the_new_facts(world: World) -> None:
    made = supplier(world)
    answer = patch(world, f"{SUPPLIERS}/{made['supplier_id']}", {"note": "calls on Mondays", "url": None}, made["etag"])
    assert (answer.json()["note"], answer.json()["url"], answer.json()["name"]) == (
        "calls on Mondays",
        None,
        made["name"],
    )
    assert answer.headers["etag"] == answer.json()["etag"] != made["etag"]


def test_change_supplier__to_a_name_that_is_taken__exists(world: World) -> None:
    made = supplier(world)
    answer = patch(world, f"{SUPPLIERS}/{made['supplier_id']}", {"name": "members"}, made["etag"])
    assert (answer.status_code, answer.json()["code"]) == (409, "exists")


def test_change_supplier__shared_with_another_community__is_refused(world: World) -> None:
    made = supplier(world)
    with world.database.write() as connection:
        row = {"community_id": world.community_ids[THERE], "supplier_id": made["supplier_id"]}
        connection.execute(insert(SupplierCommunity).values(**row))
    answer = patch(world, f"{SUPPLIERS}/{made['supplier_id']}", {"note": "mine"}, made["etag"])
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_change_supplier__old_or_no_etag__is_refused(world: World) -> None:
    made = supplier(world)
    place = f"{SUPPLIERS}/{made['supplier_id']}"
    assert patch(world, place, {"note": "x"}, None).json()["code"] == "etag_required"
    assert patch(world, place, {"note": "x"}, '"old"').json()["code"] == "etag_mismatch"


def test_drop_supplier__without_flows__is_gone_from_the_list(world: World) -> None:
    made = supplier(world)
    assert delete(world, f"{SUPPLIERS}/{made['supplier_id']}", made["etag"]).status_code == 204
    assert made["name"] not in world.call("GET", SUPPLIERS, "CA").text


def test_drop_supplier__with_a_running_flow__conflicts(world: World) -> None:
    members = world.call("GET", SUPPLIERS, "CA").json()["items"][0]
    answer = delete(world, f"{SUPPLIERS}/{members['supplier_id']}", members["etag"])
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_supplier__of_another_community__does_not_exist(world: World) -> None:
    made = supplier(world)
    path = f"/api/v1/communities/{THERE}/suppliers/{made['supplier_id']}"
    answer = world.call("PATCH", path, "CA", THERE, json={"note": "x"}, headers={"If-Match": made["etag"]})
    assert answer.status_code == 404


def test_add_flow__complete__takes_requests_from_now_on(world: World) -> None:
    made = flow(world, gdpr_class="pseudonymous", description="meters in the cellar")
    with world.database.read() as connection:
        transport = connection.execute(select(Source.transport).where(Source.flow_id == made["flow_id"])).scalar_one()
    assert transport == "rest"
    assert (made["supplier"], made["gdpr_class"], made["send_period_s"]) == ("Distributore", "pseudonymous", 900)
    assert made["history"][0]["config"] == CONFIG


def test_add_flow__missing_key_of_the_configuration__is_named(world: World) -> None:
    config = {name: value for name, value in CONFIG.items() if name != "clock"}
    answer = post(world, FLOWS, flow_body(world, config=config))
    assert answer.json()["errors"] == [{"pointer": "/body/config/clock", "code": "missing"}]


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"config": CONFIG | {"syntax": "telepathy"}}, "/body/config/syntax"),
        ({"config": CONFIG | {"unit": "W"}}, "/body/config"),
        ({"config": CONFIG | {"clock": "Mars/Olympus"}}, "/body/config"),
        ({"config": CONFIG | {"max_reject_permille": 200}}, "/body/config"),
        ({"supplier_id": 99}, "/body/supplier_id"),
        ({"name": "../etc"}, "/body/name"),
        ({"transport": "https"}, "/body/transport"),
    ],
)
def test_add_flow__wrong_setting__is_named_and_nothing_is_made(
    world: World, wrong: dict[str, Any], pointer: str
) -> None:
    answer = post(world, FLOWS, flow_body(world, **wrong))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert [one["name"] for one in world.call("GET", FLOWS, "CA").json()["items"]] == ["upload"]


def test_add_flow__word_that_is_no_code__is_refused(world: World) -> None:
    answer = post(world, FLOWS, flow_body(world, gdpr_class="secret"))
    assert (answer.status_code, answer.json()["code"]) == (422, "gdpr_classification")


def test_add_flow__name_of_any_flow__exists(world: World) -> None:
    answer = post(world, FLOWS, flow_body(world, name="upload"))
    assert (answer.status_code, answer.json()["code"]) == (409, "exists")


def test_add_flow__second_stream_of_messages__conflicts(world: World) -> None:
    made = supplier(world)
    for name, status in (("first", 201), ("second", 409)):
        wanted = flow_body(world, name=name, transport="mqtt", supplier_id=made["supplier_id"])
        answer = post(world, FLOWS, wanted, key=name)
        assert answer.status_code == status


def test_change_flow__configuration__is_kept_beside_the_earlier_one(world: World) -> None:
    made = flow(world)
    answer = patch(world, f"{FLOWS}/{made['flow_id']}", {"config": {"snap_s": 30}}, made["etag"])
    assert [(one["number"], one["config"]["snap_s"]) for one in answer.json()["history"]] == [(1, 0), (2, 30)]
    assert answer.json()["history"][1]["since"] == "2027-01-15T08:00:00.000Z"


def test_change_flow__same_configuration_again__adds_nothing(world: World) -> None:
    made = flow(world)
    answer = patch(world, f"{FLOWS}/{made['flow_id']}", {"config": {"snap_s": 0}}, made["etag"])
    assert answer.json() == made


def test_change_flow__facts__text_can_be_taken_back_and_codes_stay(world: World) -> None:
    made = flow(world, description="old", gdpr_class="pseudonymous")
    wanted = {"description": None, "gdpr_class": None, "rights": "as agreed", "send_period_s": None}
    changed = patch(world, f"{FLOWS}/{made['flow_id']}", wanted, made["etag"]).json()
    assert (changed["description"], changed["gdpr_class"], changed["rights"], changed["send_period_s"]) == (
        None,
        "pseudonymous",
        "as agreed",
        None,
    )


def test_change_flow__that_does_not_fit_its_transport__is_refused(world: World) -> None:
    made = flow(world)
    answer = patch(world, f"{FLOWS}/{made['flow_id']}", {"config": {"syntax": "profile"}}, made["etag"])
    assert answer.json()["errors"] == [{"pointer": "/body/config", "code": "source_value"}]


def test_change_flow__shared_with_another_community__is_refused(world: World) -> None:
    with world.database.write() as connection:
        values = {"community_id": world.community_ids[THERE], "flow_id": UPLOAD}
        connection.execute(insert(FlowCommunity).values(**values))
    etag = world.call("GET", FLOWS, "CA").json()["items"][0]["etag"]
    answer = patch(world, f"{FLOWS}/{UPLOAD}", {"config": {"snap_s": 30}}, etag)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_change_flow__old_etag__is_refused(world: World) -> None:
    answer = patch(world, f"{FLOWS}/{UPLOAD}", {"config": {"snap_s": 30}}, '"old"')
    assert (answer.status_code, answer.json()["code"]) == (412, "etag_mismatch")


def test_end_flow__running__takes_nothing_more_and_is_still_listed(world: World) -> None:
    before = world.call("GET", FLOWS, "CA").json()["items"][0]
    assert delete(world, f"{FLOWS}/{UPLOAD}", before["etag"]).status_code == 204
    after = world.call("GET", FLOWS, "CA").json()["items"][0]
    assert after["ended_at"] == "2027-01-15T08:00:00.000Z"
    assert after["history"] == before["history"]
    answer = world.call("POST", "/api/v1/ingest/files?flow=upload", "OA", content=b"device")
    assert answer.status_code == 404


def test_change_flow__that_ended__conflicts(world: World) -> None:
    delete(world, f"{FLOWS}/{UPLOAD}", world.call("GET", FLOWS, "CA").json()["items"][0]["etag"])
    etag = world.call("GET", FLOWS, "CA").json()["items"][0]["etag"]
    assert patch(world, f"{FLOWS}/{UPLOAD}", {"note": "x"}, etag).json()["code"] == "conflict"


def test_flow__of_another_community__does_not_exist(world: World) -> None:
    with world.database.write() as connection:
        Flows(connection).get_or_create("theirs", FlowConfig())
    answer = patch(world, f"{FLOWS}/2", {"note": "x"}, '"any"')
    assert answer.status_code == 404
