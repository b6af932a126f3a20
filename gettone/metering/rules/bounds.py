"""Rule V11: how much energy a connection can carry in one interval; exactly the bound passes."""

from functools import lru_cache

import numpy as np

from gettone.metering.exact import BoolArray
from gettone.metering.received import Int32Array, Int64Array
from gettone.metering.registry import ChannelTable, Contract
from gettone.types import Direction

WH_LIMIT = 2**31
UNKNOWN_POWER_W = 100_000
# A contract up to 30 kW may be exceeded by a tenth before the meter limits the supply.
LIMITED_CONTRACT_W = 30_000
WITHDRAWAL_BOUND_PERMILLE = 1500
PLANT_BOUND_PERMILLE = 1250

NEVER_NEGATIVE = (Direction.WITHDRAWAL, Direction.LOAD)
NEVER_POSITIVE = (Direction.INJECTION, Direction.PRODUCTION)


def withdrawal_bound_wh(contract: Contract | None, length_s: int) -> int:
    """floor(available W * 1.5 * length_s / 3600): the largest plausible withdrawal [Wh]."""
    return _available_w(contract) * WITHDRAWAL_BOUND_PERMILLE * length_s // 3_600_000


def plant_bound_wh(contract: Contract | None, length_s: int) -> int:
    """floor(plant peak W * 1.25 * length_s / 3600): the largest plausible production or injection [Wh]."""
    peak_w = contract.plant_peak_w if contract is not None else None
    return (UNKNOWN_POWER_W if peak_w is None else peak_w) * PLANT_BOUND_PERMILLE * length_s // 3_600_000


def bound_wh(direction: Direction, contract: Contract | None, wh: int, length_s: int) -> int:
    """The largest plausible energy [Wh] of a channel over `length_s`, on the side `wh` lies on."""
    outward = direction in NEVER_POSITIVE or (direction == Direction.EXCHANGE and wh < 0)
    return plant_bound_wh(contract, length_s) if outward else withdrawal_bound_wh(contract, length_s)


def exceeds(table: ChannelTable, channel: Int32Array, slot: Int64Array, wh: Int64Array) -> BoolArray:
    """Which values are more than their connection can carry.

    channel: position in the table.  Values within the least bound of their channel pass at once; only the others
    are looked at one by one, with the contract of their slot.
    """
    exchanged, one_way = (
        np.isin(table.direction, [int(one) for one in some]) for some in ((Direction.EXCHANGE,), NEVER_POSITIVE)
    )
    inward_wh, outward_wh = _least_bounds_wh(table)
    limit_wh = inward_wh[channel]
    # Most batches only withdraw, and need not look at the other side at all.
    if one_way.any() or exchanged.any():
        outward = one_way[channel] | (exchanged[channel] & (wh < 0))
        limit_wh = np.where(outward, outward_wh[channel], limit_wh)
    above = np.asarray(np.abs(wh) > limit_wh, np.bool_)
    for at in np.flatnonzero(above):
        one = table.channels[channel[at]]
        device = table.devices[table.device[channel[at]]]
        contract = device.contract_at(int(slot[at])) if device is not None else None
        above[at] = abs(int(wh[at])) > bound_wh(one.direction, contract, int(wh[at]), one.step_s)
    return above


def _least_bounds_wh(table: ChannelTable) -> tuple[Int64Array, Int64Array]:
    """For each channel the smallest bounds [Wh] that any contract, or none, puts on what goes in and out."""
    powers_w = [_least_powers_w(device.contracts) if device else (0, 0) for device in table.devices]
    by_device = np.array(powers_w, np.int64).reshape(-1, 2)
    bounds_wh = by_device[table.device] * table.step_s[:, None] // 3600
    return bounds_wh[:, 0], bounds_wh[:, 1]


@lru_cache(maxsize=4096)
def _least_powers_w(contracts: tuple[Contract, ...]) -> tuple[int, int]:
    """Powers [W], in and out, that no bound of these contracts lies below over an hour."""
    always = len(contracts) == 1 and contracts[0].from_slot <= 0 and contracts[0].to_slot is None
    inward_w = outward_w = WH_LIMIT
    for one in contracts if always else (*contracts, None):
        inward_w = min(inward_w, withdrawal_bound_wh(one, 3600))
        outward_w = min(outward_w, plant_bound_wh(one, 3600))
    return inward_w, outward_w


def _available_w(contract: Contract | None) -> int:
    if contract is None:
        return UNKNOWN_POWER_W
    if contract.available_w is not None:
        return contract.available_w
    if contract.contract_w is None:
        return UNKNOWN_POWER_W
    limited = contract.contract_w <= LIMITED_CONTRACT_W
    return contract.contract_w * 11 // 10 if limited else contract.contract_w
