"""Who gets in: a realm role in the token and an open row here, both, now."""

import pytest

from gettone.db.tables import DeniedSession, RoleGrant, User
from tests.factories.api_world import HERE, NOW_MS, World

pytestmark = pytest.mark.database


def me(world: World, token: str) -> object:
    return world.client.get("/api/v1/me", headers={"authorization": f"Bearer {token}"})


def roles(world: World, token: str) -> dict[str, list[str]]:
    return {one["id"]: one["roles"] for one in me(world, token).json()["communities"]}


def test_me__first_call__makes_one_person_however_often(world: World) -> None:
    token = world.tokens.issue("newcomer")
    assert [me(world, token).status_code for _ in range(3)] == [200] * 3
    with world.database.read() as connection:
        count = connection.execute(User.__table__.select().where(User.idp_subject == "newcomer")).all()
    assert len(count) == 1


def test_me__name_in_the_database__is_sealed(world: World) -> None:
    me(world, world.tokens.issue("newcomer"))
    with world.database.read() as connection:
        row = connection.execute(User.__table__.select().where(User.idp_subject == "newcomer")).one()
    assert b"newcomer@example.org" not in bytes(row.email)


def test_me__grant_without_the_realm_role__counts_for_nothing(world: World) -> None:
    world.grant(world.person("stranger"), "CA", HERE)
    assert roles(world, world.tokens.issue("stranger", ("member",))) == {}


def test_me__realm_role_without_a_grant__counts_for_nothing(world: World) -> None:
    world.person("stranger")
    assert roles(world, world.tokens.issue("stranger", ("community-admin",))) == {}


@pytest.mark.parametrize(
    "ended", [{"valid_to": NOW_MS}, {"valid_from": NOW_MS + 1}, {"state": "pending"}], ids=["ended", "later", "pending"]
)
def test_me__grant_that_is_not_open__counts_for_nothing(world: World, ended: dict[str, object]) -> None:
    world.grant(world.person("stranger"), "CA", HERE, **ended)
    assert roles(world, world.tokens.issue("stranger", ("community-admin",))) == {}


def test_me__admin_without_second_factor__has_no_admin_right(world: World) -> None:
    world.grant(world.person("stranger"), "CA", HERE)
    assert roles(world, world.tokens.issue("stranger", ("community-admin",), acr=1)) == {}


def test_me__closed_grant__acts_at_once(world: World) -> None:
    token = world.token("CA")
    assert roles(world, token) == {HERE: ["CA"]}
    with world.database.write() as connection:
        connection.execute(RoleGrant.__table__.update().values(valid_to=NOW_MS))
    assert roles(world, token) == {}


def test_me__ended_session__is_refused(world: World) -> None:
    token = world.tokens.issue("newcomer")
    me(world, token)
    with world.database.write() as connection:
        connection.execute(DeniedSession.__table__.insert().values(sid="session-newcomer", until=NOW_MS + 1))
    answer = me(world, token)
    assert (answer.status_code, answer.json()["code"]) == (401, "session_ended")


def test_me__disabled_person__is_refused(world: World) -> None:
    token = world.tokens.issue("newcomer")
    me(world, token)
    with world.database.write() as connection:
        connection.execute(User.__table__.update().values(disabled_at=NOW_MS))
    assert me(world, token).json()["code"] == "not_permitted"


def test_me__token_in_the_address__is_malformed(world: World) -> None:
    answer = world.client.get("/api/v1/me", params={"access_token": world.token("MB")})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def test_me__etag_known__is_not_sent_again(world: World) -> None:
    token = world.token("MB")
    etag = me(world, token).headers["etag"]
    headers = {"authorization": f"Bearer {token}", "if-none-match": etag}
    answer = world.client.get("/api/v1/me", headers=headers)
    assert (answer.status_code, answer.content) == (304, b"")


def test_me__other_name_at_the_provider__is_taken_over(world: World) -> None:
    token = world.token("MB")
    me(world, token)
    user_id = world.user_ids[("MB", HERE)]
    from gettone.db.repositories.people import People  # noqa: PLC0415 - read back only here

    with world.database.read() as connection:
        person = People(connection, world.vault).person(user_id)
    assert person.given_name == "Mb-Fontana"
