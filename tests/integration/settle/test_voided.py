"""A rest that the chain voided: it closes the settlement, becomes a claim of its members, and is paid exactly once."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gettone.db.repositories.settlement_rows import ComputedMember, SettlementRow
from gettone.db.repositories.settlement_states import ChunkState, SettlementState
from gettone.db.repositories.settlements import Settlements
from gettone.errors import CheckFailed, Conflict
from oracle.index.context import IndexContext
from oracle.index.job import run_index
from oracle.reconcile.findings import Kind
from oracle.reconcile.job import reconcile
from oracle.settle.completeness import LevelState, completeness_of
from oracle.settle.job import run_settlement
from oracle.settle.periods import find_period
from oracle.settle.publication import chunk_paths
from oracle.settle.published import published_document, take_published
from oracle.settle.resume import resume
from tests.factories.planted import changed
from tests.factories.village import BUDGET_UNITS, COMMUNITY, FIRST_DAY, POOL, Village, register_members, synthetic_wh
from tests.integration.settle.conftest import MakeVillage
from tests.integration.settle.test_fees import POLICY, verdict
from tests.integration.settle.test_resume import with_empty_database
from tests.integration.settle.test_revisions import ask_by_two

pytestmark = pytest.mark.chain
SECOND_DAY, THIRD_DAY = "2016-07-02", "2016-07-03"


def void_after(village: Village, paid: int) -> None:
    """Open the first day in three chunks, pay some of them, and let the community admin void the rest in a pause."""
    opened = run_settlement(village.context(), COMMUNITY, FIRST_DAY, until=SettlementState.OPEN)
    with village.database.read() as connection:
        chunks = [one.payouts for one in Settlements(connection).chunks(opened.settlement_id)]
    contracts, paths = village.on_chain.contracts, chunk_paths(chunks)
    for number in range(paid):
        village.on_chain.send("auditor", contracts.ledger.pay(0, 0, number, chunks[number], paths[number]))
    village.on_chain.send("guardian", contracts.token.pause())
    village.on_chain.send("community_admin", contracts.ledger.void_rest_in_pause(0, 0))
    village.on_chain.send("community_admin", contracts.token.unpause())


@pytest.fixture
def opening(new_village: MakeVillage, monkeypatch: pytest.MonkeyPatch) -> Village:
    monkeypatch.setattr("oracle.settle.commitment.payouts_per_chunk", lambda _: 4)
    village = new_village(policy=POLICY)
    village.schedule(POOL)
    village.import_day(FIRST_DAY)
    return village


@pytest.fixture
def voided(opening: Village) -> Village:
    """Fees in force; of three chunks the first was paid, by a stranger, and the rest was voided."""
    void_after(opening, 1)
    return opening


def settled(village: Village, day: str) -> SettlementRow:
    if day != FIRST_DAY:
        village.import_day(day)
    return run_settlement(village.context(), COMMUNITY, day)


def lines_of(village: Village, settlement: SettlementRow) -> list[ComputedMember]:
    with village.database.read() as connection:
        return [one.computed for one in Settlements(connection).members(settlement.settlement_id)]


def claims_of_first(village: Village, settlement: SettlementRow) -> dict[str, int]:
    """What each member was not paid of the first day: the payouts of the chunks that were voided."""
    with village.database.read() as connection:
        chunks = Settlements(connection).chunks(settlement.settlement_id)
    unpaid = {"0x" + word[:20].hex() for one in chunks if one.state is ChunkState.VOIDED for word in one.payouts}
    return {
        one.member_id: one.payout_units if (one.wallet or "").lower() in unpaid else 0
        for one in lines_of(village, settlement)
    }


@pytest.mark.parametrize("paid", [0, 1, 2])
def test_run_settlement__rest_voided__closes_with_what_was_paid_and_what_was_not(opening: Village, paid: int) -> None:
    void_after(opening, paid)
    settlement = settled(opening, FIRST_DAY)
    with opening.database.read() as connection:
        chunks = Settlements(connection).chunks(settlement.settlement_id)
    assert settlement.state is SettlementState.CLOSED
    assert [one.state for one in chunks] == [ChunkState.PAID] * paid + [ChunkState.VOIDED] * (3 - paid)
    rest = sum(one.total_units for one in chunks[paid:])
    assert (settlement.voided_units, settlement.credited_units) == (rest, BUDGET_UNITS - rest)
    assert opening.on_chain.contracts.token.total_supply() == BUDGET_UNITS - rest > 0 or paid == 0


def test_run_settlement__period_after_a_voided_one__pays_the_rest_exactly_once(voided: Village) -> None:
    claims = claims_of_first(voided, settled(voided, FIRST_DAY))
    second = lines_of(voided, settled(voided, SECOND_DAY))
    third = lines_of(voided, settled(voided, THIRD_DAY))
    assert {one.member_id: one.skipped_units for one in second} == claims
    assert all(one.payout_units == one.entitlement_units + one.skipped_units for one in second)
    assert sum(units > 0 for units in claims.values()) == voided.size - 4
    assert {one.skipped_units for one in third} == {0}
    assert voided.on_chain.contracts.token.total_supply() == 3 * BUDGET_UNITS


def test_resume__voided_period_corrected__the_revision_pays_rest_and_difference(voided: Village) -> None:
    claims = claims_of_first(voided, settled(voided, FIRST_DAY))
    voided.import_day(
        FIRST_DAY, lambda member, hour: synthetic_wh(member, hour) * (1 + (member == 0 and hour < 13)), part="b"
    )
    ask_by_two(voided)
    resume(voided.context(), COMMUNITY)
    revision = run_settlement(voided.context(), COMMUNITY, FIRST_DAY)
    lines = lines_of(voided, revision)
    assert revision.computed.revision == 1
    assert {one.member_id: one.skipped_units for one in lines} == claims
    moved = [one.payout_units + one.carried_after_units for one in lines]
    due = [one.entitlement_units - one.entitlement_before_units + one.skipped_units for one in lines]
    assert moved == due


def test_export__voided_and_claimed__verifies_for_every_member(voided: Village) -> None:
    settled(voided, FIRST_DAY)
    first = [verdict(voided, member) for member in range(voided.size)]
    settled(voided, SECOND_DAY)
    second = [verdict(voided, member, SECOND_DAY) for member in range(voided.size)]
    assert {found for found, _ in first + second} == {"OK"}
    words = [any("voided, a claim on a later settlement" in one for one in details) for _, details in first]
    assert sum(words) == voided.size - 4


def test_completeness__voided__tokens_add_up(voided: Village) -> None:
    settlement = settled(voided, FIRST_DAY)
    key = find_period(voided.database, voided.on_chain.contracts, COMMUNITY, FIRST_DAY)
    with voided.database.read() as connection:
        tokens = completeness_of(connection, key).levels[3]
    assert tokens.state is LevelState.COMPLETE
    assert tokens.figures["voided_units"] == settlement.voided_units


def differences(village: Village) -> list[dict[str, Any]]:
    index = IndexContext(village.database, village.on_chain.contracts)
    run_index(index, COMMUNITY)
    report = json.loads(reconcile(index, COMMUNITY, started_by="tester").report)
    return list(report["differences"])


def test_reconcile__voided_before_and_after_its_claims_were_paid__agrees(voided: Village) -> None:
    before = differences(voided)
    settled(voided, FIRST_DAY)
    closed = differences(voided)
    settled(voided, SECOND_DAY)
    assert (before, closed, differences(voided)) == ([], [], [])


@pytest.mark.parametrize(
    ("table", "where", "change", "kind"),
    [
        ("settlements", {}, {"voided_units": lambda units: units + 1}, Kind.SETTLEMENT_VALUE),
        ("settlement_chunks", {"chunk": 2}, {"state": "waiting"}, Kind.CHUNK_VALUE),
    ],
)
def test_reconcile__voided_rest_stored_wrong__is_named(
    voided: Village, table: str, where: dict[str, Any], change: dict[str, Callable[[int], int]], kind: Kind
) -> None:
    settled(voided, FIRST_DAY)
    with changed(voided.database, table, where, change):
        found = differences(voided)
    assert [one["kind"] for one in found] == [kind]


def test_run_settlement__unpaid_chunk_lost__no_claim_is_forgotten(voided: Village) -> None:
    settled(voided, FIRST_DAY)
    with voided.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM settlement_chunks WHERE chunk = 2")
    voided.import_day(SECOND_DAY)
    with pytest.raises(CheckFailed) as failure:
        run_settlement(voided.context(), COMMUNITY, SECOND_DAY)
    assert failure.value.code == "voided_differs"


def test_resume__voided_and_database_lost__readings_give_the_claims_again(opening: Village, tmp_path: Path) -> None:
    void_after(opening, 0)
    claims = claims_of_first(opening, settled(opening, FIRST_DAY))
    lost = with_empty_database(opening, tmp_path)
    (resumed,) = resume(lost.context(), COMMUNITY)
    assert resumed.state is SettlementState.CLOSED
    register_members(lost)
    lost.import_day(FIRST_DAY)
    lost.import_day(SECOND_DAY)
    assert resume(lost.context(), COMMUNITY) == ()
    second = run_settlement(lost.context(), COMMUNITY, SECOND_DAY)
    assert {one.member_id: one.skipped_units for one in lines_of(lost, second)} == claims
    assert lost.on_chain.contracts.token.total_supply() == 2 * BUDGET_UNITS
    lost.database.close()


def test_resume__voided_database_lost_other_readings__the_lines_stay_unknown(voided: Village, tmp_path: Path) -> None:
    lost = with_empty_database(voided, tmp_path)
    resume(lost.context(), COMMUNITY)
    register_members(lost)
    lost.import_day(FIRST_DAY, lambda member, hour: synthetic_wh(member, hour) * (2 if member == 3 else 1))
    resume(lost.context(), COMMUNITY)
    lost.import_day(SECOND_DAY)
    with pytest.raises(Conflict) as refusal:
        run_settlement(lost.context(), COMMUNITY, SECOND_DAY)
    assert refusal.value.code == "lines_unknown"
    lost.database.close()


def test_take_published__voided_and_restored__its_chunks_are_no_payments_to_come(
    voided: Village, tmp_path: Path
) -> None:
    file = tmp_path / "published.json"
    file.write_bytes(published_document(voided.context(), COMMUNITY, FIRST_DAY))
    lost = with_empty_database(voided, tmp_path)
    resume(lost.context(), COMMUNITY)
    take_published(lost.context(), COMMUNITY, file)
    with lost.database.read() as connection:
        states = [one.state for one in Settlements(connection).chunks(1)]
    assert states == [ChunkState.PAID, ChunkState.VOIDED, ChunkState.VOIDED]
    assert resume(lost.context(), COMMUNITY) == ()
    lost.database.close()
