"""Where devices are, sealed: personal data, as a home is known by it."""

from collections.abc import Collection

from sqlalchemy import Connection, select, update

from gettone.db.repositories.keys import DEVICES, Keys
from gettone.db.tables import Device
from gettone.metering.map_grid import GEO_FORMAT, Position
from gettone.vault import Vault, seal, unseal


class Positions:
    """Reads and writes `devices.geo`."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._key = Keys(connection, vault).platform_key(DEVICES)

    def set(self, device_id: int, position: Position) -> None:
        """State where a device is; the same position again changes nothing."""
        if self.of([device_id]).get(device_id) != position:
            query = update(Device).where(Device.device_id == device_id)
            sealed = seal(self._key, str(position).encode(), _owner(device_id))
            self._connection.execute(query.values(geo_format=GEO_FORMAT, geo=sealed))

    def of(self, device_ids: Collection[int]) -> dict[int, Position]:
        """The positions that are known of these devices."""
        rows = self._connection.execute(select(Device.device_id, Device.geo).where(Device.geo.is_not(None)))
        return {
            device_id: Position.parse(unseal(self._key, bytes(geo), _owner(device_id)).decode())
            for device_id, geo in rows
            if geo is not None and device_id in device_ids
        }


def has_positions(connection: Connection) -> bool:
    """Whether the position of any device is known; needs no key."""
    return connection.execute(select(Device.device_id).where(Device.geo.is_not(None)).limit(1)).first() is not None


def _owner(device_id: int) -> tuple[str, int]:
    return "device-position", device_id
