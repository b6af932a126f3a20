"""What people asked of a community is done on chain, once."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gettone.chain.client import ChainClient
from gettone.chain.community_registry import CommunityStatus
from gettone.chain.deployment_file import deployment_path, load_deployment
from gettone.db.repositories.operations import Operations
from oracle.worker.job import no_key, no_realm
from tests.factories.api_world import HERE, World, close_world, open_world
from tests.factories.chain_work import place_on_chain, work_off
from tests.factories.community import TestCommunity, spec_of

pytestmark = [pytest.mark.chain, pytest.mark.database]

PLACE = f"/api/v1/communities/{HERE}"
REASON = {"reason": "a drill of the pause"}


@pytest.fixture
def world(embedded_url: str, tmp_path: Path) -> Iterator[World]:
    opened = open_world(embedded_url, tmp_path)
    yield opened
    close_world(opened)


def ask(world: World, act: str, role: str) -> Any:
    answer = world.call("POST", f"{PLACE}/{act}", role, json=REASON)
    assert answer.status_code == 202
    return answer.json()


def test_pause_and_unpause__asked_for__stop_and_free_the_token(
    world: World, deployed_community: TestCommunity, tmp_path: Path
) -> None:
    place = place_on_chain(world.database, deployed_community, tmp_path, lambda: world.now_ms)
    ask(world, "pause", "CA")
    assert work_off(place) == {"done": 1}
    assert deployed_community.contracts.token.is_paused()
    ask(world, "unpause", "CA")
    assert work_off(place) == {"done": 1}
    assert not deployed_community.contracts.token.is_paused()


def test_pause__done_and_begun_again__sends_nothing_more(
    world: World, deployed_community: TestCommunity, tmp_path: Path
) -> None:
    place = place_on_chain(world.database, deployed_community, tmp_path, lambda: world.now_ms)
    number = ask(world, "pause", "CA")["id"]
    work_off(place)
    head = deployed_community.client.block_number()
    with world.database.write() as connection:
        Operations(connection).begin(number)
    assert work_off(place) == {"done": 1}
    assert deployed_community.client.block_number() == head


def test_pause__key_not_held__waits_for_a_person(
    world: World, deployed_community: TestCommunity, tmp_path: Path
) -> None:
    place = place_on_chain(world.database, deployed_community, tmp_path, lambda: world.now_ms)
    object.__setattr__(place, "signer", no_key)
    number = ask(world, "pause", "CA")["id"]
    assert work_off(place) == {"held": 1}
    assert world.call("GET", f"/api/v1/operations/{number}", "CA").json()["result"]["code"] == "key_missing"


def test_close__approved__suspends_the_community_in_the_registry(
    world: World, deployed_community: TestCommunity, tmp_path: Path
) -> None:
    place = place_on_chain(world.database, deployed_community, tmp_path, lambda: world.now_ms)
    world.call("POST", f"{PLACE}/close", "PA", json=REASON)
    ask(world, "close", "CA")
    assert work_off(place) == {"done": 1}
    entry = deployed_community.contracts.registry.community(HERE)
    assert entry is not None
    assert entry.status is CommunityStatus.SUSPENDED


def test_deploy__new_community__is_active_with_its_contracts(
    world: World, chain_client: ChainClient, tmp_path: Path
) -> None:
    template = tmp_path / "template.json"
    template.write_text(json.dumps(spec_of().to_document()))
    path = deployment_path(tmp_path / "deployments", chain_client)
    settings = {"rpc_url": chain_client.rpc_url, "deployment_file": path, "community_template_file": template}
    place = place_on_chain(world.database, None, tmp_path, lambda: world.now_ms, **settings)
    body = {
        "id": "valle",
        "name": "Valle",
        "timezone": "Europe/Rome",
        "token": {"name": "Valle token", "symbol": "VAL"},
        "first_admin": "ca-other",
    }
    asked = world.call("POST", "/api/v1/communities", "PA", json=body, headers={"Idempotency-Key": "k1"}).json()
    assert work_off(place) == {"done": 2}
    deployed = load_deployment(path).community("valle")
    assert (deployed.spec["token_symbol"], deployed.registration is not None) == ("VAL", True)
    assert world.client.get("/api/v1/communities/valle").json()["state"] == "active"
    result = world.call("GET", f"/api/v1/operations/{asked['id']}", "PA").json()["result"]
    assert result["contracts"]["CommunityToken"] == deployed.address("CommunityToken")
    roles = world.call("GET", "/api/v1/communities/valle/roles", "PA").json()["items"]
    assert [(one["sub"], one["state"]) for one in roles] == [("ca-other", "active")]


def test_carry_role__no_identity_provider__leaves_the_grant_pending(world: World, tmp_path: Path) -> None:
    place = place_on_chain(world.database, None, tmp_path, lambda: world.now_ms)
    object.__setattr__(place, "realm", no_realm)
    world.call("PUT", f"{PLACE}/roles/mb-fontana/TA", "CA", json=REASON)
    assert work_off(place) == {"held": 1}
    roles = world.call("GET", f"{PLACE}/roles", "CA").json()["items"]
    assert ("mb-fontana", "pending") in [(one["sub"], one["state"]) for one in roles]
