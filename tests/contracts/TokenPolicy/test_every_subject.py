"""Every subject alike: members know a rule and its date before it applies, and what was is never changed."""

import clock
import pytest
from refusal import refused
from TokenPolicy.conftest import NOTICE_S

TWO_YEARS_S = 2 * 366 * clock.DAY_S
NOTHING_YEARS = 5 * 366 * clock.DAY_S


@pytest.fixture
def valid_from(policy, subject, holder, now):
    """Another value is scheduled; the moment from which it applies."""
    subject.schedule(policy, subject.other, now + NOTICE_S + 1, holder)
    return now + NOTICE_S + 1


def test_at__from_deployment__is_the_initial_value(policy, subject):
    assert subject.at(policy, policy.start()) == subject.first


def test_at__far_ahead__is_the_last_value(policy, subject):
    assert subject.at(policy, policy.start() + NOTHING_YEARS) == subject.first


@pytest.mark.parametrize("before_s", [1, 0, -1])
def test_at__around_the_moment__changes_to_the_second(policy, subject, valid_from, before_s):
    expected = subject.first if before_s > 0 else subject.other
    assert subject.at(policy, valid_from - before_s) == expected


def test_scheduled__before_the_moment__is_public(policy, subject, valid_from):
    clock.move_to(valid_from - 1)
    assert subject.scheduled(policy) == (subject.other, valid_from)


def test_scheduled__from_the_moment_on__shows_nothing_to_come(policy, subject, valid_from):
    clock.move_to(valid_from)
    assert subject.scheduled(policy) == (tuple(0 for _ in subject.first), 0)


def test_scheduled__nothing__is_zero(policy, subject):
    assert subject.scheduled(policy) == (tuple(0 for _ in subject.first), 0)


def test_schedule__accepted__publishes_value_and_date(policy, subject, holder, now):
    receipt = subject.schedule(policy, subject.other, now + NOTICE_S + 1, holder)
    event = receipt.events[f"{subject.name}Scheduled"]
    assert (event["validFrom"], list(event.values())[-1]) == (now + NOTICE_S + 1, subject.other)


@pytest.mark.parametrize("beyond_s", [0, -1, -NOTICE_S])
def test_schedule__within_the_notice__names_the_range(policy, subject, holder, now, beyond_s):
    earliest = now + NOTICE_S
    given = earliest + beyond_s
    with refused("TokenPolicyValidFromOutOfRange", given, earliest, earliest + TWO_YEARS_S):
        subject.schedule(policy, subject.other, given, holder)


def test_schedule__more_than_two_years_ahead__names_the_range(policy, subject, holder, now):
    latest = now + NOTICE_S + TWO_YEARS_S
    with refused("TokenPolicyValidFromOutOfRange", latest + 1, now + NOTICE_S, latest):
        subject.schedule(policy, subject.other, latest + 1, holder)


def test_schedule__two_years_ahead__is_accepted(policy, subject, holder, now):
    subject.schedule(policy, subject.other, now + NOTICE_S + TWO_YEARS_S, holder)
    assert subject.scheduled(policy)[1] == now + NOTICE_S + TWO_YEARS_S


def test_schedule__while_one_is_pending__replaces_it(policy, subject, holder, valid_from):
    later = clock.now_s() + 10 * NOTICE_S
    subject.schedule(policy, subject.first, later, holder)
    assert subject.scheduled(policy) == (subject.first, later)
    assert subject.at(policy, valid_from) == subject.first


def test_schedule__replacing_a_pending_one__needs_the_whole_notice_again(policy, subject, holder, valid_from):
    clock.next_block_at(valid_from - 1)
    earliest = valid_from - 1 + NOTICE_S
    with refused("TokenPolicyValidFromOutOfRange", valid_from, earliest, earliest + TWO_YEARS_S):
        subject.schedule(policy, subject.first, valid_from, holder)


def test_schedule__after_one_applied__leaves_the_past(policy, subject, holder, valid_from):
    clock.move_to(valid_from)
    later = valid_from + 10 * NOTICE_S
    subject.schedule(policy, subject.first, later, holder)
    found = [subject.at(policy, time) for time in (policy.start(), valid_from - 1, valid_from, later - 1, later)]
    assert found == [subject.first, subject.first, subject.other, subject.other, subject.first]


def test_schedule__refused__schedules_nothing(policy, subject, holder, now):
    with refused("TokenPolicyValidFromOutOfRange", 0, now + NOTICE_S, now + NOTICE_S + TWO_YEARS_S):
        subject.schedule(policy, subject.other, 0, holder)
    assert subject.scheduled(policy)[1] == 0


def test_schedule__by_the_other_admin__is_refused(policy, subject, request, now):
    stranger = request.getfixturevalue("community_admin" if subject.holder == "token_admin" else "token_admin")
    with refused("AccessManagedUnauthorized", stranger):
        subject.schedule(policy, subject.other, now + NOTICE_S + 1, stranger)


def test_at__before_the_deployment__names_the_start(policy, subject):
    start = policy.start()
    if subject.name == "Incentive":  # a rule that was never scheduled is none, at any time
        assert subject.at(policy, start - 1) == subject.first
        return
    with refused("TokenPolicyBeforeStart", start - 1, start):
        subject.at(policy, start - 1)
