"""What the database knows of the devices that a batch names, as the rules read it, and as it is kept for a replay."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from gettone.db.repositories.devices import Devices
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.sources import Sources
from gettone.metering.registry import Contract, MeterChange, RegisteredChannel, RegisteredDevice, Registry
from gettone.types import Direction

_PER_QUERY = 50_000


def load_registry(connection: Connection, devices: Devices, flow_id: int, names: Sequence[str]) -> Registry:
    """The devices among `names` that the flow may speak for, by name."""
    allowed = Flows(connection).devices(flow_id)
    by_number = Sources(connection).names_by_number(flow_id)
    named = devices.find_numbers(list(names)) if by_number else devices.find(list(names))
    found = {name: device for name, device in named.items() if device.device_id in allowed}
    channels: dict[int, list[RegisteredChannel]] = defaultdict(list)
    contracts: dict[int, list[Contract]] = defaultdict(list)
    for ids in _parts(sorted(device.device_id for device in found.values())):
        _add_channels(devices, ids, channels)
        for row in devices.contracts(ids):
            contracts[row.device_id].append(
                Contract(row.from_slot, row.to_slot, row.contract_w, row.available_w, row.plant_peak_w)
            )
    return {
        name: RegisteredDevice(
            device.device_id, device.active_at, tuple(channels[device.device_id]), tuple(contracts[device.device_id])
        )
        for name, device in found.items()
    }


def registry_document(devices: Devices, registry: Registry) -> bytes:
    """A registry as canonical JSON by the HMAC of each name: what a replay of the batch reads (law 4)."""
    document = {devices.pid(name).hex(): _device_values(device) for name, device in registry.items()}
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def registry_of_document(devices: Devices, document: bytes, names: Sequence[str]) -> Registry:
    """The registry that was written, for the names of its batch."""
    values = json.loads(document)
    pids = {name: devices.pid(name).hex() for name in names}
    return {name: _device(values[pid]) for name, pid in pids.items() if pid in values}


def _add_channels(devices: Devices, ids: list[int], channels: dict[int, list[RegisteredChannel]]) -> None:
    rows = devices.channels(ids)
    changes = devices.meter_changes([row.channel_id for row in rows])
    for row in rows:
        exchanged = tuple(MeterChange(at // 1000, old, new) for at, old, new in changes.get(row.channel_id, ()))
        channels[row.device_id].append(
            RegisteredChannel(row.channel_id, row.direction, row.step_s, row.digits, exchanged)
        )


def _device_values(device: RegisteredDevice) -> list[object]:
    channels = [
        [one.channel_id, int(one.direction), one.step_s, one.digits]
        + [[change.at_s, change.old_final_wh, change.new_initial_wh] for change in one.changes]
        for one in device.channels
    ]
    contracts = [
        [one.from_slot, one.to_slot, one.contract_w, one.available_w, one.plant_peak_w] for one in device.contracts
    ]
    return [device.device_id, device.active_at_ms, channels, contracts]


def _device(values: list[object]) -> RegisteredDevice:
    device_id, active_at_ms, channels, contracts = values
    return RegisteredDevice(
        device_id,  # type: ignore[arg-type]  # what `_device_values` wrote
        active_at_ms,  # type: ignore[arg-type]
        tuple(_channel(one) for one in channels),  # type: ignore[attr-defined]
        tuple(Contract(*one) for one in contracts),  # type: ignore[attr-defined]
    )


def _channel(values: list[object]) -> RegisteredChannel:
    channel_id, direction, step_s, digits, *changes = values
    exchanged = tuple(MeterChange(*one) for one in changes)  # type: ignore[misc]
    return RegisteredChannel(channel_id, Direction(direction), step_s, digits, exchanged)  # type: ignore[arg-type]


def _parts(ids: list[int]) -> Iterator[list[int]]:
    return (ids[first : first + _PER_QUERY] for first in range(0, len(ids), _PER_QUERY))
