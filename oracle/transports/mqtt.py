"""The consumer of meters' messages: persistent session, QoS 1, acknowledged only after the commit (§3.2).

The broker delivers again what was not acknowledged, so a crash between commit and acknowledgement only leads to equal
values.  A device keeps a message until our answer on `../ack`.
"""

import json
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from gettone.errors import Conflict, GettoneError, Refused, Unreachable
from gettone.metering.messages import Message, Topic, read_message
from oracle.transports.answers import Answer
from oracle.transports.inbox import MAX_MESSAGES, Inbox
from oracle.transports.windows import WINDOW_S, Delivery, Window

KEEPALIVE_S = 60
FOR_EVER_S = 0xFFFFFFFF
RETRY_S = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0)

# Stores a window and says, message by message, what became of it; raises Unreachable or Conflict to be asked again.
Store = Callable[[Window], Sequence[Answer]]
# Hears that a device came or went.
Presence = Callable[[int, bool], None]


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """Where the broker is, and as whom we speak to it; `tls` None only on the loopback."""

    host: str
    port: int
    user: str
    password: str
    tls: ssl.SSLContext | None


@dataclass(frozen=True, slots=True)
class Session:
    """What the broker keeps for us: `client_id` names it, and must be the same one after every start."""

    client_id: str
    community: str


class MqttSource:
    """Consumes the readings of one community for one flow until it is stopped.

    `subscribed` is set once the broker keeps messages for us; from then on it does so without us too.
    """

    def __init__(
        self, address: BrokerAddress, session: Session, store: Store, presence: Presence, window_s: float = WINDOW_S
    ) -> None:
        self._address, self._community = address, session.community
        self._store, self._presence = store, presence
        self._inbox = Inbox(window_s)
        self._stopped = Event()
        self.subscribed = Event()
        self._connection = 0
        self._refusal: GettoneError | None = None
        self._client = self._new_client(session.client_id)

    @property
    def inbox(self) -> Inbox:
        """What was received and is not stored yet."""
        return self._inbox

    def run(self) -> None:
        """Receive and store until `stop`; Unreachable without a broker, Refused when it does not let us in."""
        try:
            self._client.connect(
                self._address.host, self._address.port, KEEPALIVE_S, clean_start=False, properties=_session()
            )
        except OSError as failure:
            raise Unreachable(
                "broker_unreachable",
                f"the broker {self._address.host}:{self._address.port} does not answer ({failure}): check its address",
            ) from None
        # With a thread of its own, paho lets other threads hand it packets.
        self._client.loop_start()
        try:
            while (window := self._inbox.next_window()) is not None:
                self._handle(window)
        finally:
            self.stop()
            self._client.disconnect()
            self._client.loop_stop()
        if self._refusal is not None:
            raise self._refusal

    def stop(self) -> None:
        """End `run`; what is not stored stays with the broker."""
        self._stopped.set()
        self._inbox.close()

    def _handle(self, window: Window) -> None:
        answers = self._stored(window)
        if answers is None:
            return
        for delivery, answer in zip(window.deliveries, answers, strict=True):
            # Over a newer connection the broker gave the packet again, and maybe its number to another one.
            if delivery.connection == self._connection:
                self._client.ack(delivery.packet_id, 1)
            self._answer(delivery.message, answer)
        self._inbox.release(window)

    def _stored(self, window: Window) -> Sequence[Answer] | None:
        """The answers for a window, however long the database is away; None when stopped before."""
        attempt = 0
        while True:
            try:
                return self._store(window)
            except (Unreachable, Conflict):
                wait_s = RETRY_S[min(attempt, len(RETRY_S) - 1)]
            if self._stopped.wait(wait_s):
                return None
            attempt += 1

    def _answer(self, message: Message, answer: Answer) -> None:
        document = {"id": message.message_id} | dict(answer)
        self._client.publish(message.topic.answers, json.dumps(document, separators=(",", ":")), qos=1)

    def _new_client(self, client_id: str) -> paho.Client:
        client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id, protocol=MQTTProtocolVersion.MQTTv5, manual_ack=True
        )
        client.username_pw_set(self._address.user, self._address.password)
        if self._address.tls is not None:
            client.tls_set_context(self._address.tls)
        client.reconnect_delay_set(1, 60)
        client.max_inflight_messages_set(0)
        client.on_connect, client.on_disconnect = self._on_connect, self._on_disconnect
        client.on_subscribe = lambda *_more: self.subscribed.set()
        client.on_message = self._on_message
        return client

    def _on_connect(
        self, client: paho.Client, _data: Any, _flags: paho.ConnectFlags, reason: ReasonCode, _more: Properties | None
    ) -> None:
        if reason.is_failure:
            self._refusal = Refused(
                "broker_refused", f"the broker does not let us in: {reason}; check user and password"
            )
            self.stop()
            return
        self._connection += 1
        topics = [(f"gettone/v1/{self._community}/+/{kind}", 1) for kind in ("readings", "status")]
        client.subscribe(topics)

    def _on_disconnect(
        self, _client: paho.Client, _data: Any, _flags: paho.DisconnectFlags, _reason: ReasonCode, _more: object
    ) -> None:
        self.subscribed.clear()
        self._inbox.forget(self._connection)

    def _on_message(self, client: paho.Client, _data: Any, packet: paho.MQTTMessage) -> None:
        topic = Topic.of(packet.topic)
        if topic is None or topic.kind == "status":
            if topic is not None:
                self._presence(topic.device_id, packet.payload == b"online")
            client.ack(packet.mid, packet.qos)
            return
        self._inbox.put(Delivery(read_message(topic, bytes(packet.payload)), packet.mid, self._connection))


def _session() -> Properties:
    """A session that never ends, with as many unacknowledged messages as memory is meant for."""
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho's only untyped class
    properties.SessionExpiryInterval = FOR_EVER_S
    properties.ReceiveMaximum = MAX_MESSAGES
    return properties
