"""Which period people mean, with its index on chain."""

from gettone.chain.contract_set import CommunityContracts
from gettone.db.engine import Database
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.settlement_heads import PeriodBounds
from gettone.db.repositories.settlements import Settlements
from gettone.errors import Conflict
from gettone.periods import parse_period, utc_text
from oracle.settle.context import PeriodKey


def find_period(database: Database, contracts: CommunityContracts, community: str, period: str) -> PeriodKey:
    """The period (as people write it) with its index: the stored one of the same bounds, or the chain's next one.

    Conflict `period_gap` when another period must be settled first.
    """
    with database.read() as connection:
        found = Communities(connection).get(community)
        wanted = parse_period(period, found.tz)
        for one in Settlements(connection).of_community(found.community_id):
            bounds = (one.computed.period_start_s, one.computed.period_end_s)
            if bounds == (wanted.start_s, wanted.end_s):
                return PeriodKey(found, wanted, one.computed.period_index, one.computed.revision)
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
