"""The village of the stories: its rules, its people with their tokens, and who tells of them.

Everybody has the welcome bonus, citizens 20 tokens and stakeholders 50, and the Treasury 1000 tokens.
Fees of a service: 1 percent between citizens, 2 with a stakeholder, 5 between stakeholders.
"""

import clock
import deployment
import policies
import pytest
from membership import CITIZEN, STAKEHOLDER, join
from people import person
from services import SERVICE, TIME_BANK, Counter
from stories.telling import Teller, tokens

CITIZENS = ("Ada", "Bruno", "Carla", "Dino", "Elsa")
STAKEHOLDERS = ("association", "bakery", "bicycle shop", "school")
FEES = policies.NO_FEES | {
    "serviceCitizenToCitizen": 100,
    "serviceCitizenToStakeholder": 200,
    "serviceStakeholderToCitizen": 200,
    "serviceStakeholderToStakeholder": 500,
}
# (category, kind): fixed tokens, part of the price and cap, the provider's share, what a verifier must have found.
INCENTIVES = {
    (1, TIME_BANK): ("1", 1_000, "3", 600, 2),
    (2, SERVICE): ("0", 2_000, "4", 500, 3),
    (5, SERVICE): ("1", 0, "1", 1_000, 0),
}


@pytest.fixture(scope="module")
def village(accounts):
    """Name → wallet."""
    return {name: person(accounts, f"villager {name}") for name in (*CITIZENS, *STAKEHOLDERS)}


@pytest.fixture(scope="module")
def community(project, registry, deployer, holders, registrar, token_admin, village):
    """A set under the rules above; the exchange may take from everybody what is agreed."""
    community = deployment.deploy(project, deployer, fees=FEES)
    deployment.hand_over(community, holders, registry, deployer)
    community.treasury.issue(tokens("1300"), {"from": token_admin})
    for name, wallet in village.items():
        join(community.members, registrar, wallet, CITIZEN if name in CITIZENS else STAKEHOLDER)
        community.token.approve(community.exchange, 2**256 - 1, {"from": wallet})
    schedule_incentives(community.policy, token_admin)
    return community


def schedule_incentives(policy, token_admin) -> None:
    """Publish the rules, and let the notice pass."""
    valid_from = clock.now_s() + 8 * clock.DAY_S
    for (category, kind), (fixed, bps, cap, permille, checks) in INCENTIVES.items():
        rule = (tokens(fixed), bps, tokens(cap), permille, checks)
        policy.scheduleIncentive(category, kind, rule, valid_from, {"from": token_admin})
    clock.move_to(valid_from)


@pytest.fixture(scope="module")
def counter(community, outsider):
    return Counter(community.exchange, community.token, outsider)


@pytest.fixture(scope="module")
def teller(community, village):
    return Teller(community.token, community.exchange, community.treasury, village)
