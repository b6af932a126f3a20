"""bind: the exchange of a token is named once, while it is wired, and only one of the same set."""

import deployment
import pytest
from brownie import ZERO_ADDRESS, reverts
from refusal import refused


@pytest.fixture
def unwired(project, deployer):
    """A set whose deployer is still its administrator."""
    return deployment.deploy(project, deployer)


@pytest.fixture
def bind(unwired, deployer):
    """Function (exchange): tell it to the token as the wiring does."""

    def send(exchange):
        call = unwired.token.bind.encode_input(exchange)
        return unwired.manager.execute(unwired.token, call, {"from": deployer})

    return send


def test_bind__exchange_of_the_set__becomes_a_system_account(unwired, bind):
    bind(unwired.exchange)
    assert unwired.token.accountOf(unwired.exchange) == (0, 3, 3)


def test_bind__exchange_of_the_set__is_named(unwired, bind):
    bind(unwired.exchange)
    assert unwired.token.exchange() == unwired.exchange


def test_bind__twice__is_refused(unwired, bind):
    bind(unwired.exchange)
    with refused("CommunityTokenAlreadyBound", unwired.exchange):
        bind(unwired.exchange)


def test_bind__exchange_of_another_set__names_both_tokens(unwired, bind, community):
    with refused("CommunityTokenNotLinked", "exchange.token", community.token, unwired.token):
        bind(community.exchange)


def test_bind__zero_address__is_refused(bind):
    with reverts():  # it has no code that could name its token
        bind(ZERO_ADDRESS)


def test_bind__after_the_hand_over__is_refused_for_everybody(community, platform_admin):
    with refused("AccessManagedUnauthorized", platform_admin):
        community.token.bind(community.exchange, {"from": platform_admin})


def test_exchange__before_bind__is_zero(unwired):
    assert unwired.token.exchange() == ZERO_ADDRESS
