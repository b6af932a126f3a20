"""What is in force from deployment, and the one link that is made afterwards."""

import clock
import deployment
import policies
import pytest
from brownie import ZERO_ADDRESS
from refusal import refused


@pytest.fixture
def unwired(project, deployer):
    """A set whose deployer is still its administrator, with ten different fees."""
    return deployment.deploy(project, deployer, fees=policies.TEN_FEES)


def test_constructor__notice_below_one_hour__is_refused(project, community, deployer):
    with refused("TokenPolicyNoticeOutOfRange", clock.HOUR_S - 1, clock.HOUR_S):
        deployment.deploy_policy(project, community.manager, deployer, clock.HOUR_S - 1)


def test_constructor__notice_of_one_hour__is_accepted(project, community, deployer):
    other = deployment.deploy_policy(project, community.manager, deployer, clock.HOUR_S)
    assert other.minNotice() == clock.HOUR_S


def test_constructor__fee_above_the_limit__names_the_field(project, community, deployer):
    fees = policies.NO_FEES | {"assignmentToCitizen": 2001}
    with refused("TokenPolicyValueOutOfRange", "assignmentToCitizen", 2001, 0, 2000):
        deployment.deploy_policy(project, community.manager, deployer, fees=fees)


def test_constructor__initial_rules__are_published(unwired):
    events = unwired.policy.tx.events
    assert events["FeesScheduled"]["fees"] == policies.struct(policies.TEN_FEES)
    assert events["BonusesScheduled"]["bonuses"] == policies.struct(policies.BONUSES)
    assert events["RatesScheduled"]["rates"] == policies.struct(policies.RATES)
    assert events["BudgetsScheduled"]["budgets"] == policies.struct(policies.BUDGETS)


def test_start__of_the_policy__is_its_block(unwired):
    assert unwired.policy.start() == unwired.policy.tx.timestamp


def test_bind__after_deployment__tells_the_token_the_initial_fees(unwired, deployer, holders, registry):
    deployment.hand_over(unwired, holders, registry, deployer)
    current = unwired.token.transferFees()[0]
    assert current.to_bytes(8, "big").hex() == "006400c8012c0190"  # 100, 200, 300, 400


def test_bind__twice__is_refused(community, unwired, deployer):
    """Only an administrator could try, so a set that has one yet stands for those that have none any more."""
    manager, policy = unwired.manager, unwired.policy
    manager.grantRole(102, policy, 0, {"from": deployer})
    selector = unwired.token.signatures["setTransferFees"]
    manager.setTargetFunctionRole(unwired.token, [selector], 102, {"from": deployer})
    call = policy.bind.encode_input(unwired.token)
    manager.execute(policy, call, {"from": deployer})
    with refused("TokenPolicyAlreadyBound", unwired.token):
        manager.execute(policy, call, {"from": deployer})


def test_bind__token_of_another_set__names_its_policy(community, unwired, deployer):
    call = unwired.policy.bind.encode_input(community.token)
    with refused("TokenPolicyNotLinked", "token.treasury.policy", community.policy, unwired.policy):
        unwired.manager.execute(unwired.policy, call, {"from": deployer})


def test_schedule_fees__before_bind__is_refused(unwired, deployer):
    validity = clock.now_s() + 30 * clock.DAY_S
    call = unwired.policy.scheduleFees.encode_input(policies.struct(policies.NO_FEES), validity)
    with refused("TokenPolicyNotBound"):
        unwired.manager.execute(unwired.policy, call, {"from": deployer})


def test_token__before_bind__is_zero(unwired):
    assert unwired.policy.token() == ZERO_ADDRESS


def test_bind__after_the_hand_over__is_refused(community, token_admin):
    with refused("AccessManagedUnauthorized", token_admin):
        community.policy.bind(community.token, {"from": token_admin})
