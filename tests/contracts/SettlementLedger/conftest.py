"""A community with three members and a model in force, an hour after the end of its first month."""

import clock
import pytest
from membership import join
from model_parameters import POOL_MODEL
from payouts import Payouts
from proposals import Desk, month
from typed_data import proposal_hash

TOKEN = 10**18


@pytest.fixture(scope="module")
def community(community, oracle_admin, registrar, alice, bob, carol):
    """The deployed set, brought to the day of its first settlement."""
    community.models.schedule(POOL_MODEL, month(0)[0], {"from": oracle_admin})
    for wallet in (alice, bob, carol):
        join(community.members, registrar, wallet)
    clock.move_to(month(0)[1] + clock.HOUR_S)
    return community


@pytest.fixture
def desk(ledger, oracles, outsider):
    """Where settlements are prepared; whoever sends them holds no role."""
    return Desk(ledger, oracles, outsider)


@pytest.fixture(scope="session")
def three_chunks(alice, bob, carol):
    """One payout per chunk: 10, 20 and 30 tokens."""
    return Payouts([(alice, 10 * TOKEN)], [(bob, 20 * TOKEN)], [(carol, 30 * TOKEN)])


@pytest.fixture(scope="session")
def one_chunk(alice, bob):
    """100 tokens to alice and 50 to bob."""
    return Payouts([(alice, 100 * TOKEN), (bob, 50 * TOKEN)])


@pytest.fixture
def opened(desk, three_chunks):
    """The proposal of an open settlement with three chunks."""
    proposal = desk.proposal(three_chunks)
    desk.open(proposal)
    return proposal


@pytest.fixture
def hash_of(ledger):
    """Function: struct hash of a proposal as this side computes it."""
    return lambda proposal: proposal_hash(ledger, proposal)


@pytest.fixture
def next_month(ledger):
    """Function: move the clock to an hour after the end of the period that is next."""
    return lambda: clock.move_to(month(ledger.nextPeriodIndex())[1] + clock.HOUR_S)
