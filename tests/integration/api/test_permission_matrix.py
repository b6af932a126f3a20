"""RM-1: every route answers every role, of the own and of another community, and nobody as the matrix says.

What is called is only whether a caller gets in: a permitted call may fail for its content, never for its rights.
"""

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute

from api.app import create_app
from api.contract import methods_of, permits_of, routes_of
from api.health.endpoints import live
from api.matrix import ANYBODY_LOGGED_IN, EVERY_COMMUNITY, OWN, matrix
from tests.factories.api_world import HERE, ROLES, THERE, World

pytestmark = pytest.mark.database

IN = "in"
# A number of no row, so that no call of one role takes away what another one is called with.
NOWHERE = "999999999"
NO_RIGHT = {"not_permitted", "unauthenticated"}


def address(route: APIRoute, world: World, member: str) -> str:
    """The address of a route in `fontana`; ids of rows that do not exist are enough to see who gets in."""
    values = {"community": HERE, "member": member}
    return route.path.format(**{name: values.get(name, NOWHERE) for name in route.param_convertors})


def expected(route: APIRoute, role: str | None, community: str) -> str:
    """`in`, or the code of the refusal."""
    (permit,) = permits_of(route)
    letters = permit.action.letters
    if permit.action.is_public:
        return IN
    if role is None:
        return "unauthenticated"
    if ANYBODY_LOGGED_IN in letters:
        return "not_permitted" if role == "DV" else IN
    if "{community}" in route.path and (role == "DV" or (community != HERE and role != "PA")):
        return "not_found"
    return IN if _is_listed(route, role) else "not_permitted"


def _is_listed(route: APIRoute, role: str) -> bool:
    """Whether the matrix names a role for the step of a route; a verifier is a member too."""
    (permit,) = permits_of(route)
    held = [permit.action.letters.get(one) for one in (role, *(("MB",) if role == "VF" else ()))]
    given = [letters for letters in held if letters is not None and permit.step in letters]
    if role == "PA" and "{community}" in route.path:
        given = [letters for letters in given if EVERY_COMMUNITY in letters]
    return bool(given)


@pytest.mark.parametrize("community", [HERE, THERE])
def test_routes__every_role__gets_in_or_not_as_the_matrix_says(world: World, community: str) -> None:
    found, wanted = {}, {}
    for route in routes_of(world.client.app):
        for role in (None, *ROLES):
            member = world.member_ids[f"{role if role in ('MB', 'VF') else 'MB'} {HERE}"]
            path = address(route, world, member)
            for method in methods_of(route):
                if community == THERE and role is None:
                    continue
                answer = world.call(method, path, role, community, headers={"Idempotency-Key": "probe"})
                key = (method, route.path, role)
                found[key] = _verdict(
                    answer.status_code, answer.json() if "json" in answer.headers.get("content-type", "") else {}
                )
                wanted[key] = expected(route, role, community)
    differing = {key: (found[key], wanted[key]) for key in found if _differs(found[key], wanted[key])}
    assert found
    assert not differing


def _verdict(status: int, body: dict[str, object]) -> str:
    code = str(body.get("code", "")) if isinstance(body, dict) else ""
    if status in (401, 403) and code not in ("insufficient_user_authentication", "email_not_verified"):
        return code
    return "not_found" if status == 404 else IN


def _differs(found: str, wanted: str) -> bool:
    """A permitted call may find nothing under an id that does not exist."""
    return found != wanted and not (wanted == IN and found == "not_found")


def test_routes__own_rows_of_another_member__look_as_if_they_did_not_exist(world: World) -> None:
    other = world.member_ids[f"VF {HERE}"]
    for route in (one for one in routes_of(world.client.app) if "{member}" in one.path):
        (permit,) = permits_of(route)
        if OWN in permit.action.letters.get("MB", ""):
            for method in methods_of(route):
                answer = world.call(method, address(route, world, other), "MB", headers={"Idempotency-Key": "probe"})
                assert answer.status_code == 404, (method, route.path, answer.text)


def test_routes__each__names_one_action_that_the_matrix_has(world: World) -> None:
    names = {permits_of(route)[0].action.name for route in routes_of(world.client.app)}
    assert names <= set(matrix())


def test_create_app__route_without_an_action__does_not_start(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    open_door = APIRouter()
    open_door.add_api_route("/api/v1/open", live, methods=["GET"])
    monkeypatch.setattr("api.app.ROUTERS", (open_door,))
    with pytest.raises(ValueError, match="names 0 actions"):
        create_app(world.context)
