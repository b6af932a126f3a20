"""Flows: configured streams, and the devices each may speak for."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from gettone.db.tables import Flow, FlowDevice, Supplier
from gettone.errors import Conflict, MissingInput
from gettone.metering.flow import FlowConfig


@dataclass(frozen=True, slots=True)
class FlowRow:
    """A flow with its validated configuration."""

    flow_id: int
    name: str
    config: FlowConfig


class Flows:
    """Reads and writes `flows`, `flows_devices` and `suppliers`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get_or_create(self, name: str, config: FlowConfig, *, supplier: str | None = None) -> FlowRow:
        """The flow `name`, made if it is new; Conflict when it exists with another configuration."""
        row = self._find(name)
        if row is None:
            supplier_id = None if supplier is None else self._supplier(supplier)
            values = {"name": name, "supplier_id": supplier_id, "config": config.to_json()}
            self._connection.execute(insert(Flow).values(**values))
            return self.get(name)
        if row.config != config:
            raise Conflict("flow_differs", f"flow {name!r} exists with another configuration")
        return row

    def get(self, name: str) -> FlowRow:
        """The flow `name`; MissingInput when there is none."""
        row = self._find(name)
        if row is None:
            raise MissingInput("flow_unknown", f"there is no flow {name!r} in this database: {self._known()}")
        return row

    def add_device(self, flow_id: int, device_id: int) -> None:
        """Let a flow speak for a device; repeating it changes nothing."""
        if device_id not in self.devices(flow_id):
            self._connection.execute(insert(FlowDevice).values(flow_id=flow_id, device_id=device_id))

    def add_devices(self, flow_id: int, device_ids: Iterable[int]) -> int:
        """Let a flow speak for many devices; returns for how many it did not yet."""
        new = sorted(set(device_ids) - self.devices(flow_id))
        if new:
            self._connection.execute(insert(FlowDevice), [{"flow_id": flow_id, "device_id": one} for one in new])
        return len(new)

    def devices(self, flow_id: int) -> frozenset[int]:
        """Ids of the devices a flow may speak for."""
        query = select(FlowDevice.device_id).where(FlowDevice.flow_id == flow_id)
        return frozenset(self._connection.execute(query).scalars())

    def _find(self, name: str) -> FlowRow | None:
        query = select(Flow.flow_id, Flow.name, Flow.config).where(Flow.name == name)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else FlowRow(row[0], row[1], FlowConfig.of_json(row[2], row[1]))

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
