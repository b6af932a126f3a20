"""The rows of one file through rules V2 to V12, in that order, down to one value per channel and slot.

Nothing is dropped: every row ends as an accepted value or a part of one, as equal to another, as missing, in
quarantine, or among the rejects (law 2 of the metering specification §1).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from gettone.metering.codes import Code
from gettone.metering.flow import FlowConfig
from gettone.metering.registry import Contract, RegisteredChannel, RegisteredDevice, Registry
from gettone.metering.rules import (
    SLOT_S,
    Finding,
    check_active,
    check_boundary,
    check_range,
    check_sign,
    check_time,
    exceeds_power,
    find_channel,
)
from gettone.types import Direction, Quality


class FileRow(NamedTuple):
    """A row as parsed: [start_s, start_s + interval_s) in unix s, signed Wh, None for a declared gap."""

    row: int
    device: str
    start_s: int
    interval_s: int
    wh: int | None
    quality: Quality
    direction: Direction | None


class Rejected(NamedTuple):
    """A refused row: its number, code, column and reason in words (which may name the device)."""

    row: int
    code: Code
    field: str
    reason: str


class SlotValue(NamedTuple):
    """One value of (channel, slot): Wh (0 where missing), quality, rank."""

    channel_id: int
    slot: int
    wh: int
    quality: Quality
    rank: int


class HeldValue(NamedTuple):
    """A value in quarantine: `state` is quarantined (V11) or conflict (V12)."""

    value: SlotValue
    state: str


class _Placed(NamedTuple):
    """A row on its channel."""

    row: FileRow
    channel: RegisteredChannel
    device: RegisteredDevice


@dataclass(slots=True)
class Validated:
    """What became of the rows of a file; `rows` counts those that were put in."""

    rows: int = 0
    accepted: list[SlotValue] = field(default_factory=list)
    held: list[HeldValue] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    equal: int = 0
    merged: int = 0
    missing: int = 0
    codes: Counter[Code] = field(default_factory=Counter)

    @property
    def permille_rejected(self) -> int:
        """Rejected rows in permille of all, rounded up."""
        return -(-1000 * len(self.rejected) // self.rows) if self.rows else 0

    def reject(self, row: int, finding: Finding) -> None:
        """Refuse one row."""
        self.rejected.append(Rejected(row, *finding))
        self.codes[finding.code] += 1

    def hold(self, value: SlotValue, code: Code) -> None:
        """Put one value in quarantine."""
        self.held.append(HeldValue(value, "conflict" if code is Code.D_CONFLICT else "quarantined"))
        self.codes[code] += 1


def validate(rows: Iterable[FileRow], registry: Registry, flow: FlowConfig, receipt_s: int) -> Validated:
    """Run the rules over the rows of one file, received at `receipt_s` [unix s].

    Invariants: the result does not depend on the order of rows; one accepted value per channel and slot;
    rows = accepted + held + rejected + equal + merged + missing parts.
    """
    result = Validated()
    by_start: dict[tuple[int, int], list[_Placed]] = defaultdict(list)
    for row in rows:
        result.rows += 1
        placed = _place(row, registry, flow, receipt_s)
        if isinstance(placed, Finding):
            result.reject(row.row, placed)
        else:
            by_start[placed.channel.channel_id, row.start_s].append(placed)
    quarters: dict[tuple[int, int], list[_Placed]] = defaultdict(list)
    for rival in by_start.values():
        first = rival[0]
        if not _agree(rival):
            _conflict(rival, flow, result)
        elif _is_part(first.row):
            _drop_equal(rival, result)
            quarters[first.channel.channel_id, first.row.start_s // SLOT_S].append(first)
        else:
            _drop_equal(rival, result)
            _accept(first, first.row.wh, first.row.quality, flow, result)
    for parts in quarters.values():
        _assemble(parts, flow, result)
    return result


def _place(row: FileRow, registry: Registry, flow: FlowConfig, receipt_s: int) -> _Placed | Finding:
    """V3, V5, V7, V8, V9 and the range of V11 for one row."""
    device = registry.get(row.device)
    if device is None:
        return Finding(Code.R_UNKNOWN, "device", f"device {row.device!r} is not registered for this flow")
    direction = row.direction if row.direction is not None or flow.direction is None else Direction(flow.direction)
    channel = find_channel(device, row.interval_s, direction)
    if isinstance(channel, Finding):
        return channel._replace(reason=f"device {row.device!r}: {channel.reason}")
    wh = row.wh or 0
    finding = (
        check_active(device, row.start_s)
        or check_time(row.start_s, row.start_s + row.interval_s, receipt_s)
        or check_boundary(row.start_s, row.interval_s)
        or check_sign(channel.direction, wh)
        or check_range(wh)
    )
    return finding or _Placed(row, channel, device)


def _agree(rivals: list[_Placed]) -> bool:
    """V12: whether all rows about one channel and start say the same."""
    first = rivals[0].row
    return all(
        (one.row.wh, one.row.quality, one.row.interval_s) == (first.wh, first.quality, first.interval_s)
        for one in rivals
    )


def _conflict(rivals: list[_Placed], flow: FlowConfig, result: Validated) -> None:
    """V12: different values for one slot are all held back; parts of a slot, which no slot can hold, are refused."""
    for one in rivals:
        if _is_part(one.row):
            reason = "other rows of the file give this part of a slot another value"
            result.reject(one.row.row, Finding(Code.D_CONFLICT, "energy_wh", reason))
        else:
            result.hold(_value(one, one.row.wh, one.row.quality, flow), Code.D_CONFLICT)


def _drop_equal(rivals: list[_Placed], result: Validated) -> None:
    if len(rivals) > 1:
        result.equal += len(rivals) - 1
        result.codes[Code.D_EQUAL] += len(rivals) - 1


def _assemble(parts: list[_Placed], flow: FlowConfig, result: Validated) -> None:
    """V8: parts of a quarter of an hour make one value if all are present, else the slot stays missing."""
    values = [part.row.wh for part in parts if part.row.wh is not None]
    steps = {part.row.interval_s for part in parts}
    if len(steps) > 1 or len(values) * parts[0].row.interval_s != SLOT_S:
        result.missing += len(parts)
        result.codes[Code.T_PARTIAL] += len(parts)
        return
    result.merged += len(parts) - 1
    _accept(parts[0], sum(values), _weakest(part.row.quality for part in parts), flow, result)


def _accept(placed: _Placed, wh: int | None, quality: Quality, flow: FlowConfig, result: Validated) -> None:
    """V2's null mark and V11's bound decide between accepted and held."""
    value = _value(placed, wh, quality, flow)
    if value.quality is Quality.MISSING:
        result.codes[Code.M_DECLARED] += 1
    contract: Contract | None = placed.device.contract_at(value.slot)
    if exceeds_power(placed.channel.direction, placed.channel.step_s, value.wh, contract):
        result.hold(value, Code.P_BOUND)
    else:
        result.accepted.append(value)


def _value(placed: _Placed, wh: int | None, quality: Quality, flow: FlowConfig) -> SlotValue:
    stated = Quality.MISSING if wh is None else quality
    slot = placed.row.start_s // SLOT_S
    return SlotValue(placed.channel.channel_id, slot, wh or 0, stated, flow.rank_of(stated))


def _is_part(row: FileRow) -> bool:
    return row.interval_s < SLOT_S


def _weakest(qualities: Iterable[Quality]) -> Quality:
    """A sum is as good as its worst part: an estimate in it makes it an estimate."""
    return max(qualities, key=(Quality.ACTUAL, Quality.CORRECTED, Quality.ESTIMATED, Quality.SUBSTITUTED).index)
