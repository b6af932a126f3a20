"""Editing by two persons: accept or refuse a quarantined value, withdraw, substitute (§4, Editing); pure.

An edit is a document of exact values.  What a person proposed is what the other one approves, byte by byte, and what
the batch of class 6 holds.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from gettone.errors import InputError
from gettone.jcs import canonical
from gettone.metering.rules.versions import CurrentReading
from gettone.types import Quality

SCHEMA = "gettone.edit/1"
WAITING = ("quarantined", "conflict")
MANUAL_CLASS = 6
MAX_VALUES = 10_000
_WH_LIMIT = 2**31


class Action(StrEnum):
    """What a person may do with values."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    SUBSTITUTE = "substitute"


class EditValue(NamedTuple):
    """One value of an edit: slot, the version it answers (0 for none), and Wh; 0 Wh where it is withdrawn."""

    slot: int
    version: int
    wh: int


class HeldVersion(NamedTuple):
    """A value [Wh] that waits for a person."""

    slot: int
    version: int
    wh: int
    rank: int
    batch_id: int
    state: str


@dataclass(frozen=True, slots=True)
class Edit:
    """What to do with values of one channel, in order of slot; `reason` says why."""

    channel_id: int
    action: Action
    values: tuple[EditValue, ...]
    reason: str

    @property
    def slots(self) -> tuple[int, int]:
        """[first, end) of the slots it is about."""
        return self.values[0].slot, self.values[-1].slot + 1

    def to_json(self) -> str:
        """Canonical JSON: the form that is approved and stored."""
        return canonical(
            {
                "schema": SCHEMA,
                "channel_id": self.channel_id,
                "action": self.action.value,
                "values": [list(one) for one in self.values],
                "reason": self.reason,
            }
        ).decode()

    @classmethod
    def of_json(cls, text: str | bytes) -> "Edit":
        """The edit of a stored document; InputError for another schema."""
        document = json.loads(text)
        if document.get("schema") != SCHEMA:
            raise InputError("edit_schema", f"the document is no edit of readings: its schema is not {SCHEMA}")
        values = tuple(EditValue(*one) for one in document["values"])
        return cls(document["channel_id"], Action(document["action"]), values, document["reason"])


@dataclass(frozen=True, slots=True)
class EditedSlots:
    """What is stored of the slots of an edit: current values, waiting versions, and the highest version numbers.

    orders: receipt [unix ms] and digest of the batches of the current values, by batch id.
    """

    current: Mapping[int, CurrentReading]
    waiting: Sequence[HeldVersion]
    last_versions: Mapping[int, int]
    orders: Mapping[int, tuple[int, bytes]]


def propose(
    channel_id: int,
    action: Action,
    slots: Sequence[int],
    stored: EditedSlots,
    reason: str,
    typed_wh: Sequence[int] = (),
    version: int | None = None,
) -> Edit:
    """The edit of `slots` (ascending) that follows from what is stored now; `typed_wh` one per slot to substitute.

    Accept and refuse take every waiting version of the slots, or the one of number `version`; withdraw takes every
    current value.  Raises InputError when there is nothing to edit, when a slot to accept has several waiting
    values, or without a reason.
    """
    if not reason.strip() or len(reason) > 400:
        raise InputError("reason_missing", "an edit needs a reason of 1 to 400 characters: say why")
    if action is Action.SUBSTITUTE:
        values = _typed(slots, stored, typed_wh)
    elif action is Action.WITHDRAW:
        values = [EditValue(slot, stored.current[slot].version, 0) for slot in slots if _has_value(stored, slot)]
    else:
        wanted = [one for one in sorted(stored.waiting) if one.slot in slots and version in (None, one.version)]
        values = [EditValue(one.slot, one.version, one.wh) for one in wanted]
        if action is Action.ACCEPT:
            _require_one_each(values)
    if not 0 < len(values) <= MAX_VALUES:
        what = "in quarantine" if action in (Action.ACCEPT, Action.REFUSE) else "with a value"
        raise InputError("edit_empty", f"{len(values)} slots are {what} there: an edit takes 1 to {MAX_VALUES}")
    return Edit(channel_id, action, tuple(values), reason.strip())


def _typed(slots: Sequence[int], stored: EditedSlots, typed_wh: Sequence[int]) -> list[EditValue]:
    if len(typed_wh) != len(slots):
        raise InputError("edit_values", f"{len(typed_wh)} values for {len(slots)} slots: give one for each")
    too_large = [wh for wh in typed_wh if abs(wh) >= _WH_LIMIT]
    if too_large:
        raise InputError("edit_values", f"{too_large[0]} Wh is beyond any meter")
    return [EditValue(slot, _version_answered(stored, slot), wh) for slot, wh in zip(slots, typed_wh, strict=True)]


def _version_answered(stored: EditedSlots, slot: int) -> int:
    """The current version; where there is none the waiting one of the best rank; 0 for nothing at all."""
    if slot in stored.current:
        return stored.current[slot].version
    held = [one for one in stored.waiting if one.slot == slot]
    return max(held, key=lambda one: (one.rank, one.version)).version if held else 0


def _has_value(stored: EditedSlots, slot: int) -> bool:
    return slot in stored.current and stored.current[slot].quality != Quality.MISSING


def _require_one_each(values: Iterable[EditValue]) -> None:
    seen: set[int] = set()
    for value in values:
        if value.slot in seen:
            raise InputError(
                "edit_ambiguous",
                f"slot {value.slot} has several values in quarantine: name the version to accept",
            )
        seen.add(value.slot)
