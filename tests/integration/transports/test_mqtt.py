"""Meters on a real broker over TLS: nothing lost, nothing acknowledged before it is stored, nobody poses as another."""

import json
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import MQTTProtocolVersion

from gettone.errors import Refused, Unreachable
from oracle.transports.answers import Answer
from oracle.transports.mqtt import MqttSource, Session
from oracle.transports.windows import Window
from tests.factories.broker import Broker, running_broker
from tests.factories.meters import COMMUNITY, Meter, MeterNetwork, body

pytestmark = pytest.mark.slow

SESSION = Session("gettone-meters", COMMUNITY)
START = "2026-03-29T00:00:00Z"


class Store:
    """A database of lines that can be away; answers how many values were new."""

    def __init__(self) -> None:
        self.windows: list[list[str]] = []
        self.present: dict[int, bool] = {}
        self.away = False

    def take(self, window: Window) -> list[Answer]:
        if self.away:
            raise Unreachable("database_unreachable", "away")
        known = self.lines
        self.windows.append(window.payload.decode().splitlines())
        return [
            {"state": "rejected", "codes": {one.message.refused: 1}}
            if one.message.refused
            else {"state": "done", "new": 0 if one.message.line.decode() in known else one.message.rows}
            for one in window.deliveries
        ]

    def presence(self, device_id: int, online: bool) -> None:
        self.present[device_id] = online

    @property
    def lines(self) -> list[str]:
        return [line for window in self.windows for line in window]


class Consumer:
    """A running source with its store."""

    def __init__(self, network: MeterNetwork, store: Store) -> None:
        self.source = MqttSource(network.address(), SESSION, store.take, store.presence, window_s=0.1)
        self._thread = threading.Thread(target=self.source.run)
        self._thread.start()
        assert self.source.subscribed.wait(10)

    def stop(self) -> None:
        self.source.stop()
        self._thread.join(10)
        assert not self._thread.is_alive()


@pytest.fixture
def network(tmp_path: Path) -> MeterNetwork:
    return MeterNetwork(tmp_path)


@pytest.fixture
def broker(network: MeterNetwork) -> Iterator[Broker]:
    with running_broker(network.folder, network.config, network.port) as running:
        yield running


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def consumer(network: MeterNetwork, broker: Broker, store: Store) -> Iterator[Consumer]:
    running = Consumer(network, store)
    yield running
    running.stop()


@pytest.fixture
def meter(network: MeterNetwork, broker: Broker) -> Iterator[Meter]:
    running = Meter(network, 1)
    yield running
    running.close()


def eventually(fact: Callable[[], bool], within_s: float = 10) -> None:
    deadline = time.monotonic() + within_s
    while not fact():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_mqtt__message__is_stored_and_answered(consumer: Consumer, meter: Meter, store: Store) -> None:
    meter.send(body("01JQ8", START, [187, 192, None, 204]))
    assert meter.answer() == {"id": "01JQ8", "state": "done", "new": 4}
    assert json.loads(store.lines[0])["device"] == 1
    assert consumer.source.inbox.held == (0, 0)


def test_mqtt__device_of_the_older_protocol__is_answered_too(
    network: MeterNetwork, consumer: Consumer, store: Store
) -> None:
    meter = Meter(network, 2, protocol=MQTTProtocolVersion.MQTTv311)
    meter.send(body("a", START, [1]))
    assert meter.answer()["state"] == "done"
    meter.close()


def test_mqtt__second_value_for_a_slot__is_another_batch(consumer: Consumer, meter: Meter, store: Store) -> None:
    meter.send(body("a", START, [1, 2]))
    meter.send(body("b", START, [1, 3]))
    assert {meter.answer()["id"], meter.answer()["id"]} == {"a", "b"}
    assert [len(window) for window in store.windows] == [1, 1]


def test_mqtt__oversize_and_garbage__are_answered_and_the_next_goes_on(
    consumer: Consumer, meter: Meter, store: Store
) -> None:
    meter.send(b" " * 66_000)
    meter.send(b"hello")
    meter.send(body("good", START, [1]))
    answers = [meter.answer() for _ in range(3)]
    assert [one.get("codes") for one in answers] == [{"F_SIZE": 1}, {"F_SCHEMA": 1}, None]
    assert len(store.lines) == 3


def test_mqtt__payload_about_another_device__is_refused(consumer: Consumer, meter: Meter) -> None:
    meter.send(body("a", START, [1]) | {"device": 2})
    assert meter.answer() == {"id": "a", "state": "rejected", "codes": {"F_SCHEMA": 1}}


def test_mqtt__topic_of_another_device__reaches_nobody(consumer: Consumer, meter: Meter, store: Store) -> None:
    meter.send(body("foreign", START, [1]), topic=f"gettone/v1/{COMMUNITY}/2/readings")
    # The broker may end the connection of who tries; the meter comes back by itself.
    eventually(meter.client.is_connected)
    meter.send(body("own", START, [1]))
    assert meter.answer()["id"] == "own"
    assert [json.loads(line)["id"] for line in store.lines] == ["own"]


def test_mqtt__last_will__says_that_a_device_is_gone(consumer: Consumer, meter: Meter, store: Store) -> None:
    eventually(lambda: store.present == {1: True})
    meter.client.socket().shutdown(2)  # type: ignore[union-attr]  # connected
    eventually(lambda: False in store.present.values())


def test_mqtt__store_away__acknowledges_nothing_and_then_everything_once(
    consumer: Consumer, meter: Meter, store: Store
) -> None:
    store.away = True
    meter.send(body("a", START, [1, 2]))
    time.sleep(0.5)
    assert meter.answers.empty()
    store.away = False
    assert meter.answer() == {"id": "a", "state": "done", "new": 2}
    assert len(store.lines) == 1


def test_mqtt__consumer_stopped_meanwhile__finds_all_messages_later(
    network: MeterNetwork, broker: Broker, meter: Meter, store: Store
) -> None:
    Consumer(network, store).stop()
    for number in range(30):
        meter.send(body(str(number), f"2026-03-{number + 1:02}T00:00:00Z", [number]))
    later = Consumer(network, store)
    found = [meter.answer()["id"] for _ in range(30)]
    later.stop()
    assert sorted(found, key=int) == [str(number) for number in range(30)]
    assert len(store.lines) == 30


def test_mqtt__consumer_stopped_before_storing__gets_the_message_again(
    network: MeterNetwork, broker: Broker, meter: Meter, store: Store
) -> None:
    first = Consumer(network, store)
    store.away = True
    meter.send(body("a", START, [1]))
    eventually(lambda: first.source.inbox.held[1] == 1)
    first.stop()
    store.away = False
    second = Consumer(network, store)
    assert meter.answer()["new"] == 1
    second.stop()
    assert len(store.lines) == 1


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_mqtt__broker_gone_and_back__goes_on(
    network: MeterNetwork, broker: Broker, consumer: Consumer, meter: Meter, store: Store, how: signal.Signals
) -> None:
    meter.send(body("before", START, [1]))
    assert meter.answer()["id"] == "before"
    broker.stop(how)
    eventually(lambda: not consumer.source.subscribed.is_set())
    broker.start()
    assert consumer.source.subscribed.wait(15)
    eventually(meter.client.is_connected)
    meter.send(body("after", "2026-03-30T00:00:00Z", [1]))
    # A broker that was killed may give an answer again, as QoS 1 allows.
    eventually(lambda: meter.answer()["id"] == "after")
    assert len(store.lines) == 2


def test_mqtt__wrong_password__is_refused_and_said(network: MeterNetwork, broker: Broker, store: Store) -> None:
    source = MqttSource(network.address("wrong"), SESSION, store.take, store.presence)
    with pytest.raises(Refused, match="Not authorized"):
        source.run()


def test_mqtt__no_broker__is_said(network: MeterNetwork, store: Store) -> None:
    source = MqttSource(network.address(), SESSION, store.take, store.presence)
    with pytest.raises(Unreachable, match="does not answer"):
        source.run()


def test_mqtt__device_with_a_wrong_key__is_not_let_in(network: MeterNetwork, broker: Broker) -> None:
    network.keys[1] = network.keys[2]
    meter = Meter(network, 1)
    time.sleep(0.3)
    assert not meter.client.is_connected()
    meter.close()


def test_mqtt__key_revoked__disconnects_the_device(network: MeterNetwork, broker: Broker, meter: Meter) -> None:
    eventually(meter.client.is_connected)
    passwords = network.folder / "passwords"
    kept = [line for line in passwords.read_text().splitlines() if not line.startswith("1.1:")]
    passwords.write_text("\n".join(kept) + "\n")
    gone = threading.Event()
    meter.client.on_disconnect = lambda *_more: gone.set()
    broker.reload()
    assert gone.wait(10)


def test_mqtt__without_tls__is_not_answered(network: MeterNetwork, broker: Broker) -> None:
    client = paho.Client(paho.CallbackAPIVersion.VERSION2)
    client.username_pw_set("1.1", network.keys[1])
    client.connect("localhost", network.port)
    assert client.loop(2) in (paho.MQTT_ERR_SUCCESS, paho.MQTT_ERR_CONN_LOST)
    time.sleep(0.2)
    client.loop(1)
    assert not client.is_connected()
