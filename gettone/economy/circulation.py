"""How tokens circulate: volume, velocity, holders, shares of the supply, activity by category (report LA1.47, Table 3).

Whole numbers throughout; shares are in thousandths that sum to 1000, the largest remainders rounded up.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from gettone.economy.reasons import Reason

PERMILLE = 1000
MEMBER_BYTES = 32
GIVEN = (Reason.REWARD, Reason.INCENTIVE, Reason.WELCOME_BONUS, Reason.ENERGY_BONUS, Reason.SALE)
"""What brings tokens into the members' hands."""


class Line(NamedTuple):
    """An entry of somebody's statement: when [unix s], whose, why, and base units as in `Entry`."""

    time_s: int
    holder: bytes
    reason: str
    change_units: int
    fee_units: int
    subject: str | None

    @property
    def is_of_member(self) -> bool:
        """Whether a member holds it, and not the Treasury or the escrow."""
        return len(self.holder) == MEMBER_BYTES


@dataclass(frozen=True, slots=True)
class Standing:
    """Who holds how much at the end of a span: base units by holder, and the class of each member."""

    units: Mapping[bytes, int]
    classes: Mapping[bytes, int]
    treasury: bytes
    escrow: bytes


@dataclass(frozen=True, slots=True)
class Activity:
    """Trade of one category of agreements: how many were paid, for how much, and what incentives they earned."""

    agreements: int
    paid_units: int
    incentive_units: int


@dataclass(frozen=True, slots=True)
class Circulation:
    """The figures of a span of time, base units.

    volume_units: what members gave away and what agreements paid, fees included; escrow, refunds, rewards and bonuses
    are not trade.
    velocity_permille: volume by the average that members held, in thousandths; None while they held nothing.
    holders: members with a balance at the end; active_members: members who gave or received in trade.
    share_permille: of the supply at the end, of citizens, stakeholders, escrow and Treasury.
    top_tenth_permille: what the richest tenth of the holders (rounded up) has of what members hold.
    """

    volume_units: int
    transfer_count: int
    fee_units: int
    average_held_units: int
    velocity_permille: int | None
    holders: int
    active_members: int
    supply_units: int
    share_permille: Mapping[str, int]
    top_tenth_permille: int | None
    given_units: Mapping[str, int]
    categories: Mapping[int, Activity]


def circulation(
    lines: Iterable[Line], standing: Standing, category_of: Mapping[str, int], start_s: int, end_s: int
) -> Circulation:
    """The figures of [start_s, end_s); `lines` are its entries in order, `category_of` of agreements by subject."""
    found = list(lines)
    traded = [one for one in found if _is_trade(one)]
    held = {one: units for one, units in standing.units.items() if len(one) == MEMBER_BYTES and units}
    average = average_held_down(found, sum(held.values()), start_s, end_s)
    volume = sum(-one.change_units for one in traded)
    return Circulation(
        volume_units=volume,
        transfer_count=len(traded),
        fee_units=sum(one.change_units for one in found if one.reason == Reason.FEE),
        average_held_units=average,
        velocity_permille=volume * PERMILLE // average if average else None,
        holders=len(held),
        active_members=len({one.holder for one in found if one.is_of_member and one.reason in _TRADE}),
        supply_units=sum(standing.units.values()),
        share_permille=_shares(standing, held),
        top_tenth_permille=_top_tenth(sorted(held.values(), reverse=True)),
        given_units=_given(found),
        categories=_categories(found, category_of),
    )


_TRADE = (Reason.TRANSFER, Reason.PAYMENT)


def _is_trade(line: Line) -> bool:
    """The giving side of a trade: a member's, or that of the escrow when it pays."""
    if line.change_units >= 0:
        return False
    return line.reason == Reason.PAYMENT or (line.reason == Reason.TRANSFER and line.is_of_member)


def average_held_down(lines: Iterable[Line], held_at_end_units: int, start_s: int, end_s: int) -> int:
    """What members held on the average over [start_s, end_s), weighed by seconds and rounded down."""
    changes: Counter[int] = Counter()
    for one in lines:
        if one.is_of_member:
            changes[one.time_s] += one.change_units
    held = held_at_end_units - sum(changes.values())
    total = 0
    for moment, following in pairwise(sorted({start_s, *changes, end_s})):
        held += changes[moment]
        total += held * (following - moment)
    return total // (end_s - start_s)


def permille_of(parts: Mapping[str, int]) -> dict[str, int]:
    """Thousandths of the parts, summing to 1000 (largest remainder, then by name); all 0 where the sum is 0."""
    total = sum(parts.values())
    if not total:
        return dict.fromkeys(parts, 0)
    shares = {name: units * PERMILLE // total for name, units in parts.items()}
    left = PERMILLE - sum(shares.values())
    by_remainder = sorted(parts, key=lambda name: (-(parts[name] * PERMILLE % total), name))
    for name in by_remainder[:left]:
        shares[name] += 1
    return shares


def _shares(standing: Standing, held: Mapping[bytes, int]) -> dict[str, int]:
    parts = dict.fromkeys(("citizens", "stakeholders", "escrow", "treasury"), 0)
    for holder, units in held.items():
        parts["stakeholders" if standing.classes.get(holder) == 2 else "citizens"] += units
    parts["escrow"] = standing.units.get(standing.escrow, 0)
    parts["treasury"] = standing.units.get(standing.treasury, 0)
    return permille_of(parts)


def _top_tenth(held: list[int]) -> int | None:
    """`held` is sorted, the most first."""
    return sum(held[: -(-len(held) // 10)]) * PERMILLE // sum(held) if held else None


def _given(lines: Iterable[Line]) -> dict[str, int]:
    given = {one.value: 0 for one in GIVEN}
    for line in lines:
        if line.is_of_member and line.reason in given and line.change_units > 0:
            given[line.reason] += line.change_units
    return given


def _categories(lines: Iterable[Line], category_of: Mapping[str, int]) -> dict[int, Activity]:
    agreements: defaultdict[int, set[str]] = defaultdict(set)
    paid: Counter[int] = Counter()
    incentives: Counter[int] = Counter()
    for one in lines:
        category = category_of.get(one.subject or "")
        if category is None or one.subject is None:
            continue
        if one.reason == Reason.PAYMENT and one.change_units < 0:
            agreements[category].add(one.subject)
            paid[category] -= one.change_units
        elif one.reason == Reason.INCENTIVE and one.is_of_member:
            incentives[category] += one.change_units
    seen = sorted({*agreements, *incentives})
    return {one: Activity(len(agreements[one]), paid[one], incentives[one]) for one in seen}
