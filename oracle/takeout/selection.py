"""Which settlements a take-out holds: those of its range, and the earlier ones that support them."""

from sqlalchemy import Connection

from gettone.db.repositories.communities import MemberRow
from gettone.db.repositories.settlement_rows import SettlementRow
from gettone.db.repositories.settlements import Settlements
from gettone.periods import BASELINE_DAYS
from gettone.rewards.model import parse_model
from gettone.types import DAY_S, SettlementPeriod
from oracle.settle.claims import order_of_opening
from oracle.settle.documents import model_of
from oracle.settle.period_inputs import reads_baseline


def wanted_settlements(connection: Connection, member: MemberRow, period: SettlementPeriod) -> list[SettlementRow]:
    """The opened settlements of the range, and those opened before that support them, by period and revision."""
    repository = Settlements(connection)
    opened = [
        one
        for one in sorted(repository.of_community(member.community_id), key=order_of_opening)
        if one.opened_block is not None and repository.line(one.settlement_id, member.member_id) is not None
    ]
    wanted = {
        one.settlement_id
        for one in opened
        if one.computed.period_start_s < period.end_s and one.computed.period_end_s > period.start_s
    }
    for at, one in enumerate(opened):
        if one.settlement_id in wanted:
            wanted |= _support(repository, member, opened[:at], one)
    latest = {one.computed.period_index: one.computed.revision for one in opened if one.settlement_id in wanted}
    # A revision names the leaf of the one before, so that none is without those that it supersedes.
    chosen = [
        one
        for one in opened
        if one.settlement_id in wanted or one.computed.revision < latest.get(one.computed.period_index, 0)
    ]
    return sorted(chosen, key=lambda one: (one.computed.period_index, one.computed.revision))


def _support(
    repository: Settlements, member: MemberRow, before: list[SettlementRow], settlement: SettlementRow
) -> set[int]:
    """Ids of the earlier settlements behind a carried or skipped amount, and behind a percentile baseline."""
    found: set[int] = set()
    line = repository.line(settlement.settlement_id, member.member_id)
    if before and line is not None and line.computed.carried_before_units:
        found.add(before[-1].settlement_id)
    if line is not None and line.computed.skipped_units:
        found |= {one.settlement_id for one in before if one.skipped_units or one.voided_units}
    if reads_baseline(parse_model(model_of(settlement))):
        # A day more than the baseline covers the changes of the clock.
        baseline_from_s = settlement.computed.period_start_s - (BASELINE_DAYS + 1) * DAY_S
        found |= {one.settlement_id for one in before if one.computed.period_end_s > baseline_from_s}
    return found
