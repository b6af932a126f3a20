"""Years and laws of the shipped holidays, as the tariff bands count them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_LAW_260 = "Law 260/1949"
_BEFORE = "Law 260/1949 and its amendments"
# Month and day (None: the day after Easter), first year, law.
_RULES = (
    (1, 1, 1949, _LAW_260),
    (1, 6, 1986, "Decree 792/1985"),
    (None, None, 1949, _LAW_260),
    (4, 25, 1949, _LAW_260),
    (5, 1, 1949, _LAW_260),
    (6, 2, 2001, "Law 336/2000"),
    (8, 15, 1949, _LAW_260),
    (11, 1, 1949, _LAW_260),
    (12, 8, 1949, _LAW_260),
    (12, 25, 1949, _LAW_260),
    (12, 26, 1949, _LAW_260),
)
_UNCONFIRMED = ("Law 151/2025", "Law 151/2025, not yet confirmed for tariff bands")
_HOLIDAYS = sa.table(
    "holidays", *(sa.column(name) for name in ("region", "month", "day", "easter_days", "from_year", "source"))
)


def upgrade() -> None:
    """State the first year and the law of each row as it was shipped; rows that somebody changed stay."""
    for month, day, from_year, law in _RULES:
        _change(_shipped(month, day, _BEFORE), from_year=from_year, source=law)
    _change(_shipped(10, 4, _UNCONFIRMED[0]), source=_UNCONFIRMED[1])


def downgrade() -> None:
    """Take the years away again."""
    for month, day, _, law in _RULES:
        _change(_shipped(month, day, law), from_year=None, source=_BEFORE)
    _change(_shipped(10, 4, _UNCONFIRMED[1]), source=_UNCONFIRMED[0])


def _shipped(month: int | None, day: int | None, source: str) -> sa.ColumnElement[bool]:
    columns = _HOLIDAYS.c
    place = columns.easter_days == 1 if month is None else sa.and_(columns.month == month, columns.day == day)
    return sa.and_(columns.region == "IT", columns.source == source, place)


def _change(rows: sa.ColumnElement[bool], **values: Any) -> None:
    op.execute(_HOLIDAYS.update().where(rows).values(**values))
