"""Category 4, stakeholder to stakeholder: the association cleans the bakery, and rents it a stove."""

import pytest
from services import LOAN, terms_of
from stories.telling import tokens


@pytest.fixture
def cleaning(counter, village):
    """The bakery asks, the association accepts and cleans, the bakery confirms: 20 tokens."""
    terms = terms_of(4, village["association"], village["bakery"], price=tokens("20"))
    return [
        counter.propose(terms, village["bakery"]),
        counter.accept(terms, village["association"]),
        counter.deliver(terms, village["association"]),
        counter.confirm(terms, village["bakery"]),
    ]


def test_cleaning__done__is_paid_less_five_percent(cleaning, teller):
    assert teller.balances("association", "bakery", "treasury") == {
        "association": "69",
        "bakery": "30",
        "treasury": "1001",
    }


def test_cleaning__done__is_told_in_its_order(cleaning, teller):
    assert teller.events(cleaning) == [
        "AgreementProposed",
        "ConsentGiven",
        "bakery → escrow: 20",
        "ConsentGiven",
        "AgreementAccepted",
        "AgreementDelivered",
        "DeliveryConfirmed",
        "AgreementSettled",
        "escrow → association: 19",
        "escrow → treasury: 1",
        "fee 1 of 20",
    ]


def test_rental__stove_not_returned__the_deposit_goes_to_the_owner(counter, teller, village, community_admin):
    stove = terms_of(
        4, village["association"], village["bakery"], kind=LOAN, price=tokens("4"), depositUnits=tokens("30")
    )
    counter.settle(stove, village["association"], village["bakery"])
    counter.dispute(stove, village["association"])
    counter.as_role("resolve", stove, tokens("30"), 0, sender=community_admin)
    # 4 less 5 % for the rent, and the deposit without a fee: it is no price.
    assert teller.balances("association", "bakery", "escrow") == {"association": "83.8", "bakery": "16", "escrow": "0"}
