"""Acts on settlements: who may ask for them, in which state, and that two persons are two."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from gettone.db.repositories.approvals import Act, ApprovalRow, Approvals
from gettone.db.tables import AuditEntry, Community, Operation
from tests.factories.api_world import HERE, NOW_MS, World
from tests.factories.stored_settlements import add_gate, add_settlement

pytestmark = pytest.mark.database

LISTED = "/api/v1/communities/fontana/settlements"


def act(world: World, path: str, role: str, body: Any = None, key: str = "k1") -> Any:
    return world.call("POST", LISTED + path, role, json=body, headers={"Idempotency-Key": key})


def add(world: World, state: str, **more: Any) -> None:
    with world.database.write() as connection:
        add_settlement(connection, world.community_ids[HERE], 0, state, **more)


def speak(world: World, person: str, revision: int = 1) -> None:
    with world.database.write() as connection:
        place = (world.community_ids[HERE], 0, revision)
        Approvals(connection).add(place, Act.REVISE, ApprovalRow(person, "late data", NOW_MS))


def asked(world: World) -> list[tuple[str, dict[str, Any]]]:
    with world.database.read() as connection:
        rows = connection.execute(select(Operation.kind, Operation.document)).all()
    return [(row[0], json.loads(row[1])) for row in rows]


def deeds(world: World) -> list[tuple[str, str, str]]:
    with world.database.read() as connection:
        query = select(AuditEntry.actor, AuditEntry.action, AuditEntry.subject)
        return [tuple(row) for row in connection.execute(query)]  # type: ignore[misc]


def test_run_settlement__oracle_admin__asks_once_and_is_written_down(world: World) -> None:
    answers = [act(world, "", "OA", {"period_index": 0, "first_day": "2016-07-01"}) for _ in range(2)]
    assert [one.status_code for one in answers] == [202, 202]
    assert asked(world) == [("settlement.run", {"period_index": 0, "first_day": "2016-07-01"})]
    assert deeds(world) == [("oa-fontana", "settlement.run", "settlement 0")]


@pytest.mark.parametrize(
    ("path", "role", "state"),
    [
        ("/0/approve", "CA", "closed"),
        ("/0/publish", "OA", "closed"),
        ("/0/publish", "OA", "held"),
        ("/0/retry", "OA", "proposed"),
        ("/0/retry", "OA", "closed"),
    ],
)
def test_acts__settlement_in_another_state__are_409_and_nothing_is_asked(
    world: World, path: str, role: str, state: str
) -> None:
    add(world, state)
    refused = act(world, path, role)
    assert (refused.status_code, refused.json()["code"], asked(world)) == (409, "state", [])


@pytest.mark.parametrize(
    ("path", "role", "state"),
    [("/0/approve", "CA", "proposed"), ("/0/publish", "OA", "attested"), ("/0/retry", "OA", "failed")],
)
def test_acts__settlement_in_its_state__are_asked_in_the_name_of_the_person(
    world: World, path: str, role: str, state: str
) -> None:
    add(world, state)
    assert act(world, path, role).status_code == 202
    kind = "settlement." + path.rpartition("/")[2]
    assert asked(world) == [(kind, {"period_index": 0, "person": f"{role.lower()}-fontana"})]


def test_revise_settlement__first_word__needs_an_oracle_admin_and_a_reason(world: World) -> None:
    add(world, "closed")
    refused = [act(world, "/0/revise", role, body, role) for role, body in (("CA", {"reason": "late"}), ("OA", {}))]
    assert [(one.status_code, one.json()["code"]) for one in refused] == [(403, "not_permitted"), (422, "invalid")]
    assert act(world, "/0/revise", "OA", {"reason": "late data"}, "k2").status_code == 202


def test_revise_settlement__second_word__is_that_of_a_community_admin(world: World) -> None:
    add(world, "closed")
    speak(world, "oa-fontana")
    assert act(world, "/0/revise", "OA", {}).status_code == 403
    assert act(world, "/0/revise", "CA", {}, "k2").status_code == 202
    assert asked(world)[0][1] | {"words": 1, "alone": False} == asked(world)[0][1]


def test_revise_settlement__second_word_of_the_same_person__is_409(world: World) -> None:
    add(world, "closed")
    speak(world, "ca-fontana")
    refused = act(world, "/0/revise", "CA", {})
    assert (refused.status_code, refused.json()["code"], asked(world)) == (409, "self_approval", [])


def test_revise_settlement__that_is_not_closed__is_409(world: World) -> None:
    add(world, "open")
    assert act(world, "/0/revise", "OA", {"reason": "late data"}).json()["code"] == "state"


@pytest.mark.parametrize("state", ["collecting", "frozen"])
def test_release_settlement__gate_that_is_not_incomplete__is_409(world: World, state: str) -> None:
    add(world, "held")
    with world.database.write() as connection:
        add_gate(connection, world.community_ids[HERE], 0, state)
    assert act(world, "/0/release", "OA", {"reason": "no data"}).json()["code"] == "state"


def test_release_settlement__two_persons__are_asked_one_after_the_other(world: World) -> None:
    add(world, "held")
    with world.database.write() as connection:
        add_gate(connection, world.community_ids[HERE], 0, "incomplete", decided_by="oa-fontana", reason="none")
    assert act(world, "/0/release", "OA", {"reason": "again"}).status_code == 403
    assert act(world, "/0/release", "CA", {}, "k2").status_code == 202


@pytest.mark.parametrize(("path", "role"), [("/0/approve", "CA"), ("/0/publish", "OA"), ("/0/revise", "OA")])
def test_acts__old_login__ask_for_a_fresh_one(world: World, path: str, role: str) -> None:
    add(world, "proposed")
    realm = {"CA": "community-admin", "OA": "oracle-admin"}[role]
    old = world.tokens.issue(f"{role.lower()}-fontana", (realm,), authenticated_at_s=NOW_MS // 1000 - 601)
    headers = {"authorization": f"Bearer {old}", "Idempotency-Key": "k1"}
    refused = world.client.post(LISTED + path, headers=headers, json={"reason": "late"})
    assert (refused.status_code, refused.json()["code"]) == (401, "insufficient_user_authentication")


@pytest.mark.parametrize(("waited_h", "status"), [(23, 409), (24, 202)])
def test_revise_settlement__single_administrator__may_speak_twice_a_day_later(
    world: World, waited_h: int, status: int
) -> None:
    with world.database.write() as connection:
        here = Community.community_id == world.community_ids[HERE]
        connection.execute(Community.__table__.update().where(here).values(governance="single"))
    add(world, "closed")
    speak(world, "ca-fontana")
    world.now_ms += waited_h * 3_600_000
    assert act(world, "/0/revise", "CA", {}).status_code == status
    assert [document["alone"] for _, document in asked(world)] == [True] * (status == 202)
