"""openEnergyBonus and payEnergyBonus: one run per period of the GSE, by profile, chunk by chunk, by anybody."""

import clock
import policies
import pytest
from energy_run import CONSUMER, PROSUMER, PROSUMER_WITH_STORAGE, EnergyRun
from membership import member_id
from refusal import refused, refused_with
from Treasury.conftest import TOKEN

PERIOD = 203_001
AMOUNTS = (5 * TOKEN, 10 * TOKEN, 15 * TOKEN)


@pytest.fixture
def ids(citizens):
    """Member ids of the citizens, ascending as their wallets are."""
    return [member_id(wallet) for wallet in citizens]


@pytest.fixture
def run(ids):
    """Two chunks: a consumer and a prosumer, then a prosumer with storage."""
    return EnergyRun([(ids[0], CONSUMER), (ids[1], PROSUMER)], [(ids[2], PROSUMER_WITH_STORAGE)])


@pytest.fixture
def open_run(treasury, token_admin):
    """Function (run): open it for the period; keyword arguments falsify its numbers."""

    def send(run, **changes):
        numbers = {"root": run.root, "chunks": len(run.chunks), "entries": run.entry_count} | changes
        return treasury.openEnergyBonus(PERIOD, *numbers.values(), {"from": token_admin})

    return send


@pytest.fixture
def pay(treasury, outsider):
    """Function (run, chunk): somebody pays it."""
    return lambda run, chunk: treasury.payEnergyBonus(
        PERIOD, chunk, run.chunks[chunk], run.proof(chunk), {"from": outsider}
    )


@pytest.fixture
def opened(open_run, run):
    return open_run(run)


def test_open__run__keeps_root_counts_and_amounts(treasury, opened, run):
    stored = treasury.energyRun(PERIOD)
    assert bytes(stored["root"]) == run.root
    assert (stored["chunkCount"], stored["entryCount"], stored["nextChunk"]) == (2, 3, 0)
    assert (stored["consumerUnits"], stored["prosumerUnits"], stored["prosumerWithStorageUnits"]) == AMOUNTS


def test_open__run__emits_the_event(opened):
    assert opened.events["EnergyBonusOpened"]["gsePeriod"] == PERIOD


def test_open__same_again__does_nothing(opened, open_run, run):
    assert len(open_run(run).events) == 0


@pytest.mark.parametrize("change", [{"root": b"\x01" * 32}, {"chunks": 3}, {"entries": 4}], ids=str)
def test_open__another_run_of_the_period__is_refused(opened, open_run, run, change):
    with refused("TreasuryEnergyRunConflict", PERIOD, run.root, 2, 3):
        open_run(run, **change)


@pytest.mark.parametrize("change", [{"root": bytes(32)}, {"chunks": 0}, {"entries": 0}], ids=str)
def test_open__empty_run__names_its_numbers(open_run, run, change):
    numbers = {"root": run.root, "chunks": 2, "entries": 3} | change
    with refused("TreasuryEnergyRunEmpty", *numbers.values()):
        open_run(run, **change)


def test_pay__all_chunks__gives_each_the_amount_of_its_profile(opened, pay, run, gained, citizens):
    pay(run, 0)
    pay(run, 1)
    assert gained(*citizens[:3]) == list(AMOUNTS)


def test_pay__chunk__says_each_bonus_and_the_sums(opened, pay, run, citizens):
    receipt = pay(run, 0)
    paid = [(event["wallet"], event["profile"], event["units"]) for event in receipt.events["EnergyBonusPaid"]]
    assert paid == [(citizens[0], 0, 5 * TOKEN), (citizens[1], 1, 10 * TOKEN)]
    expected = {"gsePeriod": PERIOD, "chunk": 0, "paid": 15 * TOKEN, "skipped": 0}
    assert dict(receipt.events["EnergyChunkPaid"]) == expected


def test_pay__paid_chunk_again__does_nothing(opened, pay, run, gained, citizens):
    pay(run, 0)
    assert len(pay(run, 0).events) == 0
    assert gained(citizens[0]) == [5 * TOKEN]


def test_pay__later_chunk_first__names_the_next(opened, pay, run):
    with refused("TreasuryChunkOutOfOrder", 1, 0):
        pay(run, 1)


def test_pay__run_never_opened__is_refused(pay, run):
    with refused("TreasuryNoEnergyRun", PERIOD):
        pay(run, 0)


@pytest.mark.parametrize("forgery", ["member", "profile", "missing entry", "proof", "other chunk"])
def test_pay__not_what_was_opened__is_refused(treasury, opened, run, ids, outsider, forgery):
    entries, proof = {
        "member": ([(ids[0], 0), (ids[3], 1)], run.proof(0)),
        "profile": ([(ids[0], 2), (ids[1], 1)], run.proof(0)),
        "missing entry": ([(ids[0], 0)], run.proof(0)),
        "proof": (run.chunks[0], [bytes(32)]),
        "other chunk": (run.chunks[1], run.proof(1)),
    }[forgery]
    with refused_with("TreasuryWrongChunk"):
        treasury.payEnergyBonus(PERIOD, 0, entries, proof, {"from": outsider})


def test_pay__chunk_beyond_the_last__is_refused(treasury, opened, run, outsider):
    with refused_with("TreasuryWrongChunk"):
        treasury.payEnergyBonus(PERIOD, 2, run.chunks[1], run.proof(1), {"from": outsider})


def test_pay__same_member_twice_in_a_chunk__is_refused(open_run, pay, ids):
    run = EnergyRun([(ids[0], CONSUMER), (ids[0], CONSUMER)])
    open_run(run)
    with refused("TreasuryMembersNotAscending", ids[0], ids[0]):
        pay(run, 0)


def test_pay__same_member_in_two_chunks__is_refused(open_run, pay, ids):
    run = EnergyRun([(ids[0], CONSUMER)], [(ids[0], CONSUMER)])
    open_run(run)
    pay(run, 0)
    with refused("TreasuryMembersNotAscending", ids[0], ids[0]):
        pay(run, 1)


def test_pay__unknown_profile__is_refused(open_run, pay, ids):
    run = EnergyRun([(ids[0], 3)])
    open_run(run)
    with refused("TreasuryProfileOutOfRange", ids[0], 3, 2):
        pay(run, 0)


@pytest.mark.parametrize("declared", [2, 4])
def test_pay__other_number_of_entries_than_opened__is_refused(open_run, pay, run, declared):
    open_run(run, entries=declared)
    pay(run, 0)
    with refused("TreasuryWrongEntryCount", PERIOD, 3, declared):
        pay(run, 1)


def test_pay__member_without_wallet__is_skipped_with_an_event(open_run, pay, ids, gained, citizens):
    stranger = b"\x00" * 31 + b"\x07"
    run = EnergyRun([(stranger, PROSUMER), (ids[0], CONSUMER)])
    open_run(run)
    receipt = pay(run, 0)
    event = receipt.events["EnergyBonusSkipped"]
    assert (bytes(event["memberId"]), event["profile"], event["units"]) == (stranger, 1, 10 * TOKEN)
    assert gained(citizens[0]) == [5 * TOKEN]


def test_pay__amounts_changed_after_opening__keep_those_of_the_opening(
    policy, token_admin, opened, pay, run, gained, citizens
):
    valid_from = clock.now_s() + 8 * clock.DAY_S
    other = policies.struct(policies.BONUSES, energyConsumerUnits=99 * TOKEN)
    policy.scheduleBonuses(other, valid_from, {"from": token_admin})
    clock.move_to(valid_from)
    pay(run, 0)
    assert gained(citizens[0]) == [5 * TOKEN]


def test_pay__treasury_a_unit_short__pays_nothing_of_the_chunk(treasury, opened, pay, run, keep, gained, citizens):
    keep(15 * TOKEN - 1)
    with refused_with("ERC20InsufficientBalance"):
        pay(run, 0)
    assert gained(*citizens[:2]) == [0, 0]
    assert treasury.energyRun(PERIOD)["nextChunk"] == 0


def test_pay__in_a_pause__waits(token, guardian, opened, pay, run):
    paused_at = token.pause({"from": guardian}).timestamp
    with refused("CommunityTokenPaused", paused_at):
        pay(run, 0)


def test_pay__without_entries__is_no_chunk_of_the_run(treasury, opened, run, outsider):
    with refused_with("TreasuryWrongChunk"):
        treasury.payEnergyBonus(PERIOD, 0, [], run.proof(0), {"from": outsider})


def test_open__by_a_member__is_refused(treasury, run, citizens):
    with refused("AccessManagedUnauthorized", citizens[0]):
        treasury.openEnergyBonus(PERIOD, run.root, 2, 3, {"from": citizens[0]})
