"""Totals of all members and of their community by bucket, with the energy they share."""

from dataclasses import dataclass, replace

import numpy as np

from gettone.errors import InputError
from gettone.metering.calendar.bands import band_numbers
from gettone.metering.calendar.slots import Resolution, SlotCalendar
from gettone.metering.indicators.arithmetic import Int64Array
from gettone.metering.indicators.bucket_totals import BucketTotals, bucket_totals
from gettone.metering.indicators.energies import Energies
from gettone.metering.indicators.shared_energy import share


@dataclass(frozen=True, slots=True)
class CommunityTotals:
    """Totals by bucket: one row a member, and the one row of the community."""

    members: BucketTotals
    community: BucketTotals


def community_totals(
    members: Energies, calendar: SlotCalendar, resolution: Resolution, settle_slot_s: int
) -> CommunityTotals:
    """Totals of the members' energies, and of their sum, by bucket of the calendar.

    Energy is shared per slot of `settle_slot_s` [s] (or of the metering step where that is longer); buckets shorter
    than that share nothing by themselves and hold 0.
    """
    firsts, bands = calendar.buckets(resolution).firsts, band_numbers(calendar)
    own = bucket_totals(members, calendar.from_slot, bands, firsts)
    whole = bucket_totals(members.community(), calendar.from_slot, bands, firsts)
    if resolution is Resolution.SLOT and calendar.step_s < settle_slot_s:
        return CommunityTotals(own, whole)
    positions = _settlement_positions(firsts, calendar, settle_slot_s)
    shared = share(members, settle_slot_s, positions.tolist())
    own = replace(own, consumer_uwh=shared.consumer_uwh.T, producer_uwh=shared.producer_uwh.T)
    return CommunityTotals(own, replace(whole, shared_wh=np.add.reduceat(shared.shared_wh, positions)[np.newaxis, :]))


def _settlement_positions(firsts: Int64Array, calendar: SlotCalendar, settle_slot_s: int) -> Int64Array:
    """Positions of the settlement slots that begin the buckets."""
    finer = max(settle_slot_s // calendar.step_s, 1)
    if (firsts % finer).any() or len(calendar.starts_s) % finer:
        raise InputError(
            "settlement_slot_cut",
            f"a bucket in {calendar.timezone} would cut a settlement slot of {settle_slot_s} s: use a settlement slot "
            "that divides the local day",
        )
    return firsts // finer
