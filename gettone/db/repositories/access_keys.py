"""Keys of devices, which may only write their own readings, and of readers, bound to one community."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from gettone.access_keys import DEVICE_PREFIX, READER_PREFIX, broker_hash, key_digest, new_key
from gettone.db.tables import Community, Device, DeviceKey, DeviceMember, ReaderKey, UserCommunity
from gettone.errors import Conflict, InputError, MissingInput

VALID_AT_A_TIME = 2
READ, IMPORT = "readings:read", "readings:import"
SCOPES = (READ, IMPORT)


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A new key, in clear for the only time."""

    key_id: int
    key: str
    valid_to: int


@dataclass(frozen=True, slots=True)
class BrokerKey:
    """A valid key of a device with the community that holds the device now.

    mqtt_hash: the key in the broker's form; None for a certificate.
    """

    key_id: int
    device_id: int
    community: str
    mqtt_hash: str | None


@dataclass(frozen=True, slots=True)
class ListedKey:
    """A key as it is listed, without anything that opens a door; `owner` is a device's number or a reader's name."""

    key_id: int
    owner: str
    valid_from: int
    valid_to: int


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a reader's key stands for."""

    key_id: int
    community_id: int
    scopes: frozenset[str]


class DeviceKeys:
    """Reads and writes `device_keys`; instants in unix ms."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def issue(self, device_id: int, *, now_ms: int, valid_to: int) -> IssuedKey:
        """A new key for a device.

        MissingInput for an unknown device, Conflict while two keys are valid: one is in use, one replaces it.
        """
        key = new_key(DEVICE_PREFIX)
        key_id = self._add(device_id, key_digest(key), broker_hash(key), now_ms, (now_ms, valid_to))
        return IssuedKey(key_id, key, valid_to)

    def add_certificate(self, device_id: int, sha256: bytes, valid: tuple[int, int], *, now_ms: int) -> int:
        """Let a device in by a certificate over `valid` [from, to); the number of the key it counts as.

        As `issue`; Conflict for one that is known already, InputError for one that ended.
        """
        if valid[1] <= now_ms:
            raise InputError("certificate_ended", "the certificate is not valid any more: sign another one")
        if self._connection.execute(select(DeviceKey.key_id).where(DeviceKey.sha256 == sha256)).first() is not None:
            raise Conflict("certificate_known", f"this certificate of device {device_id} is registered already")
        return self._add(device_id, sha256, None, now_ms, valid)

    def _add(self, device_id: int, sha256: bytes, mqtt_hash: str | None, now_ms: int, valid: tuple[int, int]) -> int:
        if self._connection.execute(select(Device.device_id).where(Device.device_id == device_id)).first() is None:
            raise MissingInput("device_unknown", f"there is no device {device_id}: register it first")
        if len(self.valid_ids(device_id, now_ms)) >= VALID_AT_A_TIME:
            raise Conflict(
                "keys_valid", f"device {device_id} has two valid keys: revoke the one that it no longer uses"
            )
        values = {"device_id": device_id, "sha256": sha256, "mqtt_hash": mqtt_hash}
        result = self._connection.execute(insert(DeviceKey).values(**values, valid_from=valid[0], valid_to=valid[1]))
        return int(result.inserted_primary_key[0])  # type: ignore[index]  # just inserted

    def revoke(self, key_id: int, *, now_ms: int) -> None:
        """End a key now; MissingInput for one that is not valid."""
        valid = (DeviceKey.key_id == key_id, DeviceKey.valid_to > now_ms)
        if self._connection.execute(update(DeviceKey).where(*valid).values(valid_to=now_ms)).rowcount == 0:
            raise MissingInput("key_unknown", f"device key {key_id} is not valid: `gettone source key list` shows them")

    def device_of(self, key: str, now_ms: int) -> int | None:
        """The device of a valid key, None for any other text."""
        digest = _digest(key)
        valid = (DeviceKey.valid_from <= now_ms, now_ms < DeviceKey.valid_to)
        return self._connection.execute(
            select(DeviceKey.device_id).where(DeviceKey.sha256 == digest, *valid)
        ).scalar_one_or_none()

    def valid_ids(self, device_id: int, now_ms: int) -> tuple[int, ...]:
        """Ids of the keys of a device that are valid now."""
        query = select(DeviceKey.key_id).where(DeviceKey.device_id == device_id, DeviceKey.valid_to > now_ms)
        return tuple(self._connection.execute(query.order_by(DeviceKey.key_id)).scalars())

    def valid(self, now_ms: int) -> tuple[ListedKey, ...]:
        """The keys that are valid now or from later on, by number."""
        by_password = DeviceKey.mqtt_hash.is_not(None)
        query = select(DeviceKey.key_id, DeviceKey.device_id, DeviceKey.valid_from, DeviceKey.valid_to, by_password)
        rows = self._connection.execute(query.where(DeviceKey.valid_to > now_ms).order_by(DeviceKey.key_id))
        return tuple(
            ListedKey(row[0], f"device {row[1]}" + ("" if row[4] else " (certificate)"), row[2], row[3]) for row in rows
        )

    def for_broker(self, now_ms: int) -> tuple[BrokerKey, ...]:
        """Every valid key of a device that a member of a community holds now."""
        slot = now_ms // 900_000
        query = (
            select(DeviceKey.key_id, DeviceKey.device_id, Community.slug, DeviceKey.mqtt_hash)
            .join(DeviceMember, DeviceMember.device_id == DeviceKey.device_id)
            .join(UserCommunity, UserCommunity.member_id == DeviceMember.member_id)
            .join(Community, Community.community_id == UserCommunity.community_id)
            .where(DeviceKey.valid_from <= now_ms, now_ms < DeviceKey.valid_to)
            .where(DeviceMember.valid_from <= slot)
            .where(DeviceMember.valid_to.is_(None) | (slot < DeviceMember.valid_to))
            .order_by(DeviceKey.device_id, DeviceKey.key_id)
        )
        return tuple(BrokerKey(*row) for row in self._connection.execute(query))


class ReaderKeys:
    """Reads and writes `reader_keys`; instants in unix ms."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def issue(self, community_id: int, name: str, scopes: frozenset[str], *, now_ms: int, valid_to: int) -> IssuedKey:
        """A new key over the readings of one community; InputError for an unknown scope or none."""
        if not scopes or scopes - set(SCOPES):
            raise InputError("scope_unknown", f"scopes {sorted(scopes)} are not among {', '.join(SCOPES)}")
        key = new_key(READER_PREFIX)
        values = {"community_id": community_id, "name": name, "scopes": " ".join(sorted(scopes))}
        values |= {"sha256": key_digest(key), "valid_from": now_ms, "valid_to": valid_to}
        result = self._connection.execute(insert(ReaderKey).values(**values))
        return IssuedKey(int(result.inserted_primary_key[0]), key, valid_to)  # type: ignore[index]  # just inserted

    def revoke(self, key_id: int, *, now_ms: int) -> None:
        """End a key now; MissingInput for one that is not valid."""
        valid = (ReaderKey.key_id == key_id, ReaderKey.valid_to > now_ms)
        if self._connection.execute(update(ReaderKey).where(*valid).values(valid_to=now_ms)).rowcount == 0:
            raise MissingInput("key_unknown", f"reader key {key_id} is not valid: `gettone source key list` shows them")

    def valid(self, now_ms: int) -> tuple[ListedKey, ...]:
        """The keys that are valid now or from later on, by number."""
        query = select(ReaderKey.key_id, ReaderKey.name, ReaderKey.valid_from, ReaderKey.valid_to)
        rows = self._connection.execute(query.where(ReaderKey.valid_to > now_ms).order_by(ReaderKey.key_id))
        return tuple(ListedKey(*row) for row in rows)

    def reader_of(self, key: str, now_ms: int) -> Reader | None:
        """Whom a valid key stands for, None for any other text."""
        valid = (ReaderKey.valid_from <= now_ms, now_ms < ReaderKey.valid_to)
        query = select(ReaderKey.key_id, ReaderKey.community_id, ReaderKey.scopes)
        row = self._connection.execute(query.where(ReaderKey.sha256 == _digest(key), *valid)).one_or_none()
        return None if row is None else Reader(row[0], row[1], frozenset(row[2].split()))


def _digest(key: str) -> bytes:
    """The digest of a key; for text that is none a digest that nothing has."""
    try:
        return key_digest(key)
    except InputError:
        return b""
