"""The fee of a transfer: by the classes of both sides, subtracted from the flow, to the Treasury."""

import pytest
from refusal import refused

TRANSFER = 0
RATES_BPS = (100, 200, 300, 400)  # citizen to citizen, to stakeholder; stakeholder to citizen, to stakeholder


@pytest.fixture
def charged(set_fees):
    set_fees(*RATES_BPS)


@pytest.fixture
def pair(accounts, token, alice, bob, shop, member_registry, set_status):
    """Function (class, class): a sender with 1000 base units and a receiver of these classes."""

    def of(sender_class: int, receiver_class: int) -> tuple:
        token.setAccount(alice, sender_class, 1, {"from": member_registry})
        return alice, {1: bob, 2: shop}[receiver_class]

    return of


@pytest.mark.parametrize(
    ("classes", "fee"), [((1, 1), 9), ((1, 2), 19), ((2, 1), 29), ((2, 2), 39)], ids=["C-C", "C-S", "S-C", "S-S"]
)
def test_transfer__with_fees__charges_the_rate_of_both_classes_rounded_down(
    token, charged, pair, treasury, classes, fee
):
    sender, receiver = pair(*classes)
    token.transfer(receiver, 999, {"from": sender})
    balances = [token.balanceOf(wallet) for wallet in (sender, receiver, treasury)]
    assert balances == [1, 999 - fee, fee]


def test_transfer__with_fee__leaves_the_supply(token, charged, alice, bob):
    token.transfer(bob, 999, {"from": alice})
    assert token.totalSupply() == 1000


def test_transfer__with_fee__emits_both_parts_and_the_fee(token, charged, alice, bob, treasury):
    receipt = token.transfer(bob, 999, {"from": alice})
    assert [dict(event) for event in receipt.events["Transfer"]] == [
        {"from": alice, "to": bob, "value": 990},
        {"from": alice, "to": treasury, "value": 9},
    ]
    expected = {"from": alice, "to": bob, "amount": 999, "fee": 9, "flow": TRANSFER}
    assert dict(receipt.events["FeeCharged"]) == expected


@pytest.mark.parametrize("amount", [0, 1, 99])
def test_transfer__fee_rounds_to_nothing__is_a_plain_transfer(token, charged, alice, bob, amount):
    receipt = token.transfer(bob, amount, {"from": alice})
    assert (len(receipt.events), token.balanceOf(bob)) == (1, amount)


def test_transfer__first_amount_with_a_fee__loses_one_unit(token, charged, alice, bob):
    token.transfer(bob, 100, {"from": alice})
    assert token.balanceOf(bob) == 99


def test_transfer__with_fee_to_itself__pays_the_fee_and_keeps_the_rest(token, charged, alice, treasury):
    token.transfer(alice, 1000, {"from": alice})
    assert (token.balanceOf(alice), token.balanceOf(treasury)) == (990, 10)


def test_transfer__to_the_treasury__costs_no_fee(token, charged, alice, treasury):
    token.transfer(treasury, 1000, {"from": alice})
    assert token.balanceOf(treasury) == 1000


def test_transfer__from_the_treasury__costs_no_fee(token, charged, the_treasury, alice, bob):
    token.transfer(the_treasury, 1000, {"from": alice})
    token.transfer(bob, 1000, {"from": the_treasury})
    assert token.balanceOf(bob) == 1000


def test_transfer_from__with_fee__uses_the_gross_amount_of_the_allowance(token, charged, alice, bob):
    token.approve(bob, 999, {"from": alice})
    token.transferFrom(alice, bob, 999, {"from": bob})
    assert (token.allowance(alice, bob), token.balanceOf(bob)) == (0, 990)


def test_transfer__more_than_the_balance_with_fee__is_refused(token, charged, alice, bob):
    with refused("ERC20InsufficientBalance", alice, 1000, 1001):
        token.transfer(bob, 1001, {"from": alice})


def test_transfer__highest_fee__is_a_fifth(token, set_fees, alice, bob, treasury):
    set_fees(2000, 2000, 2000, 2000)
    token.transfer(bob, 999, {"from": alice})
    assert (token.balanceOf(bob), token.balanceOf(treasury)) == (800, 199)
