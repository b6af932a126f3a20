"""Rules V3, V5, V7, V8, V9 and V11 of the metering specification §4: one function each, no state.

A rule answers with a finding, or None when the reading passes.
"""

from datetime import UTC, datetime
from typing import NamedTuple

from gettone.metering.codes import Code
from gettone.metering.registry import Contract, RegisteredChannel, RegisteredDevice
from gettone.types import Direction

SLOT_S = 900
NATIVE_STEPS_S = (900, 1800, 3600)
FUTURE_TOLERANCE_S = 300
OLDEST_MONTHS = 61
WH_LIMIT = 2**31
UNKNOWN_POWER_W = 100_000
# A contract up to 30 kW may be exceeded by a tenth before the meter limits the supply.
LIMITED_CONTRACT_W = 30_000
WITHDRAWAL_BOUND_PERMILLE = 1500
PLANT_BOUND_PERMILLE = 1250

_NEVER_NEGATIVE = (Direction.WITHDRAWAL, Direction.LOAD)
_NEVER_POSITIVE = (Direction.INJECTION, Direction.PRODUCTION)


class Finding(NamedTuple):
    """A broken rule: its code, the column at fault and the reason in words."""

    code: Code
    field: str
    reason: str


def find_channel(device: RegisteredDevice, interval_s: int, direction: Direction | None) -> RegisteredChannel | Finding:
    """V3 and V8: the channel of a row, from its step and direction.

    Parts of a quarter of an hour belong to the channel of 900 s.  Without a direction, in the row or the flow,
    the device must have a single channel of that step.
    """
    step_s = SLOT_S if SLOT_S % interval_s == 0 else interval_s
    if step_s not in NATIVE_STEPS_S:
        return Finding(Code.R_STEP, "interval_s", f"interval_s is {interval_s}: it must divide 900, or be 1800 or 3600")
    of_step = [one for one in device.channels if one.step_s == step_s]
    if not of_step:
        return Finding(Code.R_STEP, "interval_s", f"the device has no channel with steps of {step_s} s")
    found = [one for one in of_step if direction is None or one.direction == direction]
    if len(found) == 1:
        return found[0]
    reason = "several directions: name one in the file or the flow" if found else "not this direction"
    return Finding(Code.R_DIRECTION, "direction", f"the device has {reason}")


def check_active(device: RegisteredDevice, start_s: int) -> Finding | None:
    """V3: no reading before the device was active."""
    if device.active_at_ms is not None and start_s * 1000 < device.active_at_ms:
        return Finding(Code.R_INACTIVE, "timestamp_utc", "the device was not active yet")
    return None


def check_time(start_s: int, end_s: int, receipt_s: int) -> Finding | None:
    """V5: an interval ends at most 300 s after receipt and begins at most 61 months before it [unix s]."""
    if end_s > receipt_s + FUTURE_TOLERANCE_S:
        return Finding(Code.T_FUTURE, "timestamp_utc", f"the interval ends {end_s - receipt_s} s after it was received")
    if start_s < oldest_s(receipt_s):
        return Finding(Code.T_TOO_OLD, "timestamp_utc", f"the interval began more than {OLDEST_MONTHS} months ago")
    return None


def oldest_s(receipt_s: int) -> int:
    """The first instant of the UTC day 61 calendar months before receipt [unix s]."""
    received = datetime.fromtimestamp(receipt_s, UTC)
    months = received.year * 12 + received.month - 1 - OLDEST_MONTHS
    # Day 28 exists in every month, and so late a day errs on the side of keeping a reading by no more than three days.
    day = min(received.day, 28)
    return int(datetime(months // 12, months % 12 + 1, day, tzinfo=UTC).timestamp())


def check_boundary(start_s: int, interval_s: int) -> Finding | None:
    """V7: an interval begins on a whole multiple of its length [unix s, UTC]."""
    if start_s % interval_s:
        reason = f"the interval begins {start_s % interval_s} s after a boundary of {interval_s} s in UTC"
        return Finding(Code.T_MISALIGNED, "timestamp_utc", reason)
    return None


def check_sign(direction: Direction, wh: int) -> Finding | None:
    """V9: a one-way channel has one sign; a wrong one is never clipped and never made absolute."""
    if wh < 0 and direction in _NEVER_NEGATIVE:
        return Finding(Code.N_NEGATIVE, "energy_wh", f"energy_wh is {wh} on a {direction.name.lower()} channel")
    if wh > 0 and direction in _NEVER_POSITIVE:
        return Finding(Code.N_POSITIVE, "energy_wh", f"energy_wh is {wh} on a {direction.name.lower()} channel")
    return None


def check_range(wh: int) -> Finding | None:
    """V11: a reading fits 32 bits."""
    if abs(wh) >= WH_LIMIT:
        return Finding(Code.R_RANGE, "energy_wh", f"energy_wh is {wh}, beyond any meter")
    return None


def exceeds_power(direction: Direction, step_s: int, wh: int, contract: Contract | None) -> bool:
    """V11: whether a reading is more than the connection can carry; exactly the bound passes."""
    outward = direction in _NEVER_POSITIVE or (direction == Direction.EXCHANGE and wh < 0)
    return abs(wh) > (plant_bound_wh(contract, step_s) if outward else withdrawal_bound_wh(contract, step_s))


def withdrawal_bound_wh(contract: Contract | None, step_s: int) -> int:
    """floor(available W * 1.5 * step_s / 3600): the largest plausible withdrawal [Wh]."""
    return _available_w(contract) * WITHDRAWAL_BOUND_PERMILLE * step_s // 3_600_000


def plant_bound_wh(contract: Contract | None, step_s: int) -> int:
    """floor(plant peak W * 1.25 * step_s / 3600): the largest plausible production or injection [Wh]."""
    peak_w = contract.plant_peak_w if contract is not None else None
    return (UNKNOWN_POWER_W if peak_w is None else peak_w) * PLANT_BOUND_PERMILLE * step_s // 3_600_000


def _available_w(contract: Contract | None) -> int:
    if contract is None:
        return UNKNOWN_POWER_W
    if contract.available_w is not None:
        return contract.available_w
    if contract.contract_w is None:
        return UNKNOWN_POWER_W
    limited = contract.contract_w <= LIMITED_CONTRACT_W
    return contract.contract_w * 11 // 10 if limited else contract.contract_w
