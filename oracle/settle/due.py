"""Which period of a community is to be settled next."""

from datetime import date, timedelta

from gettone.chain.settlement_ledger import PeriodKind
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.settlement_rows import SettlementRow
from gettone.db.repositories.settlement_states import SettlementState
from gettone.db.repositories.settlements import Settlements
from gettone.periods import local_date, period_of_dates
from oracle.settle.context import PeriodContext


def due_period(context: PeriodContext, community: str) -> str | None:
    """The period, as FROM/TO, of the first settlement that is not closed, or the next one when it is over.

    None where nothing is due.  The first period of a community is chosen by a person: the chain knows only its kind.
    """
    with context.database.read() as connection:
        found = Communities(connection).get(community)
        settlements = Settlements(connection).of_community(found.community_id)
    begun = next((one for one in settlements if one.state is not SettlementState.CLOSED), None)
    if begun is not None:
        return _text(*_dates_of(begun))
    ledger = context.contracts.ledger
    last_end_s = ledger.last_period_end_s()
    if not last_end_s:
        return None
    first = local_date(last_end_s, found.tz)
    last = following(first, ledger.period_kind())
    is_over = period_of_dates(first, last, found.tz).end_s <= context.contracts.client.now_s()
    return _text(first, last) if is_over else None


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


def _dates_of(settlement: SettlementRow) -> tuple[date, date]:
    computed = settlement.computed
    return local_date(computed.period_start_s, computed.timezone), local_date(computed.period_end_s, computed.timezone)


def _text(first: date, last: date) -> str:
    return f"{first.isoformat()}/{last.isoformat()}"
