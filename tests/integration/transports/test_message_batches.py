"""Messages through the real intake: readings once, whoever is killed where."""

import os
import secrets
import signal
import threading
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from gettone.db.engine import Database
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.sources import SourceRow, Sources
from gettone.db.tables import DevicePresence
from gettone.metering.flow import FlowConfig
from gettone.metering.transport_rules import MQTT
from gettone.vault import Vault
from oracle.intake import Intake, open_intake
from oracle.transports.message_store import MessageStore
from oracle.transports.mqtt import MqttSource, Session
from oracle.transports.windows import Window
from tests.factories.broker import running_broker
from tests.factories.metering import FLOW, RECEIPT_MS, START_SLOT, contents, register
from tests.factories.meters import COMMUNITY, Meter, MeterNetwork, body

pytestmark = [pytest.mark.database, pytest.mark.slow]

START = "2016-09-01T00:00:00Z"
CONFIG = FlowConfig(source_class=3, syntax="json", max_reject_permille=1000)


class Station:
    """A community of two meters with its intake and broker files."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.vault = Vault(secrets.token_bytes(32))
        self.database = Database(url)
        register(self.database, self.vault, step_s=900, config=CONFIG)
        with self.database.write() as connection:
            flow = Flows(connection).get(FLOW)
            Sources(connection).put(SourceRow(flow.flow_id, FLOW, MQTT, COMMUNITY, 900, RECEIPT_MS))
        self.intake = open_intake(self.database, self.vault, folder / "lake")
        self.network = MeterNetwork(folder)

    def source(self, database: Database, intake: Intake, has_room: Callable[[], bool] = lambda: True) -> MqttSource:
        store = MessageStore(database, self.vault, intake, FLOW, has_room, lambda: RECEIPT_MS)
        session = Session("gettone-meters", COMMUNITY)
        return MqttSource(self.network.address(), session, store.store, store.note_presence, window_s=0.2)

    def readings(self) -> list[tuple[Any, ...]]:
        return [row[:3] for row in contents(self.database, "readings")["readings"]]


@pytest.fixture
def station(database_url: str, tmp_path: Path) -> Iterator[Station]:
    made = Station(database_url, tmp_path)
    with running_broker(made.network.folder, made.network.config, made.network.port):
        yield made
    made.database.close()


def started(source: MqttSource) -> threading.Thread:
    thread = threading.Thread(target=source.run)
    thread.start()
    assert source.subscribed.wait(10)
    return thread


def consume_until_killed(station: Station, stored: int) -> None:
    """A consumer in a process of its own that ends the hard way between commit and acknowledgement."""
    database = Database(station.url)
    source = station.source(database, open_intake(database, station.vault, station.folder / "lake"))
    plain = source._store
    count = 0

    def deadly(window: Window) -> Any:
        nonlocal count
        answers = plain(window)
        count += len(window.deliveries)
        if count >= stored:
            os.kill(os.getpid(), signal.SIGKILL)
        return answers

    source._store = deadly
    source.run()


def test_messages__new_equal_missing_rejected__are_stored_and_answered(station: Station) -> None:
    source = station.source(station.database, station.intake)
    thread = started(source)
    meter = Meter(station.network, 1)
    meter.send(body("01JQ8", START, [187, 192, None, 204], direction=0) | {"est": [3]})
    assert meter.answer() == {
        "id": "01JQ8", "state": "done", "new": 3, "equal": 0, "rejected": 0, "missing": 1, "codes": {"M_DECLARED": 1},
    }  # fmt: skip
    meter.send(body("again", START, [187, 192, "x", 204, 5], direction=0) | {"est": [3]})
    assert meter.answer() == {
        "id": "again", "state": "done", "new": 1, "equal": 3, "rejected": 1, "missing": 0, "codes": {"R_SYNTAX": 1},
    }  # fmt: skip
    meter.send(b"hello")
    assert meter.answer()["codes"] == {"F_SCHEMA": 1}
    meter.close()
    source.stop()
    thread.join(10)
    expected = [(0, 187), (1, 192), (3, 204), (4, 5)]
    assert [row for row in station.readings() if row[2] is not None and row[1] != START_SLOT + 2] == sorted(
        ((1, START_SLOT + at, wh) for at, wh in expected), key=repr
    )
    with station.database.read() as connection:
        assert [tuple(row) for row in connection.execute(select(DevicePresence.device_id))] == [(1,)]


def test_messages__consumer_killed_between_commit_and_acknowledgement__loses_and_doubles_nothing(
    station: Station,
) -> None:
    first = station.source(station.database, station.intake)
    thread = started(first)
    first.stop()
    thread.join(10)
    meters = [Meter(station.network, device_id) for device_id in (1, 2)]
    for number in range(10):
        for meter in meters:
            meter.send(body(str(number), f"2016-09-{number + 1:02}T00:00:00Z", list(range(1, 97)), direction=0))
    station.database.close()
    process = get_context("fork").Process(target=consume_until_killed, args=(station, 5))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert station.readings()
    assert all(meter.answers.empty() for meter in meters)
    second = station.source(station.database, station.intake)
    thread = started(second)
    answers = [meter.answer() for meter in meters for _ in range(10)]
    second.stop()
    thread.join(10)
    assert {one["state"] for one in answers} <= {"done", "duplicate"}
    assert len(station.readings()) == len({row[:2] for row in station.readings()}) == 2 * 10 * 96
    assert contents(station.database, "reading_versions")["reading_versions"] == []
    for meter in meters:
        meter.close()


def test_messages__disk_nearly_full__are_neither_taken_nor_acknowledged(station: Station) -> None:
    room = threading.Event()
    source = station.source(station.database, station.intake, room.is_set)
    thread = started(source)
    meter = Meter(station.network, 1)
    meter.send(body("a", START, [1], direction=0))
    assert meter.answers.empty()
    assert contents(station.database, "batches")["batches"] == []
    room.set()
    assert meter.answer()["new"] == 1
    meter.close()
    source.stop()
    thread.join(10)
