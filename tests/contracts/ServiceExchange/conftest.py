"""Four citizens and two stakeholders with 100 tokens each, and a Treasury with 1000, ready to agree on services."""

import clock
import deployment
import policies
import pytest
from brownie import ZERO_ADDRESS
from membership import CITIZEN, STAKEHOLDER, join, member_id
from payouts import word
from people import acting_as, address_number, ascending, person
from services import SERVICE, TIME_BANK, Counter, terms_of

TOKEN = 10**18
START = 100 * TOKEN
RULE = {"fixedUnits": TOKEN, "priceBps": 1000, "capUnits": 9 * TOKEN, "providerPermille": 500, "requiredChecks": 1}


@pytest.fixture(scope="session")
def dora(accounts):
    """A fourth citizen."""
    return person(accounts, "dora")


@pytest.fixture(scope="session")
def shop(accounts):
    return person(accounts, "shop")


@pytest.fixture(scope="session")
def hall(accounts):
    """An association with a room."""
    return person(accounts, "hall")


@pytest.fixture(scope="session")
def citizens(alice, bob, carol, dora):
    return [alice, bob, carol, dora]


@pytest.fixture(scope="session")
def everybody(citizens, shop, hall):
    """All members, in the order of payouts."""
    return sorted([*citizens, shop, hall], key=address_number)


@pytest.fixture(scope="module")
def community(project, registry, deployer, holders, registrar, citizens, everybody):
    """A set with service fees of 5 to 8 percent; everybody has joined before the Treasury held anything."""
    community = deployment.deploy(project, deployer, fees=policies.SERVICE_FEES)
    deployment.hand_over(community, holders, registry, deployer)
    for wallet in everybody:
        join(community.members, registrar, wallet, CITIZEN if wallet in citizens else STAKEHOLDER)
    return community


@pytest.fixture(scope="module", autouse=True)
def funds(accounts, community, token_admin, everybody):
    """100 tokens each, of which the exchange may take what is agreed; 1000 for the Treasury; incentives in force."""
    payouts = [word(wallet, START) for wallet in everybody]
    ledger = acting_as(accounts, community.ledger)
    community.token.creditBatch(payouts, ZERO_ADDRESS, START, 0, 0, {"from": ledger})
    for wallet in everybody:
        community.token.approve(community.exchange, 2**256 - 1, {"from": wallet})
    community.treasury.issue(1_000 * TOKEN, {"from": token_admin})
    valid_from = clock.now_s() + 8 * clock.DAY_S
    rule = policies.struct(RULE)
    community.policy.scheduleIncentive(1, 0, rule, valid_from, {"from": token_admin})
    clock.move_to(valid_from)


@pytest.fixture
def counter(exchange, token, outsider):
    """Where members act; whatever anybody may carry is carried by somebody who is no member."""
    return Counter(exchange, token, outsider)


@pytest.fixture
def gained(token):
    """Function (*wallets): base units beyond the 100 tokens that each had."""
    return lambda *wallets: [token.balanceOf(wallet) - START for wallet in wallets]


@pytest.fixture
def held(token, exchange):
    """Function: base units in escrow."""
    return lambda: token.balanceOf(exchange)


@pytest.fixture(scope="session")
def citizens_by_id(accounts):
    """32 more wallets in the order of their member ids."""
    return ascending(accounts, "pupil", 32)


@pytest.fixture
def lawful(alice, bob, carol, shop, hall):
    """Function (category, kind): terms that fit, at 10 tokens where there is no hour."""

    def of(category: int, kind: int = SERVICE, **changes) -> dict:
        provider = {3: shop, 4: shop, 7: shop}.get(category, alice)
        payers = {1: [bob], 2: [bob, carol], 3: [bob], 4: [hall], 5: [shop]}.get(category, [])
        structure = hall if category in (2, 8) else None
        fields = {"price": 10 * TOKEN} | ({"durationMinutes": 60} if kind == TIME_BANK else {})
        return terms_of(category, provider, *payers, structure=structure, kind=kind, **fields) | changes

    return of


def provider_of(terms, *wallets):
    """Whose member id the terms name as provider."""
    return next(wallet for wallet in wallets if member_id(wallet) == terms["provider"])
