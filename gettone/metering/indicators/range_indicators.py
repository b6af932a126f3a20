"""All indicators that readings alone give, of every member and of their community at once: K1 to K18 of a range."""

from dataclasses import dataclass

import numpy as np

from gettone.metering.calendar.bands import BANDS, band_numbers
from gettone.metering.calendar.slots import Resolution, SlotCalendar
from gettone.metering.indicators.bucket_totals import BucketTotals
from gettone.metering.indicators.community_totals import CommunityTotals, community_totals
from gettone.metering.indicators.curves import DayCurve, DayProfile, day_profiles, mean_day
from gettone.metering.indicators.energies import Energies
from gettone.metering.indicators.figures import Figures, figures_of
from gettone.metering.indicators.peaks import Coincidence, LoadShape, coincidence, load_shapes


@dataclass(frozen=True, slots=True)
class IndicatorSet:
    """Indicators of one row: sums and rates, shape of the load, mean day, profiles of day types."""

    figures: Figures
    shape: LoadShape
    mean_day: DayCurve
    profiles: tuple[DayProfile, ...]


@dataclass(frozen=True, slots=True)
class RangeIndicators:
    """Indicators of members, in their order, and of the community, with the totals of each day beneath them."""

    members: tuple[IndicatorSet, ...]
    community: IndicatorSet
    coincidence: Coincidence
    days: CommunityTotals


def range_indicators(members: Energies, calendar: SlotCalendar, settle_slot_s: int) -> RangeIndicators:
    """Every indicator of the range of the calendar, from the energies of the members."""
    days = community_totals(members, calendar, Resolution.DAY, settle_slot_s)
    whole = members.community()
    own = _sets(members, days.members, calendar, is_community=False)
    (community,) = _sets(whole, days.community, calendar, is_community=True)
    return RangeIndicators(own, community, coincidence(members.load_wh, whole.load_wh[0]), days)


def _sets(
    energies: Energies, days: BucketTotals, calendar: SlotCalendar, *, is_community: bool
) -> tuple[IndicatorSet, ...]:
    totals = days.merged(np.array([0]))
    bands = band_numbers(calendar)
    slots = tuple(int((bands == band).sum()) for band in BANDS)
    known = energies.known
    columns = zip(
        load_shapes(energies.load_wh, known, energies.step_s),
        mean_day(energies.load_wh, known, calendar),
        day_profiles(energies.load_wh, known, calendar),
        strict=True,
    )
    count = calendar.day_count()
    return tuple(
        IndicatorSet(figures_of(totals.cell(row, 0), count, slots, is_community=is_community), *rest)
        for row, rest in enumerate(columns)
    )
