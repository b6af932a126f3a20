"""K21: what the readings of a channel are worth."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gettone.metering.calendar.slots import SLOT_S
from gettone.metering.indicators.arithmetic import ratio_bp
from gettone.metering.indicators.member_energies import Part, Readings

QUALITIES = 5


@dataclass(frozen=True, slots=True)
class ReadingQuality:
    """Slots of the channel's own step inside the holding, by quality 0 to 4.

    gaps: runs of missing slots.  last_slot: the last slot (of 900 s, since 1970) with a value, or None.
    """

    by_quality: tuple[int, ...]
    gaps: int
    last_slot: int | None

    @property
    def measured_bp(self) -> int | None:
        """Part of the slots that is measured (quality 1 or 3).

        >>> ReadingQuality((68, 4_636, 0, 0, 0), 15, None).measured_bp
        9855
        """
        return ratio_bp(self.by_quality[1] + self.by_quality[3], sum(self.by_quality))


def reading_quality(readings: Readings, part: Part) -> ReadingQuality:
    """K21 of one channel in a member's hands."""
    quarters = part.step_s // SLOT_S
    starts = readings.from_slot + np.arange(0, readings.slots, quarters)
    inside = (starts >= part.from_slot) & (starts + quarters <= part.to_slot)
    quality = readings.quality[part.channel, ::quarters][inside]
    missing = quality == 0
    gaps = int(missing[:1].sum()) + int((missing[1:] & ~missing[:-1]).sum())
    valued = np.flatnonzero(~missing)
    last = int(starts[inside][valued[-1]]) if valued.size else None
    return ReadingQuality(tuple(np.bincount(quality, minlength=QUALITIES).tolist()), gaps, last)


def together(parts: Sequence[ReadingQuality]) -> ReadingQuality:
    """K21 of several channels: slots and gaps added, the earliest of their last readings."""
    sums = [sum(one.by_quality[quality] for one in parts) for quality in range(QUALITIES)]
    lasts = [one.last_slot for one in parts]
    last = None if not parts or None in lasts else min(one for one in lasts if one is not None)
    return ReadingQuality(tuple(sums), sum(one.gaps for one in parts), last)
