"""What sources say that readings sum to, in whole Wh, for rule V15 (C_SUM)."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from gettone.metering.calendar.bands import band_numbers
from gettone.metering.calendar.slots import SlotCalendar
from gettone.metering.checks.comparisons import sums_apart
from gettone.metering.checks.sequences import BoolArray
from gettone.metering.exact import rhe
from gettone.metering.received import BandTotal, Int64Array, Unit
from gettone.metering.registry import RegisteredDevice, Registry

WHOLE = 0
BANDS = {"": WHOLE, "F1": 1, "F2": 2, "F3": 3}
"""Bands that can be told from the time of a slot; F4 to F6 of old contracts cannot."""

_WH_OF_UNIT = {Unit.WH: 1, Unit.KWH: 1000, Unit.MWH: 1_000_000}
SLOT_S = 900


class StatedTotal(NamedTuple):
    """The energy [Wh] of a channel over the slots [from_slot, to_slot) in a band, as its source states it."""

    channel_id: int
    from_slot: int
    to_slot: int
    band: int
    wh: int


def stated_totals(totals: Iterable[BandTotal], registry: Registry) -> tuple[StatedTotal, ...]:
    """The totals of a batch on their channels, the last of each kept; others than energies in known bands left out.

    A number is rounded once, half to even.  A device with several steps of a direction means its finest.
    """
    found: dict[tuple[int, int, int, int], StatedTotal] = {}
    for one in totals:
        channel_id = _channel(registry.get(one.device), one.direction)
        factor = _WH_OF_UNIT.get(Unit(one.unit))
        if channel_id is None or factor is None or one.band not in BANDS:
            continue
        numerator, denominator = factor * one.mantissa * 10 ** max(one.exponent, 0), 10 ** max(-one.exponent, 0)
        key = (channel_id, one.from_s // SLOT_S, one.to_s // SLOT_S, BANDS[one.band])
        found[key] = StatedTotal(*key, rhe(numerator, denominator))
    return tuple(found[key] for key in sorted(found))


def bands_apart(
    wh: Int64Array, measured: BoolArray, calendar: SlotCalendar, stated: Iterable[StatedTotal]
) -> tuple[int, ...]:
    """The bands whose readings do not sum to what was stated; a band that is not measured in full is not judged.

    wh, measured: [slots] of the calendar.  Directions are told by the channel, so only amounts are compared.
    """
    numbers = band_numbers(calendar)
    apart = []
    for one in stated:
        chosen = np.ones(len(wh), dtype=bool) if one.band == WHOLE else numbers == one.band
        total, count = np.abs(wh[chosen].sum(keepdims=True)), np.array([np.count_nonzero(chosen)])
        if measured[chosen].all() and sums_apart(total, np.array([abs(one.wh)]), count)[0]:
            apart.append(one.band)
    return tuple(apart)


def _channel(device: RegisteredDevice | None, direction: int) -> int | None:
    channels = [] if device is None else [one for one in device.channels if one.direction == direction]
    return min(channels, key=lambda one: one.step_s).channel_id if channels else None
