"""K14: energy in the bands F1, F2, F3, its shares, and shares made comparable by the hours of each band."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gettone.metering.calendar.bands import BANDS
from gettone.metering.indicators.arithmetic import Int64Array, ratio_bp, row_sums


@dataclass(frozen=True, slots=True)
class BandShares:
    """Figures of F1, F2, F3 in this order.

    energy_wh: energy.  slots: slots of the band in the range.  share_bp: part of the whole energy.
    normalised_bp: mean power in the band over the mean power of the whole range.
    """

    energy_wh: tuple[int, ...]
    slots: tuple[int, ...]
    share_bp: tuple[int | None, ...]
    normalised_bp: tuple[int | None, ...]


def band_shares(wh: Int64Array, bands: npt.NDArray[np.integer[Any]]) -> list[BandShares]:
    """K14 of every row of [rows, slots]; `bands` [slots] holds 1, 2 or 3."""
    slots = tuple(int((bands == band).sum()) for band in BANDS)
    columns = [row_sums(wh[:, bands == band]) for band in BANDS]
    return [shares_of(energies, slots) for energies in zip(*columns, strict=True)]


def shares_of(energy_wh: tuple[int, ...], slots: tuple[int, ...]) -> BandShares:
    """K14 from the energy and the slots of each band.

    >>> shares_of((128_375, 111_753, 156_067), (880, 720, 1280)).normalised_bp
    (10604, 11283, 8863)
    """
    total_wh, count = sum(energy_wh), sum(slots)
    return BandShares(
        energy_wh,
        slots,
        tuple(ratio_bp(one, total_wh) for one in energy_wh),
        tuple(ratio_bp(one * count, held * total_wh) for one, held in zip(energy_wh, slots, strict=True)),
    )
