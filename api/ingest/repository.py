"""What the ingest routes read: flows of a device, batches that concern a community, waiting batches."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from gettone.db.repositories.community_flows import flows_of
from gettone.db.tables import Batch, DeviceMember, Flow, FlowDevice, Reject, Source, UserCommunity

WAITING = ("received", "retry")
COUNTERS = tuple(column.key for column in Batch.__table__.columns if column.key.startswith("rows_"))


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """A batch as the routes show it; instants in unix ms."""

    batch_id: int
    flow: str
    state: str
    received_at: int
    size_bytes: int
    sha256: bytes | None
    counters: dict[str, int]
    report: str


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

    def batch(self, batch_id: int, community_ids: tuple[int, ...]) -> StoredBatch | None:
        """A batch of a flow that concerns a community, None for any other."""
        counters = [getattr(Batch, name) for name in COUNTERS]
        head = (Batch.batch_id, Flow.name, Batch.state, Batch.received_at, Batch.bytes, Batch.sha256, Batch.report)
        query = select(*head, *counters).join(Flow, Flow.flow_id == Batch.flow_id)
        row = self._connection.execute(
            query.where(Batch.batch_id == batch_id, Batch.flow_id.in_(flows_of(community_ids)))
        ).one_or_none()
        if row is None:
            return None
        counted = dict(zip(COUNTERS, row[len(head) :], strict=True))
        sha256 = None if row[5] is None else bytes(row[5])
        return StoredBatch(row[0], row[1], row[2], row[3], row[4], sha256, counted, row[6])

    def rejects(self, batch_id: int, after: int, limit: int) -> list[tuple[int, str, str | None, str]]:
        """Refused rows after a row number: (row, code, field, state)."""
        query = select(Reject.row_no, Reject.code, Reject.field, Reject.state).where(Reject.batch_id == batch_id)
        rows = self._connection.execute(query.where(Reject.row_no > after).order_by(Reject.row_no).limit(limit))
        return [(row[0], row[1], row[2], row[3]) for row in rows]
