"""Whether a server lives, is ready, and how it is."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import insert

from api.context import Chain
from gettone.db.tables import ChainCursor
from gettone.errors import Unreachable
from tests.factories.api_world import HERE, NOW_MS, World

pytestmark = pytest.mark.database
NOW_S = NOW_MS // 1000


def with_chain(world: World, *, head_s: int = NOW_S, indexed_s: int | None = None) -> None:
    client = SimpleNamespace(now_s=lambda: head_s)
    deployment = SimpleNamespace(communities={HERE: None})
    object.__setattr__(world.context, "chain", Chain(client, deployment))  # type: ignore[arg-type]
    if indexed_s is not None:
        row = {"community_id": world.community_ids[HERE], "token": "0x" + "0" * 40, "block_hash": b"\0" * 32}
        counts = {"block_number": 1, "time_s": indexed_s, "event_count": 0, "unknown_count": 0}
        with world.database.write() as connection:
            connection.execute(insert(ChainCursor).values(**row, **counts))


def status(world: World) -> dict[str, Any]:
    return {one["name"]: one for one in world.call("GET", "/status").json()["parts"]}


def test_ready__nothing_but_a_database__is_ready(world: World) -> None:
    assert world.call("GET", "/readyz").json()["ready"] is True


def test_ready__chain_that_stands_still__is_not(world: World) -> None:
    with_chain(world, head_s=NOW_S - 11)
    answer = world.call("GET", "/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "chain_stalled")
    assert (status(world)["chain"]["measure"], status(world)["chain"]["unit"]) == (11, "s")


@pytest.mark.parametrize(("lag_s", "expected"), [(10, 200), (11, 503)])
def test_ready__index_behind_by_more_than_ten_seconds__is_not(world: World, lag_s: int, expected: int) -> None:
    with_chain(world, indexed_s=NOW_S - lag_s)
    assert world.call("GET", "/readyz").status_code == expected


def test_status__chain_that_does_not_answer__is_said_in_words(world: World) -> None:
    def away() -> int:
        raise Unreachable("rpc", "the node does not answer: start it")

    with_chain(world)
    chain = replace(world.context.chain, client=SimpleNamespace(now_s=away))  # type: ignore[type-var]
    object.__setattr__(world.context, "chain", chain)
    assert status(world)["chain"]["detail"] == "the node does not answer: start it"


def test_ready__provider_whose_keys_cannot_be_had__is_not(world: World) -> None:
    def away() -> int:
        raise Unreachable("identity_provider_down", "no keys of the identity provider are known")

    object.__setattr__(world.context, "key_age_s", lambda: 7)
    assert (status(world)["identity"]["state"], status(world)["identity"]["measure"]) == ("good", 7)
    object.__setattr__(world.context, "key_age_s", away)
    assert world.call("GET", "/readyz").json()["code"] == "maintenance"


def test_metrics__requests__stand_by_pattern_and_name_nobody(world: World) -> None:
    member = world.member_ids[f"MB {HERE}"]
    world.call("GET", "/api/v1/operations/secret-number", "MB")
    text = world.context.metrics.text().decode()
    assert 'route="/api/v1/operations/{operation}"' in text
    assert "secret-number" not in text
    assert member not in text


def test_security_txt__contact__is_shown_or_missing(world: World) -> None:
    assert world.call("GET", "/.well-known/security.txt").status_code == 404
    front = replace(world.context.front, security_contact="mailto:security@example.org")
    object.__setattr__(world.context, "front", front)
    assert "Contact: mailto:security@example.org" in world.call("GET", "/.well-known/security.txt").text
