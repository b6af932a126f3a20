"""Category 7, stakeholder to community: the association runs an energy desk; the bicycle shop buys tokens."""

import pytest
from membership import member_id
from services import SUSTAINABILITY, terms_of
from stories.telling import tokens


@pytest.fixture
def energy_desk(counter, village, community_admin, verifier):
    """The community asks for 60 tokens, the association accepts and runs it, a verifier is content."""
    terms = terms_of(7, village["association"], price=tokens("60"))
    return [
        counter.as_role("proposeForCommunity", terms, sender=community_admin),
        counter.accept(terms, village["association"]),
        counter.deliver(terms, village["association"]),
        counter.as_role("recordCheck", terms, SUSTAINABILITY, sender=verifier),
    ]


def test_energy_desk__run__is_paid_by_the_treasury_without_a_fee(energy_desk, teller):
    assert teller.balances("association", "treasury") == {"association": "110", "treasury": "940"}


def test_energy_desk__run__is_told_in_its_order(energy_desk, teller):
    assert teller.events(energy_desk) == [
        "AgreementProposed",
        "ConsentGiven",
        "ServiceFunded",
        "treasury → escrow: 60",
        "ConsentGiven",
        "AgreementAccepted",
        "AgreementDelivered",
        "CheckRecorded",
        "AgreementSettled",
        "escrow → association: 60",
    ]


def test_purchase__the_bicycle_shop_pays_25_euro__has_25_tokens_more(treasury, token_admin, teller, village):
    shop = member_id(village["bicycle shop"])
    receipt = treasury.sell(shop, 2_500, b"\x17" * 32, {"from": token_admin})
    assert teller.balances("bicycle shop", "treasury") == {"bicycle shop": "75", "treasury": "975"}
    assert teller.events([receipt]) == ["Sold", "treasury → bicycle shop: 25"]
