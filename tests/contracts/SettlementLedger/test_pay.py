"""pay: every chunk in order, once, by anybody; nobody's wallet can stop it."""

import deployment
import pytest
from payouts import Payouts, word
from people import address_number
from refusal import refused, refused_with

OPEN, PAID = 1, 2
TOKEN = 10**18


def test_pay__all_chunks__credits_every_member(token, desk, three_chunks, alice, bob, carol):
    desk.settle(three_chunks)
    balances = [token.balanceOf(wallet) for wallet in (alice, bob, carol)]
    assert balances == [10 * TOKEN, 20 * TOKEN, 30 * TOKEN]


def test_pay__all_chunks__makes_the_settlement_paid(ledger, desk, three_chunks):
    desk.settle(three_chunks)
    stored = ledger.settlement(0, 0)
    assert (stored["state"], stored["paid"], stored["skipped"]) == (PAID, 60 * TOKEN, 0)


def test_pay__all_chunks__grows_the_supply_by_the_total(token, desk, three_chunks):
    desk.settle(three_chunks)
    assert token.totalSupply() == three_chunks.total


def test_pay__one_of_three__stays_open_and_says_what_was_paid(ledger, desk, opened, three_chunks):
    desk.pay(opened, three_chunks, 0)
    stored = ledger.settlement(0, 0)
    assert (stored["state"], stored["paid"], stored["nextChunk"]) == (OPEN, 10 * TOKEN, 1)


def test_pay__chunk__emits_its_sums(desk, opened, three_chunks):
    event = desk.pay(opened, three_chunks, 0).events["ChunkPaid"]
    expected = {"periodIndex": 0, "revision": 0, "chunk": 0, "credited": 10 * TOKEN, "skipped": 0}
    assert dict(event) == expected


def test_pay__last_chunk__emits_the_sums_of_all(desk, opened, three_chunks):
    receipts = [desk.pay(opened, three_chunks, chunk) for chunk in range(3)]
    assert ["SettlementPaid" in receipt.events for receipt in receipts] == [False, False, True]
    expected = {"periodIndex": 0, "revision": 0, "paid": 60 * TOKEN, "skipped": 0}
    assert dict(receipts[2].events["SettlementPaid"]) == expected


@pytest.mark.parametrize("chunk", [1, 2])
def test_pay__later_chunk_first__names_the_next(desk, opened, three_chunks, chunk):
    with refused("SettlementLedgerChunkOutOfOrder", chunk, 0):
        desk.pay(opened, three_chunks, chunk)


def test_pay__paid_chunk_again__changes_nothing(ledger, token, desk, opened, three_chunks):
    desk.pay(opened, three_chunks, 0)
    before = ledger.settlement(0, 0)
    receipt = desk.pay(opened, three_chunks, 0)
    assert (len(receipt.events), ledger.settlement(0, 0)) == (0, before)
    assert token.totalSupply() == 10 * TOKEN


def test_pay__chunk_of_a_paid_settlement_again__changes_nothing(token, desk, three_chunks):
    proposal = desk.settle(three_chunks)
    receipt = desk.pay(proposal, three_chunks, 2)
    assert (len(receipt.events), token.totalSupply()) == (0, 60 * TOKEN)


def test_pay__paid_chunk_with_other_content__is_refused(desk, opened, three_chunks, alice):
    desk.pay(opened, three_chunks, 0)
    forged = Payouts([(alice, 11 * TOKEN)], *[[]] * 2)
    with refused_with("SettlementLedgerWrongChunk"):
        desk.pay(opened, forged, 0)


def test_pay__higher_amount__is_refused_by_the_root(desk, opened, three_chunks, alice, ledger, outsider):
    forged = [word(alice, 10 * TOKEN + 1)]
    with refused_with("SettlementLedgerWrongChunk"):
        ledger.pay(0, 0, 0, forged, three_chunks.proof(0), {"from": outsider})


def test_pay__content_of_another_chunk__is_refused(ledger, opened, three_chunks, outsider):
    with refused_with("SettlementLedgerWrongChunk"):
        ledger.pay(0, 0, 0, three_chunks.chunks[1], three_chunks.proof(1), {"from": outsider})


@pytest.mark.parametrize("proof", ["empty", "short", "long", "swapped"])
def test_pay__wrong_proof__is_refused(ledger, opened, three_chunks, outsider, proof):
    right = three_chunks.proof(0)
    wrong = {"empty": [], "short": right[:1], "long": [*right, right[0]], "swapped": right[::-1]}[proof]
    with refused_with("SettlementLedgerWrongChunk"):
        ledger.pay(0, 0, 0, three_chunks.chunks[0], wrong, {"from": outsider})


def test_pay__chunk_beyond_the_last__is_refused(ledger, opened, three_chunks, outsider):
    with refused_with("SettlementLedgerWrongChunk"):
        ledger.pay(0, 0, 3, three_chunks.chunks[2], three_chunks.proof(2), {"from": outsider})


def test_pay__wrong_chunk__names_count_and_root(ledger, desk, one_chunk, outsider):
    desk.open(desk.proposal(one_chunk))
    with refused("SettlementLedgerWrongChunk", 1, 1, bytes(32), one_chunk.root):
        ledger.pay(0, 0, 1, one_chunk.chunks[0], [], {"from": outsider})


@pytest.mark.parametrize(("index", "revision"), [(0, 1), (1, 0), (7, 7)])
def test_pay__settlement_never_opened__is_refused(ledger, opened, three_chunks, outsider, index, revision):
    with refused("SettlementLedgerUnknown", index, revision):
        ledger.pay(index, revision, 0, three_chunks.chunks[0], three_chunks.proof(0), {"from": outsider})


@pytest.mark.parametrize("chunks", [1, 2, 3, 4, 5, 8])
def test_pay__any_number_of_chunks__is_proved_by_position(ledger, desk, alice, bob, carol, chunks):
    wallets = iter((alice, bob, carol))
    payouts = Payouts(*[[(next(wallets), 1)] if number < 3 else [] for number in range(chunks)])
    desk.settle(payouts)
    assert ledger.settlement(0, 0)["state"] == PAID


def test_pay__non_member__is_skipped_with_an_event(token, ledger, desk, alice, bob, outsider):
    wallets = sorted([alice, bob, outsider], key=address_number)
    payouts = Payouts([(wallet, 5) for wallet in wallets])
    proposal = desk.proposal(payouts)
    desk.open(proposal)
    receipt = desk.pay(proposal, payouts, 0)
    assert dict(receipt.events["CreditSkipped"]) == {"wallet": outsider, "amount": 5}
    stored = ledger.settlement(0, 0)
    assert (stored["paid"], stored["skipped"], stored["state"]) == (10, 5, PAID)


def test_pay__only_non_members__is_paid_without_tokens(token, ledger, desk, outsider):
    desk.settle(Payouts([(outsider, 5)]))
    assert (ledger.settlement(0, 0)["state"], token.totalSupply()) == (PAID, 0)


def test_pay__skipped_wallet__holds_nothing(token, desk, outsider):
    desk.settle(Payouts([(outsider, 5)]))
    assert token.balanceOf(outsider) == 0


def test_pay__same_wallet_twice_in_a_chunk__is_refused(desk, alice):
    payouts = Payouts([(alice, 5), (alice, 5)])
    proposal = desk.proposal(payouts)
    desk.open(proposal)
    with refused("CommunityTokenWalletsNotAscending", alice, alice):
        desk.pay(proposal, payouts, 0)


def test_pay__same_wallet_in_two_chunks__is_refused(desk, alice):
    payouts = Payouts([(alice, 5)], [(alice, 5)])
    proposal = desk.proposal(payouts)
    desk.open(proposal)
    desk.pay(proposal, payouts, 0)
    with refused("CommunityTokenWalletsNotAscending", alice, alice):
        desk.pay(proposal, payouts, 1)


def test_pay__descending_wallets__are_refused(desk, alice, bob):
    payouts = Payouts([(bob, 5), (alice, 5)])
    proposal = desk.proposal(payouts)
    desk.open(proposal)
    with refused("CommunityTokenWalletsNotAscending", alice, bob):
        desk.pay(proposal, payouts, 0)


def test_pay__amount_at_the_member_cap__is_credited(token, desk, alice):
    desk.settle(Payouts([(alice, deployment.MEMBER_CAP)]))
    assert token.balanceOf(alice) == deployment.MEMBER_CAP


def test_pay__amount_above_the_member_cap__names_wallet_and_numbers(desk, alice):
    amount = deployment.MEMBER_CAP + 1
    payouts = Payouts([(alice, amount)])
    proposal = desk.proposal(payouts)
    desk.open(proposal)
    with refused("CommunityTokenPayoutAboveCap", alice, amount, deployment.MEMBER_CAP):
        desk.pay(proposal, payouts, 0)


def test_pay__more_than_the_total__is_refused(token, desk, three_chunks):
    proposal = desk.proposal(three_chunks, total=30 * TOKEN - 1)
    desk.open(proposal)
    desk.pay(proposal, three_chunks, 0)
    with refused("SettlementLedgerWrongTotal", 30 * TOKEN, 30 * TOKEN - 1):
        desk.pay(proposal, three_chunks, 1)


def test_pay__less_than_the_total_on_the_last_chunk__is_refused(desk, three_chunks):
    proposal = desk.proposal(three_chunks, total=60 * TOKEN + 1)
    desk.open(proposal)
    for chunk in (0, 1):
        desk.pay(proposal, three_chunks, chunk)
    with refused("SettlementLedgerWrongTotal", 60 * TOKEN, 60 * TOKEN + 1):
        desk.pay(proposal, three_chunks, 2)


def test_pay__refused__credits_nobody(token, desk, alice, bob):
    payouts = Payouts([(bob, 5), (alice, 5)])
    proposal = desk.proposal(payouts)
    desk.open(proposal)
    with refused_with("CommunityTokenWalletsNotAscending"):
        desk.pay(proposal, payouts, 0)
    assert token.totalSupply() == 0


def test_pay__two_settlements_open__each_in_its_own_order(ledger, desk, opened, three_chunks, next_month):
    next_month()
    second = desk.proposal(three_chunks)
    desk.open(second)
    for proposal, chunk in [(second, 0), (opened, 0), (opened, 1), (second, 1), (second, 2), (opened, 2)]:
        desk.pay(proposal, three_chunks, chunk)
    assert [ledger.settlement(index, 0)["state"] for index in (0, 1)] == [PAID, PAID]
