"""declareReturn, confirmReturn and releaseDeposit: a loan is over when the goods are back."""

import clock
import deployment
import pytest
from membership import member_id
from refusal import refused
from ServiceExchange.conftest import TOKEN
from services import LENT, LOAN, RETURNED, SETTLED, states, terms_of

PERIOD_S = deployment.CONFIRMATION_PERIOD_S


@pytest.fixture
def loan(counter, alice, bob):
    """Alice lent bob a drill: 2 tokens, and 10 as a deposit; bob has it."""
    terms = terms_of(1, alice, bob, kind=LOAN, price=2 * TOKEN, depositUnits=10 * TOKEN)
    counter.settle(terms, alice, bob)
    return terms


@pytest.fixture
def returned_at(counter, loan, bob):
    """Bob says that he returned it; the moment of it (unix seconds)."""
    return counter.declare_return(loan, bob).timestamp


def test_confirm__loan__pays_the_price_and_keeps_the_deposit(counter, loan, gained, held, alice, bob):
    assert counter.state(loan) == LENT
    assert (gained(alice, bob), held()) == ([19 * TOKEN // 10, -12 * TOKEN], 10 * TOKEN)


def test_escrow_of__lent__is_the_deposit(exchange, loan):
    assert exchange.escrowOf(tuple(loan.values())) == 10 * TOKEN


def test_declare_return__by_the_borrower__waits_for_the_lender(counter, loan, held, bob):
    receipt = counter.declare_return(loan, bob)
    assert (counter.state(loan), held(), "ReturnDeclared" in receipt.events) == (RETURNED, 10 * TOKEN, True)


def test_declare_return__by_the_lender__is_refused(counter, loan, alice):
    with refused("ServiceExchangeNotParty", counter.id_of(loan), member_id(alice)):
        counter.declare_return(loan, alice)


def test_declare_return__twice__names_the_state(counter, loan, returned_at, bob):
    with refused("ServiceExchangeWrongState", counter.id_of(loan), RETURNED, states(LENT)):
        counter.declare_return(loan, bob)


def test_declare_return__in_a_pause__is_possible(token, guardian, counter, loan, bob):
    token.pause({"from": guardian})
    counter.declare_return(loan, bob)
    assert counter.state(loan) == RETURNED


@pytest.mark.parametrize("declared", [True, False])
def test_confirm_return__by_the_lender__gives_the_deposit_back_without_fee(
    counter, loan, gained, held, alice, bob, declared
):
    if declared:
        counter.declare_return(loan, bob)
    counter.confirm_return(loan, alice)
    assert (counter.state(loan), gained(bob), held()) == (SETTLED, [-2 * TOKEN], 0)


def test_confirm_return__by_the_borrower__is_refused(counter, loan, returned_at, bob):
    with refused("ServiceExchangeNotParty", counter.id_of(loan), member_id(bob)):
        counter.confirm_return(loan, bob)


def test_confirm_return__frozen_lender__is_refused(members, community_admin, counter, loan, returned_at, alice):
    members.freeze(member_id(alice), {"from": community_admin})
    with refused("ServiceExchangeWrongStatus", member_id(alice), 2):
        counter.confirm_return(loan, alice)


def test_release_deposit__silence_of_the_lender__gives_it_back(counter, loan, returned_at, gained, held, bob):
    clock.next_block_at(returned_at + PERIOD_S + 1)
    counter.anybody("releaseDeposit", loan)
    assert (counter.state(loan), gained(bob), held()) == (SETTLED, [-2 * TOKEN], 0)


def test_release_deposit__in_the_period__names_its_end(counter, loan, returned_at):
    due = returned_at + PERIOD_S
    clock.next_block_at(due)
    with refused("ServiceExchangeTooEarly", counter.id_of(loan), due, due + 1):
        counter.anybody("releaseDeposit", loan)


def test_release_deposit__not_declared__names_the_state(counter, loan):
    clock.move_to(loan["returnBy"] + PERIOD_S)
    with refused("ServiceExchangeWrongState", counter.id_of(loan), LENT, states(RETURNED)):
        counter.anybody("releaseDeposit", loan)


def test_dispute__of_a_loan_that_never_came_back__may_give_the_deposit_to_the_lender(
    counter, loan, gained, held, alice, bob, community_admin
):
    counter.dispute(loan, alice)
    counter.as_role("resolve", loan, 10 * TOKEN, 0, sender=community_admin)
    assert (gained(alice, bob), held()) == ([119 * TOKEN // 10, -12 * TOKEN], 0)
