"""What is committed and counted of each register: one value per slot of the period, missing ones explicit."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gettone.db.columns import SLOT_S
from gettone.db.repositories.devices import ChannelRow
from gettone.db.repositories.readings import ChannelReadings, StoredReading
from gettone.metering.gate.decision import Coverage
from gettone.notary.series import Reading
from gettone.rewards.inputs import Series
from gettone.types import Direction, Quality
from oracle.settle.registers import Holding, Range, holds_slot, register_name

PLANT_DIRECTIONS = (Direction.INJECTION, Direction.PRODUCTION)
MISSING: Reading = (None, int(Quality.MISSING))


@dataclass(frozen=True, slots=True)
class MemberSeries:
    """One register of one member over a period.

    `values` has one (Wh or None, quality) per slot of `channel.step_s` from `start_s` on; `expected_slots`
    counts the slots that lie wholly inside the member's holdings; `batches` are those the values came with.
    """

    member_id: str
    pod: str
    channel: ChannelRow
    start_s: int
    values: tuple[Reading, ...]
    expected_slots: int
    batches: frozenset[int]

    def counted(self) -> dict[int, int]:
        """Slot start [unix s] → Wh of the values that earn: quality actual or corrected."""
        step_s = self.channel.step_s
        return {
            self.start_s + position * step_s: wh
            for position, (wh, quality) in enumerate(self.values)
            if wh is not None and Quality(quality).earns
        }


def member_series(
    readings: Iterable[ChannelReadings], holdings: Iterable[Holding], start_s: int, end_s: int, min_rank: int
) -> tuple[MemberSeries, ...]:
    """The series of every member over [start_s, end_s), by member, device and channel.

    Only measured values of at least `min_rank` are read as such (metering §1, law 5).
    """
    by_channel = {one.channel.channel_id: one.readings for one in readings}
    held: dict[tuple[str, int, ChannelRow, str], list[Range]] = {}
    period = (start_s, end_s, min_rank)
    for holding in holdings:
        for channel in holding.channels:
            key = (holding.member_id, holding.device_id, channel, holding.pod)
            held.setdefault(key, []).append((holding.from_s, holding.to_s))
    return tuple(
        _series(member_id, pod, channel, by_channel.get(channel.channel_id, ()), ranges, period)
        for (member_id, _, channel, pod), ranges in held.items()
    )


def counted_series(parts: Iterable[MemberSeries], earlier: Mapping[str, Mapping[int, int]]) -> dict[str, Series]:
    """The series of the reward rules, by register name; `earlier` adds committed readings before the period."""
    steps: dict[str, int] = {}
    merged: dict[str, dict[int, int]] = {}
    for part in parts:
        name = register_name(part.channel)
        steps[name] = part.channel.step_s
        merged.setdefault(name, dict(earlier.get(name, {}))).update(part.counted())
    return {name: Series(name, steps[name], values) for name, values in merged.items()}


def coverage(member_ids: Sequence[str], parts: Iterable[MemberSeries]) -> tuple[Coverage, ...]:
    """Expected and valid slots of each member over all registers, in the order of `member_ids`."""
    expected = dict.fromkeys(member_ids, 0)
    valid = dict.fromkeys(member_ids, 0)
    for part in parts:
        expected[part.member_id] += part.expected_slots
        valid[part.member_id] += len(part.counted())
    return tuple(Coverage(one, expected[one], valid[one]) for one in member_ids)


def plant_coverage(parts: Iterable[MemberSeries]) -> tuple[Coverage, ...]:
    """Expected and valid slots of each channel that only a plant feeds: injection and production, by id."""
    found: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for part in parts:
        if part.channel.direction in PLANT_DIRECTIONS:
            expected, valid = found[part.channel.channel_id]
            found[part.channel.channel_id] = (expected + part.expected_slots, valid + len(part.counted()))
    return tuple(Coverage(str(channel_id), *found[channel_id]) for channel_id in sorted(found))


def behind_totals(parts: Iterable[MemberSeries]) -> dict[str, int]:
    """How many members have a value in each of the two slot totals: below eight of them a total hides nobody."""
    withdrawing, injecting = set(), set()
    for part in parts:
        values = part.counted().values()
        if any(wh > 0 for wh in values):
            withdrawing.add(part.member_id)
        if any(wh < 0 for wh in values):
            injecting.add(part.member_id)
    return {"members_withdrawing": len(withdrawing), "members_injecting": len(injecting)}


def _series(
    member_id: str,
    pod: str,
    channel: ChannelRow,
    readings: Iterable[StoredReading],
    ranges: Sequence[Range],
    period: tuple[int, int, int],
) -> MemberSeries:
    start_s, end_s, min_rank = period
    found = {one.slot * SLOT_S: one for one in readings}
    values: list[Reading] = []
    batches: set[int] = set()
    expected = 0
    for slot_s in range(start_s, end_s, channel.step_s):
        inside = any(holds_slot(bounds, slot_s, slot_s + channel.step_s) for bounds in ranges)
        expected += inside
        reading = found.get(slot_s) if inside else None
        values.append(_committed(reading, min_rank))
        if reading is not None and values[-1] is not MISSING:
            batches.add(reading.batch_id)
    return MemberSeries(member_id, pod, channel, start_s, tuple(values), expected, frozenset(batches))


def _committed(reading: StoredReading | None, min_rank: int) -> Reading:
    """A slot leaf of quality 1 or 3 is one that the model counts; a lower rank is committed as missing."""
    if reading is None or reading.quality == Quality.MISSING:
        return MISSING
    if Quality(reading.quality).earns and reading.rank < min_rank:
        return MISSING
    return (reading.wh, reading.quality)
