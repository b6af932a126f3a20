"""Auditors are appointed by two persons, and every look of theirs is seen by the members."""

from typing import Any

import pytest

from tests.factories.api_world import HERE, World

pytestmark = pytest.mark.database

LISTED = "/api/v1/communities/fontana/auditors"
RANGE = {"from": "2026-01-01T00:00:00Z", "to": "2027-01-01T00:00:00Z", "reason": "yearly audit"}


def log(world: World, role: str, sub: str = "au-fontana") -> list[dict[str, Any]]:
    return world.call("GET", f"{LISTED}/{sub}/access-log", role).json()["items"]  # type: ignore[no-any-return]


def test_access_log__look_of_an_auditor__is_seen_by_members(world: World) -> None:
    world.call("GET", "/api/v1/communities/fontana/settlements/0/lines", "AU")
    world.call("GET", "/api/v1/communities/fontana/reconciliation", "AU")
    assert [(one["action"], one["path"]) for one in log(world, "MB")] == [
        ("reconciliation.read", "/api/v1/communities/fontana/reconciliation"),
        ("settlement.lines", "/api/v1/communities/fontana/settlements/0/lines"),
    ]


def test_access_log__what_anybody_may_see__is_no_look(world: World) -> None:
    world.call("GET", "/api/v1/communities/fontana/settlements", "AU")
    assert log(world, "CA") == []


def test_access_log__look_of_an_admin__is_not_written_down(world: World) -> None:
    world.call("GET", "/api/v1/communities/fontana/reconciliation", "CA")
    assert log(world, "MB", "ca-fontana") == []


def test_list_auditors__member__sees_who_and_which_range(world: World) -> None:
    (auditor,) = world.call("GET", LISTED, "MB").json()["items"]
    assert (auditor["sub"], auditor["state"]) == ("au-fontana", "active")


def test_appoint_auditor__two_persons_say_the_same__waits_for_the_provider(world: World) -> None:
    world.person("inspector")
    second = world.person("second")
    world.grant(second, "CA", HERE)
    token = world.tokens.issue("second", ("community-admin",))
    first = world.call("PUT", f"{LISTED}/inspector", "CA", json=RANGE)
    again = world.call("PUT", f"{LISTED}/inspector", "CA", json=RANGE)
    other = world.client.put(f"{LISTED}/inspector", json=RANGE, headers={"authorization": f"Bearer {token}"})
    assert (first.json()["state"], again.json()["code"]) == ("proposed", "self_approval")
    assert (other.json()["state"], other.json()["data_to"]) == ("pending", "2027-01-01T00:00:00.000Z")


def test_dismiss_auditor__at_once__may_see_nothing(world: World) -> None:
    assert world.call("DELETE", f"{LISTED}/au-fontana", "CA").status_code == 204
    assert world.call("GET", "/api/v1/communities/fontana/reconciliation", "AU").status_code == 404
