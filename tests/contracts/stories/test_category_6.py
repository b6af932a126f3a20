"""Category 6, citizen to community: Elsa tends the public flower bed, and the Treasury pays."""

import pytest
from services import SOCIAL_VALUE, SUSTAINABILITY, TIME_BANK, terms_of
from stories.telling import tokens


@pytest.fixture
def flower_bed(village):
    """Elsa offers two hours at 10 tokens."""
    return terms_of(6, village["Elsa"], kind=TIME_BANK, price=tokens("20"), durationMinutes=120)


@pytest.fixture
def tended(counter, village, community_admin, flower_bed):
    """Elsa offers, the community administrator accepts, Elsa works."""
    return [
        counter.propose(flower_bed, village["Elsa"]),
        counter.as_role("acceptForCommunity", flower_bed, sender=community_admin),
        counter.deliver(flower_bed, village["Elsa"]),
    ]


def test_flower_bed__a_verifier_is_content__elsa_is_paid_without_a_fee(counter, tended, teller, flower_bed, verifier):
    checked = counter.as_role("recordCheck", flower_bed, SUSTAINABILITY | SOCIAL_VALUE, sender=verifier)
    assert teller.balances("Elsa", "treasury") == {"Elsa": "40", "treasury": "980"}
    assert teller.events([*tended, checked]) == [
        "AgreementProposed",
        "ConsentGiven",
        "ConsentGiven",
        "AgreementAccepted",
        "ServiceFunded",
        "treasury → escrow: 20",
        "AgreementDelivered",
        "CheckRecorded",
        "AgreementSettled",
        "escrow → Elsa: 20",
    ]


def test_flower_bed__a_verifier_is_not_content__the_platform_decides(
    counter, tended, teller, flower_bed, verifier, platform_admin
):
    counter.as_role("recordCheck", flower_bed, 0, sender=verifier)
    counter.as_role("resolveForCommunity", flower_bed, tokens("5"), 0, sender=platform_admin)
    assert teller.balances("Elsa", "escrow", "treasury") == {"Elsa": "25", "escrow": "0", "treasury": "995"}
