"""Batch credit: the only way in which the supply grows here."""

import pytest
from payouts import word
from refusal import refused

ACTIVE, FROZEN, LEFT = 1, 2, 3


def test_credit_batch__members__adds_to_balances(token, credit, alice, bob):
    credit((alice, 5), (bob, 7))
    assert (token.balanceOf(alice), token.balanceOf(bob)) == (1005, 7)


def test_credit_batch__members__adds_the_sum_to_the_supply(token, credit, alice, bob):
    credit((alice, 5), (bob, 7))
    assert token.totalSupply() == 1012


def test_credit_batch__members__emits_a_transfer_from_zero_each(credit, alice, bob):
    receipt = credit((alice, 5), (bob, 7))
    zero = "0x" + 40 * "0"
    assert [dict(event) for event in receipt.events["Transfer"]] == [
        {"from": zero, "to": alice, "value": 5},
        {"from": zero, "to": bob, "value": 7},
    ]


def test_credit_batch__with_a_non_member__answers_credited_and_skipped(token, alice, outsider, settlement_ledger):
    payouts = [word(alice, 5), word(outsider, 7)]
    assert token.creditBatch.call(payouts, {"from": settlement_ledger}) == (5, 7)


def test_credit_batch__to_a_non_member__says_so_and_credits_the_rest(token, credit, alice, outsider):
    receipt = credit((outsider, 7), (alice, 5))
    assert dict(receipt.events["CreditSkipped"]) == {"wallet": outsider, "amount": 7}
    assert (token.balanceOf(outsider), token.balanceOf(alice)) == (0, 1005)


def test_credit_batch__to_a_non_member__leaves_the_supply(token, credit, outsider):
    credit((outsider, 7))
    assert token.totalSupply() == 1000


@pytest.mark.parametrize("status", [FROZEN, LEFT])
def test_credit_batch__to_a_frozen_or_departed_member__arrives(token, credit, bob, set_status, status):
    set_status(bob, status)
    credit((bob, 7))
    assert token.accountOf(bob) == (7, 1, status)


def test_credit_batch__zero__is_a_transfer_of_zero(credit, bob):
    assert credit((bob, 0)).events["Transfer"]["value"] == 0


def test_credit_batch__empty__changes_nothing(token, credit):
    receipt = credit()
    assert (len(receipt.events), token.totalSupply()) == (0, 1000)


def test_credit_batch__largest_amount_of_a_word__keeps_class_and_status(token, credit, bob):
    credit((bob, 2**96 - 1))
    assert token.accountOf(bob) == (2**96 - 1, 1, ACTIVE)


def test_credit_batch__same_wallet_twice__credits_both(token, credit, bob):
    credit((bob, 3), (bob, 4))
    assert token.balanceOf(bob) == 7


def test_credit_batch__by_a_member__is_refused(token, alice):
    with refused("AccessManagedUnauthorized", alice):
        token.creditBatch([word(alice, 1)], {"from": alice})
