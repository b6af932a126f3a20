"""Bases of registers in the database: by flow, come and gone, and the chain over several batches."""

import numpy as np
import pytest
from sqlalchemy import insert

from gettone.db.engine import Database
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.register_bases import StoredBases
from gettone.db.tables import Batch
from gettone.metering.flow import FlowConfig
from gettone.metering.received import Unit
from gettone.metering.registers.resolution import resolve_registers
from gettone.metering.registry import RegisteredChannel
from gettone.metering.values import RegisterBases
from gettone.types import Direction
from gettone.vault import Vault
from tests.factories.metering import FLOW, register
from tests.factories.received import RECEIPT_S, START_S, Row, metered, registers_of, wh_of

pytestmark = pytest.mark.database

CONFIG = FlowConfig(kind="register", unit="kWh")


def prepare(database: Database, vault: Vault) -> tuple[int, tuple[int, ...]]:
    """A community and a batch; the flow and its channels."""
    made = register(database, vault, step_s=900, config=CONFIG)
    with database.write() as connection:
        flow_id = Flows(connection).get(FLOW).flow_id
        zeros = {column.name: 0 for column in Batch.__table__.columns if column.name.startswith("rows_")}
        row = {"batch_id": 1, "flow_id": flow_id, "bytes": 0, "received_at": 0, "state": "done", "report": "{}"}
        connection.execute(insert(Batch).values(**row, **zeros))
    return flow_id, made.channel_ids


def bases(channel_ids: list[int], minutes: list[int], joined: list[bool]) -> RegisterBases:
    return RegisterBases(
        np.array(channel_ids, np.int32),
        np.array(minutes, np.int64) * 60 + START_S,
        np.array(minutes, np.int64) * 10**12,
        np.full(len(minutes), 1, np.int8),
        np.array(joined, np.bool_),
    )


def listed(found: RegisterBases) -> list[list[int]]:
    return [getattr(found, name).tolist() for name in RegisterBases.__slots__]


def test_change__bases__are_read_back_by_channel_and_instant(database: Database, vault: Vault) -> None:
    flow_id, (first, second) = prepare(database, vault)
    added = bases([second, first, first], [5, 30, 0], [False, True, False])
    with database.write() as connection:
        StoredBases(connection, flow_id).change(1, RegisterBases.empty(), added)
    with database.read() as connection:
        stored = StoredBases(connection, flow_id)
        assert listed(stored.known([first, second])) == listed(
            bases([first, first, second], [0, 30, 5], [False, True, False])
        )
        assert stored.known([second]).at_s.tolist() == [START_S + 300]
        assert len(stored.known([])) == len(StoredBases(connection, flow_id + 1).known([first])) == 0


def test_change__spent_base__goes_before_its_new_self_comes(database: Database, vault: Vault) -> None:
    flow_id, (first, _) = prepare(database, vault)
    with database.write() as connection:
        stored = StoredBases(connection, flow_id)
        stored.change(1, RegisterBases.empty(), bases([first, first], [0, 15], [False, False]))
        stored.change(1, bases([first], [15], [False]), bases([first], [15], [True]))
        assert stored.known([first]).joined.tolist() == [False, True]


def test_change__batch_after_batch__counts_on_from_what_is_stored(database: Database, vault: Vault) -> None:
    flow_id, (first, _) = prepare(database, vault)
    registry = {"home01": metered(RegisteredChannel(first, Direction.EXCHANGE, 900))}
    energies = []
    for at in range(4):
        row = Row(str(100 + at * at), at_s=900 * at, device="home01", unit=Unit.KWH)
        with database.write() as connection:
            stored = StoredBases(connection, flow_id)
            result = resolve_registers(registers_of([row]), registry, CONFIG, RECEIPT_S, stored.known([first]))
            stored.change(1, result.spent_bases, result.bases)
            energies += wh_of(result)
    assert energies == [1_000, 3_000, 5_000]
    with database.read() as connection:
        assert StoredBases(connection, flow_id).known([first]).at_s.tolist() == [START_S, START_S + 2700]
