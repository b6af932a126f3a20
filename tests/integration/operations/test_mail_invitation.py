"""An invitation is mailed to its address while it is open, with a link that opens it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.factories.api_world import HERE, World, close_world, open_world
from tests.factories.chain_work import place_on_chain, work_off

pytestmark = pytest.mark.database

INVITATIONS = f"/api/v1/communities/{HERE}/invitations"
PAGE = "https://app.example.org"


@dataclass
class KeptMails:
    """The twin of a mail server."""

    sent: list[tuple[str, str, str, str]] = field(default_factory=list)

    def send(self, *mail: str) -> None:
        self.sent.append(mail)  # type: ignore[arg-type]


@pytest.fixture
def world(embedded_url: str, tmp_path: Path) -> Iterator[World]:
    opened = open_world(embedded_url, tmp_path)
    yield opened
    close_world(opened)


def invite(world: World) -> dict[str, Any]:
    body = {"guests": [{"email": "anna@example.org", "kind": "citizen_consumer"}]}
    answer = world.call("POST", INVITATIONS, "CA", json=body, headers={"Idempotency-Key": "k1"})
    found: dict[str, Any] = answer.json()["items"][0]
    return found


def work(world: World, folder: Path, **settings: Any) -> dict[str, int | str]:
    return work_off(place_on_chain(world.database, None, folder, lambda: world.now_ms, **settings))


def test_mail_invitation__open_one__carries_the_link_that_opens_it(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, made = KeptMails(), invite(world)
    monkeypatch.setattr("oracle.operations.mail_invitation.sender_of", lambda _settings: server)
    monkeypatch.setattr("oracle.operations.mail_invitation.Keys.platform_key", lambda _self, _name: b"throw-away")
    assert work(world, tmp_path, dapp_origins=(PAGE,)) == {"done": 1}
    ((to, subject, body, message_id),) = server.sent
    assert (to, "comunità" in subject, message_id) == ("anna@example.org", True, made["id"])
    link = next(line for line in body.splitlines() if line.startswith(PAGE))
    assert link == f"{PAGE}/invitations/{made['token']}"


def test_mail_invitation__without_a_mail_server__waits(world: World, tmp_path: Path) -> None:
    invite(world)
    assert work(world, tmp_path, dapp_origins=(PAGE,)) == {"held": 1}


def test_mail_invitation__withdrawn_meanwhile__is_not_sent(world: World, tmp_path: Path) -> None:
    made = invite(world)
    world.call("DELETE", f"{INVITATIONS}/{made['id']}", "CA")
    assert work(world, tmp_path) == {"done": 1}
