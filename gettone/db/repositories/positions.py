"""Where devices are, sealed: personal data, as a home is known by it."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, select

from gettone.db.bulk import update_rows
from gettone.db.columns import Base
from gettone.db.id_lists import among
from gettone.db.repositories.keys import DEVICES, Keys
from gettone.db.tables import Device
from gettone.metering.map_grid import GEO_FORMAT, Position
from gettone.vault import Vault, seal, unseal


class Positions:
    """Reads and writes `devices.geo`."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._key = Keys(connection, vault).platform_key(DEVICES)

    def set(self, stated: Mapping[int, Position]) -> None:
        """State where devices are; the same position again changes nothing."""
        known = self.of(stated)
        rows = [
            (device_id, GEO_FORMAT, seal(self._key, str(position).encode(), _owner(device_id)))
            for device_id, position in stated.items()
            if known.get(device_id) != position
        ]
        table = Base.metadata.tables[Device.__tablename__]
        update_rows(self._connection, table, ("device_id",), ("geo_format", "geo"), rows)

    def of(self, device_ids: Collection[int]) -> dict[int, Position]:
        """The positions that are known of these devices."""
        chosen = among(self._connection, Device.device_id, sorted(device_ids))
        rows = self._connection.execute(select(Device.device_id, Device.geo).where(chosen, Device.geo.is_not(None)))
        return {
            device_id: Position.parse(unseal(self._key, bytes(geo), _owner(device_id)).decode())
            for device_id, geo in rows
            if geo is not None
        }


def has_positions(connection: Connection) -> bool:
    """Whether the position of any device is known; needs no key."""
    return connection.execute(select(Device.device_id).where(Device.geo.is_not(None)).limit(1)).first() is not None


def _owner(device_id: int) -> tuple[str, int]:
    return "device-position", device_id
