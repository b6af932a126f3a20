"""A pause stops opening and paying and loses nothing; a suspension stops opening alone."""

import clock
import pytest
from people import acting_as
from refusal import refused

OPEN, PAID, VOIDED = 1, 2, 3
TOKEN = 10**18


@pytest.fixture
def pause(token, guardian):
    """Function: the guardian pauses; returns the moment (unix seconds)."""
    return lambda: token.pause({"from": guardian}).timestamp


@pytest.fixture
def void_in_pause(ledger, community_admin):
    return lambda: ledger.voidRestInPause(0, 0, {"from": community_admin})


def test_open__in_a_pause__is_refused(desk, pause):
    proposal = desk.proposal()
    paused_at = pause()
    with refused("CommunityTokenPaused", paused_at):
        desk.open(proposal)


def test_open__suspended_community__is_refused(accounts, registry, token, desk):
    token.setSuspended(True, {"from": acting_as(accounts, registry)})
    with refused("CommunityTokenSuspended"):
        desk.open(desk.proposal())


def test_pay__suspended_community__goes_on(accounts, registry, token, ledger, desk, opened, three_chunks):
    token.setSuspended(True, {"from": acting_as(accounts, registry)})
    for chunk in range(3):
        desk.pay(opened, three_chunks, chunk)
    assert ledger.settlement(0, 0)["state"] == PAID


def test_pay__in_a_pause__is_refused(desk, opened, three_chunks, pause):
    paused_at = pause()
    with refused("CommunityTokenPaused", paused_at):
        desk.pay(opened, three_chunks, 0)


def test_pay__after_the_pause__loses_nothing(token, ledger, community_admin, desk, opened, three_chunks, pause):
    desk.pay(opened, three_chunks, 0)
    pause()
    token.unpause({"from": community_admin})
    desk.pay(opened, three_chunks, 1)
    desk.pay(opened, three_chunks, 2)
    assert ledger.settlement(0, 0)["state"] == PAID


def test_void_rest_in_pause__open_settlement__is_voided_at_any_age(
    ledger, desk, opened, three_chunks, pause, void_in_pause
):
    desk.pay(opened, three_chunks, 0)
    pause()
    receipt = void_in_pause()
    assert dict(receipt.events["SettlementVoided"]) == {"periodIndex": 0, "revision": 0, "rest": 50 * TOKEN}
    assert ledger.settlement(0, 0)["state"] == VOIDED


def test_void_rest_in_pause__then_unpaused__pays_no_more(
    token, community_admin, desk, opened, three_chunks, pause, void_in_pause
):
    pause()
    void_in_pause()
    token.unpause({"from": community_admin})
    with refused("SettlementLedgerVoided", 0, 0):
        desk.pay(opened, three_chunks, 0)


def test_void_rest_in_pause__running__is_refused(opened, void_in_pause):
    with refused("SettlementLedgerNotPaused", 0, 0):
        void_in_pause()


def test_void_rest_in_pause__again__changes_nothing(opened, pause, void_in_pause):
    pause()
    void_in_pause()
    assert len(void_in_pause().events) == 0


def test_void_rest_in_pause__paid_settlement__is_never_voided(desk, three_chunks, pause, void_in_pause):
    desk.settle(three_chunks)
    pause()
    now = clock.now_s() + 60
    clock.next_block_at(now)
    with refused("SettlementLedgerCannotVoid", now, 0):
        void_in_pause()


def test_void_rest_in_pause__never_opened__is_refused(pause, void_in_pause):
    pause()
    with refused("SettlementLedgerUnknown", 0, 0):
        void_in_pause()


def test_void_rest_in_pause__by_the_guardian__is_refused(ledger, guardian, opened, pause):
    pause()
    with refused("AccessManagedUnauthorized", guardian):
        ledger.voidRestInPause(0, 0, {"from": guardian})
