"""Batches: listed, mended row by row, run again, and given up by two persons; nobody imports the own readings."""

import json
from pathlib import Path
from typing import Any

import pytest
from httpx import Response
from sqlalchemy import insert, select, update

from api.batches.repository import COUNTERS
from gettone.db.repositories.audit_rows import AuditRows
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.operations import Operations
from gettone.db.tables import Batch, DeviceMember, Reject
from gettone.metering.flow import FlowConfig
from tests.factories.api_world import HERE, NOW_MS, THERE, World, close_world, open_world
from tests.factories.metering import FLOW

pytestmark = pytest.mark.database

BATCHES = "/api/v1/batches"
REASON = {"reason": "the meter was replaced"}


def add_batch(world: World, number: int, state: str = "done", flow: str = FLOW) -> None:
    with world.database.write() as connection:
        flow_id = Flows(connection).get_or_create(flow, FlowConfig()).flow_id
        values = {"batch_id": number, "flow_id": flow_id, "bytes": 9, "received_at": NOW_MS, "state": state}
        values |= {"report": '{"codes":{},"rows":0}', "merge_no": number if state == "done" else None}
        connection.execute(insert(Batch).values(**values, **dict.fromkeys(COUNTERS, 0)))


def add_reject(world: World, batch: int, row: int, state: str = "open") -> None:
    with world.database.write() as connection:
        values = {"batch_id": batch, "row_no": row, "code": "R_SYNTAX", "field": "energy_wh", "raw": b"sealed"}
        connection.execute(insert(Reject).values(**values, state=state))


def patch(world: World, content: dict[str, Any], row: int = 3, role: str = "OA") -> Response:
    return world.call("PATCH", f"{BATCHES}/1/rejects/{row}", role, json=content)


def act(world: World, verb: str, role: str = "CA") -> Response:
    return world.call("POST", f"{BATCHES}/1/{verb}", role, json=REASON)


def state_of(world: World, number: int = 1) -> str:
    with world.database.read() as connection:
        return connection.execute(select(Batch.state).where(Batch.batch_id == number)).scalar_one()


def test_list_batches__of_the_own_communities__newest_first_page_by_page(world: World) -> None:
    for number in (1, 2, 3):
        add_batch(world, number)
    add_batch(world, 4, flow="theirs")
    first = world.call("GET", f"{BATCHES}?limit=2", "OA").json()
    rest = world.call("GET", f"{BATCHES}?limit=2&cursor={first['next']}", "OA").json()
    assert [one["batch_id"] for one in first["items"] + rest["items"]] == [3, 2, 1]
    assert world.call("GET", BATCHES, "OA", THERE).json()["items"] == []


def test_list_batches__by_state_and_flow__only_those(world: World) -> None:
    for number, state in ((1, "done"), (2, "dead"), (3, "parked")):
        add_batch(world, number, state)
    found = world.call("GET", f"{BATCHES}?state=dead&flow={FLOW}", "CA").json()["items"]
    assert [one["batch_id"] for one in found] == [2]
    assert world.call("GET", f"{BATCHES}?flow=other", "CA").json()["items"] == []
    assert world.call("GET", f"{BATCHES}?state=sleeping", "CA").json()["code"] == "invalid"


def test_change_reject__cells__are_received_as_a_batch_that_corrects_it(world: World) -> None:
    add_batch(world, 1)
    add_reject(world, 1, 3)
    cells = {"device": "home01", "timestamp_utc": "2016-09-01T00:00:00Z", "interval_s": "900", "energy_wh": "187"}
    answer = patch(world, {"cells": cells})
    with world.database.read() as connection:
        asked = Operations(connection).find(answer.json()["id"])
    assert answer.status_code == 202
    assert world.context.intake.payloads == [  # type: ignore[attr-defined]  # the null intake keeps them
        b"device,timestamp_utc,interval_s,energy_wh\r\nhome01,2016-09-01T00:00:00Z,900,187\r\n"
    ]
    assert asked is not None
    assert (asked.kind, asked.document) == ("batch.correct", {"batch_id": 1, "row_no": 3, "correction": 1})


def test_change_reject__content__is_received_as_it_is(world: World) -> None:
    add_batch(world, 1)
    add_reject(world, 1, 3)
    assert patch(world, {"content": "whatever"}).status_code == 202
    assert world.context.intake.payloads == [b"whatever"]  # type: ignore[attr-defined]  # the null intake keeps them


def test_change_reject__accept__leaves_it_refused_for_good(world: World) -> None:
    add_batch(world, 1)
    add_reject(world, 1, 3)
    for _ in range(2):
        answer = patch(world, {"accept": True})
        assert (answer.status_code, answer.json()["state"]) == (200, "accepted")


def test_change_reject__not_open_any_more__conflicts(world: World) -> None:
    add_batch(world, 1)
    add_reject(world, 1, 3, state="fixed")
    for content in ({"accept": True}, {"content": "x"}):
        answer = patch(world, content)
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


@pytest.mark.parametrize("content", [{}, {"accept": True, "content": "x"}, {"accept": False}, {"cells": {}}])
def test_change_reject__not_one_of_the_three__is_refused(world: World, content: dict[str, Any]) -> None:
    add_batch(world, 1)
    add_reject(world, 1, 3)
    assert patch(world, content).json()["code"] == "invalid"


def test_change_reject__cells_of_a_flow_without_columns__are_refused(world: World) -> None:
    add_batch(world, 1)
    with world.database.write() as connection:
        Flows(connection).set_config(FLOW, FlowConfig(syntax="json"), now_ms=NOW_MS)
        connection.execute(update(Batch).values(flow_config=2))
    add_reject(world, 1, 3)
    answer = patch(world, {"cells": {"device": "home01"}})
    assert answer.json()["errors"] == [{"pointer": "/body/cells", "code": "syntax"}]


def test_change_reject__row_or_batch_that_is_not_there__does_not_exist(world: World) -> None:
    add_batch(world, 1)
    assert patch(world, {"accept": True}).status_code == 404
    assert world.call("PATCH", f"{BATCHES}/1/rejects/3", "OA", THERE, json={"accept": True}).status_code == 404


@pytest.mark.parametrize("state", ["parked", "retry", "dead", "received"])
def test_replay_batch__waiting_or_failed__is_to_run_again(world: World, state: str) -> None:
    add_batch(world, 1, state)
    answer = act(world, "replay")
    assert (answer.status_code, answer.json()["state"]) == (200, "received")
    assert state_of(world) == "received"


def test_replay_batch__done__conflicts(world: World) -> None:
    add_batch(world, 1)
    assert act(world, "replay").json()["code"] == "conflict"


def test_replay_batch__deed__is_in_the_trail_with_its_reason(world: World) -> None:
    add_batch(world, 1, "dead")
    act(world, "replay")
    with world.database.read() as connection:
        newest = AuditRows(connection).visible(None, before=None, limit=1)[0]
    assert (newest.action, newest.subject, newest.community) == ("batch.replay", "1", HERE)
    assert json.loads(newest.reason_text or "") == REASON["reason"]


def test_dismiss_batch__two_persons__is_given_up(world: World) -> None:
    add_batch(world, 1, "dead")
    first = act(world, "dismiss", "OA").json()
    assert (first["state"], first["dismissal"]["approved_by"]) == ("dead", None)
    second = act(world, "dismiss", "CA").json()
    assert (second["state"], second["dismissal"]["approved_by"]) == ("dismissed", f"ca-{HERE}")
    assert act(world, "dismiss", "CA").status_code == 200


def test_dismiss_batch__same_person_twice__may_not(world: World) -> None:
    add_batch(world, 1, "dead")
    act(world, "dismiss")
    answer = act(world, "dismiss")
    assert (answer.status_code, answer.json()["code"]) == (409, "self_approval")
    assert state_of(world) == "dead"


def test_dismiss_batch__not_dead__conflicts(world: World) -> None:
    add_batch(world, 1, "parked")
    assert act(world, "dismiss").json()["code"] == "conflict"


@pytest.mark.parametrize("verb", ["replay", "dismiss"])
def test_batch_acts__without_a_reason__are_refused(world: World, verb: str) -> None:
    add_batch(world, 1, "dead")
    assert world.call("POST", f"{BATCHES}/1/{verb}", "CA", json={}).status_code == 422


@pytest.fixture
def household(database_url: str, tmp_path: Path) -> Any:
    """An oracle admin who is a member, too, and holds device 1; files speak of the devices their text lists."""
    opened = open_world(
        database_url, tmp_path, named_devices=lambda _flow, path: frozenset(map(int, path.read_text().split()))
    )
    member = opened.join(opened.user_ids[("OA", HERE)], HERE)
    with opened.database.write() as connection:
        mine = update(DeviceMember).where(DeviceMember.device_id == 1).values(member_id=member)
        connection.execute(mine)
    yield opened
    close_world(opened)


def send(world: World, content: str, role: str, **parameters: Any) -> Response:
    query = {"flow": FLOW, **parameters}
    return world.call("POST", "/api/v1/ingest/files", role, content=content.encode(), params=query)


def test_ingest_files__of_the_own_device__another_person_imports_it(household: World) -> None:
    answer = send(household, "1 2", "OA")
    assert (answer.status_code, answer.json()["code"]) == (409, "self_import")
    assert household.context.intake.payloads == []  # type: ignore[attr-defined]  # the null intake keeps them
    assert send(household, "1 2", "CA").status_code == 202


def test_ingest_files__of_other_devices__is_taken(household: World) -> None:
    assert send(household, "2", "OA").status_code == 202


def test_ingest_files__dry_run_of_the_own_device__is_judged(household: World) -> None:
    assert send(household, "1", "OA", dry_run=True).status_code == 200


def test_change_reject__of_the_own_device__another_person_mends_it(household: World) -> None:
    add_batch(household, 1)
    add_reject(household, 1, 3)
    assert patch(household, {"content": "1"}).json()["code"] == "self_import"
    assert patch(household, {"content": "1"}, role="CA").status_code == 202
