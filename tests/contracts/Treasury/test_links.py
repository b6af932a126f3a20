"""bind: the Treasury's token and members are named once, while the set is wired."""

import deployment
import pytest
from brownie import ZERO_ADDRESS
from refusal import refused


@pytest.fixture
def unwired(project, deployer):
    """A set whose deployer is still its administrator."""
    return deployment.deploy(project, deployer)


@pytest.fixture
def bind(unwired, deployer):
    """Function (token, members): tell them to the Treasury as the wiring does."""

    def send(token, members):
        call = unwired.treasury.bind.encode_input(token, members)
        return unwired.manager.execute(unwired.treasury, call, {"from": deployer})

    return send


def test_bind__parts_of_the_set__are_named(unwired, bind):
    bind(unwired.token, unwired.members)
    assert (unwired.treasury.token(), unwired.treasury.members()) == (unwired.token, unwired.members)


def test_bind__twice__is_refused(unwired, bind):
    bind(unwired.token, unwired.members)
    with refused("TreasuryAlreadyBound", unwired.token):
        bind(unwired.token, unwired.members)


def test_bind__token_of_another_set__names_its_treasury(unwired, bind, community):
    with refused("TreasuryNotLinked", "token.treasury", community.treasury, unwired.treasury):
        bind(community.token, unwired.members)


def test_bind__members_of_another_set__names_their_treasury(unwired, bind, community):
    with refused("TreasuryNotLinked", "members.treasury", community.treasury, unwired.treasury):
        bind(unwired.token, community.members)


def test_treasury__before_bind__has_no_token(unwired):
    assert unwired.treasury.token() == ZERO_ADDRESS


def test_treasury__of_the_set__keeps_its_policy(community):
    assert community.treasury.policy() == community.policy


def test_bind__after_the_hand_over__is_refused(community, token_admin):
    with refused("AccessManagedUnauthorized", token_admin):
        community.treasury.bind(community.token, community.members, {"from": token_admin})
