"""Who may do what after a deployment, and how verification names each difference."""

from dataclasses import replace

import pytest

from gettone.chain.access_manager import AccessManager
from gettone.chain.contract_set import open_community
from gettone.chain.permissions import writing_functions
from gettone.chain.roles import COMMUNITY_FUNCTIONS, DEPLOYMENT_FUNCTIONS, PUBLIC_FUNCTIONS, Role
from gettone.chain.verification import verify_deployment
from gettone.errors import Conflict, Refused
from tests.factories.community import ROLES, TestCommunity, throwaway_account

pytestmark = pytest.mark.chain

DEPLOYER = throwaway_account("deployer")


def test_permissions__every_function_and_every_role__allowed_exactly_as_the_table_says(
    deployed_community: TestCommunity,
) -> None:
    contracts = deployed_community.contracts
    manager = contracts.access_manager
    deployed = deployed_community.deployment.community("fontana")
    accounts = {name: throwaway_account(name).address for name in ROLES}
    accounts |= {name: deployed.address(name) for name in COMMUNITY_FUNCTIONS}
    accounts["CommunityRegistry"] = deployed_community.deployment.platform.address("CommunityRegistry")
    accounts["stranger"] = throwaway_account("stranger").address
    pairs = 0
    for name, functions in COMMUNITY_FUNCTIONS.items():
        for function in writing_functions(name):
            if function.name in PUBLIC_FUNCTIONS[name]:
                continue
            role = functions.get(function.name, Role.ADMIN_ROLE)
            for account in accounts.values():
                immediate, delay_s = manager.contract.read(
                    "canCall", account, deployed.address(name), function.selector
                )
                expected = account in deployed.roles.get(role.name, ())
                assert (immediate or delay_s > 0) == expected, (name, function.name, account)
                assert (delay_s > 0) == (expected and role is Role.PLATFORM_ADMIN), (name, function.name, account)
                pairs += 1
    restricted = sum(len(functions) for functions in (*COMMUNITY_FUNCTIONS.values(), *DEPLOYMENT_FUNCTIONS.values()))
    assert pairs == restricted * 20


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


def test_platform_admin__replaces_the_community_admin__only_announced_and_after_the_notice(
    deployed_community: TestCommunity,
) -> None:
    manager, sender = deployed_community.contracts.access_manager, deployed_community.sender("platform_admin")
    successor = throwaway_account("successor").address
    grant = manager.grant_role(Role.COMMUNITY_ADMIN, successor)
    with pytest.raises(Conflict) as refusal:
        sender.send(grant, "at once")
    assert "AccessManagerNotScheduled" in refusal.value.message

    sender.send(manager.schedule(grant), "announce")
    deployed_community.chain.set_time(deployed_community.client.now_s() + deployed_community.spec.min_notice_s)
    sender.send(grant, "after the notice")

    assert manager.has_role(Role.COMMUNITY_ADMIN, successor) == (True, 0)


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


def test_verify__later_grant_written_into_the_file__no_difference(deployed_community: TestCommunity) -> None:
    manager, stranger = deployed_community.contracts.access_manager, throwaway_account("stranger").address
    deployed_community.sender("community_admin").send(manager.grant_role(Role.VERIFIER, stranger), "grant")
    deployment = deployed_community.deployment
    fontana = deployment.community("fontana")
    roles = {**fontana.roles, "VERIFIER": (*fontana.roles["VERIFIER"], stranger)}
    reviewed = replace(deployment, communities={"fontana": replace(fontana, roles=roles)})
    assert verify_deployment(deployed_community.client, reviewed) == []


def test_verify__file_that_lists_an_admin_or_another_minter__cannot_change_what_is_expected(
    deployed_community: TestCommunity,
) -> None:
    deployment, stranger = deployed_community.deployment, throwaway_account("stranger").address
    fontana = deployment.community("fontana")
    roles = {**fontana.roles, "ADMIN_ROLE": (stranger,), "SETTLEMENT_LEDGER": (stranger,)}
    forged = replace(deployment, communities={"fontana": replace(fontana, roles=roles)})
    assert verify_deployment(deployed_community.client, forged) == []
