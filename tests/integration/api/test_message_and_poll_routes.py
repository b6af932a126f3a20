"""Messages reach the members they are for; in a poll each member votes once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gettone.db.tables import UserCommunity
from tests.factories.api_world import HERE, NOW_MS, THERE, World

pytestmark = pytest.mark.database

MESSAGES, POLLS = "/api/v1/communities/fontana/messages", "/api/v1/communities/fontana/polls"
TEXTS = {"it": "Assemblea venerdì", "en": "Assembly on Friday"}
CLOSES = (datetime.fromtimestamp(NOW_MS / 1000, UTC) + timedelta(days=7)).isoformat()
DAY_MS = 86_400_000


def post(world: World, path: str, role: str, body: Any, key: str = "k1") -> Any:
    return world.call("POST", path, role, json=body, headers={"Idempotency-Key": key})


def send(world: World, kind: str | None = None) -> str:
    return str(post(world, MESSAGES, "CA", {"texts": TEXTS, "member_kind": kind}, f"{kind}").json()["id"])


def poll(world: World) -> str:
    body = {"texts": TEXTS, "options": [TEXTS, TEXTS, TEXTS], "closes_at": CLOSES}
    return str(post(world, POLLS, "CA", body).json()["id"])


def received(world: World, role: str) -> list[Any]:
    return world.call("GET", MESSAGES, role).json()["items"]  # type: ignore[no-any-return]


def test_send_message__to_all__reaches_each_member_until_read(world: World) -> None:
    number = send(world)
    assert [(one["id"], one["texts"], one["read_at"]) for one in received(world, "MB")] == [(number, TEXTS, None)]
    for _ in range(2):
        assert world.call("POST", f"{MESSAGES}/{number}/read", "MB").status_code == 204
    assert received(world, "MB")[0]["read_at"] is not None
    assert received(world, "VF")[0]["read_at"] is None


def test_send_message__to_one_kind__is_seen_by_that_kind_and_admins(world: World) -> None:
    number = send(world, "stakeholder")
    with world.database.write() as connection:
        mine = UserCommunity.member_id == world.member_ids[f"VF {HERE}"]
        connection.execute(UserCommunity.__table__.update().where(mine).values(kind="stakeholder"))
    assert [[one["id"] for one in received(world, role)] for role in ("MB", "VF", "CA")] == [[], [number], [number]]


def test_confirm_message__of_another_community__is_404(world: World) -> None:
    number = send(world)
    path = f"/api/v1/communities/other/messages/{number}/read"
    assert world.call("POST", path, "MB", THERE).status_code == 404


def test_send_message__one_language_only__is_422(world: World) -> None:
    assert post(world, MESSAGES, "CA", {"texts": {"it": "ciao"}}).status_code == 422


def test_vote__twice__counts_once(world: World) -> None:
    number = poll(world)
    first = post(world, f"{POLLS}/{number}/votes", "MB", {"option": 2})
    again = post(world, f"{POLLS}/{number}/votes", "MB", {"option": 1}, "k2")
    assert (first.json()["has_voted"], again.status_code, again.json()["code"]) == (True, 409, "voted")
    post(world, f"{POLLS}/{number}/votes", "VF", {"option": 2})
    world.now_ms += 8 * DAY_MS
    results = world.call("GET", f"{POLLS}/{number}/results", "MB").json()
    assert results == {"id": number, "votes": [0, 0, 2], "total": 2}


def test_vote__after_the_end__is_409(world: World) -> None:
    number = poll(world)
    world.now_ms += 8 * DAY_MS
    assert post(world, f"{POLLS}/{number}/votes", "MB", {"option": 0}).json()["code"] == "state"
    assert world.call("GET", POLLS, "MB").json()["items"][0]["is_open"] is False


def test_vote__unknown_option__is_422(world: World) -> None:
    assert post(world, f"{POLLS}/{poll(world)}/votes", "MB", {"option": 3}).status_code == 422


def test_get_poll_results__while_it_is_open__are_told_to_nobody(world: World) -> None:
    number = poll(world)
    codes = [world.call("GET", f"{POLLS}/{number}/results", role).json()["code"] for role in ("CA", "MB")]
    assert codes == ["state", "state"]


def test_open_poll__that_is_over_already__is_422(world: World) -> None:
    world.now_ms += 8 * DAY_MS
    body = {"texts": TEXTS, "options": [TEXTS, TEXTS], "closes_at": CLOSES}
    assert post(world, POLLS, "CA", body).status_code == 422
