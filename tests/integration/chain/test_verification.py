"""What a verification names: links, rules of the token, rights; and the table of rights as the chain has it."""

from dataclasses import replace
from typing import Any

import pytest

from gettone.chain.deployment_file import Deployment, deployment_path, load_deployment
from gettone.chain.policy_values import Budgets, Fees, IncentiveRule
from gettone.chain.policy_verification import pending_changes, policy_of
from gettone.chain.role_table import FunctionRole, role_table
from gettone.chain.roles import Role
from gettone.chain.verification import verify_deployment
from tests.factories.community import TestCommunity, throwaway_account

pytestmark = pytest.mark.chain


def with_set(community: TestCommunity, **changes: Any) -> Deployment:
    """The deployment file as if somebody had changed the community's entry."""
    fontana = community.deployment.community("fontana")
    return replace(community.deployment, communities={"fontana": replace(fontana, **changes)})


def schedule_fees(community: TestCommunity) -> int:
    """A fee of 2 % on transfers between citizens, and the moment it comes into force."""
    valid_from_s = community.client.now_s() + 5_000
    call = community.contracts.policy.schedule_fees(Fees(transfer_citizen_to_citizen_bps=200), valid_from_s)
    community.send("token_admin", call)
    return valid_from_s


def test_verify__rule_scheduled__no_difference_and_shown_as_pending(deployed_community: TestCommunity) -> None:
    valid_from_s = schedule_fees(deployed_community)
    client, deployment = deployed_community.client, deployed_community.deployment
    assert verify_deployment(client, deployment) == []
    (change,) = pending_changes(client, "fontana", deployment.community("fontana"))
    assert (change.what, change.now, change.then) == ("fees.transfer_citizen_to_citizen_bps", "0", "200")
    assert change.valid_from_s == valid_from_s


def test_verify__rule_in_force_that_is_not_on_file__named_with_both_values(deployed_community: TestCommunity) -> None:
    deployed_community.chain.set_time(schedule_fees(deployed_community))
    (difference,) = verify_deployment(deployed_community.client, deployed_community.deployment)
    assert str(difference) == "TokenPolicy: fees.transfer_citizen_to_citizen_bps should be 0 and is 200"


def test_verify__rule_recorded_in_the_file__no_difference(deployed_community: TestCommunity) -> None:
    client, policy = deployed_community.client, deployed_community.contracts.policy
    moment_s = schedule_fees(deployed_community)
    rule = IncentiveRule(fixed_units=2**40, cap_units=2**40)
    deployed_community.send("token_admin", policy.schedule_incentive(1, 2, rule, moment_s))
    budgets = Budgets(incentives_per_month_units=9)
    deployed_community.send("community_admin", policy.schedule_budgets(budgets, moment_s))
    deployed_community.chain.set_time(moment_s)
    recorded = policy_of(client, deployed_community.deployment.community("fontana"))
    assert recorded["incentives"]["1/2"]["fixed_units"] == str(2**40)
    assert len(verify_deployment(client, deployed_community.deployment)) == 4
    assert verify_deployment(client, with_set(deployed_community, policy=recorded)) == []


def test_verify__file_that_points_elsewhere__every_link_named(deployed_community: TestCommunity) -> None:
    fontana, other = deployed_community.deployment.community("fontana"), throwaway_account("other").address
    code = deployed_community.client.code(fontana.address("Treasury"))
    deployed_community.chain._rpc("anvil_setCode", other, "0x" + code.hex())
    contracts = {**fontana.contracts, "Treasury": replace(fontana.contracts["Treasury"], address=other)}
    found = verify_deployment(deployed_community.client, with_set(deployed_community, contracts=contracts))
    links = {(one.contract, one.what) for one in found if one.what == "treasury"}
    assert links == {(name, "treasury") for name in ("CommunityToken", "MemberRegistry", "ServiceExchange")}


def test_verify__deployment_read_back_from_its_file__the_same_and_verified(deployed_community: TestCommunity) -> None:
    client = deployed_community.client
    loaded = load_deployment(deployment_path(deployed_community.folder, client))
    assert loaded == deployed_community.deployment
    assert verify_deployment(client, loaded) == []


def test_role_table__deployed_set__every_function_once_with_its_role_on_chain(
    deployed_community: TestCommunity,
) -> None:
    rows = role_table(deployed_community.client, deployed_community.deployment, "fontana")
    assert len({(row.contract, row.signature) for row in rows}) == len(rows)
    found = {(row.contract, row.function): row.role for row in rows}
    assert found["CommunityToken", "bind"] is Role.ADMIN_ROLE
    assert found["CommunityToken", "transfer"] is None
    assert found["CommunityToken", "pause"] is Role.GUARDIAN
    assert found["CommunityRegistry", "suspend"] is Role.PLATFORM_ADMIN
    assert found["ServiceExchange", "recordCheck"] is Role.VERIFIER


def test_role_table__overloads__a_row_each(deployed_community: TestCommunity) -> None:
    rows = role_table(deployed_community.client, deployed_community.deployment, "fontana")
    assert [row for row in rows if row.function == "cancelAuthorization"] == [
        FunctionRole("CommunityToken", "cancelAuthorization", f"cancelAuthorization(address,bytes32,{rest})", None)
        for rest in ("uint8,bytes32,bytes32", "bytes")
    ]
