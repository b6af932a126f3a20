"""Deployment: resumable at every step, repeatable, final, and verified difference by difference."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gettone.chain.client import ChainClient
from gettone.chain.contract_set import open_community
from gettone.chain.deployment import deploy_community, deployment_steps
from gettone.chain.deployment_file import Deployment, deployment_path, load_deployment
from gettone.chain.journal import FileTransactionStore
from gettone.chain.verification import verify_deployment
from gettone.errors import Conflict, Held, InputError, MissingInput
from tests.factories.community import TestCommunity, spec_of, throwaway_account

pytestmark = pytest.mark.chain

DEPLOYER = throwaway_account("deployer")
PLATFORM_ADMIN = throwaway_account("platform_admin")
STEPS = 13


class Killed(BaseException):
    """The deployment is killed."""


def deploy(client: ChainClient, folder: Path, **changes: Any) -> Deployment:
    return deploy_community(client, DEPLOYER, spec_of(**changes), folder, platform_admin=PLATFORM_ADMIN)


def kill_at(monkeypatch: pytest.MonkeyPatch, write: int) -> Iterator[None]:
    """Kill the deployment after a write of its journal: prepared, signed, sent, mined and final of each step."""
    original = FileTransactionStore._put
    writes = 0

    def put(self: FileTransactionStore, transaction: Any) -> None:
        nonlocal writes
        original(self, transaction)
        writes += 1
        if writes == write:
            raise Killed

    monkeypatch.setattr(FileTransactionStore, "_put", put)
    yield
    monkeypatch.setattr(FileTransactionStore, "_put", original)


# Five writes a step and every third of them: each kind of write, and each step, is met.
@pytest.mark.parametrize("write", range(1, 5 * STEPS + 1, 3))
def test_deploy__killed_at_any_write_and_run_again__as_if_never_interrupted(
    chain_client: ChainClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: int
) -> None:
    for _ in kill_at(monkeypatch, write):
        with pytest.raises(Killed):
            deploy(chain_client, tmp_path)

    deployment = deploy(chain_client, tmp_path)

    assert verify_deployment(chain_client, deployment) == []
    assert chain_client.block_number() == STEPS
    assert chain_client.nonce(DEPLOYER.address) == STEPS - 1
    assert load_deployment(deployment_path(tmp_path, chain_client)) == deployment


def test_deploy__repeated__changes_nothing(deployed_community: TestCommunity) -> None:
    path = deployment_path(deployed_community.folder, deployed_community.client)
    before, block = path.read_bytes(), deployed_community.client.block_number()
    assert deploy(deployed_community.client, deployed_community.folder) == deployed_community.deployment
    assert (path.read_bytes(), deployed_community.client.block_number()) == (before, block)


def test_deploy__community_file_changed__refused_with_both_values(deployed_community: TestCommunity) -> None:
    with pytest.raises(Conflict) as refusal:
        deploy(deployed_community.client, deployed_community.folder, period_cap_units="7")
    assert refusal.value.code == "community_deployed"
    assert "period_cap_units" in refusal.value.message
    assert str(10**20) in refusal.value.message


def test_deploy__file_changed_in_the_middle__refused_and_the_old_one_goes_on(
    chain_client: ChainClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in kill_at(monkeypatch, 5 * 7):
        with pytest.raises(Killed):
            deploy(chain_client, tmp_path)
    with pytest.raises(Conflict) as refusal:
        deploy(chain_client, tmp_path, token_symbol="OTHER")
    assert refusal.value.code == "intent_changed"
    assert verify_deployment(chain_client, deploy(chain_client, tmp_path)) == []


def test_deploy__without_the_platform_admins_key__held_and_not_registered_until_it_comes(
    chain_client: ChainClient, tmp_path: Path
) -> None:
    with pytest.raises(Held) as held:
        deploy_community(chain_client, DEPLOYER, spec_of(), tmp_path)
    assert held.value.code == "registration_pending"
    waiting = load_deployment(deployment_path(tmp_path, chain_client))
    (difference,) = verify_deployment(chain_client, waiting)
    assert (difference.contract, difference.found) == ("CommunityRegistry", "not there")
    assert [done for _, done in deployment_steps(chain_client, spec_of(), tmp_path)] == [True] * (STEPS - 1) + [False]
    assert verify_deployment(chain_client, deploy(chain_client, tmp_path)) == []


def test_deploy__second_community__same_platform_and_both_verified(deployed_community: TestCommunity) -> None:
    client, folder = deployed_community.client, deployed_community.folder
    deployment = deploy(client, folder, community_id="secondo", name="Secondo")
    assert set(deployment.communities) == {"fontana", "secondo"}
    assert deployment.platform == deployed_community.deployment.platform
    assert verify_deployment(client, deployment) == []
    registry = deployed_community.contracts.registry
    assert [registry.community_at(at).community_id for at in range(registry.community_count())] == [
        "fontana",
        "secondo",
    ]


def test_deploy__platform_admin_who_is_none__refused_before_anything_is_sent(
    deployed_community: TestCommunity,
) -> None:
    block = deployed_community.client.block_number()
    stranger = throwaway_account("stranger").address
    with pytest.raises(InputError) as refusal:
        deploy(
            deployed_community.client,
            deployed_community.folder,
            community_id="secondo",
            platform_admin=stranger,
        )
    assert refusal.value.code == "platform_admin"
    assert deployed_community.client.block_number() == block


def test_open_community__file_of_another_network__refused_with_both_values(
    deployed_community: TestCommunity,
) -> None:
    foreign = replace(deployed_community.deployment, genesis_hash=b"\xcd" * 32)
    with pytest.raises(Conflict) as refusal:
        open_community(deployed_community.client, foreign, "fontana")
    assert refusal.value.code == "foreign_deployment"
    assert "cd" * 32 in refusal.value.message
    assert deployed_community.client.genesis_hash.hex() in refusal.value.message


def test_open_community__unknown_one__those_there_are_named(deployed_community: TestCommunity) -> None:
    with pytest.raises(MissingInput) as refusal:
        open_community(deployed_community.client, deployed_community.deployment, "nowhere")
    assert "fontana" in refusal.value.message


def test_load_deployment__role_there_is_not__named(deployed_community: TestCommunity) -> None:
    path = deployment_path(deployed_community.folder, deployed_community.client)
    document = json.loads(path.read_text(encoding="utf-8"))
    document["communities"]["fontana"]["roles"]["MINTER"] = []
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        load_deployment(path)
    assert "MINTER" in refusal.value.message


def test_load_deployment__not_one__refused(tmp_path: Path) -> None:
    path = tmp_path / "1981-00000000.json"
    with pytest.raises(MissingInput):
        load_deployment(path)
    path.write_text(json.dumps({"schema": "other"}), encoding="utf-8")
    with pytest.raises(InputError):
        load_deployment(path)
