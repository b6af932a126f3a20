"""Statements of how the energy bonus of GSE was shared."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from gettone.db.tables import GseShare
from gettone.errors import Conflict
from gettone.row_ids import fresh_id


@dataclass(frozen=True, slots=True)
class GseShareRow:
    """One statement; `made_at` in unix ms."""

    share_id: str
    period: str
    input: Mapping[str, Any]
    result: Mapping[str, Any]
    made_by: str
    made_at: int


class GseShares:
    """Reads and writes `gse_shares` of one community."""

    def __init__(self, connection: Connection, community_id: int) -> None:
        self._connection, self._community_id = connection, community_id

    def add(self, period: str, given: Mapping[str, Any], result: Mapping[str, Any], made_by: str, now_ms: int) -> str:
        """Keep a statement; Conflict `exists` for a period that was shared already."""
        if any(one.period == period for one in self.all()):
            raise Conflict("exists", f"the bonus of {period} was shared already: its statement stays as it is")
        share_id = fresh_id("gse")
        values = {"share_id": share_id, "community_id": self._community_id, "period": period, "made_by": made_by}
        values |= {"input": json.dumps(given, sort_keys=True), "result": json.dumps(result, sort_keys=True)}
        digest = bytes.fromhex(result["result_digest"])
        self._connection.execute(insert(GseShare).values(**values, digest=digest, made_at=now_ms))
        return share_id

    def all(self) -> list[GseShareRow]:
        """Every statement of the community, the newest first."""
        columns = (getattr(GseShare, name) for name in GseShareRow.__slots__)
        query = select(*columns).where(GseShare.community_id == self._community_id)
        ordered = query.order_by(GseShare.made_at.desc(), GseShare.share_id)
        return [_share(row) for row in self._connection.execute(ordered)]

    def find(self, share_id: str) -> GseShareRow | None:
        """One statement, or None."""
        return next((one for one in self.all() if one.share_id == share_id), None)


def _share(row: Row[Any]) -> GseShareRow:
    values = dict(row._mapping)
    return GseShareRow(**values | {"input": json.loads(row.input), "result": json.loads(row.result)})
