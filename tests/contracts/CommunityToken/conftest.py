"""The token alone: the contracts that may write to it act as the tests tell them, so that every state is reached."""

import pytest
from brownie import ZERO_ADDRESS
from membership import ACTIVE, CITIZEN, STAKEHOLDER
from payouts import word
from people import acting_as, person

LARGEST_AMOUNT = 2**96 - 1  # of a payout word


@pytest.fixture(scope="module")
def member_registry(accounts, community):
    """The one that writes class and status, moves accounts and sweeps."""
    return acting_as(accounts, community.members)


@pytest.fixture(scope="module")
def settlement_ledger(accounts, community):
    """The one that credits payouts."""
    return acting_as(accounts, community.ledger)


@pytest.fixture(scope="module")
def the_treasury(accounts, community):
    """The one that issues and burns, and the account of the fees."""
    return acting_as(accounts, community.treasury)


@pytest.fixture(scope="module")
def service_exchange(accounts, community):
    """The one that holds tokens in escrow."""
    return acting_as(accounts, community.exchange)


@pytest.fixture(scope="module")
def token_policy(accounts, community):
    """The one that sets transfer fees."""
    return acting_as(accounts, community.policy)


@pytest.fixture(scope="module")
def community_registry(accounts, registry):
    """The platform's registry, which suspends."""
    return acting_as(accounts, registry)


@pytest.fixture(scope="module")
def token(community, member_registry, settlement_ledger, alice, bob):
    """The token with alice and bob as active citizens, alice holding 1000 base units."""
    token = community.token
    for wallet in (alice, bob):
        token.setAccount(wallet, CITIZEN, ACTIVE, {"from": member_registry})
    token.creditBatch([word(alice, 1000)], ZERO_ADDRESS, LARGEST_AMOUNT, 0, 0, {"from": settlement_ledger})
    return token


@pytest.fixture
def set_status(token, member_registry):
    """Function (wallet, status): make the wallet a citizen of this status."""

    def write(wallet, status: int) -> None:
        token.setAccount(wallet, CITIZEN, status, {"from": member_registry})

    return write


@pytest.fixture
def credit(token, settlement_ledger):
    """Function (*(wallet, units)): credit them in one batch, return the receipt.

    `previous` is the wallet before the batch, `cap` the largest amount of a payout in base units, `fees` the rates of
    citizens and stakeholders in basis points.
    """

    def send(*payouts, previous=ZERO_ADDRESS, cap=LARGEST_AMOUNT, fees=(0, 0)):
        words = [word(*one) for one in payouts]
        return token.creditBatch(words, previous, cap, *fees, {"from": settlement_ledger})

    return send


@pytest.fixture
def shop(accounts, token, member_registry):
    """An active stakeholder."""
    wallet = person(accounts, "shop")
    token.setAccount(wallet, STAKEHOLDER, ACTIVE, {"from": member_registry})
    return wallet


@pytest.fixture
def set_fees(token, token_policy):
    """Function (four rates in bps): in force at once; citizen to citizen first, stakeholder to stakeholder last."""

    def write(*rates_bps: int) -> None:
        token.setTransferFees(packed(*rates_bps), 0, 0, {"from": token_policy})

    return write


@pytest.fixture
def paused(token, guardian):
    """The token stands still; the value is the moment since when (unix seconds)."""
    return token.pause({"from": guardian}).timestamp


def packed(*rates_bps: int) -> int:
    """Four rates of 16 bits, the first in the highest."""
    return sum(rate << 16 * (3 - place) for place, rate in enumerate(rates_bps))
