"""Anomalies: what the rules found over ranges of slots, open until the data or a person cures it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, or_, select, update

from gettone.db.columns import Base
from gettone.db.tables import Anomaly
from gettone.metering.codes import known_code

_ANOMALIES = Base.metadata.tables[Anomaly.__tablename__]


class Finding(NamedTuple):
    """A finding about a channel or a flow: its code, first and last slot, and how many values or hours it counts."""

    channel_id: int | None
    flow_id: int | None
    code: str
    first_slot: int
    last_slot: int
    counted: int


class StoredAnomaly(NamedTuple):
    """An anomaly as stored; `state` is open, closed (cured by later data) or dismissed (by a person)."""

    anomaly_id: int
    finding: Finding
    state: str


class Anomalies:
    """Reads and writes `anomalies`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def overlapping(
        self,
        codes: Iterable[str],
        from_slot: int,
        to_slot: int,
        *,
        channel_ids: Sequence[int] = (),
        flow_ids: Sequence[int] = (),
    ) -> tuple[StoredAnomaly, ...]:
        """The anomalies of these channels or flows that touch [from_slot - 1, to_slot], in any state."""
        return self._select(
            or_(Anomaly.channel_id.in_(channel_ids), Anomaly.flow_id.in_(flow_ids)),
            Anomaly.code.in_(sorted(codes)),
            Anomaly.first_slot <= to_slot,
            func.coalesce(Anomaly.last_slot, to_slot) >= from_slot - 1,
        )

    def open(self) -> tuple[StoredAnomaly, ...]:
        """All open anomalies, by start."""
        return self._select(Anomaly.state == "open")

    def add(self, findings: Iterable[Finding], severities: Mapping[str, int]) -> None:
        """Open anomalies; CheckFailed for one that is no code of the rules."""
        rows = [
            {
                "channel_id": one.channel_id,
                "flow_id": one.flow_id,
                "code": known_code(one.code),
                "severity": severities[one.code],
                "first_slot": one.first_slot,
                "last_slot": one.last_slot,
                "count": one.counted,
                "state": "open",
            }
            for one in findings
        ]
        if rows:
            self._connection.execute(insert(Anomaly), rows)

    def change(self, rows: Iterable[StoredAnomaly]) -> None:
        """Give stored anomalies another extent or state."""
        values = [
            {
                "at": row.anomaly_id,
                "new_first": row.finding.first_slot,
                "new_last": row.finding.last_slot,
                "new_count": row.finding.counted,
                "new_state": row.state,
            }
            for row in rows
        ]
        if values:
            self._connection.execute(
                update(_ANOMALIES)
                .where(_ANOMALIES.c.anomaly_id == bindparam("at"))
                .values(
                    first_slot=bindparam("new_first"),
                    last_slot=bindparam("new_last"),
                    count=bindparam("new_count"),
                    state=bindparam("new_state"),
                ),
                values,
            )

    def _select(self, *conditions: ColumnElement[bool]) -> tuple[StoredAnomaly, ...]:
        query = (
            select(
                Anomaly.anomaly_id,
                Anomaly.channel_id,
                Anomaly.flow_id,
                Anomaly.code,
                Anomaly.first_slot,
                Anomaly.last_slot,
                Anomaly.count,
                Anomaly.state,
            )
            .where(*conditions)
            .order_by(Anomaly.first_slot, Anomaly.anomaly_id)
        )
        return tuple(
            StoredAnomaly(
                row[0], Finding(row[1], row[2], row[3], row[4], row[4] if row[5] is None else row[5], row[6]), row[7]
            )
            for row in self._connection.execute(query)
        )
