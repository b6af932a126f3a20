"""Any order of steps of members, money, agreements and settlements keeps the invariants I1 to I14.

A model in Python predicts for every step whether the contracts accept it, and what it moves; after every step the
chain is compared with the model (specification of the contracts, §10). The ordinary run repeats the same examples;
GETTONE_MACHINE_EXAMPLES=N tries N new ones.
"""

import os

import clock
import deployment
import policies
import pytest
import roles
from machine.incentives import RULE
from machine.settlement_rules import SettlementRules
from machine.world import FIRST_BPS, SLOTS, Cast
from model_parameters import POOL_MODEL
from people import ascending, person
from proposals import Desk, month
from services import Counter

EXAMPLES = os.environ.get("GETTONE_MACHINE_EXAMPLES")
MUST_REACH = {
    *("joined", "joined again", "left", "frozen", "wallet replaced", "swept", "welcome bonus"),
    *("transferred", "fee charged", "sold", "issue refused", "paused"),
    *("opened", "revised", "open refused", "open refused while open", "chunk refused", "paid again", "paid in full"),
    *("skipped", "voided", "incentive", "incentive reduced"),
    *(f"agreement {state}" for state in range(1, 11)),
}


@pytest.fixture(scope="module")
def community(project, registry, deployer, holders, token_admin, oracle_admin):
    """A set with one fee for all flows; a model and incentive rules in force on the first day of the first period."""
    community = deployment.deploy(project, deployer, fees=dict.fromkeys(policies.NO_FEES, FIRST_BPS))
    deployment.hand_over(community, holders, registry, deployer)
    start = month(0)[0]
    community.models.schedule(POOL_MODEL, start, {"from": oracle_admin})
    for category in (1, 2):
        community.policy.scheduleIncentive(category, 0, policies.struct(RULE), start, {"from": token_admin})
    clock.move_to(start)
    return community


@pytest.fixture
def cast(accounts, community, oracles, outsider, holders):
    """What is refused by a call is not sent: Brownie would trace every refused transaction."""
    wallets = [person(accounts, f"machine member {slot}") for slot in range(SLOTS)]
    spares = ascending(accounts, "machine spare", 4)
    desk = Desk(community.ledger, oracles, outsider, allow_revert=False)
    counter = Counter(community.exchange, community.token, outsider, allow_revert=False)
    assert holders.keys() >= {roles.GUARDIAN, roles.VERIFIER}
    return Cast(wallets, spares, desk, counter, holders)


def test_whole_set__any_order_of_steps__keeps_the_invariants(state_machine, community, cast):
    settings = {
        "max_examples": int(EXAMPLES or 18),
        "stateful_step_count": 40,
        "derandomize": EXAMPLES is None,
        "database": None,
    }
    reached: set[str] = set()
    state_machine(SettlementRules, community, cast, reached, settings=settings)
    assert reached >= MUST_REACH, f"never reached: {sorted(MUST_REACH - reached)}"
