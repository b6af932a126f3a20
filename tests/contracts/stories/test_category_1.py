"""Category 1, citizen to citizen: hours of the time bank, a used television, a drill that is lent."""

import pytest
from services import LOAN, SOCIAL_VALUE, TIME_BANK, USED_GOODS, terms_of
from stories.telling import tokens


@pytest.fixture
def mathematics(village):
    """Ada helps Bruno with mathematics for ninety minutes; an hour is worth 10 tokens in this village."""
    return terms_of(1, village["Ada"], village["Bruno"], kind=TIME_BANK, price=tokens("15"), durationMinutes=90)


@pytest.fixture
def told(counter, village, verifier, mathematics):
    """Ada offers, Bruno accepts, Ada teaches, a verifier finds a social value, Bruno confirms."""
    return [
        counter.propose(mathematics, village["Ada"]),
        counter.accept(mathematics, village["Bruno"]),
        counter.deliver(mathematics, village["Ada"]),
        counter.as_role("recordCheck", mathematics, SOCIAL_VALUE, sender=verifier),
        counter.confirm(mathematics, village["Bruno"]),
    ]


def test_time_bank__before__both_have_their_welcome_bonus(teller):
    assert teller.balances("Ada", "Bruno", "treasury") == {"Ada": "20", "Bruno": "20", "treasury": "1000"}


def test_time_bank__after__hours_less_fee_and_the_incentive_shared(told, teller):
    # Fee: 1 % of 15 = 0.15. Incentive: 1 + 10 % of 15 = 2.5, of which Ada has 600 in a thousand.
    assert teller.balances("Ada", "Bruno", "escrow", "treasury") == {
        "Ada": "36.35",  # 20 + 15 - 0.15 + 1.5
        "Bruno": "6",  # 20 - 15 + 1
        "escrow": "0",
        "treasury": "997.65",  # 1000 + 0.15 - 2.5
    }


def test_time_bank__on_the_way__everything_is_told_in_its_order(told, teller):
    assert teller.events(told) == [
        "AgreementProposed",
        "ConsentGiven",
        "ConsentGiven",
        "AgreementAccepted",
        "Bruno → escrow: 15",
        "AgreementDelivered",
        "CheckRecorded",
        "DeliveryConfirmed",
        "AgreementSettled",
        "escrow → Ada: 14.85",
        "escrow → treasury: 0.15",
        "fee 0.15 of 15",
        "IncentivePaid",
        "treasury → Ada: 1.5",
        "IncentivePaid",
        "treasury → Bruno: 1",
    ]


def test_used_goods__a_television_is_sold__price_less_fee(counter, teller, village):
    television = terms_of(1, village["Carla"], village["Dino"], kind=USED_GOODS, price=tokens("12"))
    counter.settle(television, village["Carla"], village["Dino"])
    # Nobody set an incentive for used goods, so the Treasury has the fee alone.
    assert teller.balances("Carla", "Dino", "treasury") == {"Carla": "31.88", "Dino": "8", "treasury": "1000.12"}


@pytest.fixture
def drill(counter, village):
    """Ada lends Elsa a drill for 2 tokens and a deposit of 10; Elsa has it."""
    terms = terms_of(1, village["Ada"], village["Elsa"], kind=LOAN, price=tokens("2"), depositUnits=tokens("10"))
    counter.settle(terms, village["Ada"], village["Elsa"])
    return terms


def test_loan__while_it_is_lent__the_deposit_waits_in_escrow(drill, teller):
    assert teller.balances("Ada", "Elsa", "escrow") == {"Ada": "21.98", "Elsa": "8", "escrow": "10"}


def test_loan__returned__the_deposit_comes_back_whole(counter, drill, teller, village):
    counter.declare_return(drill, village["Elsa"])
    counter.confirm_return(drill, village["Ada"])
    assert teller.balances("Ada", "Elsa", "escrow", "treasury") == {
        "Ada": "21.98",
        "Elsa": "18",
        "escrow": "0",
        "treasury": "1000.02",
    }
