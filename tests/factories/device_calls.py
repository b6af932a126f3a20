"""Requests about devices, as the tests of their routes send them."""

from typing import Any

from httpx import Response
from sqlalchemy import insert, select

from gettone.db.tables import Settlement
from tests.factories.api_world import HERE, NOW_MS, THERE, World

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


def settle(world: World, start_s: int, end_s: int) -> None:
    stated = {"community_id": world.community_ids[HERE], "period_index": 4, "revision": 0, "state": "open"}
    stated |= {"period_start_s": start_s, "period_end_s": end_s, "computed_at": NOW_MS}
    fillers: dict[type, Any] = {int: 0, bytes: bytes(32), str: "0", object: 0}
    needed = [one for one in Settlement.__table__.columns if not one.nullable and not one.primary_key]
    filled = {one.name: fillers[one.type.python_type] for one in needed}
    with world.database.write() as connection:
        connection.execute(insert(Settlement).values(**(filled | stated)))


def change(world: World, number: int, content: dict[str, Any], etag: str | None = "") -> Response:
    if not etag and etag is not None:
        etag = world.call("GET", f"{PLACE}/{number}", "CA").headers["etag"]
    headers = {} if etag is None else {"If-Match": etag}
    return world.call("PATCH", f"{PLACE}/{number}", "CA", json=content, headers=headers)
