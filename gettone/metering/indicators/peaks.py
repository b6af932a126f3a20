"""K9 peaks, K10 base, K11 extremes, K12 load factor, K13 coincidence: the shape of a load."""

from dataclasses import dataclass

import numpy as np

from gettone.metering.calendar.slots import HOUR_S
from gettone.metering.indicators.arithmetic import BoolArray, Int64Array, percentiles, ratio_bp, row_sums

PEAK_PERMILLE, BASE_PERMILLE = 975, 25


@dataclass(frozen=True, slots=True)
class LoadShape:
    """Figures of one load curve over its known slots; None where no slot is known.

    peak_limit_wh, peaks, peak_excess_wh: the percentile, how many slots lie above it, and by how much together (K9).
    base_wh, base_share_bp: the low percentile, and the part of the energy that it makes (K10).
    max_w, max_slot, min_w, min_slot: extremes as power, with the position of their first slot (K11).
    load_factor_bp: mean over maximum (K12).
    """

    peak_limit_wh: int | None
    peaks: int
    peak_excess_wh: int
    base_wh: int | None
    base_share_bp: int | None
    max_w: int | None
    max_slot: int | None
    min_w: int | None
    min_slot: int | None
    load_factor_bp: int | None


def load_shapes(
    wh: Int64Array,
    known: BoolArray,
    step_s: int,
    peak_permille: int = PEAK_PERMILLE,
    base_permille: int = BASE_PERMILLE,
) -> list[LoadShape]:
    """K9 to K12 of every row of [rows, slots].

    >>> load_shapes(np.array([[0, 5, 10, 10]]), np.ones((1, 4), bool), 900)[0].load_factor_bp
    6250
    """
    limits = percentiles(wh, known, peak_permille, base_permille)
    counts = known.sum(axis=1).tolist()
    # Energies are never negative, so slots without a value, which hold 0, are neither maxima nor above a limit.
    highest = wh.argmax(axis=1).tolist()
    lowest = (wh if known.all() else np.where(known, wh, np.iinfo(np.int64).max)).argmin(axis=1).tolist()
    peaks = [0 if one is None else one[0] for one in limits]
    above = wh - np.array(peaks, np.int64)[:, None]
    np.maximum(above, 0, out=above)
    over = np.count_nonzero(above, axis=1).tolist()
    rows = zip(wh, limits, counts, row_sums(wh), over, row_sums(above), highest, lowest, strict=True)
    return [_shape(step_s, *row) for row in rows]


def peak_slots(wh: Int64Array, known: BoolArray, limit_wh: int) -> list[tuple[int, int]]:
    """K9 as a list, for one row [slots]: position and energy [Wh] of every slot above the limit."""
    positions = np.flatnonzero(known & (wh > limit_wh))
    return list(zip(positions.tolist(), wh[positions].tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Coincidence:
    """K13: the community's greatest slot load, what each member drew in it, and the factor max C / sum of max_i."""

    slot: int
    peak_wh: int
    member_wh: tuple[int, ...]
    factor_bp: int | None


def coincidence(members_wh: Int64Array, community_wh: Int64Array) -> Coincidence:
    """K13 of loads [members, slots] and their sum [slots].

    >>> loads = np.array([[500, 600], [400, 100], [0, 100]])
    >>> coincidence(loads, loads.sum(axis=0))
    Coincidence(slot=0, peak_wh=900, member_wh=(500, 400, 0), factor_bp=8182)
    """
    slot = int(community_wh.argmax())
    peak_wh = int(community_wh[slot])
    highest = sum(members_wh.max(axis=1).tolist())
    return Coincidence(slot, peak_wh, tuple(members_wh[:, slot].tolist()), ratio_bp(peak_wh, highest))


def _shape(
    step_s: int,
    wh: Int64Array,
    limits: tuple[int, ...] | None,
    count: int,
    total_wh: int,
    *above: int,
) -> LoadShape:
    over, excess_wh, highest, lowest = above
    if limits is None:
        return LoadShape(None, 0, 0, None, None, None, None, None, None, None)
    peak_wh, base_wh = limits
    max_wh = int(wh[highest])
    a_hour = HOUR_S // step_s
    return LoadShape(
        peak_wh,
        over,
        excess_wh,
        base_wh,
        ratio_bp(count * base_wh, total_wh),
        max_wh * a_hour,
        highest,
        int(wh[lowest]) * a_hour,
        lowest,
        ratio_bp(total_wh, count * max_wh),
    )
