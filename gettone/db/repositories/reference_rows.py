"""All reference rows of a region as people look after them, and their replacement as a whole."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from gettone.db.columns import Base
from gettone.db.repositories.reference import REGION
from gettone.db.tables import EmissionFactor, Holiday, HouseholdNorm

HOLIDAYS, FACTORS, NORMS = (one.__tablename__ for one in (Holiday, EmissionFactor, HouseholdNorm))
_OWN = ("holiday_id", "factor_id", "norm_id", "region")


class ReferenceRows:
    """Reads and replaces `holidays`, `emission_factors` and `household_norms` of a region."""

    def __init__(self, connection: Connection, region: str = REGION) -> None:
        self._connection, self._region = connection, region

    def all(self, table: str) -> list[dict[str, Any]]:
        """The rows of one of the tables by their numbers, without number and region."""
        rows = Base.metadata.tables[table]
        shown = [column for column in rows.columns if column.name not in _OWN]
        query = select(*shown).where(rows.c.region == self._region).order_by(*rows.primary_key.columns)
        return [dict(row) for row in self._connection.execute(query).mappings()]

    def replace(self, table: str, values: Sequence[Mapping[str, Any]]) -> None:
        """Let these be all rows of a table in the region."""
        rows = Base.metadata.tables[table]
        self._connection.execute(delete(rows).where(rows.c.region == self._region))
        if values:
            self._connection.execute(insert(rows), [{**one, "region": self._region} for one in values])
