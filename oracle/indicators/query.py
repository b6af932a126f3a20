"""Figures and curves of a community or a member over local dates: sums from stored days, shapes from readings."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from gettone.db.engine import Database
from gettone.db.repositories.indicator_days import IndicatorDays
from gettone.errors import InputError
from gettone.metering.calendar.bands import BANDS, band_numbers
from gettone.metering.calendar.slots import SLOT_S, Buckets, Resolution, SlotCalendar
from gettone.metering.indicators.arithmetic import BoolArray, Int64Array, ratio_bp
from gettone.metering.indicators.bucket_totals import BucketTotals
from gettone.metering.indicators.community_totals import CommunityTotals, community_totals
from gettone.metering.indicators.comparison import DateRange
from gettone.metering.indicators.energies import Energies
from gettone.metering.indicators.figures import Figures, figures_of
from gettone.metering.indicators.peaks import Coincidence, LoadShape, load_shapes
from gettone.types import DAY_S
from oracle.indicators.energies import load_energies
from oracle.indicators.refresh import ensure_days
from oracle.indicators.registry import IndicatorRegistry, day_number, load_registry

_FINE = (Resolution.SLOT, Resolution.HOUR)
_QUARTERS = DAY_S // SLOT_S
_ARRAYS = ("load_wh", "production_wh", "withdrawn_wh", "injected_wh", "expected", "covered", "measured")


@dataclass(frozen=True, slots=True)
class LoadCurve:
    """The energies of one row over a range, with the local time of its slots."""

    calendar: SlotCalendar
    energies: Energies

    @property
    def load_wh(self) -> Int64Array:
        """Load [1, slots]."""
        return self.energies.load_wh

    @property
    def known(self) -> BoolArray:
        """Which slots have a value [1, slots]."""
        return self.energies.known


@dataclass(frozen=True, slots=True)
class TotalsByBucket:
    """Totals of one row (a member, or the community) by bucket, with the labels of the buckets."""

    labels: tuple[str, ...]
    totals: BucketTotals
    is_community: bool


class IndicatorQuery:
    """Answers for one community as it is now; `member_id` None asks for the community as a whole."""

    def __init__(self, database: Database, slug: str) -> None:
        self._database = database
        self._days: dict[DateRange, CommunityTotals] = {}
        with database.read() as connection:
            self.registry: IndicatorRegistry = load_registry(connection, slug)

    def row_of(self, member_id: str) -> int:
        """The row of a member; InputError for somebody else's id."""
        if member_id not in self.registry.member_ids:
            raise InputError("member_unknown", "this member is not of this community: ask for one of its own members")
        return self.registry.member_ids.index(member_id)

    def days(self, asked: DateRange) -> CommunityTotals:
        """Totals of every member and of the community by local day, brought up to date first."""
        if asked not in self._days:
            self._days[asked] = self._read_days(asked)
        return self._days[asked]

    def _read_days(self, asked: DateRange) -> CommunityTotals:
        ensure_days(self._database, self.registry.community.slug, asked.first, asked.end)
        with self._database.read() as connection:
            stored = IndicatorDays(connection, self.registry.community.community_id)
            first, end = day_number(asked.first), day_number(asked.end)
            return stored.read(self.registry.member_ids, first, end).totals

    def totals(self, asked: DateRange, resolution: Resolution, member_id: str | None) -> TotalsByBucket:
        """Totals by bucket; slots and hours come from readings, whole days and longer from what is stored."""
        if resolution in _FINE:
            return self._fine(asked, resolution, member_id)
        buckets = day_buckets(asked, resolution)
        merged = self._row(self.days(asked), member_id).merged(buckets.firsts)
        return TotalsByBucket(buckets.labels, merged, member_id is None)

    def figures(self, asked: DateRange, member_id: str | None) -> Figures:
        """The indicators of the whole range that totals give."""
        totals = self._row(self.days(asked), member_id).merged(np.array([0]))
        return figures_of(totals.cell(0, 0), asked.days, self.band_slots(asked), is_community=member_id is None)

    def members_figures(self, asked: DateRange) -> dict[str, Figures]:
        """The same of every member at once."""
        totals = self.days(asked).members.merged(np.array([0]))
        slots = self.band_slots(asked)
        return {
            member_id: figures_of(totals.cell(row, 0), asked.days, slots, is_community=False)
            for row, member_id in enumerate(self.registry.member_ids)
        }

    def band_slots(self, asked: DateRange) -> tuple[int, ...]:
        """Slots of the range in F1, F2, F3."""
        bands = band_numbers(self.registry.calendar(asked.first, asked.end))
        return tuple(int((bands == band).sum()) for band in BANDS)

    def curve(self, asked: DateRange, member_id: str | None) -> LoadCurve:
        """Energies of one row in every slot, read a month at a time."""
        pieces = []
        with self._database.read() as connection:
            for part in _months(asked):
                energies = load_energies(connection, self.registry, self.registry.calendar(part.first, part.end))
                pieces.append(self._one(energies, member_id))
        return LoadCurve(self.registry.calendar(asked.first, asked.end), _joined(pieces))

    def shape(self, curve: LoadCurve) -> LoadShape:
        """K9 to K12 of a curve."""
        return load_shapes(curve.load_wh, curve.known, curve.calendar.step_s)[0]

    def coincidence(self, asked: DateRange) -> Coincidence | None:
        """K13: the community's greatest slot, every member's load in it, and the factor; None without a value."""
        totals = self.days(asked)
        peak = totals.community.merged(np.array([0])).cell(0, 0)
        if not peak["known_slots"]:
            return None
        highest = totals.members.max_wh.max(axis=1, initial=0).tolist()
        loads = self._loads_in(peak["max_slot"])
        return Coincidence(peak["max_slot"], peak["max_wh"], loads, ratio_bp(peak["max_wh"], sum(highest)))

    def _loads_in(self, slot: int) -> tuple[int, ...]:
        community = self.registry.community
        quarters = self.registry.step_s // SLOT_S
        calendar = SlotCalendar(slot, slot + quarters, self.registry.step_s, community.tz, self.registry.rules)
        with self._database.read() as connection:
            energies = load_energies(connection, self.registry, calendar)
        return tuple(int(one) for one in energies.load_wh[:, 0])

    def _fine(self, asked: DateRange, resolution: Resolution, member_id: str | None) -> TotalsByBucket:
        labels: list[str] = []
        rows = []
        with self._database.read() as connection:
            for part in _months(asked):
                calendar = self.registry.calendar(part.first, part.end)
                energies = load_energies(connection, self.registry, calendar)
                totals = community_totals(energies, calendar, resolution, self.registry.community.settle_slot_s)
                rows.append(self._row(totals, member_id).table())
                labels += calendar.buckets(resolution).labels
        return TotalsByBucket(tuple(labels), _columns(np.concatenate(rows, axis=1)), member_id is None)

    def _row(self, totals: CommunityTotals, member_id: str | None) -> BucketTotals:
        if member_id is None:
            return totals.community
        row = self.row_of(member_id)
        return _columns(totals.members.table()[row : row + 1])

    def _one(self, energies: Energies, member_id: str | None) -> Energies:
        if member_id is None:
            return energies.community()
        row = self.row_of(member_id)
        return energies.part(slice(row, row + 1))


def _months(asked: DateRange) -> Iterator[DateRange]:
    """The range cut at the first of every month."""
    first = asked.first
    while first < asked.end:
        following = (first.replace(day=1) + timedelta(days=31)).replace(day=1)
        yield DateRange(first, min(following, asked.end))
        first = following


def day_buckets(asked: DateRange, resolution: Resolution) -> Buckets:
    """The local dates of a range put together; a whole day takes the place of a slot."""
    first, end = day_number(asked.first), day_number(asked.end)
    return SlotCalendar(first * _QUARTERS, end * _QUARTERS, DAY_S, "UTC").buckets(resolution)


def _columns(table: Int64Array) -> BucketTotals:
    """Totals of an array [rows, buckets, columns]."""
    return BucketTotals(*(table[:, :, column] for column in range(table.shape[2])))


def _joined(pieces: list[Energies]) -> Energies:
    joined = {name: np.concatenate([getattr(one, name) for one in pieces], axis=1) for name in _ARRAYS}
    has_plant = np.any([one.has_plant for one in pieces], axis=0)
    return Energies(pieces[0].step_s, **joined, has_plant=has_plant)
