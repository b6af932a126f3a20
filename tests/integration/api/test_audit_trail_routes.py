"""The audit trail goes out as far as rights reach, and its head to anybody."""

from typing import Any

import pytest

from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.db.tables import RoleGrant
from tests.factories.api_world import HERE, NOW_MS, THERE, World

pytestmark = pytest.mark.database

SLOT_MS = 900_000
LISTED = "/api/v1/communities/fontana/audit-trail"


def add(world: World, subject: str, community: str | None = HERE, at_ms: int = NOW_MS, reason: str = "why") -> None:
    community_id = None if community is None else world.community_ids[community]
    with world.database.write() as connection:
        deed = Deed("ca-fontana", "test", subject, community_id, {"was": 1}, {"is": 2}, reason)
        AuditTrail(connection).append(deed, at_ms)


def subjects(answer: Any) -> list[str]:
    return [one["subject"] for one in answer.json()["items"]]


@pytest.fixture
def trail(world: World) -> World:
    add(world, "one")
    add(world, "two", THERE)
    add(world, "three", None)
    add(world, "four", at_ms=NOW_MS + SLOT_MS)
    return world


def test_list_deeds__platform_admin__sees_those_of_no_community_too(trail: World) -> None:
    assert subjects(trail.call("GET", "/api/v1/audit-trail", "PA")) == ["four", "three", "two", "one"]


def test_list_deeds__community_admin__sees_those_of_the_own_communities(trail: World) -> None:
    assert subjects(trail.call("GET", "/api/v1/audit-trail", "CA")) == ["four", "one"]


@pytest.mark.parametrize("role", ["PA", "CA", "TA"])
def test_list_community_deeds__admins__see_those_of_the_community(trail: World, role: str) -> None:
    assert subjects(trail.call("GET", LISTED, role)) == ["four", "one"]


def test_list_community_deeds__auditor__sees_the_granted_range_only(trail: World) -> None:
    with trail.database.write() as connection:
        mine = RoleGrant.user_id == trail.user_ids[("AU", HERE)]
        connection.execute(RoleGrant.__table__.update().where(mine).values(data_to=NOW_MS // SLOT_MS + 1))
    assert subjects(trail.call("GET", LISTED, "AU")) == ["one"]


def test_list_community_deeds__reason__is_told_in_words_and_changes_by_digest(trail: World) -> None:
    deed = trail.call("GET", LISTED, "CA").json()["items"][0]
    assert (deed["reason"], deed["actor"], deed["community"]) == ("why", "ca-fontana", HERE)
    assert len(deed["before"]) == len(deed["after"]) == len(deed["hash"]) == 64


def test_list_deeds__page_by_page__shows_each_row_once(trail: World) -> None:
    first = trail.call("GET", "/api/v1/audit-trail?limit=3", "PA")
    add(trail, "five")
    cursor = first.json()["next"]
    rest = trail.call("GET", "/api/v1/audit-trail", "PA", params={"limit": 3, "cursor": cursor})
    assert subjects(first) + subjects(rest) == ["four", "three", "two", "one"]
    assert first.headers["link"].startswith("</api/v1/audit-trail?")


def test_list_deeds__etag_of_before__is_answered_304(trail: World) -> None:
    etag = trail.call("GET", LISTED, "CA").headers["etag"]
    assert trail.call("GET", LISTED, "CA", headers={"if-none-match": etag}).status_code == 304


def test_get_audit_head__anybody__gets_number_and_hash(trail: World) -> None:
    with trail.database.read() as connection:
        entry, digest = AuditTrail(connection).head()
    assert trail.call("GET", "/api/v1/audit-trail/head").json() == {"entry": entry, "hash": digest.hex()}
