"""A meter on MQTT: publishes its readings and collects the answers, as firmware would."""

import json
from pathlib import Path
from queue import Queue
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from gettone.access_keys import DEVICE_PREFIX, broker_hash, new_key
from oracle.transports.broker_files import CONSUMER, DeviceUser, Listener, write_broker_files
from oracle.transports.mqtt import BrokerAddress
from tests.factories.broker import Authority, free_port

COMMUNITY = "fontana"


class MeterNetwork:
    """The broker's files for a consumer and some devices, with the secrets of all of them."""

    def __init__(self, folder: Path, device_ids: tuple[int, ...] = (1, 2), certified_ids: tuple[int, ...] = ()) -> None:
        self.authority = Authority(folder / "tls")
        self.port = free_port()
        self.certificate_port = free_port() if certified_ids else None
        self.folder = folder / "broker"
        self.consumer_key = new_key(DEVICE_PREFIX)
        self.keys = {device_id: new_key(DEVICE_PREFIX) for device_id in device_ids}
        users = [DeviceUser(one, 1, COMMUNITY, broker_hash(key)) for one, key in self.keys.items()]
        users += [DeviceUser(one, 2, COMMUNITY, None) for one in certified_ids]
        listener = Listener(
            self.port,
            "127.0.0.1",
            self.authority.ca_file,
            self.authority.cert_file,
            self.authority.key_file,
            self.folder,
            self.folder / "store",
            self.certificate_port,
        )
        write_broker_files(listener, users, broker_hash(self.consumer_key))
        self.config = self.folder / "gettone.conf"
        # As root the broker would change to a user that cannot read a temporary folder.
        self.config.write_text(self.config.read_text() + "user root\n")

    def address(self, password: str | None = None) -> BrokerAddress:
        """The consumer's way in."""
        return BrokerAddress("localhost", self.port, CONSUMER, password or self.consumer_key, self.authority.context())


class Meter:
    """A device with its key, or with a certificate in the name of `identity`; `answers` collects what it hears."""

    def __init__(
        self,
        network: MeterNetwork,
        device_id: int,
        *,
        protocol: int = MQTTProtocolVersion.MQTTv5,
        identity: str | None = None,
    ) -> None:
        self.device_id = device_id
        self.base = f"gettone/v1/{COMMUNITY}/{device_id}"
        self.answers: Queue[dict[str, Any]] = Queue()
        name = f"meter-{device_id}" if identity is None else f"meter-{device_id}-of-{identity}"
        client = paho.Client(CallbackAPIVersion.VERSION2, name, protocol=protocol)
        if identity is None:
            client.username_pw_set(f"{device_id}.1", network.keys[device_id])
        client.tls_set_context(network.authority.context(identity))
        client.will_set(f"{self.base}/status", b"offline", qos=1, retain=True)
        client.reconnect_delay_set(1, 1)
        client.on_connect = self._on_connect
        client.on_message = lambda _client, _data, packet: self.answers.put(json.loads(packet.payload))
        client.connect("localhost", network.port if identity is None else network.certificate_port or 0)
        client.loop_start()
        self.client = client

    def _on_connect(self, client: paho.Client, *_more: Any) -> None:
        client.subscribe(f"{self.base}/ack", 1)
        client.publish(f"{self.base}/status", b"online", qos=1, retain=True)

    def send(self, body: dict[str, Any] | bytes, topic: str | None = None) -> None:
        """Publish a body and wait until the broker has it."""
        payload = body if isinstance(body, bytes) else json.dumps(body, separators=(",", ":")).encode()
        self.client.publish(topic or f"{self.base}/readings", payload, qos=1).wait_for_publish(10)

    def answer(self, timeout_s: float = 15) -> dict[str, Any]:
        """The next answer."""
        return self.answers.get(timeout=timeout_s)

    def close(self) -> None:
        """Leave politely, so that the last will is not sent."""
        self.client.disconnect()
        self.client.loop_stop()


def body(message_id: str, start: str, values: list[Any], *, step: int = 900, direction: int = 1) -> dict[str, Any]:
    """The JSON body of §3.2."""
    return {
        "v": 1,
        "id": message_id,
        "dir": direction,
        "kind": "interval",
        "unit": "Wh",
        "from": start,
        "step": step,
        "values": values,
    }
