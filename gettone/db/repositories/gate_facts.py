"""What the tables say against settling a period: batches that wait, devices nobody holds, open anomalies (§8)."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from gettone.db.columns import SLOT_S
from gettone.db.repositories.devices import HolderRow
from gettone.db.tables import (
    Anomaly,
    Batch,
    Channel,
    DeviceMember,
    FlowCommunity,
    FlowDevice,
    PendingCheck,
    Reading,
    UserCommunity,
)
from gettone.metering.codes import Code

UNPROCESSED = ("received", "parsing", "retry", "dead")
"""States of a batch that may still change the readings; a dismissed one does not count."""


class GateTables:
    """Reads what blocks the settlement of a community over the slots [from_slot, to_slot)."""

    def __init__(self, connection: Connection, community_id: int, from_slot: int, to_slot: int) -> None:
        self._connection = connection
        self._community_id = community_id
        self._from_slot, self._to_slot = from_slot, to_slot

    @cached_property
    def flow_ids(self) -> tuple[int, ...]:
        """The flows that feed the community: named so, or speaking for a device that a member ever held."""
        named = select(FlowCommunity.flow_id).where(FlowCommunity.community_id == self._community_id)
        held = (
            select(FlowDevice.flow_id)
            .join(DeviceMember, DeviceMember.device_id == FlowDevice.device_id)
            .join(UserCommunity, UserCommunity.member_id == DeviceMember.member_id)
            .where(UserCommunity.community_id == self._community_id)
        )
        return self._ids(named.union(held))

    def batches_waiting(self) -> tuple[int, ...]:
        """Batches of those flows, received since the period began, that are not processed or not judged after it."""
        query = select(Batch.batch_id).where(
            Batch.flow_id.in_(self.flow_ids),
            Batch.received_at >= self._from_slot * SLOT_S * 1000,
            or_(Batch.state.in_(UNPROCESSED), Batch.batch_id.in_(select(PendingCheck.batch_id))),
        )
        return self._ids(query)

    def devices_without_holder(self) -> tuple[int, ...]:
        """Devices of those flows with readings in the period that nobody held before its end."""
        held = select(DeviceMember.device_id).where(DeviceMember.valid_from < self._to_slot)
        query = (
            select(FlowDevice.device_id)
            .join(Channel, Channel.device_id == FlowDevice.device_id)
            .join(Reading, Reading.channel_id == Channel.channel_id)
            .where(
                FlowDevice.flow_id.in_(self.flow_ids),
                FlowDevice.device_id.not_in(held),
                Reading.slot >= self._from_slot,
                Reading.slot < self._to_slot,
            )
        )
        return self._ids(query.distinct())

    def holders(self, device_ids: Sequence[int]) -> tuple[tuple[HolderRow, int], ...]:
        """Who held these devices in the period, with the member's community."""
        query = (
            select(
                DeviceMember.device_id,
                DeviceMember.member_id,
                DeviceMember.valid_from,
                DeviceMember.valid_to,
                UserCommunity.community_id,
            )
            .join(UserCommunity, UserCommunity.member_id == DeviceMember.member_id)
            .where(
                DeviceMember.device_id.in_(device_ids),
                DeviceMember.valid_from < self._to_slot,
                or_(DeviceMember.valid_to.is_(None), DeviceMember.valid_to > self._from_slot),
            )
            .order_by(DeviceMember.device_id, DeviceMember.valid_from)
        )
        return tuple((HolderRow(*row[:4]), row[4]) for row in self._connection.execute(query))

    def open_sums(self, channel_ids: Sequence[int]) -> tuple[int, ...]:
        """Those of the channels with an open C_SUM in the period."""
        query = select(Anomaly.channel_id).where(Anomaly.channel_id.in_(channel_ids), *self._open(Code.C_SUM))
        return self._ids(query)

    def open_clocks(self, channel_ids: Sequence[int]) -> tuple[int, ...]:
        """Flows of the community with an open T_CLOCK in the period, said of the flow or of one of the channels."""
        said_of = or_(Anomaly.flow_id.in_(self.flow_ids), Anomaly.channel_id.in_(channel_ids))
        query = select(Anomaly.flow_id).where(said_of, *self._open(Code.T_CLOCK))
        return self._ids(query.distinct())

    def _open(self, code: Code) -> tuple[ColumnElement[bool], ...]:
        return (
            Anomaly.code == code.value,
            Anomaly.state == "open",
            Anomaly.first_slot < self._to_slot,
            or_(Anomaly.last_slot.is_(None), Anomaly.last_slot >= self._from_slot),
        )

    def _ids(self, query: Any) -> tuple[int, ...]:
        """The ids a query names, ascending; 0 stands for an id that is not known."""
        return tuple(sorted({found or 0 for found in self._connection.execute(query).scalars()}))
