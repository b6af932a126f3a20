"""Category 5, citizen to stakeholder: Dino mends the oven of the bakery."""

import clock
import pytest
from services import terms_of
from stories.telling import tokens


@pytest.fixture
def oven(counter, village):
    """The bakery asks, Dino accepts and mends it, the bakery confirms: 12 tokens."""
    terms = terms_of(5, village["Dino"], village["bakery"], price=tokens("12"))
    return [
        counter.propose(terms, village["bakery"]),
        counter.accept(terms, village["Dino"]),
        counter.deliver(terms, village["Dino"]),
        counter.confirm(terms, village["bakery"]),
    ]


def test_oven__mended__is_paid_less_fee_and_earns_one_token(oven, teller):
    # 2 % of 12 = 0.24. The rule gives one token, all of it to who works, and asks for no check.
    assert teller.balances("Dino", "bakery", "treasury") == {"Dino": "32.76", "bakery": "38", "treasury": "999.24"}


def test_oven__mended__is_told_in_its_order(oven, teller):
    assert teller.events(oven) == [
        "AgreementProposed",
        "ConsentGiven",
        "bakery → escrow: 12",
        "ConsentGiven",
        "AgreementAccepted",
        "AgreementDelivered",
        "DeliveryConfirmed",
        "AgreementSettled",
        "escrow → Dino: 11.76",
        "escrow → treasury: 0.24",
        "fee 0.24 of 12",
        "IncentivePaid",
        "treasury → Dino: 1",
    ]


def test_oven__never_mended__the_bakery_has_its_tokens_back(counter, teller, village):
    terms = terms_of(5, village["Dino"], village["bakery"], price=tokens("12"))
    counter.agree(terms, village["bakery"], village["Dino"])
    clock.move_to(terms["deadline"] + 1)
    counter.anybody("expire", terms)
    assert teller.balances("bakery", "Dino", "escrow") == {"bakery": "50", "Dino": "20", "escrow": "0"}
