"""What the database knows of the devices that a batch names, as the rules read it."""

from collections import defaultdict

from sqlalchemy import Connection

from gettone.db.repositories.devices import Devices
from gettone.db.repositories.flows import Flows
from gettone.metering.registry import Contract, RegisteredChannel, RegisteredDevice, Registry
from gettone.vault import Vault


def load_registry(connection: Connection, vault: Vault, flow_id: int, names: list[str]) -> Registry:
    """The devices among `names` that the flow may speak for, by name."""
    repository = Devices(connection, vault)
    allowed = Flows(connection).devices(flow_id)
    found = {name: device for name, device in repository.find(names).items() if device.device_id in allowed}
    ids = sorted(device.device_id for device in found.values())
    channels: dict[int, list[RegisteredChannel]] = defaultdict(list)
    for channel in repository.channels(ids):
        channels[channel.device_id].append(RegisteredChannel(channel.channel_id, channel.direction, channel.step_s))
    contracts: dict[int, list[Contract]] = defaultdict(list)
    for row in repository.contracts(ids):
        contracts[row.device_id].append(
            Contract(row.from_slot, row.to_slot, row.contract_w, row.available_w, row.plant_peak_w)
        )
    return {
        name: RegisteredDevice(
            device.device_id, device.active_at, tuple(channels[device.device_id]), tuple(contracts[device.device_id])
        )
        for name, device in found.items()
    }
