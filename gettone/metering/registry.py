"""What is registered about the devices of a batch, as the rules read it."""

from collections.abc import Mapping
from dataclasses import dataclass

from gettone.types import Direction


@dataclass(frozen=True, slots=True)
class Contract:
    """Powers [W] of a device over [from_slot, to_slot) in slots of 900 s; None is open, or unknown."""

    from_slot: int
    to_slot: int | None
    contract_w: int | None
    available_w: int | None
    plant_peak_w: int | None


@dataclass(frozen=True, slots=True)
class RegisteredChannel:
    """One direction of a device at its native step [s]: 900, 1800 or 3600."""

    channel_id: int
    direction: Direction
    step_s: int


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
