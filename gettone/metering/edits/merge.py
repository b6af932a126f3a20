"""What an approved edit writes: each of its values through rule V13, as a batch of its own (§4, Editing); pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from gettone.errors import Conflict
from gettone.metering.codes import Code
from gettone.metering.edits.approval import Action, Edit, EditedSlots, EditValue, HeldVersion
from gettone.metering.flow import ESTIMATE_RANK
from gettone.metering.rules.versions import CurrentReading, NewReading, NewVersion, Version, decide
from gettone.types import Quality

Waiting = Mapping[tuple[int, int], HeldVersion]
"""Values that wait for a person, by slot and version."""


class Answered(NamedTuple):
    """A waiting version that a person decided on: its new state, `accepted` or `refused`."""

    slot: int
    version: int
    state: str


@dataclass(slots=True)
class EditMerge:
    """The rows an edit writes, and how its values count: new, changed, equal, older, missing, refused."""

    added: list[NewReading] = field(default_factory=list)
    replaced: list[NewReading] = field(default_factory=list)
    versions: list[NewVersion] = field(default_factory=list)
    answered: list[Answered] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    confirmed: int = 0
    equal: int = 0
    older: int = 0
    missing: int = 0
    refused: int = 0


def apply_edit(edit: Edit, stored: EditedSlots, batch_id: int, received_at: int, sha256: bytes) -> EditMerge:
    """The rows of an approved edit, merged as batch `batch_id` received at `received_at` [unix ms] (rule V13).

    A value takes the rank of the version it answers, so that a better source still replaces it.  Conflict
    `edit_stale` when what was proposed is not what is stored any more.
    Invariant: the counters sum to the values of the edit.
    """
    result = EditMerge()
    waiting = {(one.slot, one.version): one for one in stored.waiting}
    for value in edit.values:
        _require_unchanged(edit, value, stored, waiting)
        if edit.action is Action.REFUSE:
            result.answered.append(Answered(value.slot, value.version, "refused"))
            result.refused += 1
            continue
        quality, rank = _quality_and_rank(edit, value, stored, waiting)
        received = Version(value.wh, quality, rank, received_at, sha256)
        _merge(edit.channel_id, value.slot, received, stored, batch_id, result)
        _answer(edit, value, waiting, result)
    return result


def _require_unchanged(edit: Edit, value: EditValue, stored: EditedSlots, waiting: Waiting) -> None:
    held, current = waiting.get((value.slot, value.version)), stored.current.get(value.slot)
    if edit.action in (Action.ACCEPT, Action.REFUSE):
        same = held is not None and held.wh == value.wh
    elif value.version == 0:
        same = current is None
    else:
        same = held is not None or (current is not None and current.version == value.version)
    if not same:
        raise Conflict(
            "edit_stale",
            f"slot {value.slot} changed since the edit was proposed: refuse the proposal and make another one",
        )


def _quality_and_rank(edit: Edit, value: EditValue, stored: EditedSlots, waiting: Waiting) -> tuple[Quality, int]:
    held, current = waiting.get((value.slot, value.version)), stored.current.get(value.slot)
    answered = held or current
    rank = ESTIMATE_RANK if answered is None else answered.rank
    qualities = {Action.ACCEPT: Quality.ACTUAL, Action.WITHDRAW: Quality.MISSING}
    return qualities.get(edit.action, Quality.SUBSTITUTED), rank


def _merge(
    channel_id: int, slot: int, received: Version, stored: EditedSlots, batch_id: int, result: EditMerge
) -> None:
    current = stored.current.get(slot)
    decision = decide(_as_version(current, stored), received)
    _count(decision.code, received.quality, current, result)
    if decision.code is Code.D_EQUAL:
        return
    number = max(stored.last_versions.get(slot, 0), current.version if current is not None else 0) + 1
    if decision.code is Code.D_OLDER:
        fields = (received.wh, int(received.quality), received.rank, batch_id)
        result.versions.append(NewVersion(channel_id, slot, number, *fields, "older"))
        return
    reading = NewReading(channel_id, slot, received.wh, int(decision.quality), received.rank, number, batch_id)
    if current is None:
        result.added.append(reading)
        return
    result.replaced.append(reading)
    beside = (current.version, current.wh, current.quality, current.rank, current.batch_id)
    result.versions.append(NewVersion(channel_id, slot, *beside, "superseded"))


def _answer(edit: Edit, value: EditValue, waiting: Waiting, result: EditMerge) -> None:
    """What becomes of waiting versions: the one answered, and its rivals of the same file."""
    held = waiting.get((value.slot, value.version))
    if held is None:
        return
    state = "accepted" if edit.action is Action.ACCEPT else "refused"
    result.answered.append(Answered(value.slot, value.version, state))
    for rival in waiting.values():
        same_file = rival.slot == held.slot and rival.batch_id == held.batch_id and rival.version != held.version
        if same_file and rival.state == held.state == "conflict":
            result.answered.append(Answered(rival.slot, rival.version, "refused"))


def _count(code: Code, quality: Quality, current: CurrentReading | None, result: EditMerge) -> None:
    if quality is Quality.MISSING:
        result.missing += 1
    elif code is Code.D_NEW:
        result.new += current is None
        result.changed += current is not None
    else:
        result.confirmed += code is Code.D_CONFIRM
        result.equal += code is Code.D_EQUAL
        result.older += code is Code.D_OLDER


def _as_version(current: CurrentReading | None, stored: EditedSlots) -> Version | None:
    if current is None:
        return None
    return Version(current.wh, Quality(current.quality), current.rank, *stored.orders[current.batch_id])
