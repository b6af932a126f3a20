"""A stored settlement seen again: its period, its model and the inputs it read."""

from dataclasses import dataclass

from sqlalchemy import Connection

from gettone.db.repositories.communities import Communities, CommunityRow
from gettone.db.repositories.settlement_rows import SettlementMemberRow, SettlementRow
from gettone.db.repositories.settlements import Settlements
from gettone.errors import CheckFailed
from gettone.periods import local_date, period_of_dates
from gettone.rewards.model import Model, parse_model
from gettone.types import SettlementPeriod
from gettone.vault import Vault
from oracle.settle.context import PeriodKey
from oracle.settle.documents import model_of, trimmed_clock
from oracle.settle.erased import with_erased
from oracle.settle.period_inputs import PeriodInputs, PeriodReader, cutoff_of, is_due, reads_baseline
from oracle.settle.revision import revision_before


@dataclass(frozen=True, slots=True)
class StoredSettlement:
    """A settlement with its lines in roster order, and everything it was computed from."""

    row: SettlementRow
    members: tuple[SettlementMemberRow, ...]
    community: CommunityRow
    model: Model
    period: SettlementPeriod
    inputs: PeriodInputs

    @property
    def key(self) -> PeriodKey:
        """Which revision of which period of which community."""
        return PeriodKey(self.community, self.period, self.row.computed.period_index, self.row.computed.revision)

    @property
    def key_year(self) -> int:
        """Year of the local date of the period's start, which names the keys K_my and K_cy (LECN-1 §1)."""
        return local_year(self.period)


def load_stored(connection: Connection, vault: Vault, settlement_id: int) -> StoredSettlement:
    """Read a settlement and its inputs as of its cut-off batch.

    Raises CheckFailed `roster_changed` when the memberships give another roster than was stored.
    """
    repository = Settlements(connection)
    row = repository.get(settlement_id)
    stored = _read(connection, vault, row, repository.members(settlement_id))
    if [one.member_id for one in stored.inputs.roster] != [one.computed.member_id for one in stored.members]:
        raise CheckFailed(
            "roster_changed",
            f"the memberships of period {row.computed.period_index} now give a roster of "
            f"{len(stored.inputs.roster)} members where {len(stored.members)} were settled: "
            "a past membership was changed after the settlement",
        )
    return stored


def load_own(connection: Connection, vault: Vault, row: SettlementRow, own: SettlementMemberRow) -> StoredSettlement:
    """The part of a settlement that one member owns: that line and that member's series alone."""
    return _read(connection, vault, row, (own,), own.computed.member_id)


def _read(
    connection: Connection,
    vault: Vault,
    row: SettlementRow,
    members: tuple[SettlementMemberRow, ...],
    only_member: str | None = None,
) -> StoredSettlement:
    community = _community(connection, row)
    model = parse_model(model_of(row))
    period = clocked_period(_period(row), model)
    owed = [one.computed.member_id for one in members if _is_due(one)]
    reader = PeriodReader(connection, vault, community)
    inputs = reader.read(period, model, cutoff_of(row), owed, only_member)
    if only_member is None:
        place = PeriodKey(community, period, row.computed.period_index, row.computed.revision)
        before = revision_before(connection, place)
        inputs = with_erased(connection, vault, reader, inputs, before, period, model)
    return StoredSettlement(row, members, community, model, period, inputs)


def clocked_period(period: SettlementPeriod, model: Model) -> SettlementPeriod:
    """The period with the clock that is committed: from the baseline on where the model reads one."""
    from_s = period.clock.points[0][0] if reads_baseline(model) else period.start_s
    return SettlementPeriod(period.start_s, period.end_s, trimmed_clock(period.clock, from_s), period.timezone)


def local_year(period: SettlementPeriod) -> int:
    """Year of the local date on which a period starts: 1 January in Rome begins in December UTC."""
    return local_date(period.start_s, period.timezone).year


def _period(row: SettlementRow) -> SettlementPeriod:
    bounds = (row.computed.period_start_s, row.computed.period_end_s)
    first, last = (local_date(instant_s, row.computed.timezone) for instant_s in bounds)
    return period_of_dates(first, last, row.computed.timezone)


def _community(connection: Connection, row: SettlementRow) -> CommunityRow:
    return next(one for one in Communities(connection).all() if one.community_id == row.computed.community_id)


def _is_due(member: SettlementMemberRow) -> bool:
    line = member.computed
    return is_due(line.carried_before_units + line.skipped_units, line.entitlement_before_units)
