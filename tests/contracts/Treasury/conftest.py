"""A Treasury with tokens and incentive rules in force, and the contracts that may ask it for something."""

import clock
import deployment
import policies
import pytest
from membership import CITIZEN, STAKEHOLDER, join, member_id
from people import acting_as, ascending, person

TOKEN = 10**18
FILLED = 1_000 * TOKEN
# (category, kind) → rule. The first has small numbers to be rounded, the second gives the whole price.
RULES = {
    (2, 0): {"fixedUnits": 10, "priceBps": 1000, "capUnits": 50, "providerPermille": 600, "requiredChecks": 3},
    (1, 0): {"fixedUnits": 0, "priceBps": 10_000, "capUnits": 900 * TOKEN, "providerPermille": 500},
}


@pytest.fixture(scope="module")
def community(community, token_admin):
    """The deployed set on the day after its incentive rules came into force, the Treasury filled."""
    valid_from = clock.now_s() + deployment.MIN_NOTICE_S + clock.DAY_S
    for (category, kind), fields in RULES.items():
        rule = policies.struct(policies.NO_INCENTIVE, **fields)
        community.policy.scheduleIncentive(category, kind, rule, valid_from, {"from": token_admin})
    clock.move_to(valid_from + clock.DAY_S)
    community.treasury.issue(FILLED, {"from": token_admin})
    return community


@pytest.fixture
def empty(treasury, token, token_admin):
    """The Treasury holds nothing."""
    treasury.burn(token.balanceOf(treasury), {"from": token_admin})


@pytest.fixture
def keep(treasury, token, token_admin):
    """Function (units): burn all but this much."""
    return lambda units: treasury.burn(token.balanceOf(treasury) - units, {"from": token_admin})


@pytest.fixture(scope="module")
def citizens(accounts, community, registrar, deployer):
    """Eight citizens by member id, each with the welcome bonus of 20 tokens."""
    wallets = ascending(accounts, "citizen", 8)
    for wallet in wallets:
        join(community.members, registrar, wallet, CITIZEN)
    return wallets


@pytest.fixture(scope="module")
def shop(accounts, community, registrar):
    """A stakeholder, with the welcome bonus of 50 tokens."""
    wallet = person(accounts, "shop")
    join(community.members, registrar, wallet, STAKEHOLDER)
    return wallet


@pytest.fixture(scope="module")
def service_exchange(accounts, community):
    """The one that asks for incentives and for the price of community services."""
    return acting_as(accounts, community.exchange)


@pytest.fixture(scope="module")
def member_registry(accounts, community):
    """The one that grants welcome bonuses."""
    return acting_as(accounts, community.members)


@pytest.fixture
def ask(treasury, service_exchange):
    """Function (provider, *payers): ask for the incentive of an agreement settled now, return the receipt."""

    def send(provider, *payers, number=1, category=1, price=0, checks=3, accepted_at=None):
        request = (
            number.to_bytes(32, "big"),
            category,
            0,
            clock.now_s() if accepted_at is None else accepted_at,
            checks,
            price,
            member_id(provider),
            [member_id(payer) for payer in payers],
        )
        return treasury.payIncentive(request, {"from": service_exchange})

    return send


@pytest.fixture
def gained(token):
    """Function (*wallets): base units beyond the welcome bonus of a citizen."""
    return lambda *wallets: [token.balanceOf(wallet) - 20 * TOKEN for wallet in wallets]
