"""Settlements move one state at a time, and every number comes back as it went in."""

from dataclasses import replace

import pytest

from gettone.db.engine import Database
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.gates import GateRow, Gates
from gettone.db.repositories.settlement_rows import (
    ChunkRow,
    Committed,
    CommittedMember,
    CommittedSeriesRow,
    Computed,
    ComputedMember,
    Proposed,
)
from gettone.db.repositories.settlement_states import ChunkState, SettlementState
from gettone.db.repositories.settlements import Settlements
from gettone.errors import Conflict, MissingInput

pytestmark = pytest.mark.database

MOST = 2**256 - 1


def computed(community_id: int, **changes: object) -> Computed:
    row = Computed(
        community_id=community_id,
        period_index=0,
        revision=0,
        period_start_s=1_472_680_800,
        period_end_s=1_475_272_800,
        timezone="Europe/Rome",
        freeze_batch=3,
        model_version=1,
        model_json='{"kind":"self_consumption"}',
        carry_in_units=0,
        carried_over_units=7,
        entitlement_units=MOST,
        total_units=2**96 - 1,
        allocations_json="[]",
        slot_totals_json="[[1472680800,5,3]]",
        community_json="{}",
        result_digest="ab" * 32,
        gate_report_json="{}",
        gate_report_sha256=b"\x01" * 32,
        citizen_fee_bps=100,
        stakeholder_fee_bps=2_000,
        computed_at=1_478_000_000_000,
    )
    return replace(row, **changes)  # type: ignore[arg-type]  # the fields of the call


def member(index: int, **changes: object) -> ComputedMember:
    row = ComputedMember(
        leaf_index=index,
        member_id=f"{index:02x}" * 32,
        member_class=1 + index % 2,
        wallet=None,
        entitlement_units=MOST - index,
        entitlement_before_units=0,
        carried_before_units=-(2**200) - index,
        skipped_units=0,
        payout_units=2**96 - 1,
        carried_after_units=-index,
        scores_json='{"shared_wh":5}',
        trace="slot,wh\n",
    )
    return replace(row, **changes)  # type: ignore[arg-type]  # the fields of the call


COMMITTED = Committed(
    params_json='{"netting":"none"}',
    assignment_root=b"\x02" * 32,
    leaf_count=2,
    roster_root=b"\x03" * 32,
    aggregates_root=b"\x04" * 32,
    ingest_root=bytes(32),
    ingest_size=0,
    payouts_root=b"\x05" * 32,
    chunk_count=2,
)
LEAVES = [
    CommittedMember(
        leaf_index=index,
        inputs_json="{}",
        series_count=1,
        data_root=b"\x06" * 32,
        prev_leaf=bytes(32),
        assignment_leaf=bytes([index]) * 372,
        roster_leaf=bytes([index]) * 84,
    )
    for index in range(2)
]
SERIES = [
    CommittedSeriesRow(
        leaf_index=index,
        number=0,
        pid=b"\x07" * 32,
        device_id=1,
        channel_id=None,
        direction=0,
        slot_s=3600,
        first_number=0,
        first_revision=0,
        tree_size=721,
        root=b"\x08" * 32,
        source_class=5,
        source_digest=bytes(32),
    )
    for index in range(2)
]
CHUNKS = [ChunkRow(chunk=0, payouts=(b"\x09" * 32, b"\x0a" * 32)), ChunkRow(chunk=1, payouts=(b"\x0b" * 32,))]
PROPOSED = Proposed(proposal_json="{}", proposal_hash=b"\x0c" * 32, previous_settlement=bytes(32))
EVENT = {"tx_hash": b"\x0d" * 32, "block_number": 9}


def community_of(database: Database) -> int:
    with database.write() as connection:
        return Communities(connection).get_or_create("fontana", tz="Europe/Rome").community_id


def stored_until_opened(database: Database, community_id: int) -> int:
    with database.write() as connection:
        settlements = Settlements(connection)
        settlement_id = settlements.record_computed(computed(community_id), [member(0), member(1)])
        settlements.record_proposed(settlement_id, COMMITTED, PROPOSED, LEAVES, SERIES, CHUNKS)
        settlements.record_attested(settlement_id, "[]")
        settlements.record_opened(settlement_id, b"\x0e" * 32, 8)
        return settlement_id


def test_settlement__whole_life__keeps_every_number(database: Database) -> None:
    community_id = community_of(database)
    settlement_id = stored_until_opened(database, community_id)
    with database.write() as connection:
        settlements = Settlements(connection)
        settlements.record_chunk_paid(settlement_id, 0, credited_units=5, fee_units=2, skipped_units=1, **EVENT)
        settlements.record_chunk_paid(settlement_id, 1, credited_units=MOST, fee_units=3, skipped_units=0, **EVENT)
        settlements.record_paid(settlement_id, credited_units=MOST + 5, fee_units=5, skipped_units=1)
        settlements.record_closed(settlement_id, 1_478_000_000_001)
    with database.read() as connection:
        settlements = Settlements(connection)
        row = settlements.get(settlement_id)
        assert row == settlements.find(community_id, 0, 0) == settlements.of_community(community_id)[0]
        assert (row.state, row.computed, row.committed, row.proposed) == (
            SettlementState.CLOSED,
            computed(community_id),
            COMMITTED,
            PROPOSED,
        )
        assert (row.opened_tx, row.opened_block, row.closed_at) == (b"\x0e" * 32, 8, 1_478_000_000_001)
        assert (row.credited_units, row.fee_units, row.skipped_units) == (MOST + 5, 5, 1)
        lines = settlements.members(settlement_id)
        assert [line.computed for line in lines] == [member(0), member(1)]
        assert [line.committed for line in lines] == LEAVES
        assert list(settlements.series(settlement_id)) == SERIES
        chunks = settlements.chunks(settlement_id)
        assert [chunk.payouts for chunk in chunks] == [chunk.payouts for chunk in CHUNKS]
        assert {chunk.state for chunk in chunks} == {ChunkState.PAID}


def test_record__state_out_of_turn__is_a_conflict_and_changes_nothing(database: Database) -> None:
    community_id = community_of(database)
    with database.write() as connection:
        settlement_id = Settlements(connection).record_computed(computed(community_id), [member(0)])
    for step in (
        lambda one: one.record_attested(settlement_id, "[]"),
        lambda one: one.record_opened(settlement_id, b"\x0e" * 32, 8),
        lambda one: one.record_closed(settlement_id, 1),
    ):
        with (
            pytest.raises(Conflict, match="is computing, so it cannot become") as refusal,
            database.write() as connection,
        ):
            step(Settlements(connection))
        assert refusal.value.code == "settlement_state"
    with database.read() as connection:
        assert Settlements(connection).get(settlement_id).state is SettlementState.COMPUTING


def test_record_computed__known_period_and_revision__is_a_conflict(database: Database) -> None:
    community_id = community_of(database)
    with database.write() as connection:
        settlements = Settlements(connection)
        settlements.record_computed(computed(community_id), [])
        with pytest.raises(Conflict, match="stored already"):
            settlements.record_computed(computed(community_id), [])
        settlements.record_computed(computed(community_id, revision=1), [])
    with database.read() as connection:
        assert [row.computed.revision for row in Settlements(connection).of_community(community_id)] == [0, 1]


def test_record_chunk_paid__same_event_again__changes_nothing(database: Database) -> None:
    settlement_id = stored_until_opened(database, community_of(database))
    for _ in range(2):
        with database.write() as connection:
            Settlements(connection).record_chunk_paid(
                settlement_id, 0, credited_units=5, fee_units=0, skipped_units=0, **EVENT
            )
    other = EVENT | {"tx_hash": b"\x0f" * 32}
    with pytest.raises(Conflict, match="paid otherwise"), database.write() as connection:
        Settlements(connection).record_chunk_paid(
            settlement_id, 0, credited_units=5, fee_units=0, skipped_units=0, **other
        )


def test_record_paid__chunk_waiting_or_wrong_sum__is_a_conflict(database: Database) -> None:
    settlement_id = stored_until_opened(database, community_of(database))
    with database.write() as connection:
        Settlements(connection).record_chunk_paid(
            settlement_id, 0, credited_units=5, fee_units=0, skipped_units=0, **EVENT
        )
    with pytest.raises(Conflict, match=r"unpaid chunks: \[1\]"), database.write() as connection:
        Settlements(connection).record_paid(settlement_id, credited_units=5, fee_units=0, skipped_units=0)
    with database.write() as connection:
        Settlements(connection).record_chunk_paid(
            settlement_id, 1, credited_units=2, fee_units=1, skipped_units=0, **EVENT
        )
    for sums in ((8, 1, 0), (7, 2, 0), (7, 1, 1)):
        event = dict(zip(("credited_units", "fee_units", "skipped_units"), sums, strict=True))
        with pytest.raises(Conflict, match="'credited_units': 7, 'fee_units': 1"), database.write() as connection:
            Settlements(connection).record_paid(settlement_id, **event)


def test_withdraw__before_and_after_opening__only_before(database: Database) -> None:
    community_id = community_of(database)
    with database.write() as connection:
        settlements = Settlements(connection)
        settlement_id = settlements.record_computed(computed(community_id), [member(0), member(1)])
        settlements.record_proposed(settlement_id, COMMITTED, PROPOSED, LEAVES, SERIES, CHUNKS)
        settlements.record_attested(settlement_id, "[]")
        settlements.withdraw(settlement_id)
        assert settlements.find(community_id, 0, 0) is None
    opened = stored_until_opened(database, community_id)
    with pytest.raises(Conflict, match="is open,"), database.write() as connection:
        Settlements(connection).withdraw(opened)


def test_get__unknown_settlement__is_missing(database: Database) -> None:
    with database.read() as connection, pytest.raises(MissingInput, match="no settlement 5"):
        Settlements(connection).get(5)


def test_gate__frozen__keeps_its_report_until_it_is_reopened(database: Database) -> None:
    row = GateRow(
        community_id=community_of(database),
        period_index=0,
        revision=0,
        state="ready",
        freeze_batch=None,
        report="{}",
        report_sha256=b"\x01" * 32,
    )
    frozen = replace(row, state="frozen", freeze_batch=3)
    other = replace(row, report_sha256=b"\x02" * 32)
    with database.write() as connection:
        gates = Gates(connection)
        gates.put(row)
        gates.put(frozen)
        assert gates.find(row.community_id, 0, 0) == frozen
        with pytest.raises(Conflict, match="with another report"):
            gates.put(other)
        gates.reopen(row.community_id, 0, 0)
        gates.put(other)
        assert gates.find(row.community_id, 0, 0) == other
