"""The digests of an assignment leaf, and the JSON objects behind them (LECN-1 §1, "JSON behind the digests").

In these objects every number is a string and no other names are allowed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from gettone.errors import InputError
from gettone.jcs import canonical
from gettone.notary.keys import INPUT_SALT_INDEX, TRACE_SALT_INDEX, nonce

RULES = "gettone.rewards/1"

MODEL_NAMES = frozenset({"id", "version", "kind", "rules", "vectors_sha256"})
PARAMS_NAMES = frozenset(
    {
        "parameters",
        "timezone",
        "utc_offsets",
        "netting",
        "aggregates_root",
        "allocations",
        "carry_in_units",
        "assignment_fee_bps",
        "entitlement_units",
        "entitlement_before_units",
        "carried_before_units",
        "skipped_units",
        "carried_after_units",
        "gate_report_sha256",
    }
)
INPUT_NAMES = frozenset(
    {"class", "carried_before_units", "skipped_units", "payout_units", "carried_after_units", "devices"}
)
DEVICE_NAMES = frozenset({"from", "to", "contract_power_w", "series"})
DEVICE_SERIES_NAMES = frozenset({"direction", "pod", "series_pid"})


@dataclass(frozen=True, slots=True)
class RosterSums:
    """Sums over the roster [base units] that say where every unit of a settlement went (LECN-1 §2)."""

    entitlement_units: int
    entitlement_before_units: int
    carried_before_units: int
    skipped_units: int
    carried_after_units: int

    @property
    def total_units(self) -> int:
        """What the chunks of the settlement must pay so that no unit is created or lost."""
        due = self.entitlement_units - self.entitlement_before_units + self.carried_before_units
        return due + self.skipped_units - self.carried_after_units


@dataclass(frozen=True, slots=True)
class DeviceInput:
    """One device as the model reads it: membership [from_s, to_s) in unix seconds, None is open.

    `series` holds (direction, POD, series pid); a device with two registers has two entries.
    """

    from_s: int | None
    to_s: int | None
    contract_power_w: int
    series: tuple[tuple[int, str, bytes], ...]


def numbers_as_text(value: Any) -> Any:
    """The same JSON value with every number a decimal string; floats are refused."""
    if isinstance(value, float):
        raise InputError("json_number", f"{value} is a float: hashed objects hold whole numbers only")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, Mapping):
        return {name: numbers_as_text(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [numbers_as_text(item) for item in value]
    return value


def model_document(models_contract: bytes, version: int, kind: str, vectors_sha256: str) -> dict[str, Any]:
    """The `model` object; its id is the address (20 bytes) of the RewardModels contract of the version."""
    return {
        "id": models_contract.hex(),
        "version": str(version),
        "kind": kind,
        "rules": RULES,
        "vectors_sha256": vectors_sha256,
    }


@dataclass(frozen=True, slots=True)
class SettlementParams:
    """What the `params` object of a settlement says.

    parameters: the model document with defaults filled in.
    utc_offsets: (unix s, offset s) at the start of baseline or period and at each change.
    allocations: records of the reward run (`of`, budget, total score, cut remainder and position).
    assignment_fee_bps: by member class.
    gate_report_sha256: 64 hex digits.
    """

    parameters: Mapping[str, Any]
    timezone: str
    utc_offsets: Sequence[tuple[int, int]]
    netting: str
    aggregates_root: bytes
    allocations: Sequence[Mapping[str, Any]]
    carry_in_units: int
    assignment_fee_bps: Mapping[int, int]
    sums: RosterSums
    gate_report_sha256: str

    def to_document(self) -> dict[str, Any]:
        """The `params` object, every number a string."""
        return {
            "parameters": numbers_as_text(self.parameters),
            "timezone": self.timezone,
            "utc_offsets": numbers_as_text(self.utc_offsets),
            "netting": self.netting,
            "aggregates_root": self.aggregates_root.hex(),
            "allocations": numbers_as_text(self.allocations),
            "carry_in_units": str(self.carry_in_units),
            "assignment_fee_bps": numbers_as_text({str(k): bps for k, bps in self.assignment_fee_bps.items()}),
            "entitlement_units": str(self.sums.entitlement_units),
            "entitlement_before_units": str(self.sums.entitlement_before_units),
            "carried_before_units": str(self.sums.carried_before_units),
            "skipped_units": str(self.sums.skipped_units),
            "carried_after_units": str(self.sums.carried_after_units),
            "gate_report_sha256": self.gate_report_sha256,
        }


@dataclass(frozen=True, slots=True)
class MemberInputs:
    """What the model reads of one member beside readings, and the member's account with the settlements."""

    class_: int
    carried_before_units: int
    skipped_units: int
    payout_units: int
    carried_after_units: int
    devices: tuple[DeviceInput, ...]

    def to_document(self) -> dict[str, Any]:
        """The `inputs` object, every number a string."""
        return {
            "class": str(self.class_),
            "carried_before_units": str(self.carried_before_units),
            "skipped_units": str(self.skipped_units),
            "payout_units": str(self.payout_units),
            "carried_after_units": str(self.carried_after_units),
            "devices": [_device(device) for device in self.devices],
        }


def _device(device: DeviceInput) -> dict[str, Any]:
    series = [{"direction": str(way), "pod": pod, "series_pid": pid.hex()} for way, pod, pid in device.series]
    return {
        "from": None if device.from_s is None else str(device.from_s),
        "to": None if device.to_s is None else str(device.to_s),
        "contract_power_w": str(device.contract_power_w),
        "series": series,
    }


def model_digest(document: Mapping[str, Any]) -> bytes:
    """H("lecn.mod" | JCS model)."""
    return _digest(b"lecn.mod", document)


def params_digest(document: Mapping[str, Any]) -> bytes:
    """H("lecn.par" | JCS params)."""
    return _digest(b"lecn.par", document)


def input_digest(salt: bytes, document: Mapping[str, Any]) -> bytes:
    """H("lecn.inp" | salt | JCS inputs); the salt is nonce(1) of K_p(2, 0)."""
    return _digest(b"lecn.inp" + salt, document)


def trace_digest(salt: bytes, trace: str) -> bytes:
    """H("lecn.trc" | salt | trace as UTF-8); the salt is nonce(2) of K_p(2, 0)."""
    return sha256(b"lecn.trc" + salt + trace.encode()).digest()


def input_salt(k_p: bytes) -> bytes:
    """nonce(1) of the period key of the assignment."""
    return nonce(k_p, INPUT_SALT_INDEX)


def trace_salt(k_p: bytes) -> bytes:
    """nonce(2) of the period key of the assignment."""
    return nonce(k_p, TRACE_SALT_INDEX)


def _digest(prefix: bytes, document: Mapping[str, Any]) -> bytes:
    if document != numbers_as_text(document):
        name = prefix[:8].decode()
        raise InputError("json_number", f"the object behind {name} holds a number: write it as a string")
    return sha256(prefix + canonical(document)).digest()
