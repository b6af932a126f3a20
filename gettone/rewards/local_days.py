"""Slots grouped by local day: days have 23, 24 or 25 hours, and only the grouping knows it (§1, §5)."""

from dataclasses import dataclass
from functools import lru_cache

from gettone.types import LocalClock, SettlementPeriod

BASELINE_DAYS = 28


@dataclass(frozen=True, slots=True)
class LocalDay:
    """A local day and the starts [unix s] of its slots; `slots.step` is their length."""

    day: int
    slots: range


@lru_cache(maxsize=64)
def local_days(clock: LocalClock, start_s: int, end_s: int, interval_s: int) -> tuple[LocalDay, ...]:
    """The local days of [start_s, end_s), in order, with their slots of interval_s [s]."""
    days = []
    first_s = start_s
    for slot_s in range(start_s + interval_s, end_s + interval_s, interval_s):
        if slot_s >= end_s or clock.local_day(slot_s) != clock.local_day(first_s):
            days.append(LocalDay(clock.local_day(first_s), range(first_s, min(slot_s, end_s), interval_s)))
            first_s = slot_s
    return tuple(days)


@lru_cache(maxsize=64)
def baseline_start_s(period: SettlementPeriod, interval_s: int) -> int:
    """Start [unix s] of the 28 local days before the first day of the period."""
    first_day = period.clock.local_day(period.start_s) - BASELINE_DAYS
    start_s = period.start_s
    while period.clock.local_day(start_s - interval_s) >= first_day:
        start_s -= interval_s
    return start_s
