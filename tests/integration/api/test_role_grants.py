"""Nobody grants a role to themselves, the last admin stays, and two persons appoint an auditor."""

from typing import Any

import pytest

from gettone.db.repositories.operations import Operations
from gettone.db.tables import Community
from tests.factories.api_world import HERE, World

pytestmark = pytest.mark.database

ROLES = f"/api/v1/communities/{HERE}/roles"
WHY = {"reason": "elected by the assembly"}
YEAR = {"data_from": "2026-01-01T00:00:00+01:00", "data_to": "2027-01-01T00:00:00+01:00", **WHY}
DAY_MS = 86_400_000


def grant(world: World, holder: str, role: str, by: str = "CA", **body: Any) -> Any:
    return world.call("PUT", f"{ROLES}/{holder}/{role}", by, json=WHY | body)


def state_of(world: World, holder: str, role: str) -> str | None:
    items = world.call("GET", ROLES, "CA").json()["items"]
    return next((one["state"] for one in items if (one["sub"], one["role"]) == (holder, role)), None)


def second_admin(world: World) -> str:
    user_id = world.person("second")
    world.grant(user_id, "CA", HERE)
    return world.tokens.issue("second", ("community-admin", "member"))


def as_token(world: World, token: str, method: str, path: str, body: Any = None) -> Any:
    return world.client.request(method, path, json=body, headers={"authorization": f"Bearer {token}"})


def be_single(world: World) -> None:
    with world.database.write() as connection:
        mine = Community.slug == HERE
        connection.execute(Community.__table__.update().where(mine).values(governance="single"))


def test_grant__token_admin__waits_for_the_identity_provider(world: World) -> None:
    answer = grant(world, "mb-fontana", "TA")
    assert (answer.status_code, answer.json()["state"]) == (200, "pending")
    with world.database.read() as connection:
        (operation,) = Operations(connection).open_ones()
    document = dict(operation.document)
    assert document.pop("grant_id") > 0
    assert (operation.kind, document) == ("role.realm", {"sub": "mb-fontana", "realm_role": "token-admin"})


def test_grant__verifier__is_active_at_once(world: World) -> None:
    assert grant(world, "mb-fontana", "VF").json()["state"] == "active"


def test_grant__same_again__changes_nothing(world: World) -> None:
    first, again = grant(world, "mb-fontana", "TA"), grant(world, "mb-fontana", "TA")
    assert (again.status_code, again.json()) == (200, first.json())
    with world.database.read() as connection:
        assert len(Operations(connection).open_ones()) == 1


def test_grant__other_limits_for_a_role_that_is_held__is_a_conflict(world: World) -> None:
    grant(world, "mb-fontana", "VF")
    answer = grant(world, "mb-fontana", "VF", to="2031-01-01T00:00:00Z")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_grant__to_oneself__is_refused(world: World) -> None:
    answer = grant(world, "ca-fontana", "TA")
    assert (answer.status_code, answer.json()["code"], state_of(world, "ca-fontana", "TA")) == (409, "self_grant", None)


def test_grant__somebody_who_never_came__is_not_found(world: World) -> None:
    assert grant(world, "nobody", "TA").status_code == 404


@pytest.mark.parametrize(
    ("holder", "role", "body"),
    [
        ("mb-fontana", "XX", {}),
        ("mb-fontana", "AU", {}),
        ("mb-fontana", "SV", {"scopes": ["readings:read"]}),
        ("mc-dso", "TA", {}),
        ("mc-dso", "SV", {}),
        ("mb-fontana", "TA", {"scopes": ["readings:read"]}),
        ("mb-fontana", "TA", {"from": "2031-01-01T00:00:00Z", "to": "2030-01-01T00:00:00Z"}),
        ("mb-fontana", "AU", {"data_from": "2031-01-01T00:00:00Z", "data_to": "2030-01-01T00:00:00Z"}),
        ("mb-fontana", "TA", {"from": "2031-01-01T00:00:00"}),
        ("mb-fontana", "TA", {"to": "9999-12-31T23:59:59Z"}),
        ("mb-fontana", "AU", {"data_from": "0001-01-01T00:00:00Z", "data_to": "2030-01-01T00:00:00Z"}),
    ],
)
def test_grant__wrong_request__is_invalid(world: World, holder: str, role: str, body: dict[str, Any]) -> None:
    answer = grant(world, holder, role, **body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert state_of(world, holder, role) is None


def test_grant__machine__has_its_scopes_at_once(world: World) -> None:
    answer = grant(world, "mc-dso", "SV", scopes=["readings:import", "readings:read"])
    assert (answer.json()["state"], answer.json()["scopes"]) == ("active", ["readings:import", "readings:read"])


def test_grant__platform_where_an_admin_is__is_not_permitted(world: World) -> None:
    for role in ("CA", "TA"):
        assert grant(world, "mb-fontana", role, "PA").json()["code"] == "not_permitted"


def test_grant__auditor_by_two_admins__is_appointed(world: World) -> None:
    other = second_admin(world)
    assert grant(world, "mb-fontana", "AU", **YEAR).json()["state"] == "proposed"
    approved = as_token(world, other, "PUT", f"{ROLES}/mb-fontana/AU", YEAR)
    assert (approved.status_code, approved.json()["state"]) == (200, "pending")
    assert approved.json()["data_to"] == "2026-12-31T23:00:00.000Z"


def test_grant__auditor_by_the_platform_second__is_appointed(world: World) -> None:
    assert grant(world, "mb-fontana", "AU", "PA", **YEAR).json()["code"] == "not_permitted"
    grant(world, "mb-fontana", "AU", **YEAR)
    assert grant(world, "mb-fontana", "AU", "PA", **YEAR).json()["state"] == "pending"


def test_grant__auditor_by_one_admin_twice__is_refused(world: World) -> None:
    grant(world, "mb-fontana", "AU", **YEAR)
    world.now_ms += 2 * DAY_MS
    answer = grant(world, "mb-fontana", "AU", **YEAR)
    assert (answer.status_code, answer.json()["code"]) == (409, "self_approval")
    assert state_of(world, "mb-fontana", "AU") == "proposed"


@pytest.mark.parametrize(("waited_ms", "state"), [(DAY_MS - 1, "proposed"), (DAY_MS, "pending")])
def test_grant__auditor_by_the_only_admin__waits_a_day(world: World, waited_ms: int, state: str) -> None:
    be_single(world)
    grant(world, "mb-fontana", "AU", **YEAR)
    world.now_ms += waited_ms
    grant(world, "mb-fontana", "AU", **YEAR)
    assert state_of(world, "mb-fontana", "AU") == state


def test_grant__auditor_with_another_range__is_not_approved(world: World) -> None:
    other = second_admin(world)
    grant(world, "mb-fontana", "AU", **YEAR)
    answer = as_token(world, other, "PUT", f"{ROLES}/mb-fontana/AU", YEAR | {"data_to": "2028-01-01T00:00:00Z"})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_revoke__role_of_another__ends_now(world: World) -> None:
    assert world.call("GET", ROLES, "CA").json()["items"]
    assert world.call("DELETE", f"{ROLES}/ta-fontana/TA", "CA").status_code == 204
    assert state_of(world, "ta-fontana", "TA") is None
    assert world.call("DELETE", f"{ROLES}/ta-fontana/TA", "CA").status_code == 404


def test_revoke__the_only_admin__is_refused(world: World) -> None:
    answer = world.call("DELETE", f"{ROLES}/ca-fontana/CA", "CA")
    assert (answer.status_code, answer.json()["code"]) == (409, "last_admin")


def test_revoke__one_of_two_admins__goes(world: World) -> None:
    second_admin(world)
    assert world.call("DELETE", f"{ROLES}/ca-fontana/CA", "CA").status_code == 204
    assert world.call("GET", ROLES, "CA").status_code == 404


def test_revoke__proposed_auditor__can_be_proposed_anew(world: World) -> None:
    grant(world, "mb-fontana", "AU", **YEAR)
    assert world.call("DELETE", f"{ROLES}/mb-fontana/AU", "CA").status_code == 204
    assert grant(world, "mb-fontana", "AU", **YEAR).json()["state"] == "proposed"


def test_revoke__by_the_platform__is_not_permitted(world: World) -> None:
    assert world.call("DELETE", f"{ROLES}/ta-fontana/TA", "PA").json()["code"] == "not_permitted"
