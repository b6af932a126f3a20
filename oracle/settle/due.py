"""Which period of a community is to be settled next."""

from datetime import date, timedelta

from gettone.chain.settlement_ledger import PeriodKind
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.settlement_heads import SettlementHeads
from gettone.db.repositories.settlement_states import SettlementState
from gettone.periods import local_date, period_of_dates
from oracle.settle.context import PeriodContext


def due_period(context: PeriodContext, community: str) -> str | None:
    """The next period, as FROM/TO, when it is over and no settlement of the community is under way; None otherwise.

    The first period of a community is chosen by a person: the chain knows only its kind.
    """
    with context.database.read() as connection:
        found = Communities(connection).get(community)
        heads = SettlementHeads(connection).of_community(found.community_id)
    ledger = context.contracts.ledger
    last_end_s = ledger.last_period_end_s()
    if not last_end_s or any(one.state is not SettlementState.CLOSED for one in heads):
        return None
    first = local_date(last_end_s, found.tz)
    last = following(first, ledger.period_kind())
    is_over = period_of_dates(first, last, found.tz).end_s <= context.contracts.client.now_s()
    return f"{first.isoformat()}/{last.isoformat()}" if is_over else None


def following(first: date, kind: PeriodKind) -> date:
    """The end (exclusive) of the period that starts on a day.

    >>> following(date(2026, 1, 31), PeriodKind.MONTH)
    datetime.date(2026, 2, 28)
    """
    if kind is PeriodKind.MONTH:
        next_month = (first.replace(day=1) + timedelta(days=31)).replace(day=1)
        days = ((next_month + timedelta(days=31)).replace(day=1) - next_month).days
        return next_month.replace(day=min(first.day, days))
    return first + timedelta(days=7 if kind is PeriodKind.WEEK else 1)
