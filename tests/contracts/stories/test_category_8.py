"""Category 8, citizen to community in a structure: an evening for all in the hall of the association."""

import pytest
from services import SOCIAL_VALUE, terms_of
from stories.telling import tokens


@pytest.fixture
def evening(counter, village, community_admin, verifier):
    """Bruno offers to host it for 25 tokens and 10 for the hall; the association and the community accept."""
    hall = village["association"]
    terms = terms_of(8, village["Bruno"], structure=hall, price=tokens("25"), compensationUnits=tokens("10"))
    return [
        counter.propose(terms, village["Bruno"]),
        counter.accept(terms, hall),
        counter.as_role("acceptForCommunity", terms, sender=community_admin),
        counter.deliver(terms, village["Bruno"]),
        counter.as_role("recordCheck", terms, SOCIAL_VALUE, sender=verifier),
    ]


def test_evening__over__the_treasury_has_paid_host_and_hall(evening, teller):
    assert teller.balances("Bruno", "association", "escrow", "treasury") == {
        "Bruno": "45",
        "association": "60",
        "escrow": "0",
        "treasury": "965",
    }


def test_evening__over__is_told_in_its_order(evening, teller):
    assert teller.events(evening) == [
        "AgreementProposed",
        "ConsentGiven",
        "ConsentGiven",
        "ConsentGiven",
        "AgreementAccepted",
        "ServiceFunded",
        "treasury → escrow: 35",
        "AgreementDelivered",
        "CheckRecorded",
        "AgreementSettled",
        "escrow → Bruno: 25",
        "escrow → association: 10",
    ]
