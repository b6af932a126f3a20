"""Settlements as rows alone: enough for who reads and decides, without chain or calculation."""

import json
from typing import Any

from sqlalchemy import Connection, insert

from gettone.db.repositories.settlement_heads import NO_CALCULATION
from gettone.db.tables import Gate, Settlement, SettlementChunk, SettlementMember

START_S = 1_467_324_000
DAY_S = 86_400
TRACE = "slot,0,1467324000,250,0,900,100,100,27,0\nslot,1,1467327600,300,5,800,90,90,33,0\n"
ALLOCATIONS = [{"of": "self_consumption", "budget_units": 10, "total_score": 2**70, "cut_remainder": 1}]
COMPUTED = {
    "model_json": '{"kind":"self_consumption"}',
    "model_version": 1,
    "allocations_json": json.dumps(ALLOCATIONS),
    "result_digest": "ab" * 32,
    "gate_report_json": '{"members": [], "left_out": []}',
    "gate_report_sha256": b"\x01" * 32,
    "total_units": 10,
    "entitlement_units": 10,
    "citizen_fee_bps": 200,
}


def add_settlement(connection: Connection, community_id: int, index: int, state: str, **more: Any) -> int:
    """A settlement of one day in a state; its id."""
    bounds = {"period_start_s": START_S + index * DAY_S, "period_end_s": START_S + (index + 1) * DAY_S}
    place = {"community_id": community_id, "period_index": index, "revision": 0, "timezone": "Europe/Rome"}
    values = {**NO_CALCULATION, **place, **bounds, "state": state, "computed_at": 0}
    values |= {} if state == "held" else COMPUTED
    new = insert(Settlement).values(**(values | more)).returning(Settlement.settlement_id)
    return int(connection.execute(new).scalar_one())


def add_line(connection: Connection, settlement_id: int, index: int, member_id: str, **more: Any) -> None:
    """A member's line of 5 units."""
    amounts = dict.fromkeys(("entitlement_before_units", "carried_before_units", "skipped_units"), 0)
    values = {"settlement_id": settlement_id, "leaf_index": index, "member_id": member_id, "wallet": "0x" + "1a" * 20}
    values |= {**amounts, "entitlement_units": 5, "payout_units": 5, "carried_after_units": 0}
    values |= {"scores_json": '{"self_consumption":"5"}', "trace": TRACE}
    connection.execute(insert(SettlementMember).values(**(values | more)))


def add_chunk(connection: Connection, settlement_id: int, chunk: int, payouts: bytes) -> None:
    """A chunk that waits to be paid."""
    values = {"settlement_id": settlement_id, "chunk": chunk, "payouts": payouts, "state": "waiting"}
    connection.execute(insert(SettlementChunk).values(**values))


def add_gate(connection: Connection, community_id: int, index: int, state: str, **more: Any) -> None:
    """The gate of a period."""
    place = {"community_id": community_id, "period_index": index, "revision": 0, "state": state}
    connection.execute(insert(Gate).values(**place, report="{}", report_sha256=b"\x01" * 32, **more))
