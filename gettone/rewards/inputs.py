"""What a reward calculation reads: series of readings and the memberships that make them a member's own."""

from collections.abc import Mapping
from dataclasses import dataclass

NETTING_NONE = "none"
NETTING_POD = "pod"


@dataclass(frozen=True, slots=True)
class Series:
    """The counted readings of one device: only validated ones of quality 1 (actual) or 3 (corrected).

    device: name of the device, unique in its community.
    interval_s: length [s] of every slot of this device.
    readings: start of the slot [unix s, a multiple of interval_s] to signed energy [Wh]; withdrawal, load and
        charging are positive, injection, production and discharging negative.  A missing reading is absent.
    """

    device: str
    interval_s: int
    readings: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Membership:
    """One device in the hands of one member for the half-open range [from_s, to_s).

    from_s, to_s: bounds [unix s]; None is open.
    contract_power_w: contract power [W] of the connection point; of two registers only the first carries it.
    pod: connection point for POD netting; None is the member's only one.
    """

    member_id: str
    device: str
    from_s: int | None
    to_s: int | None
    contract_power_w: int
    pod: str | None

    def holds(self, start_s: int, end_s: int) -> bool:
        """Whether the whole slot [start_s, end_s) lies inside the membership."""
        return (self.from_s is None or self.from_s <= start_s) and (self.to_s is None or end_s <= self.to_s)


@dataclass(frozen=True, slots=True)
class Community:
    """The members of a community with their devices.

    Invariants: every device of `memberships` has a series (an empty one if nothing was read).
    netting: "none" keeps every register, "pod" first adds the devices of one connection point with sign.
    roster: ids of all members to settle, where some may have no device; those of `memberships` always belong.
    """

    series: Mapping[str, Series]
    memberships: tuple[Membership, ...]
    netting: str
    roster: tuple[str, ...] = ()

    def member_ids(self) -> tuple[str, ...]:
        """The members in bytewise order of their ids: the order of every list and of every tie."""
        return tuple(sorted({one.member_id for one in self.memberships}.union(self.roster), key=str.encode))

    def by_member(self) -> dict[str, "Community"]:
        """The part of the community that each member owns, in bytewise order of the ids."""
        owned: dict[str, list[Membership]] = {member_id: [] for member_id in self.member_ids()}
        for membership in self.memberships:
            owned[membership.member_id].append(membership)
        return {member_id: self._part(tuple(own)) for member_id, own in owned.items()}

    def of_member(self, member_id: str) -> "Community":
        """The part that one member owns, and all that member needs to recompute the own amount."""
        return self._part(tuple(one for one in self.memberships if one.member_id == member_id))

    def _part(self, own: tuple[Membership, ...]) -> "Community":
        return Community({one.device: self.series[one.device] for one in own}, own, self.netting)


@dataclass(frozen=True, slots=True)
class SlotTotal:
    """Energies [Wh] of the whole community in one slot; what a member must know of the others."""

    start_s: int
    withdrawn_wh: int
    injected_wh: int

    @property
    def shared_wh(self) -> int:
        """The shared energy: the smaller of the two."""
        return min(self.withdrawn_wh, self.injected_wh)


@dataclass(frozen=True, slots=True)
class MemberSlots:
    """Energies [Wh] of one member in every slot of a period, in order."""

    withdrawn_wh: tuple[int, ...]
    injected_wh: tuple[int, ...]
