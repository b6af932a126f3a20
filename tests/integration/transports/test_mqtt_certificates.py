"""Devices that come in by a certificate: the name in it is the user, and it opens no topic of another device."""

import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty

import paho.mqtt.client as paho
import pytest

from oracle.transports.answers import Answer
from oracle.transports.mqtt import MqttSource, Session
from oracle.transports.windows import Window
from tests.factories.broker import Authority, Broker, running_broker
from tests.factories.meters import COMMUNITY, Meter, MeterNetwork, body

pytestmark = pytest.mark.slow

START = "2026-03-29T00:00:00Z"


@pytest.fixture
def network(tmp_path: Path) -> MeterNetwork:
    """Devices 1 and 2 have certificates; 3 has one of the authority, and no key that counts."""
    return MeterNetwork(tmp_path, device_ids=(), certified_ids=(1, 2))


@pytest.fixture
def broker(network: MeterNetwork) -> Iterator[Broker]:
    with running_broker(network.folder, network.config, network.port) as running:
        yield running


@pytest.fixture
def stored(network: MeterNetwork, broker: Broker) -> Iterator[list[int]]:
    """A running consumer; the devices whose messages it stored."""
    found: list[int] = []

    def store(window: Window) -> list[Answer]:
        found.extend(one.message.topic.device_id for one in window.deliveries)
        return [{"state": "done"} for _ in window.deliveries]

    source = MqttSource(
        network.address(), Session("certified", COMMUNITY), store, lambda _device, _online: None, window_s=0.1
    )
    thread = threading.Thread(target=source.run)
    thread.start()
    assert source.subscribed.wait(10)
    yield found
    source.stop()
    thread.join(10)


def test_certificate__own_topic__is_stored_and_answered(network: MeterNetwork, stored: list[int]) -> None:
    meter = Meter(network, 1, identity="1")
    meter.send(body("a", START, [187]))
    assert meter.answer() == {"id": "a", "state": "done"}
    meter.close()


def test_certificate__topic_of_another_device__reaches_nobody(network: MeterNetwork, stored: list[int]) -> None:
    other, own = Meter(network, 2, identity="2"), Meter(network, 1, identity="1")
    other.send(body("posing", START, [1]), topic=f"{own.base}/readings")
    own.send(body("own", START, [2]))
    assert own.answer()["id"] == "own"
    with pytest.raises(Empty):
        other.answer(timeout_s=0.3)
    assert stored == [1]
    for one in (other, own):
        one.close()


@pytest.mark.parametrize("identity", ["2", "3"])
def test_certificate__of_another_device__cannot_speak_as_this_one(
    network: MeterNetwork, broker: Broker, identity: str
) -> None:
    # The broker hangs up at the first word on a topic that the name in the certificate does not open.
    meter, gone = Meter(network, 1, identity=identity), threading.Event()
    meter.client.on_disconnect = lambda *_more: gone.set()
    meter.client.publish(f"{meter.base}/readings", b"{}", qos=1)
    assert gone.wait(10)
    meter.close()


@pytest.mark.parametrize("stranger", [False, True])
def test_certificate__none_or_of_another_authority__is_not_let_in(
    network: MeterNetwork, broker: Broker, tmp_path: Path, stranger: bool
) -> None:
    context = network.authority.context()
    if stranger:
        context.load_cert_chain(*Authority(tmp_path / "other").issue("1"))
    client = paho.Client(paho.CallbackAPIVersion.VERSION2)
    client.tls_set_context(context)
    let_in = threading.Event()
    client.on_connect = lambda *_more: let_in.set()
    try:
        client.connect("localhost", network.certificate_port or 0)
        for _ in range(5):
            client.loop(0.1)
    except (ssl.SSLError, OSError):
        pass
    assert not let_in.is_set()
