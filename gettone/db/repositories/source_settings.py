"""Suppliers and flows of one community, as the people who look after its sources see and change them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select, update

from gettone.db.repositories.community_flows import flows_of
from gettone.db.tables import Community, Flow, FlowCommunity, FlowConfigRow, Source, Supplier, SupplierCommunity

FACTS = (
    *("description", "note", "channel", "format_ref", "rights", "on_error", "gdpr_class"),
    *("send_frequency", "send_derogation", "measure_frequency", "measure_derogation", "measurement_type"),
)
"""What is told about a flow beside its configuration (Table 14)."""


class SupplierRow(NamedTuple):
    """Who sends readings."""

    supplier_id: int
    name: str
    description: str | None
    note: str | None
    url: str | None


class ConfigRow(NamedTuple):
    """A configuration of a flow as canonical JSON; `since` in unix ms."""

    number: int
    since: int
    config: str


@dataclass(frozen=True, slots=True)
class FlowSettings:
    """A flow with all its configurations, the last one in force; `ended_at` in unix ms for one that ended."""

    flow_id: int
    name: str
    supplier: str | None
    transport: str | None
    send_period_s: int | None
    ended_at: int | None
    facts: Mapping[str, str | None]
    history: tuple[ConfigRow, ...]


class SourceSettings:
    """Reads and writes `suppliers`, `flows` and what ties them to one community."""

    def __init__(self, connection: Connection, community_id: int) -> None:
        self._connection, self._community_id = connection, community_id

    def suppliers(self, after: int | None, limit: int) -> list[SupplierRow]:
        """Suppliers that serve the community, by number behind `after`."""
        query = select(*_SUPPLIER).where(self._served(), Supplier.supplier_id > (after or 0))
        return [
            SupplierRow(*row) for row in self._connection.execute(query.order_by(Supplier.supplier_id).limit(limit))
        ]

    def supplier(self, supplier_id: int) -> SupplierRow | None:
        """A supplier that serves the community; None for any other."""
        query = select(*_SUPPLIER).where(self._served(), Supplier.supplier_id == supplier_id)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else SupplierRow(*row)

    def supplier_named(self, name: str) -> SupplierRow | None:
        """A supplier of any community by its name."""
        row = self._connection.execute(select(*_SUPPLIER).where(Supplier.name == name)).one_or_none()
        return None if row is None else SupplierRow(*row)

    def add_supplier(self, values: Mapping[str, Any]) -> int:
        """A new supplier that serves the community; its number."""
        result = self._connection.execute(insert(Supplier).values(**values))
        number = int(result.inserted_primary_key[0])  # type: ignore[index]  # just inserted
        self.serve(number)
        return number

    def serve(self, supplier_id: int) -> None:
        """Let a supplier serve the community; again it changes nothing."""
        mine = SupplierCommunity.community_id == self._community_id, SupplierCommunity.supplier_id == supplier_id
        if self._connection.execute(select(SupplierCommunity.supplier_id).where(*mine)).first() is None:
            values = {"community_id": self._community_id, "supplier_id": supplier_id}
            self._connection.execute(insert(SupplierCommunity).values(**values))

    def change_supplier(self, supplier_id: int, values: Mapping[str, Any]) -> None:
        """Give a supplier other facts."""
        if values:
            self._connection.execute(update(Supplier).where(Supplier.supplier_id == supplier_id).values(**values))

    def is_supplier_shared(self, supplier_id: int) -> bool:
        """Whether a supplier serves or feeds another community, too."""
        others = select(SupplierCommunity.community_id).where(
            SupplierCommunity.supplier_id == supplier_id, SupplierCommunity.community_id != self._community_id
        )
        if self._connection.execute(others).first() is not None:
            return True
        sent = select(Flow.flow_id).where(Flow.supplier_id == supplier_id)
        mine = sent.where(Flow.flow_id.in_(flows_of((self._community_id,))))
        foreign = set(self._connection.execute(sent).scalars()) - set(self._connection.execute(mine).scalars())
        return bool(foreign)

    def flows_from(self, supplier_id: int) -> tuple[str, ...]:
        """Flows of the community that a supplier sends and that have not ended, by name."""
        query = select(Flow.name).where(
            Flow.supplier_id == supplier_id, Flow.end_at.is_(None), Flow.flow_id.in_(flows_of((self._community_id,)))
        )
        return tuple(self._connection.execute(query.order_by(Flow.name)).scalars())

    def drop_supplier(self, supplier_id: int) -> None:
        """A supplier serves the community no more; its name stays with what it sent."""
        mine = SupplierCommunity.community_id == self._community_id, SupplierCommunity.supplier_id == supplier_id
        self._connection.execute(delete(SupplierCommunity).where(*mine))

    def flows(self, after: int | None, limit: int) -> list[FlowSettings]:
        """Flows that concern the community, by number behind `after`."""
        return self._flows(Flow.flow_id > (after or 0), limit)

    def flow(self, flow_id: int) -> FlowSettings | None:
        """A flow that concerns the community; None for any other."""
        found = self._flows(Flow.flow_id == flow_id, 1)
        return found[0] if found else None

    def is_name_taken(self, name: str) -> bool:
        """Whether any community has a flow of this name."""
        return self._connection.execute(select(Flow.flow_id).where(Flow.name == name)).first() is not None

    def feed(self, flow_id: int) -> None:
        """State that a flow feeds the community."""
        values = {"community_id": self._community_id, "flow_id": flow_id}
        self._connection.execute(insert(FlowCommunity).values(**values))

    def is_flow_shared(self, flow_id: int) -> bool:
        """Whether a flow concerns another community, too."""
        others = select(Community.community_id).where(Community.community_id != self._community_id)
        query = flows_of(tuple(self._connection.execute(others).scalars())).where(Flow.flow_id == flow_id)
        return self._connection.execute(query).first() is not None

    def change_flow(self, flow_id: int, values: Mapping[str, Any]) -> None:
        """Give a flow other facts."""
        if values:
            self._connection.execute(update(Flow).where(Flow.flow_id == flow_id).values(**values))

    def _served(self) -> ColumnElement[bool]:
        served = select(SupplierCommunity.supplier_id).where(SupplierCommunity.community_id == self._community_id)
        sends = select(Flow.supplier_id).where(Flow.flow_id.in_(flows_of((self._community_id,))))
        return or_(Supplier.supplier_id.in_(served), Supplier.supplier_id.in_(sends))

    def _flows(self, chosen: ColumnElement[bool], limit: int) -> list[FlowSettings]:
        query = (
            select(
                Flow.flow_id,
                Flow.name,
                Supplier.name,
                Source.transport,
                Source.send_period_s,
                Flow.end_at,
                *(getattr(Flow, name) for name in FACTS),
            )
            .outerjoin(Supplier, Supplier.supplier_id == Flow.supplier_id)
            .outerjoin(Source, Source.flow_id == Flow.flow_id)
            .where(Flow.flow_id.in_(flows_of((self._community_id,))), chosen)
        )
        rows = self._connection.execute(query.order_by(Flow.flow_id).limit(limit)).all()
        history = self._history([row[0] for row in rows])
        return [
            FlowSettings(
                row[0],
                row[1],
                row[2],
                row[3],
                row[4],
                row[5],
                dict(zip(FACTS, row[6:], strict=True)),
                tuple(history.get(row[0], ())),
            )
            for row in rows
        ]

    def _history(self, ids: list[int]) -> dict[int, list[ConfigRow]]:
        query = select(FlowConfigRow.flow_id, FlowConfigRow.number, FlowConfigRow.since, FlowConfigRow.config)
        chosen = query.where(FlowConfigRow.flow_id.in_(ids)).order_by(FlowConfigRow.flow_id, FlowConfigRow.number)
        found: dict[int, list[ConfigRow]] = {}
        for row in self._connection.execute(chosen):
            found.setdefault(row[0], []).append(ConfigRow(*row[1:]))
        return found


_SUPPLIER = (Supplier.supplier_id, Supplier.name, Supplier.description, Supplier.note, Supplier.url)
