"""Revisions: the whole period again, after the one before is closed, within the same bounds and the same cap."""

import clock
import deployment
import pytest
from payouts import Payouts
from proposals import digest, month
from refusal import refused

OPEN, PAID = 1, 2
TOKEN = 10**18


@pytest.fixture
def settled(desk, three_chunks):
    """The paid settlement of period 0, 60 tokens."""
    return desk.settle(three_chunks)


def test_revision__after_the_paid_one__pays_the_difference(token, desk, settled, alice):
    desk.settle(Payouts([(alice, 1 * TOKEN)]), index=0, revision=1)
    assert token.balanceOf(alice) == 11 * TOKEN


def test_revision__after_the_paid_one__is_the_latest(ledger, desk, settled, one_chunk):
    desk.settle(one_chunk, index=0, revision=1)
    assert (ledger.latestRevision(0), ledger.nextPeriodIndex()) == (1, 1)


def test_revision__opened__keeps_the_earlier_commitment(ledger, desk, settled, one_chunk):
    before = ledger.settlement(0, 0)
    desk.settle(one_chunk, index=0, revision=1)
    assert ledger.settlement(0, 0) == before


def test_revision__without_payouts__corrects_the_commitment_alone(ledger, desk, settled):
    desk.open(desk.proposal(index=0, revision=1))
    stored = ledger.settlement(0, 1)
    assert (bytes(stored["assignmentRoot"]), stored["state"]) == (digest("assignments 0.1"), PAID)


def test_revision__while_the_last_is_open__is_refused(desk, opened, one_chunk):
    with refused("SettlementLedgerRevisionOpen", 0, 0):
        desk.open(desk.proposal(one_chunk, index=0, revision=1))


@pytest.mark.parametrize("revision", [2, 2**32 - 1])
def test_revision__gap__names_the_next(desk, settled, revision):
    with refused("SettlementLedgerWrongRevision", 0, revision, 1):
        desk.open(desk.proposal(index=0, revision=revision))


def test_revision__of_a_period_never_opened__is_refused(desk, settled):
    with refused("SettlementLedgerWrongPeriodIndex", 1, 1):
        desk.open(desk.proposal(index=1, revision=1))


@pytest.mark.parametrize(("start_shift_s", "end_shift_s"), [(clock.HOUR_S, 0), (0, -clock.HOUR_S)])
def test_revision__with_other_bounds__names_those_of_the_period(desk, settled, start_shift_s, end_shift_s):
    start, end = month(0)
    shifted = (start + start_shift_s, end + end_shift_s)
    with refused("SettlementLedgerWrongBounds", *shifted, start, end):
        desk.open(desk.proposal(index=0, revision=1, periodStart=shifted[0], periodEnd=shifted[1]))


def test_revision__of_an_earlier_period__leaves_the_next_index_and_end(ledger, desk, settled, one_chunk, next_month):
    next_month()
    desk.settle(one_chunk)
    desk.settle(one_chunk, index=0, revision=1)
    assert (ledger.nextPeriodIndex(), ledger.lastPeriodEnd()) == (2, month(1)[1])


def test_revision__of_an_earlier_period__is_the_next_ones_previous(
    ledger, desk, settled, one_chunk, next_month, hash_of
):
    revised = desk.settle(one_chunk, index=0, revision=1)
    next_month()
    following = desk.settle(one_chunk)
    assert following["previousSettlement"] == hash_of(revised)


def test_revision__total_up_to_the_rest_of_the_cap__is_done(ledger, desk, settled, one_chunk):
    rest = deployment.PERIOD_CAP - 60 * TOKEN
    desk.open(desk.proposal(one_chunk, index=0, revision=1, total=rest))
    assert ledger.settlement(0, 1)["state"] == OPEN


def test_revision__total_above_the_rest_of_the_cap__is_refused(desk, settled, one_chunk):
    rest = deployment.PERIOD_CAP - 60 * TOKEN
    with refused("SettlementLedgerPeriodCapExceeded", rest + 1, rest):
        desk.open(desk.proposal(one_chunk, index=0, revision=1, total=rest + 1))


def test_revision__third__counts_all_before(desk, settled, one_chunk):
    desk.settle(one_chunk, index=0, revision=1)
    rest = deployment.PERIOD_CAP - 60 * TOKEN - one_chunk.total
    with refused("SettlementLedgerPeriodCapExceeded", rest + 1, rest):
        desk.open(desk.proposal(one_chunk, index=0, revision=2, total=rest + 1))


def test_revision__cap_lowered_below_what_was_paid__leaves_no_room(ledger, desk, settled, one_chunk, community_admin):
    valid_from = clock.now_s() + deployment.MIN_NOTICE_S + clock.HOUR_S
    ledger.scheduleCaps(59 * TOKEN, 59 * TOKEN, valid_from, {"from": community_admin})
    clock.move_to(valid_from)
    with refused("SettlementLedgerPeriodCapExceeded", one_chunk.total, 0):
        desk.open(desk.proposal(one_chunk, index=0, revision=1))


def test_revision__same_proposal_again__changes_nothing(ledger, desk, settled, one_chunk):
    revised = desk.settle(one_chunk, index=0, revision=1)
    assert (len(desk.open(revised).events), ledger.latestRevision(0)) == (0, 1)


def test_revision__superseded_proposal_opened_again__changes_nothing(ledger, desk, settled, one_chunk):
    desk.settle(one_chunk, index=0, revision=1)
    assert (len(desk.open(settled).events), ledger.latestRevision(0)) == (0, 1)


def test_latest_revision__of_a_period_never_opened__is_refused(ledger):
    with refused("SettlementLedgerUnknown", 0, 0):
        ledger.latestRevision(0)
