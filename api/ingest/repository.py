"""What the ingest routes read: flows of a device, batches that concern a community, waiting batches."""

from collections.abc import Collection

from sqlalchemy import Connection, func, select

from gettone.db.repositories.community_flows import flows_of
from gettone.db.tables import Batch, DeviceMember, Flow, FlowDevice, Source, UserCommunity

WAITING = ("received", "retry")


class IngestRepository:
    """Reads flows, batches and rejects."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def request_flows(self, device_id: int) -> tuple[str, ...]:
        """Names of the flows that take requests of a device."""
        query = (
            select(Flow.name)
            .join(FlowDevice, FlowDevice.flow_id == Flow.flow_id)
            .join(Source, Source.flow_id == Flow.flow_id)
            .where(FlowDevice.device_id == device_id, Source.transport == "rest")
        )
        return tuple(self._connection.execute(query.order_by(Flow.name)).scalars())

    def waiting(self) -> int:
        """How many batches wait for a worker."""
        query = select(func.count()).select_from(Batch).where(Batch.state.in_(WAITING))
        return self._connection.execute(query).scalar_one()

    def feeds(self, flow: str, community_ids: tuple[int, ...]) -> bool:
        """Whether a flow concerns a community and has not ended."""
        mine = Flow.flow_id.in_(flows_of(community_ids))
        query = select(Flow.flow_id).where(Flow.name == flow, Flow.end_at.is_(None), mine)
        return self._connection.execute(query).first() is not None

    def is_held(self, device_id: int, community_ids: tuple[int, ...]) -> bool:
        """Whether a member of the communities holds or held a device."""
        query = (
            select(DeviceMember.device_id)
            .join(UserCommunity, UserCommunity.member_id == DeviceMember.member_id)
            .where(DeviceMember.device_id == device_id, UserCommunity.community_id.in_(community_ids))
        )
        return self._connection.execute(query).first() is not None

    def held_by(self, member_ids: tuple[str, ...], device_ids: Collection[int]) -> bool:
        """Whether one of the members holds or held one of the devices."""
        query = select(DeviceMember.device_id).where(DeviceMember.member_id.in_(member_ids))
        return not set(self._connection.execute(query).scalars()).isdisjoint(device_ids)
