"""Batch credit: the only way in which the supply grows here."""

import pytest
from brownie import ZERO_ADDRESS
from payouts import word
from people import address_number
from refusal import refused

ACTIVE, FROZEN, LEFT, LEFT_AND_FROZEN = 1, 2, 3, 4
LARGEST_AMOUNT = 2**96 - 1


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


def test_credit_batch__with_a_non_member__answers_credited_and_skipped(token, alice, bob, outsider, settlement_ledger):
    units = {alice: 5, bob: 6, outsider: 7}
    payouts = sorted(word(wallet, amount) for wallet, amount in units.items())
    answer = token.creditBatch.call(payouts, ZERO_ADDRESS, LARGEST_AMOUNT, 0, 0, {"from": settlement_ledger})
    assert answer == (11, 7)


def test_credit_batch__to_a_non_member__says_so_and_credits_the_rest(token, credit, alice, outsider):
    receipt = credit(*sorted([(outsider, 7), (alice, 5)], key=lambda one: address_number(one[0])))
    assert dict(receipt.events["CreditSkipped"]) == {"wallet": outsider, "amount": 7}
    assert (token.balanceOf(outsider), token.balanceOf(alice)) == (0, 1005)


def test_credit_batch__to_a_non_member__leaves_the_supply(token, credit, outsider):
    credit((outsider, 7))
    assert token.totalSupply() == 1000


@pytest.mark.parametrize("status", [FROZEN, LEFT, LEFT_AND_FROZEN])
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


def test_credit_batch__same_wallet_twice__is_refused(credit, bob):
    with refused("CommunityTokenWalletsNotAscending", bob, bob):
        credit((bob, 3), (bob, 4))


def test_credit_batch__descending_wallets__are_refused(credit, alice, bob):
    with refused("CommunityTokenWalletsNotAscending", alice, bob):
        credit((bob, 3), (alice, 4))


def test_credit_batch__first_wallet_not_above_the_previous__is_refused(credit, alice):
    with refused("CommunityTokenWalletsNotAscending", alice, alice):
        credit((alice, 3), previous=alice)


def test_credit_batch__first_wallet_above_the_previous__is_credited(token, credit, alice, bob):
    credit((bob, 3), previous=alice)
    assert token.balanceOf(bob) == 3


def test_credit_batch__amount_at_the_cap__is_credited(token, credit, bob):
    credit((bob, 3), cap=3)
    assert token.balanceOf(bob) == 3


def test_credit_batch__amount_above_the_cap__names_both(credit, alice, bob):
    with refused("CommunityTokenPayoutAboveCap", bob, 4, 3):
        credit((alice, 3), (bob, 4), cap=3)


def test_credit_batch__last_payout_refused__credits_nobody(token, credit, alice, bob):
    with refused("CommunityTokenPayoutAboveCap", bob, 4, 3):
        credit((alice, 3), (bob, 4), cap=3)
    assert (token.balanceOf(alice), token.totalSupply()) == (1000, 1000)


def test_credit_batch__amount_above_96_bits__is_another_wallets_payout(token, alice, settlement_ledger):
    """A word has 96 bits for the amount: one more is added to the address, and the wallet beside is no member."""
    word_of = ((int(alice.address, 16) << 96) + 2**96).to_bytes(32, "big")
    receipt = token.creditBatch([word_of], ZERO_ADDRESS, LARGEST_AMOUNT, 0, 0, {"from": settlement_ledger})
    assert int(receipt.events["CreditSkipped"]["wallet"], 16) == int(alice.address, 16) + 1
    assert token.balanceOf(alice) == 1000


def test_credit_batch__supply_beyond_128_bits__is_refused(token, the_treasury, credit, bob):
    token.issue(2**128 - 1 - 1000, {"from": the_treasury})
    with refused("CommunityTokenSupplyLimit", 2**128, 2**128 - 1):
        credit((bob, 1))


def test_credit_batch__in_a_pause__credits_nobody(credit, bob, paused):
    with refused("CommunityTokenPaused", paused):
        credit((bob, 1))


def test_credit_batch__while_suspended__goes_on(token, credit, bob, community_registry):
    token.setSuspended(True, {"from": community_registry})
    credit((bob, 1))
    assert token.balanceOf(bob) == 1


def test_credit_batch__by_a_member__is_refused(token, alice):
    with refused("AccessManagedUnauthorized", alice):
        token.creditBatch([word(alice, 1)], ZERO_ADDRESS, LARGEST_AMOUNT, 0, 0, {"from": alice})
