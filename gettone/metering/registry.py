"""What is registered about the devices of a batch, as the rules read it: by name, and by column for many rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from gettone.metering.exact import BoolArray
from gettone.metering.received import NO_DIRECTION, Int8Array, Int32Array, Int64Array
from gettone.types import Direction

SLOT_S = 900
_ALWAYS_S = -(2**63)
NATIVE_STEPS_S = (900, 1800, 3600)

_DIRECTIONS = len(Direction)
# A row without a direction asks in this last place of the table.
_UNSTATED = _DIRECTIONS
_ANY_STEP = len(NATIVE_STEPS_S)


@dataclass(frozen=True, slots=True)
class Contract:
    """Powers [W] of a device over [from_slot, to_slot) in slots of 900 s; None is open, or unknown."""

    from_slot: int
    to_slot: int | None
    contract_w: int | None
    available_w: int | None
    plant_peak_w: int | None


@dataclass(frozen=True, slots=True)
class MeterChange:
    """A meter replaced at an instant [unix s]: the old one's last and the new one's first register [Wh]."""

    at_s: int
    old_final_wh: int
    new_initial_wh: int


@dataclass(frozen=True, slots=True)
class RegisteredChannel:
    """One direction of a device at its native step [s]: 900, 1800 or 3600.

    digits: whole kWh digits of its register, None if unknown (no roll-over then).  changes: ascending in time.
    """

    channel_id: int
    direction: Direction
    step_s: int
    digits: int | None = None
    changes: tuple[MeterChange, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisteredDevice:
    """A device with its channels and contracts; `active_at_ms` is None for one that always was."""

    device_id: int
    active_at_ms: int | None
    channels: tuple[RegisteredChannel, ...]
    contracts: tuple[Contract, ...]

    def contract_at(self, slot: int) -> Contract | None:
        """The contract in force in a slot."""
        for one in self.contracts:
            if one.from_slot <= slot and (one.to_slot is None or slot < one.to_slot):
                return one
        return None


Registry = Mapping[str, RegisteredDevice]


class NoChannel(IntEnum):
    """Why a row has no channel, in the order of the rules that say it."""

    UNKNOWN_DEVICE = -4
    NO_SUCH_DIRECTION = -3
    SEVERAL_DIRECTIONS = -2
    NO_SUCH_STEP = -1


@dataclass(frozen=True, slots=True)
class ChannelTable:
    """The channels of the devices of a batch by column, and where a row finds its own.

    devices: by position in the batch, None for unknown ones.  channels: by position; channel_id, direction and
    step_s say the same by column, and device which device a channel belongs to.  active_at_s: by device, the first
    whole second it was active [unix s].
    places: [device, step, direction], position of the channel or `NoChannel`.
    """

    devices: tuple[RegisteredDevice | None, ...]
    channels: tuple[RegisteredChannel, ...]
    channel_id: Int32Array
    direction: Int8Array
    step_s: Int32Array
    device: Int32Array
    active_at_s: Int64Array
    places: Int32Array

    @classmethod
    def of(cls, names: Sequence[str], registry: Registry) -> "ChannelTable":
        """The table of the devices `names`, in their order."""
        devices = tuple(registry.get(name) for name in names)
        # Two spellings of one device share its channels, which are entered once, under the first of them.
        first_of: dict[int, int] = {}
        same_as = [at if one is None else first_of.setdefault(one.device_id, at) for at, one in enumerate(devices)]
        firsts = [(at, one) for at, one in enumerate(devices) if one is not None and same_as[at] == at]
        known = [(at, channel) for at, one in firsts for channel in one.channels]
        channels = tuple(one for _, one in known)
        device = np.array([position for position, _ in known], np.int32)
        direction = np.array([one.direction for one in channels], np.int8)
        step_s = np.array([one.step_s for one in channels], np.int32)
        unknown = np.array([one is None for one in devices], np.bool_)
        return cls(
            devices=devices,
            channels=channels,
            channel_id=np.array([one.channel_id for one in channels], np.int32),
            direction=direction,
            step_s=step_s,
            device=device,
            active_at_s=np.array([_active_at_s(one) for one in devices], np.int64),
            places=_places(len(devices), unknown, device, step_s, direction)[np.array(same_as, np.intp)],
        )

    def find(self, device: Int32Array, interval_s: Int32Array | None, direction: Int8Array) -> Int32Array:
        """Position of each row's channel, or `NoChannel`.

        interval_s: length [s]; parts of a quarter of an hour belong to the channel of 900 s; None asks for the only
        channel of a direction, whatever its step.  direction: NO_DIRECTION where the device must have only one.
        """
        step = _ANY_STEP if interval_s is None else _step_index(interval_s)
        asked = np.where(direction == NO_DIRECTION, _UNSTATED, direction)
        found: Int32Array = self.places[device, step, asked]
        if interval_s is not None:
            unfit = (step == _ANY_STEP) & (found != NoChannel.UNKNOWN_DEVICE) & (found != NoChannel.NO_SUCH_DIRECTION)
            found = np.where(unfit, np.int32(NoChannel.NO_SUCH_STEP), found)
        return found


def _active_at_s(device: RegisteredDevice | None) -> int:
    if device is None or device.active_at_ms is None:
        return _ALWAYS_S
    return -(-device.active_at_ms // 1000)


def _places(count: int, unknown: BoolArray, device: Int32Array, step_s: Int32Array, direction: Int8Array) -> Int32Array:
    """The table [device, step, direction] of channel positions, or why there is none."""
    places = np.full((count, _ANY_STEP + 1, _DIRECTIONS + 1), NoChannel.NO_SUCH_DIRECTION, np.int32)
    places[unknown] = NoChannel.UNKNOWN_DEVICE
    if len(device) == 0:
        return places
    places[device, :, _UNSTATED] = NoChannel.NO_SUCH_STEP
    places[device, :, direction] = NoChannel.NO_SUCH_STEP
    step = np.searchsorted(NATIVE_STEPS_S, step_s)
    for of_step in (step, np.full(len(device), _ANY_STEP)):
        for of_direction in (direction, np.full(len(device), _UNSTATED)):
            place = np.ravel_multi_index((device, of_step, of_direction), places.shape)
            single = np.bincount(place, minlength=places.size)[place] == 1
            places.reshape(-1)[place] = np.where(single, np.arange(len(device)), NoChannel.SEVERAL_DIRECTIONS)
    return places


def _step_index(interval_s: Int32Array) -> Int64Array:
    """Which native step holds an interval; the last index for one that none does."""
    length = np.maximum(interval_s, 1)
    index = np.full(len(length), _ANY_STEP, np.int64)
    index[length == 3600] = 2
    index[length == 1800] = 1
    index[(interval_s > 0) & (length <= SLOT_S) & (SLOT_S % length == 0)] = 0
    return index
