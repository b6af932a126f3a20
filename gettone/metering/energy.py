"""Rule V4 by column: from numbers as written to exact Wh, and the one rounding at the end.

An energy is numerator / (10**places * share) Wh.  `share` divides mean powers into an interval: 748.6 W over a
quarter of an hour are 7486 / (10 * 4) Wh.
"""

from typing import NamedTuple

import numpy as np

from gettone.metering.exact import BoolArray, rhe, rhe_array
from gettone.metering.flow import APPLY, POWER_MEAN, POWER_SAMPLE, FlowConfig
from gettone.metering.received import Int8Array, Int64Array, Received, ReceivedRegisters, Unit

# What no meter counts [Wh]: beyond every range check, and far inside int64 even when 900 of them are added up.
BEYOND_WH = 2**50
# 10**14 * 3600 is the largest denominator that rounding in int64 allows for.
MAX_PLACES = 14
_POWER_OF_UNIT = np.array([0, 3, 6, 0, 3, 0], np.int16)
_TEN_TO = 10 ** np.arange(19, dtype=np.int64)
_MAX_PRODUCT = 10**18


class Energies(NamedTuple):
    """Exact energies by column, see above; places are 0 or more and may be beyond `MAX_PLACES`."""

    numerator: Int64Array
    places: Int64Array
    share: Int64Array

    def take(self, chosen: BoolArray | Int64Array) -> "Energies":
        """The energies at positions or under a mask."""
        return Energies(self.numerator[chosen], self.places[chosen], self.share[chosen])

    def to_wh(self) -> Int64Array:
        """Whole Wh, rounded once, half to even."""
        if not self.places.any() and (self.share == 1).all():
            return self.numerator
        narrow = np.minimum(self.places, MAX_PLACES)
        wh = rhe_array(self.numerator, _TEN_TO[narrow] * self.share)
        for at in np.flatnonzero(self.places > MAX_PLACES):
            wh[at] = rhe(int(self.numerator[at]), 10 ** int(self.places[at]) * int(self.share[at]))
        return wh

    def canonical(self) -> "Energies":
        """The same energies with as few places as possible: equal numbers are equal in every column."""
        numerator, places = self.numerator.copy(), np.where(self.numerator == 0, 0, self.places)
        while (shorter := (places > 0) & (numerator % 10 == 0)).any():
            numerator[shorter] //= 10
            places[shorter] -= 1
        return Energies(numerator, places, self.share)


def energies(received: Received, flow: FlowConfig) -> Energies:
    """Exact signed Wh of interval rows: unit, multiplier, sign and, for powers, the length of the interval.

    Rows with an unknown unit or a product beyond 18 digits are computed too and mean nothing: rules refuse them.
    """
    numerator, power = _scaled(received, flow)
    if flow.sign == "flip":
        numerator = -numerator
    share = np.ones(len(numerator), np.int64)
    if flow.kind in (POWER_MEAN, POWER_SAMPLE):
        share = np.maximum(3600 // np.maximum(received.interval_s, 1).astype(np.int64), 1)
    return _without_powers(numerator, power, share)


def register_energies(received: ReceivedRegisters, flow: FlowConfig) -> Energies:
    """Exact Wh of registers, as they count: the sign of a flow applies to their differences."""
    numerator, power = _scaled(received, flow)
    return _without_powers(numerator, power, np.ones(len(numerator), np.int64))


def product_overflows(received: Received | ReceivedRegisters, flow: FlowConfig) -> BoolArray:
    """Rows whose number times its multiplier has more than 18 digits."""
    if flow.k_factor != APPLY or received.k_mantissa is None:
        return np.zeros(len(received.mantissa), np.bool_)
    # In floating point only the size is judged, with a margin for its rounding.
    size = np.abs(received.mantissa.astype(np.float64)) * np.abs(received.k_mantissa.astype(np.float64))
    return np.asarray(size > _MAX_PRODUCT * 0.999, np.bool_)


def sum_exactly(parts: Energies, starts: Int64Array) -> Int64Array:
    """Whole Wh of sums of parts: group i holds the parts from starts[i] on; rounded once, after adding."""
    if len(starts) == 0:
        return np.empty(0, np.int64)
    deepest = np.maximum.reduceat(parts.places, starts)
    sizes = np.diff(np.append(starts, len(parts.numerator)))
    lift = np.repeat(deepest, sizes) - parts.places
    fits = np.abs(parts.numerator) <= _MAX_PRODUCT // 1000 // _TEN_TO[np.minimum(lift, 18)]
    fits &= np.repeat(deepest, sizes) <= MAX_PLACES
    lifted = np.where(fits, parts.numerator * _TEN_TO[np.where(fits, lift, 0)], 0)
    wh = rhe_array(np.add.reduceat(lifted, starts), _TEN_TO[np.minimum(deepest, MAX_PLACES)] * parts.share[starts])
    for group in np.flatnonzero(~np.logical_and.reduceat(fits, starts)):
        chosen = slice(int(starts[group]), int(starts[group] + sizes[group]))
        wh[group] = _sum_one(parts.take(np.arange(chosen.start, chosen.stop)), int(deepest[group]))
    return wh


def _sum_one(parts: Energies, deepest: int) -> int:
    total = sum(
        int(number) * 10 ** (deepest - int(places))
        for number, places in zip(parts.numerator, parts.places, strict=True)
    )
    return min(max(rhe(total, 10**deepest * int(parts.share[0])), -BEYOND_WH), BEYOND_WH)


def _scaled(received: Received | ReceivedRegisters, flow: FlowConfig) -> tuple[Int64Array, Int64Array]:
    """Number times multiplier, and the power of ten that makes it Wh (or W)."""
    power = received.exponent.astype(np.int64) + _POWER_OF_UNIT[received.unit]
    if flow.k_factor != APPLY or received.k_mantissa is None or received.k_exponent is None:
        return received.mantissa, power
    fits = ~product_overflows(received, flow)
    return np.where(fits, received.mantissa * np.where(fits, received.k_mantissa, 0), 0), power + received.k_exponent


def _without_powers(numerator: Int64Array, power: Int64Array, share: Int64Array) -> Energies:
    """Multiply positive powers of ten into the numerator; beyond any meter it stays at a fixed large number."""
    if not (power > 0).any():
        return Energies(numerator, -power, share)
    raised = _TEN_TO[np.clip(power, 0, 18)]
    most = BEYOND_WH * share
    beyond = (power >= 0) & ((np.abs(numerator) > most // raised) | ((power > 18) & (numerator != 0)))
    lifted = np.where(beyond, np.sign(numerator) * most, numerator * np.where(beyond, 1, raised))
    return Energies(lifted, np.maximum(-power, 0), share)


def power_units(unit: Int8Array) -> BoolArray:
    """Which units count power instead of energy."""
    return np.asarray((unit == Unit.W) | (unit == Unit.KW), np.bool_)
