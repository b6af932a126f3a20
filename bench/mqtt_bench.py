"""Readings a second from meters' messages into PostgreSQL, with the consumer killed once (metering specification, P5).

    python bench/mqtt_bench.py [SECONDS]    prints the table and writes bench/results/mqtt.md

Messages of 96 quarters at QoS 1 over TLS through a real Mosquitto; rules V2 to V13 and the ingest log are on.  The
consumer is killed with SIGKILL in the middle and started again.  The seconds count from the first message to the last
commit; V14 to V19 follow in the worker when it is idle, at the latest every minute, and are not in this figure.
Gated: every reading is stored once, none is lost and none is stored twice.  The speed is reported.
"""

import os
import platform
import secrets
import shutil
import signal
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import paho.mqtt.client as paho  # noqa: E402 - the root must be on the path first
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion  # noqa: E402 - as above
from sqlalchemy import func, select  # noqa: E402 - as above

from gettone.access_keys import broker_hash  # noqa: E402 - as above
from gettone.db import schema  # noqa: E402 - as above
from gettone.db.engine import Database  # noqa: E402 - as above
from gettone.db.repositories.flows import Flows  # noqa: E402 - as above
from gettone.db.repositories.sources import MQTT, SourceRow, Sources  # noqa: E402 - as above
from gettone.db.tables import Batch, Reading  # noqa: E402 - as above
from gettone.metering.flow import FlowConfig  # noqa: E402 - as above
from gettone.vault import Vault  # noqa: E402 - as above
from oracle.intake import open_intake  # noqa: E402 - as above
from oracle.transports.message_store import MessageStore  # noqa: E402 - as above
from oracle.transports.mqtt import MqttSource, Session  # noqa: E402 - as above
from tests.factories.broker import running_broker  # noqa: E402 - as above
from tests.factories.metering import FLOW, register  # noqa: E402 - as above
from tests.factories.meters import COMMUNITY, MeterNetwork  # noqa: E402 - as above
from tests.factories.postgres_cluster import private_cluster  # noqa: E402 - as above

DEVICES, VALUES = 1_000, 96
GOAL = 100_000
IN_FLIGHT = 2_000
PUBLISHER = "bench"
RESULT = ROOT / "bench" / "results" / "mqtt.md"
FORK = get_context("fork")


def open_station(url: str, folder: Path, vault: Vault) -> MeterNetwork:
    """A database of meters with their flow, and a broker's files with one more user that may write for all."""
    schema.upgrade(url)
    database = Database(url)
    names = [f"meter{number}" for number in range(DEVICES)]
    config = FlowConfig(source_class=3, syntax="json", max_reject_permille=1000)
    register(database, vault, names, step_s=900, contract_w=None, config=config)
    with database.write() as connection:
        flow = Flows(connection).get(FLOW)
        Sources(connection).put(SourceRow(flow.flow_id, FLOW, MQTT, COMMUNITY, None, 0))
    database.close()
    network = MeterNetwork(folder)
    with (network.folder / "passwords").open("a") as file:
        file.write(f"{PUBLISHER}:{broker_hash(network.consumer_key)}\n")
    with (network.folder / "acl").open("a") as file:
        file.write(f"\nuser {PUBLISHER}\ntopic write gettone/v1/{COMMUNITY}/#\n")
    return network


def consume(url: str, folder: Path, vault: Vault, network: MeterNetwork) -> None:
    """A consumer until it is killed."""
    database = Database(url)
    intake = open_intake(database, vault, folder / "lake")
    store = MessageStore(database, vault, intake, FLOW, lambda: True, lambda: time.time_ns() // 1_000_000)
    MqttSource(network.address(), Session("bench", COMMUNITY), store.store, store.note_presence).run()


def publish(network: MeterNetwork, seconds: float) -> int:
    """Publish messages for a while, each a day of one meter; how many the broker took."""
    taken = 0

    def count(*_more: Any) -> None:
        nonlocal taken
        taken += 1

    client = paho.Client(CallbackAPIVersion.VERSION2, "bench-publisher", protocol=MQTTProtocolVersion.MQTTv5)
    client.username_pw_set(PUBLISHER, network.consumer_key)
    client.tls_set_context(network.authority.context())
    client.max_inflight_messages_set(0)
    client.on_publish = count
    client.connect("localhost", network.port)
    client.loop_start()
    last_day = int(time.time()) // 86_400 - 2
    numbers = [[(7 * at + 13 * device) % 200 for at in range(VALUES)] for device in range(50)]
    bodies = [",".join(map(str, values)) for values in numbers]
    sent, end_s = 0, time.monotonic() + seconds
    while time.monotonic() < end_s:
        if sent - taken >= IN_FLIGHT:
            time.sleep(0.002)
            continue
        device, day = sent % DEVICES + 1, last_day - sent // DEVICES
        start = time.strftime("%Y-%m-%dT00:00:00Z", time.gmtime(day * 86_400))
        text = (
            f'{{"v":1,"id":"{sent}","dir":0,"kind":"interval","unit":"Wh","from":"{start}","step":900,'
            f'"values":[{bodies[sent % 50]}]}}'
        )
        client.publish(f"gettone/v1/{COMMUNITY}/{device}/readings", text, qos=1)
        sent += 1
    while taken < sent:
        time.sleep(0.01)
    client.disconnect()
    client.loop_stop()
    return sent


def stored(url: str) -> tuple[int, int, int]:
    """Readings in the table, rows that batches counted as new, and rows that came again."""
    database = Database(url)
    with database.read() as connection:
        readings = connection.execute(select(func.count()).select_from(Reading)).scalar_one()
        new, equal = connection.execute(select(func.sum(Batch.rows_new), func.sum(Batch.rows_equal))).one()
    database.close()
    return int(readings), int(new or 0), int(equal or 0)


def run(seconds: float, url: str, folder: Path) -> tuple[int, float, tuple[int, int, int]]:
    """Publish and consume with one kill in the middle: messages, seconds to the last commit, what is stored."""
    vault = Vault(secrets.token_bytes(32))
    network = open_station(url, folder, vault)
    with running_broker(network.folder, network.config, network.port):
        arguments = (url, folder, vault, network)
        consumer = FORK.Process(target=consume, args=arguments)
        consumer.start()
        time.sleep(3)
        queue: Any = FORK.SimpleQueue()
        publisher = FORK.Process(target=lambda: queue.put(publish(network, seconds)))
        begun_s = time.monotonic()
        publisher.start()
        time.sleep(seconds / 2)
        os.kill(consumer.pid or 0, signal.SIGKILL)
        consumer.join()
        consumer = FORK.Process(target=consume, args=arguments)
        consumer.start()
        sent = queue.get()
        found, ended_s = stored(url), time.monotonic()
        deadline_s = ended_s + 20 * seconds
        while found[0] < sent * VALUES and time.monotonic() < deadline_s:
            time.sleep(0.5)
            found, ended_s = stored(url), time.monotonic()
        consumer.kill()
        consumer.join()
        publisher.join()
    return sent, ended_s - begun_s, found


def main() -> None:
    """Measure, print, write the page, and fail when a reading is lost or stored twice."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    folder = Path(tempfile.mkdtemp(prefix="gettone-mqtt-"))
    folder.chmod(0o755)
    try:
        with private_cluster(folder) as server:
            sent, took_s, (readings, new, equal) = run(seconds, server, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    whole = readings == new == sent * VALUES
    speed = readings / took_s
    met = {True: "yes", False: "no"}
    rows = [
        ("messages published in the time, of 96 readings", f"{sent:,} in {seconds:.0f} s", "-", "-"),
        (
            "readings a second, first message to last commit",
            f"{speed:,.0f}",
            f">= {GOAL:,}",
            "yes" if speed >= GOAL else "no",
        ),
        ("readings stored, of those published", f"{readings:,} of {sent * VALUES:,}", "all", met[whole]),
        ("readings stored twice", f"{new - readings:,}", "0", met[new == readings]),
        ("load of the machine, processes that ran or waited", f"{os.getloadavg()[0]:.1f}", "-", "-"),
        ("readings that came again after the kill, equal", f"{equal:,}", "-", "-"),
    ]
    page = "# Meters' messages\n\n"
    page += f"Measured by `bench/mqtt_bench.py`: Python {platform.python_version()}, {platform.machine()}, "
    page += f"{os.cpu_count()} cores shared with\n"
    page += "publisher, broker and PostgreSQL, with other work on the machine (load in the last row); TLS, QoS 1, one\n"
    page += (
        "restart by SIGKILL.  Rules V2 to V13; V14 to V19 run after the acknowledgement and are not in the figure.\n\n"
    )
    page += "| what | measured | goal | met |\n|---|---|---|---|\n"
    page += "".join(f"| {' | '.join(row)} |\n" for row in rows)
    print(page)
    RESULT.write_text(page, encoding="utf-8")
    assert whole, f"{sent * VALUES} readings were published, {readings} are stored, {new} were counted as new"


if __name__ == "__main__":
    main()
