"""scheduleCaps: what a period and a member can receive changes after the notice only."""

import clock
import deployment
import pytest
from payouts import Payouts
from refusal import refused

NOTICE_S = deployment.MIN_NOTICE_S
TWO_YEARS_S = 2 * 366 * clock.DAY_S
TOKEN = 10**18
BEFORE = (deployment.PERIOD_CAP, deployment.MEMBER_CAP)
AFTER = (100 * TOKEN, 15 * TOKEN)


@pytest.fixture
def now(ledger):
    instant = clock.now_s() + 60
    clock.next_block_at(instant)
    return instant


@pytest.fixture
def valid_from(ledger, community_admin, now):
    """New caps are scheduled; the moment from which they apply."""
    instant = now + NOTICE_S + 1
    ledger.scheduleCaps(*AFTER, instant, {"from": community_admin})
    return instant


def test_caps__of_the_constructor__apply_at_once(ledger):
    assert ledger.caps() == BEFORE


def test_schedule_caps__before_the_date__leaves_the_old(ledger, valid_from):
    clock.move_to(valid_from - 1)
    assert ledger.caps() == BEFORE


def test_schedule_caps__at_the_date__applies(ledger, valid_from):
    clock.move_to(valid_from)
    assert ledger.caps() == AFTER


def test_schedule_caps__before_the_date__is_public(ledger, valid_from):
    assert ledger.scheduledCaps() == (*AFTER, valid_from)


def test_schedule_caps__accepted__emits_caps_and_date(ledger, community_admin, now):
    event = ledger.scheduleCaps(*AFTER, now + NOTICE_S + 1, {"from": community_admin}).events["CapsScheduled"]
    assert dict(event) == {"periodCap": AFTER[0], "memberCap": AFTER[1], "validFrom": now + NOTICE_S + 1}


@pytest.mark.parametrize("beyond_s", [0, -1, -NOTICE_S])
def test_schedule_caps__within_the_notice__is_refused(ledger, community_admin, now, beyond_s):
    earliest = now + NOTICE_S
    given = earliest + beyond_s
    with refused("SettlementLedgerValidFromOutOfRange", given, earliest, earliest + TWO_YEARS_S):
        ledger.scheduleCaps(*AFTER, given, {"from": community_admin})


def test_schedule_caps__before_those_scheduled__is_refused(ledger, community_admin, valid_from):
    earlier = valid_from + clock.DAY_S
    ledger.scheduleCaps(*BEFORE, earlier + 1, {"from": community_admin})
    with refused("SettlementLedgerCapsOutOfOrder", earlier, earlier + 1):
        ledger.scheduleCaps(*AFTER, earlier, {"from": community_admin})


def test_schedule_caps__for_the_same_date__replaces(ledger, community_admin, valid_from):
    replacing_at = clock.now_s() + 1
    later = replacing_at + NOTICE_S + clock.DAY_S
    ledger.scheduleCaps(1, 1, later, {"from": community_admin})
    ledger.scheduleCaps(2, 2, later, {"from": community_admin})
    clock.move_to(later)
    assert ledger.caps() == (2, 2)


def test_schedule_caps__settlement_opened_before__keeps_its_member_cap(ledger, desk, valid_from, token, alice):
    payouts = Payouts([(alice, 16 * TOKEN)])
    proposal = desk.proposal(payouts)
    desk.open(proposal)
    clock.move_to(valid_from)
    desk.pay(proposal, payouts, 0)
    assert token.balanceOf(alice) == 16 * TOKEN


def test_schedule_caps__settlement_opened_after__has_the_new_member_cap(ledger, desk, valid_from, alice):
    clock.move_to(valid_from)
    payouts = Payouts([(alice, 16 * TOKEN)])
    proposal = desk.proposal(payouts)
    desk.open(proposal)
    with refused("CommunityTokenPayoutAboveCap", alice, 16 * TOKEN, 15 * TOKEN):
        desk.pay(proposal, payouts, 0)


def test_schedule_caps__by_the_oracle_admin__is_refused(ledger, oracle_admin, now):
    with refused("AccessManagedUnauthorized", oracle_admin):
        ledger.scheduleCaps(*AFTER, now + NOTICE_S + 1, {"from": oracle_admin})
