"""Sources: how flows arrive, what arrived, who fell silent, and which devices are connected."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from gettone.db.tables import Anomaly, Batch, Community, DevicePresence, Flow, FlowConfigRow, FlowDevice, Source
from gettone.errors import Conflict, MissingInput
from gettone.metering.codes import Code
from gettone.metering.transport_rules import BY_NUMBER, MQTT

SILENT_PERIODS = 3
SLOT_MS = 900_000
SEVERITY = 2


@dataclass(frozen=True, slots=True)
class SourceRow:
    """How a flow arrives; `community` is the slug whose topics an MQTT source hears, `since` unix ms.

    send_cron: when the file of an HTTPS source is fetched.
    """

    flow_id: int
    flow: str
    transport: str
    community: str | None
    send_period_s: int | None
    since: int
    send_cron: str | None = None


@dataclass(frozen=True, slots=True)
class SourceCounters:
    """What arrived by a source: batches by state, rows refused, the last receipt [unix ms], devices connected."""

    batches: dict[str, int]
    rows_rejected: int
    last_received_at: int | None
    online: int


class Sources:
    """Reads and writes `sources` and `device_presence`, and opens A_SILENT."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, row: SourceRow) -> None:
        """State how a flow arrives; repeating it changes period and schedule only.

        Conflict for another transport, and for a second MQTT source of one community.
        """
        known = {one.flow_id: one for one in self.all()}
        same = known.get(row.flow_id)
        if same is not None and (same.transport, same.community) != (row.transport, row.community):
            raise Conflict("source_differs", f"flow {row.flow!r} arrives by {same.transport}: make another flow")
        twin = next(
            (one for one in known.values() if one.community == row.community and one.flow_id != row.flow_id), None
        )
        if row.transport == MQTT and twin is not None:
            raise Conflict("source_twice", f"the messages of {row.community} belong to flow {twin.flow!r} already")
        timed = {"send_cron": row.send_cron, "send_frequency": "cron"}
        if row.send_cron is not None:
            self._connection.execute(update(Flow).where(Flow.flow_id == row.flow_id).values(**timed))
        if same is not None:
            changed = update(Source).where(Source.flow_id == row.flow_id).values(send_period_s=row.send_period_s)
            self._connection.execute(changed)
            return
        query = select(Community.community_id).where(Community.slug == row.community)
        community_id = self._connection.execute(query).scalar_one_or_none()
        if row.community is not None and community_id is None:
            raise MissingInput("community_unknown", f"there is no community {row.community!r} in this database")
        values = {"flow_id": row.flow_id, "transport": row.transport, "community_id": community_id}
        self._connection.execute(insert(Source).values(**values, send_period_s=row.send_period_s, since=row.since))

    def remove(self, flow_id: int) -> None:
        """A flow does not arrive any more; what came stays."""
        self._connection.execute(delete(Source).where(Source.flow_id == flow_id))

    def all(self) -> tuple[SourceRow, ...]:
        """Every source, by the name of its flow."""
        query = (
            select(
                Source.flow_id,
                Flow.name,
                Source.transport,
                Community.slug,
                Source.send_period_s,
                Source.since,
                Flow.send_cron,
            )
            .join(Flow, Flow.flow_id == Source.flow_id)
            .outerjoin(Community, Community.community_id == Source.community_id)
            .order_by(Flow.name)
        )
        return tuple(SourceRow(*row) for row in self._connection.execute(query))

    def get(self, flow: str) -> SourceRow:
        """The source of a flow; MissingInput when there is none."""
        found = next((one for one in self.all() if one.flow == flow), None)
        if found is None:
            raise MissingInput("source_unknown", f"there is no source {flow!r}: add it with `gettone source add FILE`")
        return found

    def names_by_number(self, flow_id: int) -> bool:
        """Whether the batches of a flow name devices by our numbers."""
        query = select(Source.transport).where(Source.flow_id == flow_id)
        return self._connection.execute(query).scalar_one_or_none() in BY_NUMBER

    def counters(self, flow_id: int) -> SourceCounters:
        """What arrived by a source."""
        query = select(Batch.state, func.count(), func.sum(Batch.rows_rejected), func.max(Batch.received_at))
        rows = list(self._connection.execute(query.where(Batch.flow_id == flow_id).group_by(Batch.state)))
        online = (
            select(func.count())
            .select_from(DevicePresence)
            .join(FlowDevice, FlowDevice.device_id == DevicePresence.device_id)
            .where(FlowDevice.flow_id == flow_id, DevicePresence.online)
        )
        return SourceCounters(
            {row[0]: row[1] for row in rows},
            sum(int(row[2] or 0) for row in rows),
            max((row[3] for row in rows), default=None),
            self._connection.execute(online).scalar_one(),
        )

    def batches_after(self, flow_id: int, batch_id: int) -> list[dict[str, int | str | None]]:
        """Batches of a flow above a number: number, receipt [unix ms], size, digest, place in the log, state."""
        columns = (Batch.batch_id, Batch.received_at, Batch.bytes, Batch.sha256, Batch.received_leaf, Batch.state)
        query = select(*columns).where(Batch.flow_id == flow_id, Batch.batch_id > batch_id).order_by(Batch.batch_id)
        names = ("batch_id", "received_at_ms", "bytes", "sha256", "leaf_index", "state")
        rows = [(*row[:3], None if row[3] is None else bytes(row[3]).hex(), *row[4:]) for row in
                self._connection.execute(query)]  # fmt: skip
        return [dict(zip(names, row, strict=True)) for row in rows]

    def history(self, flow_id: int) -> list[tuple[int, int, str]]:
        """The configurations of a flow: (number, since [unix ms], canonical JSON)."""
        query = select(FlowConfigRow.number, FlowConfigRow.since, FlowConfigRow.config)
        rows = self._connection.execute(query.where(FlowConfigRow.flow_id == flow_id).order_by(FlowConfigRow.number))
        return [(row[0], row[1], row[2]) for row in rows]

    def set_presence(self, device_id: int, online: bool, now_ms: int) -> None:
        """A device came or went; nothing for a device that does not exist or says the same again."""
        values = {"online": online, "changed_at": now_ms}
        key = DevicePresence.device_id == device_id
        known = self._connection.execute(select(DevicePresence.online).where(key)).scalar_one_or_none()
        if known is None:
            self._connection.execute(insert(DevicePresence).values(device_id=device_id, **values))
        elif known != online:
            self._connection.execute(update(DevicePresence).where(key).values(**values))

    def mark_silent(self, now_ms: int) -> tuple[str, ...]:
        """Open A_SILENT for each source silent for three send periods, close it for who speaks again; who is silent."""
        silent = []
        for one in self.all():
            if one.send_period_s is None:
                continue
            last = max(self.counters(one.flow_id).last_received_at or 0, one.since)
            open_row = (Anomaly.flow_id == one.flow_id, Anomaly.code == Code.A_SILENT, Anomaly.state == "open")
            is_open = self._connection.execute(select(Anomaly.anomaly_id).where(*open_row)).first() is not None
            is_silent = now_ms - last > SILENT_PERIODS * one.send_period_s * 1000
            if is_silent:
                silent.append(one.flow)
            if is_silent and not is_open:
                values = {"flow_id": one.flow_id, "code": Code.A_SILENT, "severity": SEVERITY, "state": "open"}
                self._connection.execute(insert(Anomaly).values(**values, first_slot=last // SLOT_MS, count=1))
            elif is_open and not is_silent:
                closed = {"state": "closed", "last_slot": last // SLOT_MS}
                self._connection.execute(update(Anomaly).where(*open_row).values(**closed))
        return tuple(silent)
