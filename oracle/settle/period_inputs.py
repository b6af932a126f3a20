"""Everything a settlement reads of one period, as of its cut-off batch: the same at every later look."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from gettone.db.columns import SLOT_S
from gettone.db.repositories.communities import Communities, CommunityRow, MemberIntervalRow
from gettone.db.repositories.devices import Devices
from gettone.db.repositories.readings import Readings
from gettone.db.repositories.settlement_rows import SettlementRow
from gettone.db.repositories.settlements import Settlements
from gettone.metering.gate.report import rules_in
from gettone.rewards.erased import NOBODY_ERASED, Erased
from gettone.rewards.inputs import Community
from gettone.rewards.model import Model, parse_model
from gettone.types import SettlementPeriod
from gettone.vault import Vault
from oracle.settle.documents import model_of
from oracle.settle.member_series import MemberSeries, counted_series, member_series
from oracle.settle.registers import Holding, HoldingTables, directions_of, holdings_in, register_name, touches
from oracle.settle.revision import ErasedLine

OPEN_END_S = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Cutoff:
    """Which readings a settlement reads: those merged up to `freeze_batch`, measured, and of at least `min_rank`.

    `before_block`: committed readings of earlier periods are those opened before this block, None for all.
    """

    freeze_batch: int
    min_rank: int
    before_block: int | None = None


@dataclass(frozen=True, slots=True)
class RosterMember:
    """A member on the roster: first and last instant [unix s] of the memberships that touch the period."""

    member_id: str
    from_s: int
    to_s: int
    is_erased: bool = False


@dataclass(frozen=True, slots=True)
class PeriodInputs:
    """Roster in bytewise order of ids, holdings, series of every member, and what the reward rules read.

    In a revision those erased since the revision before are on the roster too, with what stays of them.
    """

    roster: tuple[RosterMember, ...]
    holdings: tuple[Holding, ...]
    parts: tuple[MemberSeries, ...]
    community: Community
    erased: Erased = NOBODY_ERASED
    erased_lines: tuple[ErasedLine, ...] = ()

    def series_of(self, member_id: str) -> tuple[MemberSeries, ...]:
        """The series of one member."""
        return tuple(one for one in self.parts if one.member_id == member_id)

    def holdings_of(self, member_id: str) -> tuple[Holding, ...]:
        """The holdings of one member, by device and start."""
        return tuple(one for one in self.holdings if one.member_id == member_id)


class PeriodReader:
    """Reads the inputs of periods of one community on one open connection."""

    def __init__(self, connection: Connection, vault: Vault, community: CommunityRow) -> None:
        self._connection = connection
        self._community = community
        self._intervals = Communities(connection).intervals(community.community_id)
        devices = Devices(connection, vault)
        known = devices.of_community(community.community_id)
        self._tables = HoldingTables(
            self._intervals,
            devices.holders(community.community_id),
            devices.contracts(list(known)),
            known,
            devices.channels(list(known)),
        )

    def read(
        self,
        period: SettlementPeriod,
        model: Model,
        cutoff: Cutoff,
        owed: Iterable[str] = (),
        only_member: str | None = None,
    ) -> PeriodInputs:
        """Inputs of `period` as of `cutoff`; `owed` are members with a positive carried amount.

        In percentile mode the committed readings of earlier settlements are the baseline: a day counts only if
        series of the same kind are committed for it, in the revision opened last (LECN-1 §1).  With `only_member`
        holdings and series are that member's alone and no baseline is read.
        """
        roster = _roster(self._intervals, period, frozenset(owed))
        members = {one.member_id for one in roster} if only_member is None else {only_member}
        found = holdings_in(self._tables, directions_of(model), period.start_s, period.end_s)
        holdings = tuple(one for one in found if one.member_id in members)
        parts = self._series(holdings, period.start_s, period.end_s, cutoff)
        earlier = (
            self._baseline(period, model, cutoff.before_block) if reads_baseline(model) and only_member is None else {}
        )
        memberships = tuple(entry for holding in holdings for entry in holding.memberships())
        community = Community(
            counted_series(parts, earlier),
            memberships,
            self._community.netting,
            tuple(one.member_id for one in roster),
        )
        return PeriodInputs(roster, holdings, parts, community)

    def _series(
        self, holdings: tuple[Holding, ...], start_s: int, end_s: int, cutoff: Cutoff
    ) -> tuple[MemberSeries, ...]:
        channels = sorted({one for holding in holdings for one in holding.channels}, key=lambda one: one.channel_id)
        readings = Readings(self._connection).as_of(channels, start_s // SLOT_S, end_s // SLOT_S, cutoff.freeze_batch)
        return member_series(readings, holdings, start_s, end_s, cutoff.min_rank)

    def _baseline(self, period: SettlementPeriod, model: Model, before_block: int | None) -> dict[str, dict[int, int]]:
        """Committed readings [Wh] before the period, by register name and slot start."""
        wanted = frozenset(directions_of(model))
        earlier: dict[str, dict[int, int]] = {}
        for settlement in self._opened_before(period, before_block):
            start_s, end_s = settlement.computed.period_start_s, settlement.computed.period_end_s
            directions = directions_of(parse_model(model_of(settlement)))
            holdings = holdings_in(self._tables, directions, start_s, end_s)
            for part in self._series(holdings, start_s, end_s, cutoff_of(settlement)):
                if part.channel.direction in wanted:
                    earlier.setdefault(register_name(part.channel), {}).update(part.counted())
        return earlier

    def _opened_before(self, period: SettlementPeriod, before_block: int | None) -> list[SettlementRow]:
        latest: dict[int, SettlementRow] = {}
        for settlement in Settlements(self._connection).of_community(self._community.community_id):
            ends_inside = period.clock.points[0][0] < settlement.computed.period_end_s <= period.start_s
            is_known = settlement.opened_block is not None and (
                before_block is None or settlement.opened_block < before_block
            )
            if is_known and ends_inside:
                latest[settlement.computed.period_index] = settlement
        return list(latest.values())


def cutoff_of(settlement: SettlementRow) -> Cutoff:
    """The readings a stored settlement read; the least rank is in its gate report."""
    report = json.loads(settlement.computed.gate_report_json)
    return Cutoff(settlement.computed.freeze_batch, rules_in(report).settlement_min_rank, settlement.opened_block)


def is_due(claim_units: int, entitlement_before_units: int) -> bool:
    """Whether a member is on a roster for what came before alone: a claim, or an entitlement to be corrected."""
    return claim_units > 0 or entitlement_before_units > 0


def reads_baseline(model: Model) -> bool:
    """Whether a model's limit is a percentile of the 28 days before the period."""
    return model.no_peaks is not None and model.no_peaks.limit_mode == "percentile"


def _roster(
    intervals: tuple[MemberIntervalRow, ...], period: SettlementPeriod, owed: frozenset[str]
) -> tuple[RosterMember, ...]:
    bounds: dict[str, list[tuple[int, int]]] = {}
    for one in intervals:
        end_s = OPEN_END_S if one.to_slot is None else one.to_slot * SLOT_S
        if one.member_id in owed or touches((one.from_slot * SLOT_S, end_s), period.start_s, period.end_s):
            bounds.setdefault(one.member_id, []).append((one.from_slot * SLOT_S, end_s))
    return tuple(
        RosterMember(member_id, min(start for start, _ in ranges), max(end for _, end in ranges))
        for member_id, ranges in sorted(bounds.items())
    )
