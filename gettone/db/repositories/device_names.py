"""Outside ids of devices in clear, for those who may see them: personal data, not for logs."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from gettone.db.repositories.keys import DEVICES, Keys
from gettone.db.tables import Device
from gettone.vault import Vault, unseal


def external_ids(connection: Connection, vault: Vault, device_ids: Sequence[int]) -> dict[int, str]:
    """The outside id of each of these devices, by device id."""
    key = Keys(connection, vault).platform_key(DEVICES)
    query = select(Device.device_id, Device.external_id, Device.external_pid)
    rows = connection.execute(query.where(Device.device_id.in_(device_ids)))
    return {row[0]: unseal(key, bytes(row[1]), ("device", bytes(row[2]).hex())).decode() for row in rows}
