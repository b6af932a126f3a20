"""Flows: configured streams, and the devices each may speak for."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select, update

from gettone.db.bulk import insert_rows
from gettone.db.tables import Flow, FlowConfigRow, FlowDevice, Supplier
from gettone.errors import Conflict, MissingInput
from gettone.metering.flow import FlowConfig


@dataclass(frozen=True, slots=True)
class FlowRow:
    """A flow with its validated configuration; `number` says which of its configurations that is."""

    flow_id: int
    name: str
    config: FlowConfig
    number: int = 1


class Flows:
    """Reads and writes `flows`, `flow_configs`, `flows_devices` and `suppliers`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get_or_create(self, name: str, config: FlowConfig, *, supplier: str | None = None) -> FlowRow:
        """The flow `name`, made if it is new; Conflict when it exists with another configuration."""
        row = self._find(name)
        if row is None:
            supplier_id = None if supplier is None else self._supplier(supplier)
            values = {"name": name, "supplier_id": supplier_id, "config": config.to_json()}
            self._connection.execute(insert(Flow).values(**values))
            made = self.get(name)
            self._keep(made.flow_id, 1, config, 0)
            return made
        if row.config != config:
            raise Conflict("flow_differs", f"flow {name!r} exists with another configuration")
        return row

    def get(self, name: str) -> FlowRow:
        """The flow `name`; MissingInput when there is none."""
        row = self._find(name)
        if row is None:
            raise MissingInput("flow_unknown", f"there is no flow {name!r} in this database: {self._known()}")
        return row

    def set_config(self, name: str, config: FlowConfig, *, now_ms: int) -> FlowRow:
        """Give a flow another configuration, from its next batch on; the same one again changes nothing (§3.2)."""
        row = self.get(name)
        if row.config != config:
            self._connection.execute(update(Flow).where(Flow.flow_id == row.flow_id).values(config=config.to_json()))
            self._keep(row.flow_id, row.number + 1, config, now_ms)
        return self.get(name)

    def of_batch(self, flow_id: int, number: int) -> FlowRow:
        """A flow as it was configured when a batch came in; MissingInput for a number it never had."""
        query = select(Flow.name, FlowConfigRow.config).join(FlowConfigRow, FlowConfigRow.flow_id == Flow.flow_id)
        row = self._connection.execute(
            query.where(Flow.flow_id == flow_id, FlowConfigRow.number == number)
        ).one_or_none()
        if row is None:
            raise MissingInput("flow_config_missing", f"flow {flow_id} has no configuration {number}: restore a backup")
        return FlowRow(flow_id, row[0], FlowConfig.of_json(row[1], row[0]), number)

    def sharing(self, flow_id: int) -> tuple[int, ...]:
        """The flows that may speak for a device of this one, itself among them, by id."""
        own = select(FlowDevice.device_id).where(FlowDevice.flow_id == flow_id)
        query = select(FlowDevice.flow_id).where(FlowDevice.device_id.in_(own)).distinct()
        return tuple(sorted({flow_id, *self._connection.execute(query).scalars()}))

    def add_device(self, flow_id: int, device_id: int) -> None:
        """Let a flow speak for a device; repeating it changes nothing."""
        self.add_devices(flow_id, [device_id])

    def add_devices(self, flow_id: int, device_ids: Iterable[int]) -> int:
        """Let a flow speak for many devices; returns for how many it did not yet."""
        new = sorted(set(device_ids) - self.devices(flow_id))
        insert_rows(
            self._connection, FlowDevice.__tablename__, ("flow_id", "device_id"), [(flow_id, one) for one in new]
        )
        return len(new)

    def devices(self, flow_id: int) -> frozenset[int]:
        """Ids of the devices a flow may speak for."""
        query = select(FlowDevice.device_id).where(FlowDevice.flow_id == flow_id)
        return frozenset(self._connection.execute(query).scalars())

    def registered(self) -> tuple[int, int]:
        """How many devices flows may speak for, and the last of them: another answer tells of a registration."""
        query = select(func.count(), func.coalesce(func.max(FlowDevice.device_id), 0)).select_from(FlowDevice)
        count, last = self._connection.execute(query).one()
        return int(count), int(last)

    def _find(self, name: str) -> FlowRow | None:
        last = select(func.max(FlowConfigRow.number)).where(FlowConfigRow.flow_id == Flow.flow_id).scalar_subquery()
        query = select(Flow.flow_id, Flow.name, Flow.config, last).where(Flow.name == name)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else FlowRow(row[0], row[1], FlowConfig.of_json(row[2], row[1]), row[3] or 1)

    def _keep(self, flow_id: int, number: int, config: FlowConfig, since: int) -> None:
        values = {"flow_id": flow_id, "number": number, "config": config.to_json(), "since": since}
        self._connection.execute(insert(FlowConfigRow).values(**values))

    def _supplier(self, name: str) -> int:
        query = select(Supplier.supplier_id).where(Supplier.name == name)
        found = self._connection.execute(query).scalar_one_or_none()
        if found is None:
            self._connection.execute(insert(Supplier).values(name=name))
            found = self._connection.execute(query).scalar_one()
        return found

    def _known(self) -> str:
        names = list(self._connection.execute(select(Flow.name).order_by(Flow.name)).scalars())
        return "known are " + ", ".join(names) if names else "none is registered"
