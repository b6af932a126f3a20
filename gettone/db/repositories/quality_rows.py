"""What the tables say of the quality of readings over a period: holdings, coverage, gaps, anomalies, quarantine."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, or_, select

from gettone.db.repositories.readings import HELD_BACK
from gettone.db.tables import (
    Anomaly,
    Channel,
    CoverageDay,
    DeviceMember,
    Gap,
    ReadingVersion,
    UserCommunity,
)


class HeldChannel(NamedTuple):
    """A channel in a member's hands over [from_slot, to_slot) of the period."""

    member_id: str
    channel_id: int
    direction: int
    step_s: int
    from_slot: int
    to_slot: int


class DayRow(NamedTuple):
    """Slots of one closed local day (days since 1970-01-01) of a channel."""

    channel_id: int
    local_day: int
    expected: int
    actual: int
    estimated: int
    substituted: int
    quarantined: int


class WaitingRow(NamedTuple):
    """A value [Wh] that waits for a person."""

    channel_id: int
    slot: int
    version: int
    wh: int
    rank: int
    batch_id: int
    state: str


class OpenAnomaly(NamedTuple):
    """An open finding seen `times` times; one of channel and flow says where."""

    channel_id: int | None
    flow_id: int | None
    code: str
    first_slot: int
    last_slot: int | None
    times: int


class GapRow(NamedTuple):
    """A run of native slots without a measured value."""

    channel_id: int
    first_slot: int
    slots: int
    state: str


class QualityRows:
    """Reads the tables that tell quality, over the slots [from_slot, to_slot)."""

    def __init__(self, connection: Connection, from_slot: int, to_slot: int) -> None:
        self._connection = connection
        self._from_slot, self._to_slot = from_slot, to_slot

    def held_channels(self, community_id: int) -> tuple[HeldChannel, ...]:
        """Channels that members of a community held in the period, by member and channel, cut to the period."""
        query = (
            select(
                DeviceMember.member_id,
                Channel.channel_id,
                Channel.direction,
                Channel.step_s,
                DeviceMember.valid_from,
                DeviceMember.valid_to,
            )
            .join(Channel, Channel.device_id == DeviceMember.device_id)
            .join(UserCommunity, UserCommunity.member_id == DeviceMember.member_id)
            .where(
                UserCommunity.community_id == community_id,
                DeviceMember.valid_from < self._to_slot,
                or_(DeviceMember.valid_to.is_(None), DeviceMember.valid_to > self._from_slot),
            )
            .order_by(DeviceMember.member_id, Channel.channel_id, DeviceMember.valid_from)
        )
        rows = self._connection.execute(query)
        return tuple(
            HeldChannel(*row[:4], max(row[4], self._from_slot), min(row[5] or self._to_slot, self._to_slot))
            for row in rows
        )

    def days(self, channel_ids: Sequence[int], first_day: int, end_day: int) -> tuple[DayRow, ...]:
        """The closed days of these channels in [first_day, end_day)."""
        query = select(*(getattr(CoverageDay, name) for name in DayRow._fields)).where(
            CoverageDay.channel_id.in_(channel_ids),
            CoverageDay.local_day >= first_day,
            CoverageDay.local_day < end_day,
        )
        return tuple(DayRow(*row) for row in self._connection.execute(query))

    def gaps(self, channel_ids: Sequence[int]) -> tuple[GapRow, ...]:
        """The gaps of these channels that begin in the period."""
        query = select(*(getattr(Gap, name) for name in GapRow._fields)).where(
            Gap.channel_id.in_(channel_ids), Gap.first_slot >= self._from_slot, Gap.first_slot < self._to_slot
        )
        return tuple(GapRow(*row) for row in self._connection.execute(query))

    def anomalies(self, channel_ids: Sequence[int], flow_ids: Sequence[int]) -> tuple[OpenAnomaly, ...]:
        """Open anomalies of these channels and flows that touch the period, by code and start."""
        said_of = or_(Anomaly.channel_id.in_(channel_ids), Anomaly.flow_id.in_(flow_ids))
        query = (
            select(*(getattr(Anomaly, "count" if name == "times" else name) for name in OpenAnomaly._fields))
            .where(said_of, *self._open())
            .order_by(Anomaly.code, Anomaly.first_slot, Anomaly.channel_id)
        )
        return tuple(OpenAnomaly(*row) for row in self._connection.execute(query))

    def waiting(self, channel_ids: Sequence[int]) -> tuple[WaitingRow, ...]:
        """Values of these channels in the period that wait for a person, by channel, slot and version."""
        query = (
            select(*(getattr(ReadingVersion, name) for name in WaitingRow._fields))
            .where(
                ReadingVersion.channel_id.in_(channel_ids),
                ReadingVersion.state.in_(HELD_BACK),
                ReadingVersion.slot >= self._from_slot,
                ReadingVersion.slot < self._to_slot,
            )
            .order_by(ReadingVersion.channel_id, ReadingVersion.slot, ReadingVersion.version)
        )
        rows = self._connection.execute(query)
        return tuple(WaitingRow(*row)._replace(wh=row.wh or 0) for row in rows)

    def _open(self) -> tuple[ColumnElement[bool], ...]:
        return (
            Anomaly.state == "open",
            Anomaly.first_slot < self._to_slot,
            or_(Anomaly.last_slot.is_(None), Anomaly.last_slot >= self._from_slot),
        )
