"""open: what k oracles signed, for the next period, once."""

import clock
import deployment
import pytest
from payouts import Payouts
from proposals import digest, month
from refusal import refused

NONE, OPEN, PAID = 0, 1, 2
TOKEN = 10**18


def test_open__valid__stores_commitment_and_terms(ledger, desk, opened, three_chunks):
    stored = ledger.settlement(0, 0)
    for name in ("assignmentRoot", "payoutsRoot"):
        assert bytes(stored[name]) == opened[name]
    for name in ("leafCount", "periodStart", "periodEnd", "total", "chunkCount"):
        assert stored[name] == opened[name]


def test_open__valid__is_open_and_unpaid(ledger, opened):
    stored = ledger.settlement(0, 0)
    assert (stored["state"], stored["paid"], stored["skipped"], stored["nextChunk"]) == (OPEN, 0, 0, 0)


def test_open__valid__stores_the_struct_hash_of_eip_712(ledger, opened, hash_of):
    assert bytes(ledger.settlement(0, 0)["proposalHash"]) == hash_of(opened)


def test_open__valid__emits_the_whole_proposal(ledger, desk, three_chunks, hash_of):
    proposal = desk.proposal(three_chunks)
    event = desk.open(proposal).events["SettlementOpened"]
    assert bytes(event["proposalHash"]) == hash_of(proposal)
    emitted = dict(zip(proposal, event["proposal"], strict=True))
    assert {name: bytes(value) if isinstance(value, bytes) else value for name, value in emitted.items()} == proposal


def test_open__valid__moves_index_and_end_of_period(ledger, opened):
    assert (ledger.nextPeriodIndex(), ledger.lastPeriodEnd()) == (1, month(0)[1])


def test_open__valid__pays_nothing_yet(token, opened):
    assert token.totalSupply() == 0


def test_open__without_payouts__is_paid_at_once(ledger, desk):
    receipt = desk.open(desk.proposal())
    assert ledger.settlement(0, 0)["state"] == PAID
    expected = {"periodIndex": 0, "revision": 0, "paid": 0, "skipped": 0}
    assert dict(receipt.events["SettlementPaid"]) == expected


def test_open__same_proposal_again__changes_nothing(ledger, desk, opened):
    before = ledger.settlement(0, 0)
    receipt = desk.open(opened)
    assert (len(receipt.events), ledger.settlement(0, 0), ledger.nextPeriodIndex()) == (0, before, 1)


def test_open__same_proposal_again_when_paid__changes_nothing(ledger, desk, three_chunks):
    proposal = desk.settle(three_chunks)
    before = ledger.settlement(0, 0)
    desk.open(proposal)
    assert ledger.settlement(0, 0) == before


def test_open__another_proposal_of_the_period__names_both_digests(ledger, desk, opened, hash_of):
    other = opened | {"assignmentRoot": digest("another")}
    with refused("SettlementLedgerConflict", 0, 0, hash_of(opened), hash_of(other)):
        desk.open(other)


@pytest.mark.parametrize("falsified", ["genesis", "ledger"])
def test_open__of_another_deployment__is_refused(ledger, desk, falsified):
    wrong = digest(falsified)
    with refused("SettlementLedgerWrongDeployment", wrong, bytes(ledger.deploymentId())):
        desk.open(desk.proposal(deploymentId=wrong))


@pytest.mark.parametrize("index", [1, 2, 2**32 - 1])
def test_open__gap_in_the_number__is_refused(desk, index):
    start, end = month(0)
    with refused("SettlementLedgerWrongPeriodIndex", index, 0):
        desk.open(desk.proposal(index=0) | {"periodIndex": index, "periodStart": start, "periodEnd": end})


def test_open__next_period__starts_where_the_last_ended(ledger, desk, three_chunks):
    desk.settle(three_chunks)
    clock.move_to(month(1)[1])
    desk.settle(three_chunks)
    assert (ledger.nextPeriodIndex(), ledger.lastPeriodEnd()) == (2, month(1)[1])


@pytest.mark.parametrize("shift_s", [-clock.HOUR_S, clock.HOUR_S])
def test_open__gap_or_overlap_in_time__is_refused(desk, three_chunks, shift_s):
    desk.settle(three_chunks)
    start, end = month(1)
    clock.move_to(end)
    with refused("SettlementLedgerWrongBounds", start + shift_s, end, start, 0):
        desk.open(desk.proposal(three_chunks, periodStart=start + shift_s))


def test_open__next_period_before_the_last_is_paid__is_done(ledger, desk, opened, three_chunks):
    clock.move_to(month(1)[1])
    desk.open(desk.proposal(three_chunks))
    assert (ledger.settlement(0, 0)["state"], ledger.settlement(1, 0)["state"]) == (OPEN, OPEN)


def test_open__period_not_over__names_end_and_now(desk):
    start, end = month(0)
    now = clock.now_s() + 60
    late_end = now + 1
    late_start = late_end - (end - start)
    clock.next_block_at(now)
    with refused("SettlementLedgerPeriodNotOver", late_end, now):
        desk.open(desk.proposal(periodStart=late_start, periodEnd=late_end))


def test_open__period_that_ends_now__is_done(ledger, desk):
    start, end = month(0)
    now = clock.now_s() + 60
    clock.next_block_at(now)
    desk.open(desk.proposal(periodStart=now - (end - start), periodEnd=now))
    assert ledger.lastPeriodEnd() == now


def test_open__another_model_version__names_the_one_in_force(desk):
    with refused("SettlementLedgerWrongModel", 2, 1):
        desk.open(desk.proposal(modelVersion=2))


def test_open__period_before_any_model__is_refused(desk):
    start, end = month(0)
    with refused("SettlementLedgerWrongModel", 1, 0):
        desk.open(desk.proposal(periodStart=start - clock.DAY_S, periodEnd=end))


@pytest.mark.parametrize("changes", [{"total": 0}, {"chunkCount": 0}, {"payoutsRoot": bytes(32)}], ids=str)
def test_open__total_chunks_and_root_disagree__is_refused(desk, one_chunk, changes):
    proposal = desk.proposal(one_chunk) | changes
    numbers = (proposal["total"], proposal["chunkCount"], proposal["payoutsRoot"])
    with refused("SettlementLedgerPayoutsInconsistent", *numbers):
        desk.open(proposal)


def test_open__total_at_the_period_cap__is_done(ledger, desk, one_chunk):
    desk.open(desk.proposal(one_chunk, total=deployment.PERIOD_CAP))
    assert ledger.settlement(0, 0)["state"] == OPEN


@pytest.mark.parametrize("total", [deployment.PERIOD_CAP + 1, 2**96, 2**256 - 1])
def test_open__total_above_the_period_cap__names_both(desk, one_chunk, total):
    with refused("SettlementLedgerPeriodCapExceeded", total, deployment.PERIOD_CAP):
        desk.open(desk.proposal(one_chunk, total=total))


def test_open__previous_settlement_is_zero_for_the_first__is_required(desk):
    wrong = digest("previous")
    with refused("SettlementLedgerWrongPrevious", wrong, bytes(32)):
        desk.open(desk.proposal(previousSettlement=wrong))


def test_open__previous_settlement__is_the_struct_hash_of_the_one_before(ledger, desk, three_chunks, hash_of):
    first = desk.settle(three_chunks)
    clock.move_to(month(1)[1])
    with refused("SettlementLedgerWrongPrevious", bytes(32), hash_of(first)):
        desk.open(desk.proposal(previousSettlement=bytes(32)))


def test_open__refused__leaves_no_trace(ledger, desk, one_chunk):
    with refused("SettlementLedgerPeriodCapExceeded", 2**200, deployment.PERIOD_CAP):
        desk.open(desk.proposal(one_chunk, total=2**200))
    assert (ledger.nextPeriodIndex(), ledger.settlement(0, 0)["state"]) == (0, NONE)


def test_open__payouts_need_not_be_known__root_and_count_suffice(ledger, desk, alice):
    unpublished = Payouts([(alice, 1)], [(alice, 2)])
    desk.open(desk.proposal(unpublished))
    assert ledger.settlement(0, 0)["chunkCount"] == 2
