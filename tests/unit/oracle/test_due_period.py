"""Where the next period of each kind ends."""

from datetime import date

import pytest

from gettone.chain.settlement_ledger import PeriodKind
from oracle.settle.due import following

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [
        (PeriodKind.DAY, date(2026, 2, 28), date(2026, 3, 1)),
        (PeriodKind.WEEK, date(2026, 12, 28), date(2027, 1, 4)),
        (PeriodKind.MONTH, date(2026, 12, 1), date(2027, 1, 1)),
        (PeriodKind.MONTH, date(2028, 1, 30), date(2028, 2, 29)),
    ],
)
def test_following__kind_of_period__ends_where_the_next_one_starts(kind: PeriodKind, first: date, last: date) -> None:
    assert following(first, kind) == last
