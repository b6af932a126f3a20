"""The books find what the chain's own events contradict: fees, escrow, sums of chunks and of settlements."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from gettone.chain.index.events import ChainEvent
from gettone.db.repositories.chain_index import BalanceRow
from gettone.economy.reasons import NOBODY
from gettone.errors import CheckFailed
from oracle.index.movements import moved, movements_of
from oracle.reconcile.books import Books
from oracle.reconcile.chain_checks import check_escrow, check_ledger
from oracle.reconcile.findings import LISTED_OF_A_KIND, Findings, Kind

pytestmark = pytest.mark.unit

ALICE, BOB, TREASURY, EXCHANGE = ("0x" + letter * 40 for letter in "1234")
TOKEN, LEDGER, SERVICES = "CommunityToken", "SettlementLedger", "ServiceExchange"
DEAL = "0x" + "dd" * 32
PLACE = {"periodIndex": 0, "revision": 0}

Told = tuple[str, str, dict[str, Any]]


def transfer(sender: str, receiver: str, units: int) -> Told:
    return (TOKEN, "Transfer", {"from": sender, "to": receiver, "value": str(units)})


def fee(sender: str, receiver: str, amount: int, units: int, flow: int) -> Told:
    args = {"from": sender, "to": receiver, "amount": str(amount), "fee": str(units), "flow": flow}
    return (TOKEN, "FeeCharged", args)


def opened(total: int) -> Told:
    args = {**PLACE, "proposalHash": "0x" + "aa" * 32, "proposal": {"total": str(total)}}
    return (LEDGER, "SettlementOpened", args)


def chunk_paid(credited: int, skipped: int = 0, chunk: int = 0) -> Told:
    return (LEDGER, "ChunkPaid", {**PLACE, "chunk": chunk, "credited": str(credited), "skipped": str(skipped)})


def settled(paid: int, skipped: int = 0) -> Told:
    return (LEDGER, "SettlementPaid", {**PLACE, "paid": str(paid), "skipped": str(skipped)})


def deal(event: str, **args: Any) -> Told:
    return (SERVICES, event, {"agreementId": DEAL, **args})


def proposed(deposit: int = 0) -> list[Told]:
    terms = {"depositUnits": str(deposit)}
    return [deal("AgreementProposed", proposer=ALICE, terms=terms), deal("ConsentGiven", memberId=ALICE, units="0")]


def events_of(told: Iterable[Told]) -> list[ChainEvent]:
    """Events of one transaction each in a block of its own; those of a chunk share one."""
    return [
        ChainEvent(7, at, "0x" + "bb" * 32, "0x" + "cc" * 32, contract, event, (), args)
        for at, (contract, event, args) in enumerate(told)
    ]


def books_of(*told: Told) -> Books:
    books = Books(TREASURY, EXCHANGE, Findings())
    for event in events_of(told):
        books.post(event)
    check_escrow(books, books.findings)
    check_ledger(books, books.findings)
    return books


def kinds(books: Books) -> list[Kind]:
    return [one.kind for one in books.findings.listed]


def test_books__chunk_with_a_fee_and_a_skip__credits_before_fee_and_no_difference() -> None:
    skip = (TOKEN, "CreditSkipped", {"wallet": BOB, "amount": "30"})
    told = [transfer(NOBODY, ALICE, 90), fee(NOBODY, ALICE, 100, 10, 2), skip, transfer(NOBODY, TREASURY, 10)]
    books = books_of(opened(130), *told, chunk_paid(100, 30), settled(100, 30))
    (settlement,) = books.settlements.values()
    assert kinds(books) == []
    assert (settlement.credited_units, settlement.skipped_units, settlement.fee_units) == (100, 30, 10)
    assert dict(books.balances) == {ALICE: 90, TREASURY: 10}
    assert (books.minted_units, books.paid_units, books.fee_units) == (100, 100, 10)


def test_books__two_chunks_in_one_transaction__each_has_its_own_credits() -> None:
    first = [transfer(NOBODY, ALICE, 5), chunk_paid(5)]
    books = books_of(opened(9), *first, transfer(NOBODY, BOB, 4), chunk_paid(4, chunk=1), settled(9))
    assert kinds(books) == []


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ([opened(5), transfer(NOBODY, ALICE, 4), chunk_paid(5), settled(5)], Kind.LEDGER_SUMS),
        ([opened(6), transfer(NOBODY, ALICE, 5), chunk_paid(5), settled(5)], Kind.LEDGER_SUMS),
        ([opened(5), transfer(NOBODY, ALICE, 5), chunk_paid(5), settled(4, 1)], Kind.LEDGER_SUMS),
        ([transfer(ALICE, BOB, 9), transfer(ALICE, TREASURY, 2), fee(ALICE, BOB, 10, 1, 0)], Kind.FEES),
        ([transfer(ALICE, BOB, 9), fee(ALICE, BOB, 10, 1, 0)], Kind.FEES),
        ([*proposed(), deal("ConsentGiven", memberId=BOB, units="7"), transfer(BOB, EXCHANGE, 6)], Kind.ESCROW),
        ([transfer(BOB, EXCHANGE, 6)], Kind.ESCROW),
    ],
    ids=["chunk", "total", "final", "fee of another height", "fee not paid", "escrow short", "escrow of nobody"],
)
def test_books__events_contradict_each_other__named(told: list[Told], kind: Kind) -> None:
    assert kinds(books_of(*told)) == [kind]


def test_books__fees_of_a_chunk_not_in_the_treasury__named() -> None:
    told = [transfer(NOBODY, ALICE, 90), fee(NOBODY, ALICE, 100, 10, 2), transfer(NOBODY, TREASURY, 9)]
    books = books_of(opened(100), *told, chunk_paid(100), settled(100))
    assert kinds(books) == [Kind.FEES]


@pytest.mark.parametrize(
    ("told", "held"),
    [
        ([deal("ConsentGiven", memberId=BOB, units="7")], 7),
        ([deal("ConsentGiven", memberId=BOB, units="7"), deal("ConsentWithdrawn", memberId=BOB, units="7")], 0),
        ([deal("ConsentGiven", memberId=BOB, units="7"), deal("AgreementAccepted")], 7),
        ([deal("ConsentGiven", memberId=BOB, units="7"), deal("AgreementDisputed")], 7),
        ([deal("ConsentGiven", memberId=BOB, units="7"), deal("AgreementLent")], 3),
        ([deal("ConsentGiven", memberId=BOB, units="7"), deal("AgreementLent"), deal("AgreementSettled")], 0),
        ([deal("ConsentGiven", memberId=BOB, units="7"), deal("AgreementResolved")], 0),
        ([deal("ConsentGiven", memberId=BOB, units="7"), deal("AgreementExpired")], 0),
        ([deal("ConsentGiven", memberId=BOB, units="7"), deal("AgreementCancelled")], 0),
    ],
)
def test_books__agreement__holds_what_its_state_says(told: list[Told], held: int) -> None:
    moves = [transfer(NOBODY, EXCHANGE, held)] if held else []
    books = books_of(*proposed(deposit=3), *told, *moves)
    assert (sum(books.escrow.values()), kinds(books)) == (held, [])


def test_findings__many_of_a_kind__all_counted_and_the_first_listed() -> None:
    findings = Findings()
    for at in range(LISTED_OF_A_KIND + 50):
        findings.differ(Kind.BALANCE, "balance", at, None, "somewhere")
    assert (findings.count, len(findings.listed)) == (LISTED_OF_A_KIND + 50, LISTED_OF_A_KIND)
    assert findings.to_document()["counts"] == {"balance": LISTED_OF_A_KIND + 50}


def test_moved__transfers_of_a_range__new_balances_with_the_block_that_moved_them() -> None:
    told = [transfer(NOBODY, ALICE, 10), transfer(ALICE, BOB, 4), transfer(BOB, NOBODY, 1)]
    found = moved({ALICE: BalanceRow(100, 1)}, movements_of(events_of(told)))
    assert found == {ALICE: BalanceRow(106, 7), BOB: BalanceRow(3, 7)}


def test_moved__below_zero__refused_with_the_wallet() -> None:
    with pytest.raises(CheckFailed) as refusal:
        moved({}, movements_of(events_of([transfer(ALICE, BOB, 4)])))
    assert refusal.value.code == "index_balance"
    assert ALICE in refusal.value.message


@pytest.mark.parametrize("kind", Kind)
def test_kind__each__is_explained_to_operators(kind: Kind) -> None:
    page = Path(__file__).resolve().parents[3] / "docs" / "operations-reconciliation.md"
    assert f"`{kind}`" in page.read_text(encoding="utf-8")
