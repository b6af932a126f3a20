"""The values of a batch against what is stored: which become current, which are kept beside (rule V13)."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import NamedTuple

from gettone.metering.codes import Code
from gettone.metering.validation import HeldValue, SlotValue, Validated
from gettone.metering.versions import CurrentReading, NewReading, NewVersion, Version, decide
from gettone.types import Quality

Key = tuple[int, int]


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
    for value in sorted(validated.accepted):
        _merge_value(value, stored, stamp, numbers, result)
    # The same value may come again, in this file or another: one person decides once.
    waiting = set(stored.held)
    for held in sorted(validated.held):
        mark = (held.value.channel_id, held.value.slot, held.value.wh, held.value.rank)
        if mark not in waiting:
            waiting.add(mark)
            _keep_held(held, stored, stamp, numbers, result)
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


def _keep_held(held: HeldValue, stored: Stored, stamp: BatchStamp, numbers: dict[Key, int], result: Merge) -> None:
    value = held.value
    key = (value.channel_id, value.slot)
    number = _next_number(key, stored, numbers)
    result.versions.append(NewVersion(*key, number, *_fields(value), stamp.batch_id, held.state))


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
