"""Category 2, citizens in a structure: a language course of four citizens in the hall of an association."""

import clock
import pytest
from membership import member_id
from services import SOCIAL_VALUE, SUSTAINABILITY, terms_of
from stories.telling import tokens

PUPILS = ("Bruno", "Carla", "Dino", "Elsa")


@pytest.fixture
def course(village):
    """Ada teaches the four: 30 tokens together, and 6 for the hall."""
    pupils = [village[name] for name in PUPILS]
    hall = village["association"]
    return terms_of(2, village["Ada"], *pupils, structure=hall, price=tokens("30"), compensationUnits=tokens("6"))


@pytest.fixture
def agreed(counter, village, course):
    """Ada offers it; the association and the four accept."""
    return [
        counter.propose(course, village["Ada"]),
        counter.accept(course, village["association"]),
        *[counter.accept(course, village[name]) for name in PUPILS],
    ]


@pytest.fixture
def held(counter, village, verifier, course, agreed):
    """Ada gives the course, a verifier finds both values, the four confirm one after the other."""
    return [
        counter.deliver(course, village["Ada"]),
        counter.as_role("recordCheck", course, SUSTAINABILITY | SOCIAL_VALUE, sender=verifier),
        *[counter.confirm(course, village[name]) for name in PUPILS],
    ]


def test_course__agreed__each_of_the_four_has_put_nine_tokens_into_escrow(agreed, teller):
    assert teller.balances(*PUPILS, "escrow") == dict.fromkeys(PUPILS, "11") | {"escrow": "36"}


def test_course__over__teacher_hall_and_pupils_have_their_tokens(held, teller):
    # Fees: 1 % of 30 and 2 % of 6. Incentive: 20 % of 30 are 6, but 4 at most; Ada has half, the four share half.
    assert teller.balances("Ada", "association", *PUPILS) == {
        "Ada": "51.7",  # 20 + 30 - 0.3 + 2
        "association": "55.88",  # 50 + 6 - 0.12
        **dict.fromkeys(PUPILS, "11.5"),  # 20 - 9 + 0.5
    }


def test_course__over__the_treasury_has_the_fees_less_the_incentive(held, teller):
    assert teller.balances("escrow", "treasury") == {"escrow": "0", "treasury": "996.42"}  # 1000 + 0.42 - 4


def test_course__last_confirmation__releases_in_this_order(held, teller, village):
    in_order = sorted(PUPILS, key=lambda name: member_id(village[name]))
    incentive_of_pupils = [line for name in in_order for line in ("IncentivePaid", f"treasury → {name}: 0.5")]
    assert teller.events(held[-1:]) == [
        "DeliveryConfirmed",
        "AgreementSettled",
        "escrow → Ada: 29.7",
        "escrow → treasury: 0.3",
        "fee 0.3 of 30",
        "escrow → association: 5.88",
        "escrow → treasury: 0.12",
        "fee 0.12 of 6",
        "IncentivePaid",
        "treasury → Ada: 2",
        *incentive_of_pupils,
    ]


def test_course__one_pupil_says_nothing__a_week_later_anybody_may_finish_it(counter, agreed, teller, course, village):
    delivered_at = counter.deliver(course, village["Ada"]).timestamp
    for name in PUPILS[:3]:
        counter.confirm(course, village[name])
    clock.move_to(delivered_at + 7 * clock.DAY_S + 1)
    counter.anybody("release", course)
    assert teller.balances("Ada", "escrow") == {"Ada": "49.7", "escrow": "0"}
