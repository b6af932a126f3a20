"""Batch credit with an assignment fee: the member gets the net amount, the Treasury all fees in one credit."""

import pytest
from people import address_number
from refusal import refused

ZERO = "0x" + 40 * "0"
CITIZEN_BPS, STAKEHOLDER_BPS = 1000, 500
ASSIGNMENT = 2


@pytest.fixture
def credited(credit, bob, shop):
    """A citizen is paid 205 and a stakeholder 39 base units before fees of 10 and 5 percent."""
    payouts = sorted([(bob, 205), (shop, 39)], key=lambda one: address_number(one[0]))
    return credit(*payouts, fees=(CITIZEN_BPS, STAKEHOLDER_BPS))


def test_credit_batch__with_fees__members_get_the_net_amount(token, credited, bob, shop):
    assert (token.balanceOf(bob), token.balanceOf(shop)) == (205 - 20, 39 - 1)  # 20.5 and 1.95, rounded down


def test_credit_batch__with_fees__treasury_gets_them(token, credited, treasury):
    assert token.balanceOf(treasury) == 21


def test_credit_batch__with_fees__supply_grows_by_the_gross_amounts(token, credited):
    assert token.totalSupply() == 1000 + 205 + 39


def test_credit_batch__with_fees__treasury_is_credited_once_at_the_end(credited, treasury):
    assert dict(credited.events["Transfer"][-1]) == {"from": ZERO, "to": treasury, "value": 21}
    assert [event["to"] for event in credited.events["Transfer"]].count(treasury) == 1


def test_credit_batch__with_fees__says_each_fee(credited, bob, shop):
    expected = [
        {"from": ZERO, "to": bob, "amount": 205, "fee": 20, "flow": ASSIGNMENT},
        {"from": ZERO, "to": shop, "amount": 39, "fee": 1, "flow": ASSIGNMENT},
    ]
    assert [dict(event) for event in credited.events["FeeCharged"]] == sorted(
        expected, key=lambda one: address_number(one["to"])
    )


def test_credit_batch__with_fees__answers_gross_amounts(token, settlement_ledger, bob):
    word = bytes.fromhex(bob.address[2:]) + (205).to_bytes(12, "big")
    assert token.creditBatch.call([word], ZERO, 1000, 1000, 500, {"from": settlement_ledger}) == (205, 0)


def test_credit_batch__fee_for_stakeholders_only__leaves_citizens_whole(token, credit, bob):
    receipt = credit((bob, 205), fees=(0, STAKEHOLDER_BPS))
    assert (token.balanceOf(bob), "FeeCharged" in receipt.events) == (205, False)


def test_credit_batch__with_fees_to_a_non_member__skips_the_whole_amount(token, credit, outsider, treasury):
    receipt = credit((outsider, 205), fees=(CITIZEN_BPS, STAKEHOLDER_BPS))
    assert dict(receipt.events["CreditSkipped"]) == {"wallet": outsider, "amount": 205}
    assert token.balanceOf(treasury) == 0


@pytest.mark.parametrize("status", [2, 3, 4])
def test_credit_batch__with_fees_to_a_frozen_or_departed_member__arrives(token, credit, bob, set_status, status):
    set_status(bob, status)
    credit((bob, 205), fees=(CITIZEN_BPS, 0))
    assert token.accountOf(bob) == (185, 1, status)


def test_credit_batch__highest_fee__is_a_fifth(token, credit, bob, treasury):
    credit((bob, 205), fees=(2000, 2000))
    assert (token.balanceOf(bob), token.balanceOf(treasury)) == (164, 41)


@pytest.mark.parametrize("fees", [(2001, 0), (0, 2001), (65535, 65535)])
def test_credit_batch__fee_above_the_limit__names_both(credit, bob, fees):
    with refused("CommunityTokenFeeAboveLimit", next(bps for bps in fees if bps > 2000), 2000):
        credit((bob, 205), fees=fees)


@pytest.mark.parametrize("fees", [(0, 0), (CITIZEN_BPS, STAKEHOLDER_BPS)])
def test_credit_batch__cap_with_fees__is_compared_with_the_gross_amount(credit, bob, fees):
    with refused("CommunityTokenPayoutAboveCap", bob, 205, 204):
        credit((bob, 205), cap=204, fees=fees)


def test_credit_batch__same_wallet_twice_with_fees__is_refused(credit, bob):
    with refused("CommunityTokenWalletsNotAscending", bob, bob):
        credit((bob, 3), (bob, 4), fees=(CITIZEN_BPS, STAKEHOLDER_BPS))


def test_credit_batch__supply_beyond_128_bits_with_fees__is_refused(token, the_treasury, credit, bob):
    token.issue(2**128 - 1 - 1000, {"from": the_treasury})
    with refused("CommunityTokenSupplyLimit", 2**128, 2**128 - 1):
        credit((bob, 1), fees=(CITIZEN_BPS, STAKEHOLDER_BPS))
