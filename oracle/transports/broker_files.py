"""The files of a Mosquitto broker, rendered from the keys of devices: listener, passwords, permissions (§3.2).

They are written whole and renamed into place; `kill -HUP` lets the broker read passwords and permissions again, and it
then disconnects whom it no longer knows.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

CONSUMER = "gettone"
# A message above 64 KiB must reach us to be answered; far above that it is no mistake but an attack.
MAX_PACKET_BYTES = 256 * 1024

_CONFIG = """\
# Written by `gettone source broker-files`; include it from mosquitto.conf, or give it to `mosquitto -c`.
per_listener_settings false
{listeners}allow_anonymous false
password_file {folder}/passwords
acl_file {folder}/acl

# A session outlives consumer and broker; what waits for the consumer is kept without limit (its defaults, 20 in
# flight and 1000 queued, throttle and drop).
persistence true
persistence_location {store}/
autosave_interval 30
max_inflight_messages 0
max_queued_messages 0
message_size_limit {limit}
"""

_LISTENER = """\
listener {port} {bind}
cafile {ca}
certfile {cert}
keyfile {key}
tls_version tlsv1.2
"""
# The broker takes the name out of a certificate that the authority signed, and asks for no password.
_BY_CERTIFICATE = """\
require_certificate true
use_identity_as_username true
"""


@dataclass(frozen=True, slots=True)
class DeviceUser:
    """A device as the broker knows it: one user for each valid key, so that keys can be replaced without a gap.

    mqtt_hash: the password in the broker's form; None for a certificate, all of which make one user of a device.
    """

    device_id: int
    key_id: int
    community: str
    mqtt_hash: str | None

    @property
    def name(self) -> str:
        """The user name: `<device>.<key>`, or `<device>` by certificate, which says nothing about a person."""
        return str(self.device_id) if self.mqtt_hash is None else user_name(self.device_id, self.key_id)


@dataclass(frozen=True, slots=True)
class Listener:
    """Where the broker listens, with its certificate; `folder` holds these files, `store` its sessions.

    certificate_port: where devices come in by certificates of the authority `ca`; None for nowhere.
    """

    port: int
    bind: str
    ca: Path
    cert: Path
    key: Path
    folder: Path
    store: Path
    certificate_port: int | None = None


def user_name(device_id: int, key_id: int) -> str:
    """Name of the broker's user for one key of a device."""
    return f"{device_id}.{key_id}"


def render_config(listener: Listener) -> str:
    """The listeners: TLS 1.2 or newer, nobody without password or certificate, sessions on disk without limit."""
    files = {"bind": listener.bind, "ca": listener.ca, "cert": listener.cert, "key": listener.key}
    listeners = _LISTENER.format(port=listener.port, **files)
    if listener.certificate_port is not None:
        listeners += _LISTENER.format(port=listener.certificate_port, **files) + _BY_CERTIFICATE
    return _CONFIG.format(listeners=listeners, folder=listener.folder, store=listener.store, limit=MAX_PACKET_BYTES)


def render_passwords(users: Iterable[DeviceUser], consumer_hash: str) -> str:
    """One line a user: name and hash in the broker's own form."""
    return "".join(f"{name}:{hashed}\n" for name, hashed in [(CONSUMER, consumer_hash), *_hashes(users)])


def render_acl(users: Iterable[DeviceUser]) -> str:
    """A device writes its own readings and status and hears its own answers; the consumer does the opposite."""
    lines = [f"user {CONSUMER}"]
    lines += [f"topic read gettone/v1/+/+/{kind}" for kind in ("readings", "status")]
    lines.append("topic write gettone/v1/+/+/ack")
    # Several certificates of a device are one user.
    for user in {one.name: one for one in users}.values():
        own = f"gettone/v1/{user.community}/{user.device_id}"
        lines += ["", f"user {user.name}"]
        lines += [f"topic write {own}/readings", f"topic write {own}/status", f"topic read {own}/ack"]
    return "\n".join(lines) + "\n"


def write_broker_files(listener: Listener, users: Iterable[DeviceUser], consumer_hash: str) -> None:
    """Write the three files into `listener.folder`, each replaced at once and readable by its group, the broker's."""
    known = sorted(users, key=lambda user: (user.device_id, user.key_id))
    listener.folder.mkdir(parents=True, exist_ok=True)
    listener.store.mkdir(parents=True, exist_ok=True)
    _replace(listener.folder / "gettone.conf", render_config(listener))
    _replace(listener.folder / "passwords", render_passwords(known, consumer_hash))
    _replace(listener.folder / "acl", render_acl(known))


def _hashes(users: Iterable[DeviceUser]) -> list[tuple[str, str]]:
    return [(user.name, user.mqtt_hash) for user in users if user.mqtt_hash is not None]


def _replace(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    part.touch(mode=0o640)
    part.write_text(text, encoding="ascii")
    os.replace(part, path)
