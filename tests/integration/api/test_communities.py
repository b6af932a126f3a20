"""Communities are made by the platform, changed by their admins, and closed by both."""

from typing import Any

import pytest

from gettone.db.repositories.audit_trail import AuditTrail
from gettone.db.repositories.operations import Operations
from tests.factories.api_world import HERE, THERE, World

pytestmark = pytest.mark.database

PLACE = f"/api/v1/communities/{HERE}"
REASON = {"reason": "a drill of the pause"}


def new_community(**changes: Any) -> dict[str, Any]:
    body = {
        "id": "valle",
        "name": "Valle",
        "timezone": "Europe/Rome",
        "token": {"name": "Valle token", "symbol": "VAL"},
        "governance": "single",
        "first_admin": "ca-other",
    }
    return body | changes


def create(world: World, key: str = "k1", **changes: Any) -> Any:
    headers = {"Idempotency-Key": key}
    return world.call("POST", "/api/v1/communities", "PA", json=new_community(**changes), headers=headers)


def kinds(world: World) -> list[str]:
    with world.database.read() as connection:
        return [one.kind for one in Operations(connection).open_ones()]


def test_create__new_one__is_deployed_later_and_has_its_first_admin(world: World) -> None:
    answer = create(world)
    assert (answer.status_code, answer.json()["kind"]) == (202, "community.deploy")
    assert answer.headers["location"] == f"/api/v1/operations/{answer.json()['id']}"
    found = world.client.get("/api/v1/communities/valle").json()
    assert (found["state"], found["governance"], found["timezone"]) == ("deploying", "single", "Europe/Rome")
    roles = world.call("GET", "/api/v1/communities/valle/roles", "PA").json()["items"]
    assert [(one["sub"], one["role"], one["state"]) for one in roles] == [("ca-other", "CA", "pending")]


def test_create__same_request_again__makes_one(world: World) -> None:
    create(world)
    again = create(world)
    assert (again.status_code, again.headers["idempotency-replayed"]) == (202, "true")
    assert kinds(world).count("community.deploy") == 1


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"id": HERE}, 409, "exists"),
        ({"first_admin": "nobody"}, 422, "invalid"),
        ({"timezone": "Europe/Nowhere"}, 422, "timezone_unknown"),
        ({"id": "Not A Slug"}, 422, "invalid"),
        ({"governance": "three"}, 422, "invalid"),
        ({"more": 1}, 422, "invalid"),
    ],
)
def test_create__wrong_request__is_refused_and_changes_nothing(
    world: World, changes: dict[str, Any], status: int, code: str
) -> None:
    before = world.client.get("/api/v1/communities").json()
    answer = create(world, **changes)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (world.client.get("/api/v1/communities").json(), kinds(world)) == (before, [])


def test_create__without_a_key__is_malformed(world: World) -> None:
    answer = world.call("POST", "/api/v1/communities", "PA", json=new_community())
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def test_list__pages__hold_every_community_once(world: World) -> None:
    first = world.client.get("/api/v1/communities", params={"limit": 1}).json()
    second = world.client.get("/api/v1/communities", params={"limit": 1, "cursor": first["next"]}).json()
    assert [one["id"] for one in first["items"] + second["items"]] == sorted((HERE, THERE))
    assert second["next"] is None


def test_change__with_the_state_read__is_written_and_audited(world: World) -> None:
    etag = world.client.get(PLACE).headers["etag"]
    answer = world.call("PATCH", PLACE, "CA", json={"description": "By the spring"}, headers={"If-Match": etag})
    assert (answer.status_code, answer.json()["description"]) == (200, "By the spring")
    assert answer.headers["etag"] == world.client.get(PLACE).headers["etag"] != etag
    with world.database.read() as connection:
        assert AuditTrail(connection).count() == 1


@pytest.mark.parametrize(
    ("headers", "status", "code"), [({}, 428, "etag_required"), ({"If-Match": '"old"'}, 412, "etag_mismatch")]
)
def test_change__without_the_state_read__changes_nothing(
    world: World, headers: dict[str, str], status: int, code: str
) -> None:
    answer = world.call("PATCH", PLACE, "CA", json={"name": "Another"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert world.client.get(PLACE).json()["name"] == HERE


def test_pause__twice__is_asked_of_the_chain_once(world: World) -> None:
    first = world.call("POST", f"{PLACE}/pause", "PA", json=REASON)
    again = world.call("POST", f"{PLACE}/pause", "CA", json=REASON)
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.json() == {"id": HERE, "state": "paused", "waits_for_approval": False}
    assert kinds(world) == ["community.pause"]


def test_unpause__after_a_pause__is_asked_of_the_chain(world: World) -> None:
    world.call("POST", f"{PLACE}/pause", "CA", json=REASON)
    assert world.call("POST", f"{PLACE}/unpause", "CA", json=REASON).status_code == 202
    assert world.client.get(PLACE).json()["state"] == "active"


def test_pause__login_of_an_hour_ago__asks_for_a_fresh_one(world: World) -> None:
    old = world.tokens.issue("ca-fontana", ("community-admin",), authenticated_at_s=world.now_ms // 1000 - 3600)
    answer = world.client.post(f"{PLACE}/pause", json=REASON, headers={"authorization": f"Bearer {old}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "insufficient_user_authentication")


def test_close__platform_then_community__closes_it(world: World) -> None:
    proposed = world.call("POST", f"{PLACE}/close", "PA", json=REASON)
    assert (proposed.status_code, proposed.json()["waits_for_approval"]) == (202, True)
    assert world.client.get(PLACE).json()["state"] == "active"
    assert world.call("POST", f"{PLACE}/close", "CA", json=REASON).status_code == 202
    assert world.client.get(PLACE).json()["state"] == "closed"
    assert world.call("POST", f"{PLACE}/pause", "CA", json=REASON).json()["code"] == "conflict"


def test_close__community_alone__is_refused(world: World) -> None:
    answer = world.call("POST", f"{PLACE}/close", "CA", json=REASON)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert world.client.get(PLACE).json()["state"] == "active"


def test_close__platform_admin_who_is_admin_there_too__does_not_approve_the_own_proposal(world: World) -> None:
    world.call("POST", f"{PLACE}/close", "PA", json=REASON)
    world.grant(world.user_ids[("PA", "")], "CA", HERE)
    both = world.tokens.issue("platform", ("platform-admin", "community-admin"))
    answer = world.client.post(f"{PLACE}/close", json=REASON, headers={"authorization": f"Bearer {both}"})
    assert (answer.status_code, answer.json()["code"]) == (409, "self_approval")


def test_public__few_members__shows_neither_their_number_nor_totals(world: World) -> None:
    page = world.client.get(f"{PLACE}/public").json()
    assert (page["id"], page["members"], page["days"], page["settlements"]) == (HERE, None, [], [])
    assert not any(member in str(page) for member in world.member_ids.values())


def test_public__unchanged__is_not_sent_again(world: World) -> None:
    etag = world.client.get(f"{PLACE}/public").headers["etag"]
    assert world.client.get(f"{PLACE}/public", headers={"If-None-Match": etag}).status_code == 304
