"""The values of a batch against what is stored: which become current, which are kept beside (rule V13)."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import NamedTuple

from gettone.metering.codes import Code
from gettone.metering.values import HeldState, Validated, Values
from gettone.metering.versions import CurrentReading, NewReading, NewVersion, Version, decide
from gettone.types import Quality

Key = tuple[int, int]


class SlotValue(NamedTuple):
    """One value of (channel, slot): Wh (0 where missing), quality, rank."""

    channel_id: int
    slot: int
    wh: int
    quality: Quality
    rank: int


class BatchStamp(NamedTuple):
    """What a batch gives its values: id, receipt [unix ms] and digest."""

    batch_id: int
    received_at: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database holds in the box of a batch, by (channel, slot).

    last_versions: the highest number kept beside the current value; held: (channel, slot, Wh, rank) that wait
    for a person already; stamps: the batches of the current values by id.
    """

    current: Mapping[Key, CurrentReading]
    last_versions: Mapping[Key, int]
    held: Set[tuple[int, int, int, int]]
    stamps: Mapping[int, BatchStamp]


@dataclass(slots=True)
class Merge:
    """The rows to write, and the counters of what they do."""

    added: list[NewReading] = field(default_factory=list)
    replaced: list[NewReading] = field(default_factory=list)
    versions: list[NewVersion] = field(default_factory=list)
    confirmed: int = 0
    changed: int = 0
    new: int = 0
    equal: int = 0
    older: int = 0
    missing: int = 0


def merge(validated: Validated, stored: Stored, stamp: BatchStamp) -> Merge:
    """Decide for each accepted and held value; writes nothing.

    Invariant: new + changed + confirmed + equal + older + missing = accepted values.
    """
    result = Merge()
    numbers: dict[Key, int] = {}
    for value in _rows(validated.accepted):
        _merge_value(value, stored, stamp, numbers, result)
    # The same value may come again, in this file or another: one person decides once.
    waiting = set(stored.held)
    for value, state in zip(_rows(validated.held.values), validated.held.state.tolist(), strict=True):
        mark = (value.channel_id, value.slot, value.wh, value.rank)
        if mark not in waiting:
            waiting.add(mark)
            number = _next_number((value.channel_id, value.slot), stored, numbers)
            result.versions.append(
                NewVersion(*value[:2], number, *_fields(value), stamp.batch_id, HeldState(state).name.lower())
            )
    return result


def _merge_value(value: SlotValue, stored: Stored, stamp: BatchStamp, numbers: dict[Key, int], result: Merge) -> None:
    key = (value.channel_id, value.slot)
    current = stored.current.get(key)
    received = Version(value.wh, value.quality, value.rank, stamp.received_at, stamp.sha256)
    decision = decide(_version(current, stored), received)
    _count(decision.code, value.quality, current is None, result)
    if decision.code is Code.D_EQUAL:
        return
    number = _next_number(key, stored, numbers)
    if decision.code is Code.D_OLDER:
        result.versions.append(NewVersion(*key, number, *_fields(value), stamp.batch_id, "older"))
        return
    reading = NewReading(*key, value.wh, int(decision.quality), value.rank, number, stamp.batch_id)
    if current is None:
        result.added.append(reading)
    else:
        result.replaced.append(reading)
        beside = (current.version, current.wh, current.quality, current.rank, current.batch_id)
        result.versions.append(NewVersion(*key, *beside, "superseded"))


def _rows(values: Values) -> Iterator[SlotValue]:
    for channel_id, slot, wh, quality, rank in zip(*(one.tolist() for one in values.columns()), strict=True):
        yield SlotValue(channel_id, slot, wh, Quality(quality), rank)


def _count(code: Code, quality: Quality, first: bool, result: Merge) -> None:
    if quality is Quality.MISSING:
        result.missing += 1
    elif code is Code.D_NEW and first:
        result.new += 1
    elif code is Code.D_NEW:
        result.changed += 1
    elif code is Code.D_CONFIRM:
        result.confirmed += 1
    elif code is Code.D_EQUAL:
        result.equal += 1
    else:
        result.older += 1


def _next_number(key: Key, stored: Stored, numbers: dict[Key, int]) -> int:
    current = stored.current.get(key)
    last = max(stored.last_versions.get(key, 0), current.version if current is not None else 0, numbers.get(key, 0))
    numbers[key] = last + 1
    return last + 1


def _version(current: CurrentReading | None, stored: Stored) -> Version | None:
    if current is None:
        return None
    stamp = stored.stamps[current.batch_id]
    return Version(current.wh, Quality(current.quality), current.rank, stamp.received_at, stamp.sha256)


def _fields(value: SlotValue) -> tuple[int, int, int]:
    return value.wh, int(value.quality), value.rank
