"""Take-outs are asked for, made once, downloaded for seven days by who asked, and written down."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from gettone.db.repositories.takeouts import KEPT_MS, Takeouts, TakeoutState
from gettone.db.tables import AuditEntry, RoleGrant, TakeoutFile
from tests.factories.api_world import HERE, THERE, World

pytestmark = pytest.mark.database

LISTED = "/api/v1/communities/fontana/takeouts"
OWN = {"from": "2016-09-01", "to": "2016-10-01"}
BYTES = b"PK zip of a member"


def ask(world: World, role: str = "MB", key: str = "k1", **more: Any) -> Any:
    return world.call("POST", LISTED, role, json=OWN | more, headers={"Idempotency-Key": key})


def made(world: World, role: str = "MB", **more: Any) -> str:
    number = str(ask(world, role, **more).json()["id"])
    with world.database.write() as connection:
        Takeouts(connection).keep(number, world.vault, "takeout.zip", BYTES, world.now_ms)
    return number


def grant_september(world: World) -> None:
    # The community's midnights are those of Los Angeles.
    slots = [int(datetime(2016, month, 1, 7, tzinfo=UTC).timestamp()) // 900 for month in (9, 10)]
    with world.database.write() as connection:
        mine = RoleGrant.user_id == world.user_ids[("AU", HERE)]
        range_ = {"data_from": slots[0], "data_to": slots[1]}
        connection.execute(RoleGrant.__table__.update().where(mine).values(**range_))


def test_request_takeout__member__is_asked_once_for_the_own(world: World) -> None:
    answers = [ask(world) for _ in range(2)]
    assert [one.status_code for one in answers] == [202, 202]
    assert answers[0].headers["location"].startswith("/api/v1/operations/op_")
    (item,) = world.call("GET", LISTED, "MB").json()["items"]
    assert (item["member"], item["state"], item["level"]) == (world.member_ids[f"MB {HERE}"], "requested", "full")


def test_request_takeout__another_member__looks_as_if_there_were_none(world: World) -> None:
    assert ask(world, member=world.member_ids[f"VF {HERE}"], reason="curious").status_code == 404


@pytest.mark.parametrize(
    ("first", "last", "status"),
    [("2016-09-01", "2016-10-01", 202), ("2016-09-01", "2016-10-02", 422), ("2016-08-31", "2016-09-02", 422)],
)
def test_request_takeout__auditor__must_stay_in_the_granted_range(
    world: World, first: str, last: str, status: int
) -> None:
    grant_september(world)
    member = world.member_ids[f"MB {HERE}"]
    answer = ask(world, "AU", member=member, reason="audit 2016", **{"from": first, "to": last})
    assert answer.status_code == status


@pytest.mark.parametrize("more", [{}, {"member": "own"}], ids=["no member", "no reason"])
def test_request_takeout__auditor_who_does_not_say_whose_or_why__is_422(world: World, more: dict[str, str]) -> None:
    named = {"member": world.member_ids[f"MB {HERE}"]} if more else {}
    assert ask(world, "AU", **named).json()["code"] == "invalid"


def test_request_takeout__member_of_another_community__is_404_to_the_auditor(world: World) -> None:
    assert ask(world, "AU", member=world.member_ids[f"MB {THERE}"], reason="audit").status_code == 404


@pytest.mark.parametrize(("first", "last"), [("2016-10-01", "2016-09-01"), ("2016-09-31", "2016-10-01")])
def test_request_takeout__range_that_is_none__is_422(world: World, first: str, last: str) -> None:
    assert ask(world, **{"from": first, "to": last}).status_code == 422


def test_download_takeout__ready__gives_the_bytes_and_is_written_down(world: World) -> None:
    number = made(world)
    answer = world.call("GET", f"{LISTED}/{number}/download", "MB")
    assert (answer.content, answer.headers["content-type"]) == (BYTES, "application/zip")
    with world.database.read() as connection:
        actions = connection.execute(select(AuditEntry.action).order_by(AuditEntry.entry)).scalars().all()
    assert actions == ["takeout.request", "takeout.download"]


def test_download_takeout__stored_bytes__are_sealed(world: World) -> None:
    made(world)
    with world.database.read() as connection:
        content = connection.execute(select(TakeoutFile.content)).scalar_one()
    assert content is not None
    assert BYTES not in bytes(content)


def test_download_takeout__not_made_yet__is_409(world: World) -> None:
    number = ask(world).json()["id"]
    assert world.call("GET", f"{LISTED}/{number}/download", "MB").json()["code"] == "state"


def test_download_takeout__after_seven_days__is_410_and_its_bytes_are_destroyed(world: World) -> None:
    number = made(world)
    world.now_ms += KEPT_MS
    assert world.call("GET", f"{LISTED}/{number}/download", "MB").status_code == 410
    with world.database.write() as connection:
        assert Takeouts(connection).expire(world.now_ms) == 1
        row = connection.execute(select(TakeoutFile.state, TakeoutFile.content, TakeoutFile.data_key)).one()
    assert tuple(row) == (TakeoutState.EXPIRED.value, None, None)


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("GET", "/download"), ("DELETE", "")])
def test_takeout__of_another_person__looks_as_if_there_were_none(world: World, method: str, path: str) -> None:
    assert world.call(method, f"{LISTED}/{made(world)}{path}", "VF").status_code == 404


def test_delete_takeout__own__is_gone_at_once(world: World) -> None:
    number = made(world)
    assert world.call("DELETE", f"{LISTED}/{number}", "MB").status_code == 204
    assert world.call("GET", f"{LISTED}/{number}/download", "MB").status_code == 410
