"""Category 3, stakeholder to citizen: a lesson at the school, a new bicycle with a premium, the energy bonus."""

import pytest
from energy_run import CONSUMER, PROSUMER, PROSUMER_WITH_STORAGE, EnergyRun
from membership import member_id
from services import NEW_GOODS, terms_of
from stories.telling import tokens

OCTOBER = 203_010


def test_lesson__at_the_language_school__is_paid_less_two_percent(counter, teller, village):
    lesson = terms_of(3, village["school"], village["Bruno"], price=tokens("10"))
    counter.settle(lesson, village["school"], village["Bruno"])
    assert teller.balances("Bruno", "school", "treasury") == {"Bruno": "10", "school": "59.8", "treasury": "1000.2"}


@pytest.fixture
def bicycle(counter, village):
    """Carla buys a bicycle for euro, outside; the shop adds 8 tokens. Shop offers, Carla accepts, gets it, confirms."""
    terms = terms_of(3, village["bicycle shop"], village["Carla"], kind=NEW_GOODS, price=tokens("8"))
    return [
        counter.propose(terms, village["bicycle shop"]),
        counter.accept(terms, village["Carla"]),
        counter.deliver(terms, village["bicycle shop"]),
        counter.confirm(terms, village["Carla"]),
    ]


def test_new_goods__bicycle__tokens_go_from_the_shop_to_the_buyer(bicycle, teller):
    # Stakeholder to citizen: 2 % of 8 = 0.16.
    assert teller.balances("bicycle shop", "Carla", "treasury") == {
        "bicycle shop": "42",
        "Carla": "27.84",
        "treasury": "1000.16",
    }


def test_new_goods__bicycle__is_told_in_its_order(bicycle, teller):
    assert teller.events(bicycle) == [
        "AgreementProposed",
        "ConsentGiven",
        "bicycle shop → escrow: 8",
        "ConsentGiven",
        "AgreementAccepted",
        "AgreementDelivered",
        "DeliveryConfirmed",
        "AgreementSettled",
        "escrow → Carla: 7.84",
        "escrow → treasury: 0.16",
        "fee 0.16 of 8",
    ]


@pytest.fixture
def october(treasury, token_admin, outsider, village):
    """The energy manager's run: Ada consumes, Bruno has panels, Carla panels and a battery; in two chunks."""
    profiles = {"Ada": CONSUMER, "Bruno": PROSUMER, "Carla": PROSUMER_WITH_STORAGE}
    entries = sorted((member_id(village[name]), profile) for name, profile in profiles.items())
    run = EnergyRun(entries[:2], entries[2:])
    opening = treasury.openEnergyBonus(OCTOBER, run.root, 2, run.entry_count, {"from": token_admin})
    paying = [
        treasury.payEnergyBonus(OCTOBER, chunk, run.chunks[chunk], run.proof(chunk), {"from": outsider})
        for chunk in range(2)
    ]
    return [opening, *paying]


def test_energy_manager__bonus_of_october__is_by_profile_and_without_fee(october, teller):
    assert teller.balances("Ada", "Bruno", "Carla", "treasury") == {
        "Ada": "25",
        "Bruno": "30",
        "Carla": "35",
        "treasury": "970",
    }


def test_energy_manager__bonus_of_october__says_each(october):
    paid = sorted(event["units"] for receipt in october[1:] for event in receipt.events["EnergyBonusPaid"])
    assert paid == [tokens("5"), tokens("10"), tokens("15")]
