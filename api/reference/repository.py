"""Reference rows and prices in the database."""

from typing import Any

from api.context import ApiContext
from gettone.db.repositories.prices import Prices, StoredPrice
from gettone.db.repositories.reference_rows import ReferenceRows


def rows(context: ApiContext, table: str) -> list[dict[str, Any]]:
    """All rows of a reference table."""
    with context.database.read() as connection:
        return ReferenceRows(connection).all(table)


def prices(context: ApiContext, zone: str, from_slot: int, to_slot: int) -> tuple[StoredPrice, ...]:
    """Prices of a zone that begin in [from_slot, to_slot)."""
    with context.database.read() as connection:
        return Prices(connection).read(zone, from_slot, to_slot)
