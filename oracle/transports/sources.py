"""Jobs on sources: add one, try one, render the broker's files."""

import socket
import ssl
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from gettone.db.engine import Database
from gettone.db.repositories.access_keys import DeviceKeys
from gettone.db.repositories.devices import Devices
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.sources import SourceRow, Sources
from gettone.errors import MissingInput, Refused, Unreachable
from gettone.metering.transport_rules import HTTPS, MQTT, TRIAGE
from gettone.vault import Vault
from oracle.transports.broker_files import DeviceUser, Listener, write_broker_files
from oracle.transports.folders import SourceFolders, replace_json
from oracle.transports.mqtt import BrokerAddress
from oracle.transports.remote_file import RemoteFile
from oracle.transports.source_file import SourceFile

CONNECT_S = 10


def add_source(database: Database, vault: Vault, root: Path, source: SourceFile, *, now_ms: int) -> SourceRow:
    """State a source: flow with its configuration, transport, devices, folders; repeating it changes nothing.

    A changed configuration is kept beside the earlier ones and applies from the next batch.  MissingInput names
    every device that is not registered, and nothing is changed.
    """
    folders = SourceFolders.of(root, source.flow)
    with database.write() as connection:
        devices = Devices(connection, vault).find(list(source.devices))
        unknown = [name for name in source.devices if name not in devices]
        if unknown:
            raise MissingInput(
                "device_unknown",
                f"{len(unknown)} of {len(source.devices)} devices are not registered, the first is number "
                f"{source.devices.index(unknown[0]) + 1} of the list: register them first",
            )
        flows, sources = Flows(connection), Sources(connection)
        known = source.flow in {one.flow for one in sources.all()}
        if known:
            flow = flows.set_config(source.flow, source.config, now_ms=now_ms)
        else:
            flow = flows.get_or_create(source.flow, source.config, supplier=source.supplier)
        row = SourceRow(
            flow.flow_id,
            flow.name,
            source.transport,
            source.community,
            source.send_period_s or None,
            now_ms,
            source.send_cron,
        )
        sources.put(row)
        flows.add_devices(flow.flow_id, (one.device_id for one in devices.values()))
    folders.make()
    replace_json(folders.place("config") / "flow.json", {"flow": source.flow, "config": source.config.to_json()})
    return row


def try_connection(source: SourceRow, root: Path, address: BrokerAddress | None, remote: RemoteFile | None) -> str:
    """Reach what a source needs; one sentence on what answered.

    Unreachable for a silent broker or a missing folder, Refused for a wrong password.
    """
    if source.transport == MQTT:
        return _try_broker(address)
    if source.transport == TRIAGE:
        folder = SourceFolders.of(root, source.flow).inbox
        if not folder.is_dir():
            raise Unreachable("folder_missing", f"there is no folder {folder}: add the source again to make it")
        return f"uploads are awaited in {folder}"
    if source.transport == HTTPS and remote is not None:
        size_bytes = len(remote.fetch(remote.day_of(datetime.now(UTC).date())))
        return f"the file of today is there, with {size_bytes} bytes"
    return "requests are taken by `gettone api serve`"


def write_broker(database: Database, listener: Listener, consumer_hash: str, *, now_ms: int) -> int:
    """Render the broker's files from the keys that are valid now; for how many devices' keys."""
    with database.read() as connection:
        keys = DeviceKeys(connection).for_broker(now_ms)
    users = [DeviceUser(one.device_id, one.key_id, one.community, one.mqtt_hash) for one in keys]
    write_broker_files(listener, users, consumer_hash)
    return len(users)


def broker_address(broker: str, user: str, password: str, ca_file: Path) -> BrokerAddress:
    """The way to a broker given as HOST:PORT; MissingInput for an authority that cannot be read."""
    host, _, port = broker.rpartition(":")
    if not host or not port.isdecimal():
        raise MissingInput("broker_address", f"the broker is given as {broker!r}: write HOST:PORT")
    try:
        context = ssl.create_default_context(cafile=str(ca_file))
    except (OSError, ssl.SSLError):
        raise MissingInput("broker_ca", f"{ca_file} is no readable certificate authority in PEM") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return BrokerAddress(host, int(port), user, password, context)


def _try_broker(address: BrokerAddress | None) -> str:
    if address is None:
        raise MissingInput("broker_unset", "not set: GETTONE_MQTT_BROKER, GETTONE_MQTT_PASSWORD, GETTONE_MQTT_CA_FILE")
    found: list[Any] = []
    client = paho.Client(CallbackAPIVersion.VERSION2, client_id="")
    client.username_pw_set(address.user, address.password)
    if address.tls is not None:
        client.tls_set_context(address.tls)
    client.on_connect = lambda _client, _data, _flags, reason, _more: found.append(reason)
    try:
        client.connect(address.host, address.port, CONNECT_S)
        while not found and client.loop(1) == paho.MQTT_ERR_SUCCESS:
            continue
    except (OSError, socket.gaierror) as failure:
        raise Unreachable(
            "broker_unreachable", f"the broker {address.host}:{address.port} does not answer ({failure})"
        ) from None
    if not found or found[0].is_failure:
        raise Refused("broker_refused", "the broker does not let us in: check user, password and its password file")
    client.disconnect()
    return f"the broker {address.host}:{address.port} lets us in"
