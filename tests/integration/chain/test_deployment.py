"""Deployment: resumable at every step, repeatable, final, and verified difference by difference."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gettone.chain.access_manager import AccessManager
from gettone.chain.client import ChainClient
from gettone.chain.contract_set import open_community
from gettone.chain.deployment import deploy_community, deployment_steps
from gettone.chain.deployment_file import Deployment, deployment_path, load_deployment
from gettone.chain.permissions import selectors
from gettone.chain.roles import COMMUNITY_FUNCTIONS, Role
from gettone.chain.store import FileTransactionStore
from gettone.chain.verification import verify_deployment
from gettone.errors import Conflict, Held, InputError, MissingInput, Refused
from tests.factories.community import ROLES, TestCommunity, spec_of, throwaway_account

pytestmark = pytest.mark.chain

DEPLOYER = throwaway_account("deployer")
PLATFORM_ADMIN = throwaway_account("platform_admin")
STEPS = 10


class Killed(BaseException):
    """The deployment is killed."""


def deploy(client: ChainClient, folder: Path, **changes: Any) -> Deployment:
    return deploy_community(client, DEPLOYER, spec_of(**changes), folder, platform_admin=PLATFORM_ADMIN)


def kill_at(monkeypatch: pytest.MonkeyPatch, write: int) -> Iterator[None]:
    """Kill the deployment after the given write of its journal: signed, sent and mined of each step."""
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


@pytest.mark.parametrize("write", range(1, 3 * STEPS + 1))
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
    for _ in kill_at(monkeypatch, 3 * 5):
        with pytest.raises(Killed):
            deploy(chain_client, tmp_path)
    with pytest.raises(Conflict) as refusal:
        deploy(chain_client, tmp_path, token_symbol="XXX")
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
    assert [done for _, done in deployment_steps(chain_client, spec_of(), tmp_path)] == [True] * 9 + [False]
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


def test_permissions__every_function_and_every_role__allowed_exactly_as_the_table_says(
    deployed_community: TestCommunity,
) -> None:
    contracts = deployed_community.contracts
    manager = contracts.access_manager
    deployed = deployed_community.deployment.community("fontana")
    accounts = {name: throwaway_account(name).address for name in ROLES}
    accounts |= {name: deployed.address(name) for name in COMMUNITY_FUNCTIONS}
    accounts["stranger"] = throwaway_account("stranger").address
    pairs = 0
    for name, functions in COMMUNITY_FUNCTIONS.items():
        for function, role in functions.items():
            for account in accounts.values():
                holders = deployed.roles[role.name]
                immediate, _ = manager.contract.read(
                    "canCall", account, deployed.address(name), selectors(name)[function]
                )
                assert immediate == (account in holders), (name, function, account)
                pairs += 1
    assert pairs == 7 * 16


def test_admin_role__after_deployment__held_by_nobody_and_closed_to_the_deployer(
    deployed_community: TestCommunity,
) -> None:
    for contracts in (
        deployed_community.deployment.platform,
        deployed_community.deployment.community("fontana"),
    ):
        manager = AccessManager.at(deployed_community.client, contracts.address("AccessManager"))
        grants = manager.role_grants()
        assert Role.ADMIN_ROLE not in {grant.role for grant in grants}
        assert DEPLOYER.address not in {grant.account for grant in grants}
        call = manager.grant_role(Role.ADMIN_ROLE, DEPLOYER.address)
        with pytest.raises(Conflict):
            deployed_community.sender("deployer").send(call, f"take/{manager.contract.address}")


def test_join__by_somebody_without_the_role__refused_with_the_caller(
    deployed_community: TestCommunity,
) -> None:
    deployed_community.senders["registrar"] = deployed_community.sender("auditor")
    with pytest.raises(Refused) as refusal:
        deployed_community.join(1)
    assert refusal.value.code == "not_authorized"
    assert deployed_community.contracts.members.member_count() == 0


def test_verify__role_granted_and_revoked_later__each_difference_named(
    deployed_community: TestCommunity,
) -> None:
    manager, admin = deployed_community.contracts.access_manager, deployed_community.sender("community_admin")
    stranger, auditor = throwaway_account("stranger").address, throwaway_account("auditor").address
    admin.send(manager.grant_role(Role.ORACLE, stranger), "grant")
    admin.send(manager.revoke_role(Role.AUDITOR, auditor), "revoke")
    found = verify_deployment(deployed_community.client, deployed_community.deployment)
    assert [(one.what, one.expected, one.found) for one in found] == [
        (f"ORACLE of {stranger}", "not held", "held"),
        (f"AUDITOR of {auditor}", "held", "not held"),
    ]


def test_verify__other_code_at_an_address__named(deployed_community: TestCommunity) -> None:
    token = deployed_community.contracts.token.contract.address
    code = bytearray(deployed_community.client.code(token))
    code[100] ^= 1
    deployed_community.chain._rpc("anvil_setCode", token, "0x" + code.hex())
    found = verify_deployment(deployed_community.client, deployed_community.deployment)
    assert [(one.contract, one.what) for one in found] == [("CommunityToken", "code")]
    with pytest.raises(Conflict) as refusal:
        open_community(deployed_community.client, deployed_community.deployment, "fontana")
    assert refusal.value.code == "contract_set_missing"


def test_verify__argument_on_file_differs_from_the_chain__named(deployed_community: TestCommunity) -> None:
    deployment = deployed_community.deployment
    fontana = deployment.community("fontana")
    record = fontana.contracts["RewardModels"]
    forged_record = replace(record, constructor_arguments={**record.constructor_arguments, "minNotice": 7200})
    forged = replace(fontana, contracts={**fontana.contracts, "RewardModels": forged_record})
    found = verify_deployment(deployed_community.client, replace(deployment, communities={"fontana": forged}))
    assert [(one.contract, one.what, one.expected, one.found) for one in found] == [
        ("RewardModels", "minNotice", "7200", "3600")
    ]


def test_verify__suspended_community__named(deployed_community: TestCommunity) -> None:
    call = deployed_community.contracts.registry.suspend("fontana")
    deployed_community.sender("platform_admin").send(call, "suspend")
    found = verify_deployment(deployed_community.client, deployed_community.deployment)
    assert [one.contract for one in found] == ["CommunityRegistry"]


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


def test_load_deployment__not_one__refused(tmp_path: Path) -> None:
    path = tmp_path / "1981-00000000.json"
    with pytest.raises(MissingInput):
        load_deployment(path)
    path.write_text(json.dumps({"schema": "other"}), encoding="utf-8")
    with pytest.raises(InputError):
        load_deployment(path)


def test_platform_admin__replaces_the_community_admin__only_announced_and_after_the_notice(
    deployed_community: TestCommunity,
) -> None:
    manager, sender = deployed_community.contracts.access_manager, deployed_community.sender("platform_admin")
    successor = throwaway_account("successor").address
    grant = manager.grant_role(Role.COMMUNITY_ADMIN, successor)
    with pytest.raises(Conflict) as refusal:
        sender.send(grant, "at once")
    assert "AccessManagerNotScheduled" in refusal.value.message

    announcement = manager.contract.call("schedule", manager.contract.address, grant.data, 0)
    sender.send(announcement, "announce")
    deployed_community.chain.set_time(deployed_community.client.now_s() + deployed_community.spec.min_notice_s)
    sender.send(grant, "after the notice")

    assert manager.has_role(Role.COMMUNITY_ADMIN, successor) == (True, 0)
