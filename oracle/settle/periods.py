"""Which period people mean, with its index on chain."""

from gettone.chain.contract_set import CommunityContracts
from gettone.db.engine import Database
from gettone.db.repositories.communities import Communities, CommunityRow
from gettone.db.repositories.settlement_heads import PeriodBounds, SettlementHeads
from gettone.errors import Conflict
from gettone.periods import local_date, parse_period, period_of_dates, utc_text
from oracle.settle.context import PeriodKey


def find_period(database: Database, contracts: CommunityContracts, community: str, period: str) -> PeriodKey:
    """The period (as people write it) with its index: the latest stored revision, or the chain's next one.

    Conflict `period_gap` when another period must be settled first, `another_community` when the contracts are not
    those of the community.
    """
    if contracts.community_id != community:
        raise Conflict(
            "another_community",
            f"the contract set given belongs to community {contracts.community_id}, not to {community}: set "
            "GETTONE_DEPLOYMENT_FILE to its deployment file, as `gettone contracts deploy` wrote it",
        )
    with database.read() as connection:
        found = Communities(connection).get(community)
        wanted = parse_period(period, found.tz)
        for one in reversed(SettlementHeads(connection).of_community(found.community_id)):
            if (one.bounds.period_start_s, one.bounds.period_end_s) == (wanted.start_s, wanted.end_s):
                return PeriodKey(found, wanted, one.bounds.period_index, one.bounds.revision)
    ledger = contracts.ledger
    last_end_s = ledger.last_period_end_s()
    if last_end_s not in (0, wanted.start_s):
        raise Conflict(
            "period_gap",
            f"period {period} starts at {utc_text(wanted.start_s)}, but the last settled period ends at "
            f"{utc_text(last_end_s)}: periods follow each other without gap, so settle the one in between first",
        )
    return PeriodKey(found, wanted, ledger.next_period_index())


def bounds_of(key: PeriodKey) -> PeriodBounds:
    """The place of a period in the tables."""
    period = key.period
    place = (key.community.community_id, key.period_index, key.revision)
    return PeriodBounds(*place, period.start_s, period.end_s, period.timezone)


def key_of(community: CommunityRow, bounds: PeriodBounds) -> PeriodKey:
    """The period of a stored settlement as the job names it."""
    first, last = (local_date(one, bounds.timezone) for one in (bounds.period_start_s, bounds.period_end_s))
    period = period_of_dates(first, last, bounds.timezone)
    return PeriodKey(community, period, bounds.period_index, bounds.revision)
