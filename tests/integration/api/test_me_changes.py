"""What persons say of themselves: language, mails, consents."""

from typing import Any

import pytest

from tests.factories.api_world import HERE, World

pytestmark = pytest.mark.database
ME, CONSENTS = "/api/v1/me", "/api/v1/me/consents"


def change(world: World, method: str, path: str, body: dict[str, Any], etag: str | None = None) -> Any:
    state = etag or world.call("GET", path, "MB").headers["etag"]
    return world.call(method, path, "MB", json=body, headers={"if-match": state})


def given(world: World) -> dict[str, str | None]:
    items = world.call("GET", CONSENTS, "MB").json()["items"]
    return {one["purpose"]: one["text_version"] for one in items if one["given_at"] is not None}


def consent(purpose: str, given: bool = True, community: str = HERE) -> dict[str, Any]:
    return {"community": community, "purpose": purpose, "given": given, "text_version": "2026-01"}


def test_change_me__language_and_mails__are_kept(world: World) -> None:
    answer = change(world, "PATCH", ME, {"language": "it", "unwanted_mails": ["message"]})
    assert (answer.json()["language"], answer.json()["unwanted_mails"]) == ("it", ["message"])
    assert world.call("GET", ME, "MB").json() == answer.json()


def test_change_me__stale_state__is_refused(world: World) -> None:
    stale = world.call("GET", ME, "MB").headers["etag"]
    change(world, "PATCH", ME, {"language": "it"})
    answer = change(world, "PATCH", ME, {"language": "en"}, stale)
    assert (answer.status_code, answer.json()["code"]) == (412, "etag_mismatch")
    assert world.call("GET", ME, "MB").json()["language"] == "it"


def test_change_me__without_a_state__is_refused(world: World) -> None:
    answer = world.call("PATCH", ME, "MB", json={"language": "en"})
    assert (answer.status_code, answer.json()["code"]) == (428, "etag_required")


@pytest.mark.parametrize("body", [{"language": "de"}, {"unwanted_mails": ["safety"]}, {"name": "x"}])
def test_change_me__wrong_field__is_named(world: World, body: dict[str, Any]) -> None:
    answer = change(world, "PATCH", ME, body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert next(iter(body)) in answer.json()["errors"][0]["pointer"]


def test_consents__given_and_withdrawn__are_in_force_and_not(world: World) -> None:
    assert change(world, "PUT", CONSENTS, consent("directory")).status_code == 200
    assert given(world) == {"directory": "2026-01"}
    change(world, "PUT", CONSENTS, consent("directory", given=False))
    assert given(world) == {}


def test_consents__readings__cannot_be_withdrawn_without_leaving(world: World) -> None:
    answer = change(world, "PUT", CONSENTS, consent("metering", given=False))
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_consents__of_a_community_of_others__is_not_found(world: World) -> None:
    answer = change(world, "PUT", CONSENTS, consent("directory", community="other"))
    assert answer.status_code == 404
