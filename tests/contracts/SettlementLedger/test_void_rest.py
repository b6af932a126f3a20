"""voidRest: after thirty days k oracles may give up what could not be paid; the rest is a claim off chain."""

import clock
import deployment
import pytest
from brownie import reverts
from refusal import refused

VOIDED = 3
TOKEN = 10**18
DELAY_S = 30 * clock.DAY_S


@pytest.fixture
def half_paid(desk, opened, three_chunks):
    """Period 0, open, the first of three chunks paid: 10 of 60 tokens."""
    desk.pay(opened, three_chunks, 0)
    return opened


@pytest.fixture
def not_before(ledger, half_paid):
    """First moment at which the rest can be voided."""
    return ledger.settlement(0, 0)["openedAt"] + DELAY_S


@pytest.fixture
def voided(desk, half_paid, not_before):
    clock.next_block_at(not_before)
    return desk.void(half_paid)


def test_void_rest__after_thirty_days__is_voided(ledger, voided):
    assert ledger.settlement(0, 0)["state"] == VOIDED


def test_void_rest__after_thirty_days__says_what_was_not_paid(voided):
    expected = {"periodIndex": 0, "revision": 0, "rest": 50 * TOKEN}
    assert dict(voided.events["SettlementVoided"]) == expected


def test_void_rest__after_thirty_days__leaves_what_was_paid(ledger, token, voided, alice):
    assert token.balanceOf(alice) == ledger.settlement(0, 0)["paid"] == 10 * TOKEN


def test_void_rest__a_second_too_early__names_the_moment(desk, half_paid, not_before):
    clock.next_block_at(not_before - 1)
    with refused("SettlementLedgerCannotVoid", not_before - 1, not_before):
        desk.void(half_paid)


def test_void_rest__paid_settlement__is_never_voided(desk, three_chunks):
    proposal = desk.settle(three_chunks)
    now = clock.now_s() + DELAY_S
    clock.next_block_at(now)
    with refused("SettlementLedgerCannotVoid", now, 0):
        desk.void(proposal)


def test_void_rest__again__changes_nothing(desk, half_paid, voided):
    assert len(desk.void(half_paid).events) == 0


def test_void_rest__then_pay_the_next_chunk__is_refused(desk, half_paid, voided, three_chunks):
    with refused("SettlementLedgerVoided", 0, 0):
        desk.pay(half_paid, three_chunks, 1)


def test_void_rest__then_pay_a_paid_chunk__changes_nothing(desk, half_paid, voided, three_chunks):
    assert len(desk.pay(half_paid, three_chunks, 0).events) == 0


def test_void_rest__too_few_signatures__are_refused(desk, half_paid, not_before, oracles):
    clock.move_to(not_before)
    with refused("SettlementLedgerTooFewSignatures", 1, 2):
        desk.void(half_paid, oracles[:1])


def test_void_rest__same_oracle_twice__is_refused(desk, half_paid, not_before, oracles):
    clock.move_to(not_before)
    with refused("SettlementLedgerSignersNotAscending", oracles[0], oracles[0]):
        desk.void(half_paid, [oracles[0], oracles[0]])


def test_void_rest__signatures_of_the_proposal__are_no_consent_to_void(ledger, desk, half_paid, not_before, outsider):
    clock.move_to(not_before)
    with reverts(revert_pattern="SettlementLedger(NotOracle|SignersNotAscending): .*"):
        ledger.voidRest(0, 0, desk.signatures(half_paid), {"from": outsider})


def test_void_rest__settlement_never_opened__is_refused(ledger, half_paid, outsider):
    with refused("SettlementLedgerUnknown", 0, 1):
        ledger.voidRest(0, 1, [], {"from": outsider})


def test_void_rest__then_revision__may_pay_what_was_voided(token, desk, voided, three_chunks, carol):
    desk.settle(three_chunks, index=0, revision=1)
    assert token.balanceOf(carol) == 30 * TOKEN


def test_void_rest__then_revision__has_the_cap_less_what_was_paid(desk, voided, one_chunk):
    room = deployment.PERIOD_CAP - 10 * TOKEN
    with refused("SettlementLedgerPeriodCapExceeded", room + 1, room):
        desk.open(desk.proposal(one_chunk, index=0, revision=1, total=room + 1))
