"""Sessions: ended by their person, by the provider, or because a login was too unlike the ones before."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from gettone.db.repositories.login_sessions import LoginSessions, SessionRow
from gettone.db.tables import Mail, Operation
from gettone.identity.anomaly import Visit
from gettone.identity.claims import BadToken
from gettone.identity.logout_tokens import EndedSession
from tests.factories.api_world import HERE, World

pytestmark = pytest.mark.database
SESSIONS = "/api/v1/me/sessions"
LOGOUT = "/api/v1/identity/backchannel-logout"


@dataclass
class StaticLogouts:
    """Knows one logout token."""

    def ended_session(self, token: str) -> EndedSession:
        if token != "good":
            raise BadToken("token_type", "forged")
        return EndedSession("session-mb-fontana", "mb-fontana", "1", 2**40)


def sessions(world: World) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = world.call("GET", SESSIONS, "MB").json()["items"]
    return items


def usual(world: World, count: int) -> None:
    """Sessions of somewhere else, long ago."""
    with world.database.write() as connection:
        for number in range(count):
            row = SessionRow(f"old-{number}", number, Visit(b"elsewhere", "firefox", 0), 0, False)
            LoginSessions(connection).note(world.user_ids[("MB", HERE)], row)


def mails(world: World) -> list[str]:
    with world.database.read() as connection:
        return list(connection.execute(select(Mail.kind)).scalars())


def test_sessions__first_call__is_noted_once_and_told_to_nobody(world: World) -> None:
    world.call("GET", "/api/v1/me", "MB")
    (only,) = sessions(world)
    assert (only["current"], only["needs_factor"], mails(world)) == (True, False, [])


def test_sessions__ended_by_their_person__are_refused_and_ended_at_the_provider(world: World) -> None:
    number = sessions(world)[0]["id"]
    assert world.call("DELETE", f"{SESSIONS}/{number}", "MB").status_code == 204
    assert world.call("GET", SESSIONS, "MB").json()["code"] == "session_ended"
    with world.database.read() as connection:
        assert list(connection.execute(select(Operation.kind)).scalars()) == ["session.end"]


def test_sessions__of_somebody_else__are_not_found(world: World) -> None:
    number = sessions(world)[0]["id"]
    assert world.call("DELETE", f"{SESSIONS}/{number}", "CA").status_code == 404


def test_session__unlike_few_before__is_mailed_once(world: World) -> None:
    usual(world, 4)
    for _ in range(2):
        assert world.call("GET", "/api/v1/me", "MB").status_code == 200
    assert mails(world) == ["login_anomalous"]


def test_session__unlike_many_before__is_ended(world: World) -> None:
    usual(world, 50)
    world.now_ms += 12 * 3_600_000 - world.now_ms % 86_400_000
    assert world.call("GET", "/api/v1/me", "MB").json()["code"] == "session_ended"
    assert mails(world) == ["login_anomalous"]
    with world.database.read() as connection:
        assert list(connection.execute(select(Operation.kind)).scalars()) == ["session.end"]


def test_session__unlike_some_before__needs_a_second_factor(world: World) -> None:
    usual(world, 20)
    token = world.tokens.issue("mb-fontana", ("member",), acr=1, session="another")
    headers = {"authorization": f"Bearer {token}"}
    for _ in range(2):
        answer = world.client.get("/api/v1/me", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "insufficient_user_authentication")
    stronger = world.tokens.issue("mb-fontana", ("member",), acr=2, session="another")
    assert world.client.get("/api/v1/me", headers={"authorization": f"Bearer {stronger}"}).status_code == 200


def test_backchannel_logout__signed_token__ends_the_session_and_its_replay_is_refused(world: World) -> None:
    object.__setattr__(world.context, "logouts", StaticLogouts())
    world.call("GET", "/api/v1/me", "MB")
    assert world.client.post(LOGOUT, data={"logout_token": "good"}).status_code == 200
    assert world.call("GET", "/api/v1/me", "MB").json()["code"] == "session_ended"
    assert world.client.post(LOGOUT, data={"logout_token": "good"}).status_code == 400


@pytest.mark.parametrize("body", [{"logout_token": "forged"}, {}, {"logout_token": ""}])
def test_backchannel_logout__any_other_token__is_refused(world: World, body: dict[str, str]) -> None:
    object.__setattr__(world.context, "logouts", StaticLogouts())
    answer = world.client.post(LOGOUT, data=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
