"""setRequiredSignatures: more safety at once, less of it after the notice."""

import clock
import deployment
import pytest
from refusal import refused

NOTICE_S = deployment.MIN_NOTICE_S


@pytest.fixture
def lowered_from(ledger, oracle_admin):
    """One signature instead of two was asked for; the moment from which it applies."""
    now = clock.now_s() + 60
    clock.next_block_at(now)
    ledger.setRequiredSignatures(1, {"from": oracle_admin})
    return now + NOTICE_S


def test_set_required_signatures__raised__applies_at_once(ledger, oracle_admin):
    ledger.setRequiredSignatures(3, {"from": oracle_admin})
    assert ledger.requiredSignatures() == 3


def test_set_required_signatures__raised__refuses_what_sufficed_before(ledger, desk, oracles, oracle_admin):
    ledger.setRequiredSignatures(3, {"from": oracle_admin})
    with refused("SettlementLedgerTooFewSignatures", 2, 3):
        desk.open(desk.proposal(), oracles[:2])


def test_set_required_signatures__lowered__does_not_apply_before_the_notice(ledger, lowered_from):
    clock.move_to(lowered_from - 1)
    assert ledger.requiredSignatures() == 2


def test_set_required_signatures__lowered__applies_after_the_notice(ledger, lowered_from):
    clock.move_to(lowered_from)
    assert ledger.requiredSignatures() == 1


def test_set_required_signatures__lowered__is_public_before(ledger, lowered_from):
    assert ledger.scheduledSignatures() == (1, lowered_from)


def test_scheduled_signatures__once_in_force__shows_nothing_to_come(ledger, lowered_from):
    clock.move_to(lowered_from)
    assert ledger.scheduledSignatures() == (0, 0)


def test_set_required_signatures__lowered__lets_one_oracle_open_after_the_notice(ledger, desk, oracles, lowered_from):
    clock.move_to(lowered_from)
    desk.open(desk.proposal(), oracles[2:])
    assert ledger.nextPeriodIndex() == 1


def test_set_required_signatures__raised_while_lower_is_to_come__replaces_it(ledger, oracle_admin, lowered_from):
    ledger.setRequiredSignatures(3, {"from": oracle_admin})
    clock.move_to(lowered_from)
    assert ledger.requiredSignatures() == 3


def test_set_required_signatures__same_number__cancels_what_is_to_come(ledger, oracle_admin, lowered_from):
    ledger.setRequiredSignatures(2, {"from": oracle_admin})
    clock.move_to(lowered_from)
    assert ledger.requiredSignatures() == 2


def test_set_required_signatures__lowered_again__starts_the_notice_anew(ledger, oracle_admin, lowered_from):
    clock.next_block_at(lowered_from - 1)
    ledger.setRequiredSignatures(1, {"from": oracle_admin})
    clock.move_to(lowered_from)
    assert ledger.requiredSignatures() == 2


def test_set_required_signatures__accepted__emits_number_and_date(ledger, oracle_admin):
    now = clock.now_s() + 60
    clock.next_block_at(now)
    event = ledger.setRequiredSignatures(3, {"from": oracle_admin}).events["RequiredSignaturesScheduled"]
    assert dict(event) == {"requiredSignatures": 3, "validFrom": now}


def test_set_required_signatures__zero__is_refused(ledger, oracle_admin):
    with refused("SettlementLedgerOutOfRange", "requiredSignatures", 0, 1, 255):
        ledger.setRequiredSignatures(0, {"from": oracle_admin})
