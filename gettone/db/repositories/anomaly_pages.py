"""Anomalies of a community's channels as lists show them, and their dismissal by two persons."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, or_, select, update

from gettone.db.tables import Anomaly, Channel, DeviceMember, UserCommunity
from gettone.errors import Conflict

OPEN, DISMISSED = "open", "dismissed"


class ListedAnomaly(NamedTuple):
    """A finding over slots [first_slot, last_slot]; one that goes on has no last slot."""

    anomaly_id: int
    channel_id: int
    code: str
    severity: int
    first_slot: int
    last_slot: int | None
    times: int
    state: str
    note: str | None


class AnomalyPages:
    """Reads and writes `anomalies` of the channels that members of one community held."""

    def __init__(self, connection: Connection, community_id: int) -> None:
        self._connection, self._community_id = connection, community_id

    def newest(
        self,
        ranges: Iterable[tuple[int | None, int | None]],
        member_id: str | None,
        before: int | None,
        limit: int,
    ) -> list[ListedAnomaly]:
        """Anomalies by number, the newest first, that begin in one of the ranges of slots; of one member, or all."""
        query = self._listed(member_id).where(or_(*(_within(*one) for one in ranges)))
        if before is not None:
            query = query.where(Anomaly.anomaly_id < before)
        rows = self._connection.execute(query.order_by(Anomaly.anomaly_id.desc()).limit(limit))
        return [ListedAnomaly(*row) for row in rows]

    def find(self, anomaly_id: int) -> ListedAnomaly | None:
        """An anomaly of the community, or None."""
        row = self._connection.execute(self._listed(None).where(Anomaly.anomaly_id == anomaly_id)).first()
        return None if row is None else ListedAnomaly(*row)

    def dismiss(self, anomaly_id: int, note: str) -> None:
        """Two persons say that it is none; Conflict `state` for one that is not open any more."""
        open_one = (Anomaly.anomaly_id == anomaly_id, Anomaly.state == OPEN)
        values = {"state": DISMISSED, "note": note}
        if self._connection.execute(update(Anomaly).where(*open_one).values(**values)).rowcount != 1:
            raise Conflict("state", "the anomaly is not open any more: look at it again")

    def _listed(self, member_id: str | None) -> Select[*tuple[Any, ...]]:
        held = (
            select(Channel.channel_id)
            .join(DeviceMember, DeviceMember.device_id == Channel.device_id)
            .join(UserCommunity, UserCommunity.member_id == DeviceMember.member_id)
            .where(
                UserCommunity.community_id == self._community_id,
                Anomaly.first_slot >= DeviceMember.valid_from,
                or_(DeviceMember.valid_to.is_(None), Anomaly.first_slot < DeviceMember.valid_to),
            )
        )
        if member_id is not None:
            held = held.where(DeviceMember.member_id == member_id)
        columns = (getattr(Anomaly, "count" if name == "times" else name) for name in ListedAnomaly._fields)
        return select(*columns).where(Anomaly.channel_id.in_(held.correlate(Anomaly)))


def _within(first: int | None, end: int | None) -> ColumnElement[bool]:
    inside = Anomaly.first_slot >= (first or 0)
    return inside if end is None else inside & (Anomaly.first_slot < end)
