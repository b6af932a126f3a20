"""The state machine of settlement_machine.py, bounded for the ordinary run.

The ordinary run repeats the same examples; GETTONE_MACHINE_EXAMPLES=N tries N new ones.
"""

import os

import pytest
from model_parameters import POOL_MODEL
from people import ascending
from proposals import Desk, month
from settlement_machine import WALLETS, Settlements

EXAMPLES = os.environ.get("GETTONE_MACHINE_EXAMPLES")
MUST_REACH = {
    "transferred",
    "opened",
    "revised",
    "refused by cap",
    "refused while open",
    "refused by member cap",
    "refused chunk",
    "paid again",
    "paid in full",
    "skipped",
    "voided",
}


@pytest.fixture(scope="module")
def wallets(accounts):
    """Wallets in ascending order, as payouts list them."""
    return ascending(accounts, "machine wallet", WALLETS)


def test_settlements__any_order_of_steps__keep_the_invariants(
    state_machine, community, wallets, oracles, oracle_admin, outsider, registrar
):
    community.models.schedule(POOL_MODEL, month(0)[0], {"from": oracle_admin})
    # What is refused by a call is not sent: Brownie would trace every refused transaction.
    desk = Desk(community.ledger, oracles, outsider, allow_revert=False)
    settings = {
        "max_examples": int(EXAMPLES or 20),
        "stateful_step_count": 30,
        "derandomize": EXAMPLES is None,
        "database": None,
    }
    reached: set[str] = set()
    state_machine(Settlements, community, wallets, desk, registrar, reached, settings=settings)
    assert reached >= MUST_REACH
