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
listener {port} {bind}
cafile {ca}
certfile {cert}
keyfile {key}
tls_version tlsv1.2
allow_anonymous false
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


@dataclass(frozen=True, slots=True)
class DeviceUser:
    """A device as the broker knows it: one user for each valid key, so that keys can be replaced without a gap."""

    device_id: int
    key_id: int
    community: str
    mqtt_hash: str

    @property
    def name(self) -> str:
        """The user name: `<device>.<key>`, which says nothing about a person."""
        return user_name(self.device_id, self.key_id)


@dataclass(frozen=True, slots=True)
class Listener:
    """Where the broker listens, with its certificate; `folder` holds these files, `store` its sessions."""

    port: int
    bind: str
    ca: Path
    cert: Path
    key: Path
    folder: Path
    store: Path


def user_name(device_id: int, key_id: int) -> str:
    """Name of the broker's user for one key of a device."""
    return f"{device_id}.{key_id}"


def render_config(listener: Listener) -> str:
    """The listener: TLS 1.2 or newer, nobody without a password, sessions on disk, no limit on what is kept."""
    return _CONFIG.format(
        port=listener.port,
        bind=listener.bind,
        ca=listener.ca,
        cert=listener.cert,
        key=listener.key,
        folder=listener.folder,
        store=listener.store,
        limit=MAX_PACKET_BYTES,
    )


def render_passwords(users: Iterable[DeviceUser], consumer_hash: str) -> str:
    """One line a user: name and hash in the broker's own form."""
    return "".join(f"{name}:{hashed}\n" for name, hashed in [(CONSUMER, consumer_hash), *_hashes(users)])


def render_acl(users: Iterable[DeviceUser]) -> str:
    """A device writes its own readings and status and hears its own answers; the consumer does the opposite."""
    lines = [f"user {CONSUMER}"]
    lines += [f"topic read gettone/v1/+/+/{kind}" for kind in ("readings", "status")]
    lines.append("topic write gettone/v1/+/+/ack")
    for user in users:
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
    return [(user.name, user.mqtt_hash) for user in users]


def _replace(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    part.touch(mode=0o640)
    part.write_text(text, encoding="ascii")
    os.replace(part, path)
