"""Completeness of a settlement at the five levels of LECN-1 §3: slot, member, period, token, source."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from sqlalchemy import Connection

from gettone.db.repositories.ingest_log import IngestLog
from gettone.db.repositories.settlement_heads import SettlementHead, SettlementHeads
from gettone.db.repositories.settlement_rows import CommittedSeriesRow, SettlementMemberRow, SettlementRow
from gettone.db.repositories.settlements import Settlements
from gettone.errors import MissingInput
from gettone.metering.gate.decision import permille
from gettone.metering.gate.report import rules_in
from gettone.notary.leaves import ZERO_HASH
from oracle.settle.claims import order_of_opening
from oracle.settle.context import PeriodKey, place_of
from oracle.settle.trees import roster_sums


class LevelState(StrEnum):
    """`open` while the settlement is not far enough to tell."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Level:
    """One level with its figures by name: counts, permille, or base units."""

    name: str
    state: LevelState
    figures: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A member that earned less than it might, by pseudonym, and why: a stable code."""

    member_id: str
    why: str


@dataclass(frozen=True, slots=True)
class Completeness:
    """The five levels of one settlement, in that order, and who was left out."""

    row: SettlementRow
    levels: tuple[Level, ...]
    left_out: tuple[LeftOut, ...]


def completeness_of(connection: Connection, key: PeriodKey) -> Completeness:
    """The report of a settlement as stored; MissingInput `not_computed` where there is none."""
    repository = Settlements(connection)
    row = repository.find(*place_of(key))
    if row is None:
        raise MissingInput(
            "not_computed", f"period {key.period_index} is not computed: see what it waits for with `settle gate`"
        )
    members, series = repository.members(row.settlement_id), repository.series(row.settlement_id)
    heads = SettlementHeads(connection).of_community(row.computed.community_id)
    levels = (
        _slots(row, series),
        _members(row, members),
        _periods(heads, sorted(repository.of_community(row.computed.community_id), key=order_of_opening), row),
        _tokens(row, members),
        _sources(connection, row, series),
    )
    return Completeness(row, levels, _left_out(row, members))


def _slots(row: SettlementRow, series: Sequence[CommittedSeriesRow]) -> Level:
    """The slot count is fixed by the bounds, and a missing slot is a leaf like any other."""
    computed, report = row.computed, json.loads(row.computed.gate_report_json)
    length_s = computed.period_end_s - computed.period_start_s
    wrong = sum(one.tree_size != length_s // one.slot_s + 1 for one in series)
    expected = sum(int(one["expected_slots"]) for one in report["members"])
    valid = sum(int(one["valid_slots"]) for one in report["members"])
    figures = {
        "series": len(series),
        "series_of_wrong_length": wrong,
        "expected_slots": expected,
        "valid_slots": valid,
        "completeness_permille": permille(valid, expected),
        "threshold_permille": rules_in(report).community_permille,
    }
    enough = figures["completeness_permille"] >= figures["threshold_permille"]
    return Level("slot", _state(row.committed is not None, wrong == 0 and enough), figures)


def _members(row: SettlementRow, members: Sequence[SettlementMemberRow]) -> Level:
    """One leaf for each member of the roster, also where data or amount is zero."""
    report = json.loads(row.computed.gate_report_json)
    rules = rules_in(report)
    complete = sum(
        permille(int(one["valid_slots"]), int(one["expected_slots"])) >= rules.member_permille
        for one in report["members"]
    )
    leaves = sum(one.committed is not None for one in members)
    indexes = [one.computed.leaf_index for one in members]
    figures = {
        "members": len(members),
        "leaves": leaves,
        "leaf_count": row.committed.leaf_count if row.committed else 0,
        "members_with_zero": sum(one.computed.entitlement_units == 0 for one in members),
        "complete_members_permille": permille(complete, len(report["members"])),
        "threshold_permille": rules.complete_members_permille,
    }
    whole = indexes == list(range(len(members))) and leaves == len(members) == figures["leaf_count"]
    enough = figures["complete_members_permille"] >= figures["threshold_permille"]
    return Level("member", _state(row.committed is not None, whole and enough), figures)


def _periods(heads: Sequence[SettlementHead], opened: Sequence[SettlementRow], row: SettlementRow) -> Level:
    """Periods and revisions have no gap, in number or in time, and each proposal names the one opened before."""
    firsts = sorted((one.bounds for one in heads if one.bounds.revision == 0), key=lambda one: one.period_index)
    gaps = sum(
        later.period_index != earlier.period_index + 1 or later.period_start_s != earlier.period_end_s
        for earlier, later in pairwise(firsts)
    ) + (bool(firsts) and firsts[0].period_index != 0)
    revisions = sum(
        one.bounds.revision > 0
        and not any(
            (other.bounds.period_index, other.bounds.revision) == (one.bounds.period_index, one.bounds.revision - 1)
            for other in heads
        )
        for one in heads
    )
    named = [one.proposed for one in opened if one.opened_block is not None and one.proposed is not None]
    broken = sum(
        later.previous_settlement != earlier.proposal_hash
        for earlier, later in pairwise(named)
        if len(named) == sum(one.opened_block is not None for one in heads)
    )
    figures = {"periods": len(firsts), "gaps": gaps, "revisions_missing": revisions, "links_broken": broken}
    is_whole = not any((gaps, revisions, broken))
    return Level("period", _state(row.opened_block is not None, is_whole), figures)


def _tokens(row: SettlementRow, members: Sequence[SettlementMemberRow]) -> Level:
    """Entitlements, differences and carried amounts add up to the total, which was moved, skipped or voided."""
    sums = roster_sums(tuple(members))
    figures = {
        "entitlement_units": sums.entitlement_units,
        "entitlement_before_units": sums.entitlement_before_units,
        "carried_before_units": sums.carried_before_units,
        "claimed_units": sums.skipped_units,
        "carried_after_units": sums.carried_after_units,
        "total_units": row.computed.total_units,
        "moved_units": row.credited_units or 0,
        "skipped_units": row.skipped_units or 0,
        "voided_units": row.voided_units or 0,
    }
    moved = figures["moved_units"] + figures["skipped_units"] + figures["voided_units"]
    adds_up = sums.total_units == row.computed.total_units == moved
    return Level("token", _state(row.credited_units is not None, adds_up), figures)


def _sources(connection: Connection, row: SettlementRow, series: Sequence[CommittedSeriesRow]) -> Level:
    """Each series names a leaf of the append-only log, whose head is in the proposal."""
    committed = row.committed
    figures = {
        "series": len(series),
        "series_without_values": sum(one.source_class == 0 for one in series),
        "series_from_before_the_log": sum(one.source_class != 0 and one.source_digest == ZERO_HASH for one in series),
        "log_size": 0 if committed is None else committed.ingest_size,
    }
    if committed is None:
        return Level("source", LevelState.OPEN, figures)
    log = IngestLog(connection)
    continues = log.size() >= committed.ingest_size and (
        log.head(committed.ingest_size) == (committed.ingest_root, committed.ingest_size)
    )
    digests = {one.source_digest for one in series if one.source_digest != ZERO_HASH}
    unknown = len(digests - set(log.find(digests)))
    figures |= {"digests_not_in_the_log": unknown, "log_replaced": int(not continues)}
    whole = continues and not unknown and not figures["series_from_before_the_log"]
    return Level("source", _state(True, whole), figures)


def _left_out(row: SettlementRow, members: Sequence[SettlementMemberRow]) -> tuple[LeftOut, ...]:
    report = json.loads(row.computed.gate_report_json)
    found = [LeftOut(one["member_id"], one["why"]) for one in report["left_out"]]
    found += [
        LeftOut(one.computed.member_id, "no_wallet")
        for one in members
        # Of an erased member, who has no trace, a difference is written off.
        if one.computed.wallet is None and one.computed.carried_after_units > 0 and one.computed.trace
    ]
    found += [
        LeftOut(one.computed.member_id, "member_cap")
        for one in members
        if one.computed.wallet is not None and one.computed.carried_after_units > 0
    ]
    return tuple(found)


def _state(known: bool, complete: bool) -> LevelState:
    if not known:
        return LevelState.OPEN
    return LevelState.COMPLETE if complete else LevelState.INCOMPLETE
