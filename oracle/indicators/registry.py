"""What the indicators of a community rest on besides readings: members, who held which channel, clock, holidays."""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import Connection, select

from gettone.db.columns import SLOT_S
from gettone.db.repositories.communities import Communities, CommunityRow
from gettone.db.repositories.holdings import HeldChannel, held_channels
from gettone.db.repositories.reference import Reference
from gettone.db.tables import UserCommunity
from gettone.jcs import canonical
from gettone.metering.calendar.holidays import HolidayRule
from gettone.metering.calendar.slots import EPOCH, SlotCalendar, day_date
from gettone.metering.indicators.member_energies import Part
from gettone.periods import period_of_dates

_BASIS_BYTES = 8


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """A member by pseudonym, with the people and the area [dm2] of the home where they are known."""

    member_id: str
    kind: str
    people: int | None
    area_dm2: int | None


@dataclass(frozen=True, slots=True)
class Selection:
    """The channels that touch a range, and the parts of their readings that count for a member."""

    channel_ids: tuple[int, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class IndicatorRegistry:
    """One community; `members` in bytewise order of their ids are the rows of every array."""

    community: CommunityRow
    members: tuple[MemberFacts, ...]
    held: tuple[HeldChannel, ...]
    rules: tuple[HolidayRule, ...]

    @cached_property
    def member_ids(self) -> tuple[str, ...]:
        """Ids of the members, in the order of the rows."""
        return tuple(one.member_id for one in self.members)

    @cached_property
    def step_s(self) -> int:
        """The coarsest step [s] among all channels the community ever had: every figure of it is at this step."""
        return max((one.step_s for one in self.held), default=SLOT_S)

    def calendar(self, first: date, end: date) -> SlotCalendar:
        """The slots of local dates [first, end)."""
        period = period_of_dates(first, end, self.community.tz)
        return SlotCalendar(
            period.start_s // SLOT_S, period.end_s // SLOT_S, self.step_s, self.community.tz, self.rules
        )

    def selection(self, from_slot: int, to_slot: int) -> Selection:
        """Channels and parts that touch [from_slot, to_slot)."""
        held = [one for one in self.held if one.from_slot < to_slot and one.to_slot > from_slot]
        channel_ids = sorted({one.channel_id for one in held})
        row_of = {channel_id: row for row, channel_id in enumerate(channel_ids)}
        member_of = {member_id: row for row, member_id in enumerate(self.member_ids)}
        netted = self.community.netting == "pod"
        parts = tuple(
            Part(
                row_of[one.channel_id],
                member_of[one.member_id],
                one.device_id if netted else one.channel_id,
                one.direction,
                one.step_s,
                one.from_slot,
                one.to_slot,
            )
            for one in held
        )
        return Selection(tuple(channel_ids), parts)

    def basis(self, first_day: int, end_day: int) -> int:
        """Digest of all that the totals of local days [first_day, end_day) rest on besides readings."""
        calendar = self.calendar(day_date(first_day), day_date(end_day))
        bounds = (calendar.from_slot, calendar.to_slot)
        held = [
            [
                one.channel_id,
                one.device_id,
                int(one.direction),
                one.step_s,
                one.member_id,
                max(one.from_slot, bounds[0]),
                min(one.to_slot, bounds[1]),
            ]
            for one in self.held
            if one.from_slot < bounds[1] and one.to_slot > bounds[0]
        ]
        free = [str(day) for rule in self.rules for day in _dates_of(rule, first_day, end_day)]
        community = self.community
        text = canonical(
            {
                "tz": community.tz,
                "settle_slot_s": community.settle_slot_s,
                "netting": community.netting,
                "step_s": self.step_s,
                "held": held,
                "holidays": sorted(free),
            }
        )
        return int.from_bytes(hashlib.sha256(text).digest()[:_BASIS_BYTES], "big", signed=True)


def load_registry(connection: Connection, slug: str) -> IndicatorRegistry:
    """The registry of a community; MissingInput when there is none."""
    community = Communities(connection).get(slug)
    query = (
        select(UserCommunity.member_id, UserCommunity.kind, UserCommunity.people, UserCommunity.area_dm2)
        .where(UserCommunity.community_id == community.community_id)
        .order_by(UserCommunity.member_id)
    )
    members = tuple(MemberFacts(*row) for row in connection.execute(query))
    held = held_channels(connection, community.community_id)
    return IndicatorRegistry(community, members, held, Reference(connection).holidays())


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def _dates_of(rule: HolidayRule, first_day: int, end_day: int) -> list[date]:
    years = range(day_date(first_day).year, day_date(end_day).year + 1)
    found = (rule.in_year(year) for year in years)
    return [one for one in found if one is not None and first_day <= day_number(one) < end_day]
