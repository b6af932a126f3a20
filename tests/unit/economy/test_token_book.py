"""Every reason a token can move for, read from the events that the contracts write around it."""

from typing import Any

import pytest

from gettone.economy.agreements import AgreementRecord
from gettone.economy.book import Entry, TokenBook, WalletRecord, named_in, units_by_holder
from gettone.economy.reasons import NOBODY, Reason
from tests.factories.told_chain import (
    AGREEMENT,
    EXCHANGE,
    SYSTEM,
    TREASURY,
    Told,
    chunk_paid,
    deal,
    events_of,
    fee,
    transfer,
    treasury,
)

pytestmark = pytest.mark.unit

ALICE, BOB, NEW = ("0x" + one * 20 for one in ("a1", "b0", "c0"))
MEMBERS = {ALICE: b"\xa1" * 32, BOB: b"\xb0" * 32}
TERMS = {
    "category": 1,
    "kind": 0,
    "provider": "0x" + "b0" * 32,
    "payers": ["0x" + "a1" * 32],
    "structure": "0x" + "00" * 32,
    "priceUnits": "100",
    "compensationUnits": "0",
    "depositUnits": "0",
    "durationMinutes": 0,
    "deadline": "2000000000",
    "returnBy": "0",
    "contentHash": "0x" + "11" * 32,
    "salt": "0x" + "22" * 32,
}


def book_of(*transactions: list[Told], units: int = 1000) -> TokenBook:
    wallets = {name: WalletRecord(holder, 1, 1, 1) for name, holder in MEMBERS.items()}
    held = units_by_holder(wallets, dict.fromkeys((ALICE, BOB, TREASURY, EXCHANGE), units))
    book = TokenBook(SYSTEM, wallets, {}, held)
    book.apply(events_of(*transactions))
    return book


def seen(book: TokenBook, wallet: str) -> list[tuple[Reason, int, int, str | None]]:
    """What a wallet's holder reads: reason, change, fee and subject."""
    mine = [one for one in book.entries if one.holder == book.holder_of(wallet)]
    return [(one.reason, one.change_units, one.fee_units, one.subject) for one in mine]


PROPOSED = [deal("AgreementProposed", proposer="0x" + "b0" * 32, terms=TERMS)]


@pytest.mark.parametrize(
    ("told", "wallet", "expected"),
    [
        ([transfer(NOBODY, ALICE, 90), chunk_paid()], ALICE, (Reason.REWARD, 90, 0, "3.1")),
        ([transfer(ALICE, BOB, 10)], ALICE, (Reason.TRANSFER, -10, 0, None)),
        ([transfer(ALICE, TREASURY, 10)], ALICE, (Reason.TRANSFER, -10, 0, None)),
        ([treasury("WelcomeBonusPaid"), transfer(TREASURY, BOB, 5)], BOB, (Reason.WELCOME_BONUS, 5, 0, None)),
        (
            [treasury("EnergyBonusPaid", gsePeriod=202601), transfer(TREASURY, BOB, 5)],
            BOB,
            (Reason.ENERGY_BONUS, 5, 0, "202601"),
        ),
        (
            [treasury("IncentivePaid", agreementId=AGREEMENT), transfer(TREASURY, BOB, 5)],
            BOB,
            (Reason.INCENTIVE, 5, 0, AGREEMENT),
        ),
        (
            [treasury("Sold", paymentReference="0x" + "77" * 32), transfer(TREASURY, BOB, 5)],
            BOB,
            (Reason.SALE, 5, 0, "0x" + "77" * 32),
        ),
        ([treasury("Issued"), transfer(NOBODY, TREASURY, 5)], TREASURY, (Reason.ISSUE, 5, 0, None)),
        ([treasury("Burned"), transfer(TREASURY, NOBODY, 5)], TREASURY, (Reason.BURN, -5, 0, None)),
        (
            [transfer(ALICE, TREASURY, 7), ("MemberRegistry", "WalletSwept", {"wallet": ALICE})],
            ALICE,
            (Reason.SWEEP, -7, 0, None),
        ),
        ([transfer(NOBODY, ALICE, 7)], ALICE, (Reason.UNEXPLAINED, 7, 0, None)),
        ([transfer(TREASURY, ALICE, 7)], ALICE, (Reason.UNEXPLAINED, 7, 0, None)),
        (
            [*PROPOSED, deal("ConsentGiven", memberId="0x" + "a1" * 32), transfer(ALICE, EXCHANGE, 100)],
            ALICE,
            (Reason.ESCROW, -100, 0, AGREEMENT),
        ),
        (
            [*PROPOSED, treasury("ServiceFunded"), transfer(TREASURY, EXCHANGE, 100)],
            TREASURY,
            (Reason.ESCROW, -100, 0, AGREEMENT),
        ),
        (
            [*PROPOSED, deal("AgreementSettled"), transfer(EXCHANGE, BOB, 100)],
            BOB,
            (Reason.PAYMENT, 100, 0, AGREEMENT),
        ),
        (
            [*PROPOSED, deal("AgreementCancelled"), transfer(EXCHANGE, ALICE, 100)],
            ALICE,
            (Reason.REFUND, 100, 0, AGREEMENT),
        ),
    ],
    ids=lambda one: str(one[0]) if isinstance(one, tuple) else None,
)
def test_apply__one_movement__has_its_reason(told: list[Told], wallet: str, expected: tuple[Any, ...]) -> None:
    assert seen(book_of(told), wallet) == [expected]


def test_apply__transfer_with_fee__one_line_each_and_the_fee_in_both() -> None:
    book = book_of([transfer(ALICE, BOB, 95), transfer(ALICE, TREASURY, 5), fee(ALICE, BOB, 100, 5)])
    assert seen(book, ALICE) == [(Reason.TRANSFER, -100, 5, None)]
    assert seen(book, BOB) == [(Reason.TRANSFER, 95, 5, None)]
    assert seen(book, TREASURY) == [(Reason.FEE, 5, 0, None)]


def test_apply__transfer_to_oneself_with_fee__costs_the_fee() -> None:
    book = book_of([transfer(ALICE, ALICE, 95), transfer(ALICE, TREASURY, 5), fee(ALICE, ALICE, 100, 5)])
    assert seen(book, ALICE) == [(Reason.TRANSFER, -5, 5, None)]


def test_apply__service_with_fee__escrow_gives_all_of_it() -> None:
    told = [deal("AgreementSettled"), transfer(EXCHANGE, BOB, 90), transfer(EXCHANGE, TREASURY, 10)]
    book = book_of([*PROPOSED, *told, fee(EXCHANGE, BOB, 100, 10, 1)])
    assert seen(book, BOB) == [(Reason.PAYMENT, 90, 10, AGREEMENT)]
    assert seen(book, EXCHANGE) == [(Reason.PAYMENT, -100, 10, AGREEMENT)]
    assert seen(book, TREASURY) == [(Reason.FEE, 10, 0, AGREEMENT)]


def test_apply__chunks_with_fees__each_reward_with_its_fee_and_the_sum_to_the_treasury() -> None:
    first = [transfer(NOBODY, ALICE, 90), fee(NOBODY, ALICE, 100, 10, 2), transfer(NOBODY, TREASURY, 10), chunk_paid()]
    second = [transfer(NOBODY, BOB, 50), chunk_paid(4, 0)]
    book = book_of([*first, *second])
    assert seen(book, ALICE) == [(Reason.REWARD, 90, 10, "3.1")]
    assert seen(book, TREASURY) == [(Reason.FEE, 10, 0, "3.1")]
    assert seen(book, BOB) == [(Reason.REWARD, 50, 0, "4.0")]


def test_apply__treasury_paid_as_the_last_of_a_chunk_without_fees__is_no_fee() -> None:
    book = book_of([transfer(NOBODY, ALICE, 90), transfer(NOBODY, TREASURY, 10), chunk_paid()])
    assert seen(book, TREASURY) == [(Reason.REWARD, 10, 0, "3.1")]


def test_apply__wallet_replaced__statement_goes_on_under_the_new_one() -> None:
    args = {"memberId": "0x" + "a1" * 32, "oldWallet": ALICE, "newWallet": NEW}
    accounts = [("CommunityToken", "AccountSet", {"wallet": one, "class": 1, "status": 1}) for one in (ALICE, NEW)]
    replaced: list[Told] = [("MemberRegistry", "WalletReplaced", args), *accounts, transfer(ALICE, NEW, 1000)]
    book = book_of(replaced, [transfer(NEW, BOB, 1)])
    assert seen(book, NEW) == [(Reason.REPLACEMENT, 0, 0, None), (Reason.TRANSFER, -1, 0, None)]
    assert [one.balance_units for one in book.entries if one.holder == MEMBERS[ALICE]] == [1000, 999]


def test_apply__entries__running_balance_is_the_sum_of_changes() -> None:
    told = [transfer(ALICE, BOB, 95), transfer(ALICE, TREASURY, 5), fee(ALICE, BOB, 100, 5)]
    book = book_of(told, [transfer(BOB, ALICE, 1)], [transfer(NOBODY, BOB, 4), chunk_paid()])
    by_holder: dict[bytes, list[Entry]] = {}
    for entry in book.entries:
        by_holder.setdefault(entry.holder, []).append(entry)
    for entries in by_holder.values():
        balances = [one.balance_units for one in entries]
        assert balances == [1000 + sum(one.change_units for one in entries[: n + 1]) for n in range(len(entries))]


def test_apply__life_of_an_agreement__state_and_consents_follow() -> None:
    alice, bob = "0x" + "a1" * 32, "0x" + "b0" * 32
    told = [*PROPOSED, deal("ConsentGiven", memberId=bob), deal("ConsentGiven", memberId=alice)]
    told += [deal("AgreementAccepted"), deal("ConsentWithdrawn", memberId=bob), deal("AgreementDelivered")]
    told += [deal("DeliveryConfirmed", memberId=alice), deal("AgreementSettled"), deal("CheckRecorded", checks=3)]
    record: AgreementRecord = book_of(told).agreements[bytes.fromhex(AGREEMENT[2:])]
    assert (record.state.name, record.consents, record.confirmed, record.checks) == (
        "SETTLED",
        [alice[2:], bob[2:]],
        [alice[2:]],
        3,
    )


def test_named_in__events__wallets_and_agreements_to_read_first() -> None:
    found = named_in(events_of([*PROPOSED, transfer(NOBODY, ALICE, 1)], [transfer(BOB, TREASURY, 1)]))
    assert found == ({ALICE, BOB, TREASURY}, {bytes.fromhex(AGREEMENT[2:])})
