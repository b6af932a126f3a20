"""What differs between a proposal as stated and as computed here: by member and slot first, then what follows of it."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from gettone.metering.gate.report import GateReport
from gettone.notary.commitments import SeriesCommitment
from gettone.notary.keys import KeyKind, period_key
from gettone.notary.series import series_hashes
from gettone.periods import utc_text
from gettone.types import Direction
from oracle.attestation.recomputation import Recomputed, series_by_pid
from oracle.attestation.request import SLOT_BYTES, AttestationRequest, StatedMember, StatedSeries
from oracle.settle.period_inputs import RosterMember

_AMOUNTS = (
    "member_class",
    "wallet",
    "entitlement_units",
    "entitlement_before_units",
    "carried_before_units",
    "skipped_units",
    "payout_units",
    "carried_after_units",
)
_REPORTED = ("state", "rules", "community_permille", "complete_members_permille", "quarantined_slots", "members")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs; `stated` by the proposal, `found` here.  A reading is named by its slot, never shown."""

    what: str
    member_id: str | None = None
    direction: str | None = None
    slot: int | None = None
    start: str | None = None
    stated: str | None = None
    found: str | None = None

    def in_words(self) -> str:
        """As a line for people."""
        where = [f"member {self.member_id[:8]}…"] if self.member_id else []
        where += [self.direction] if self.direction else []
        where += [f"slot {self.slot} ({self.start})"] if self.slot is not None else []
        values = "" if self.stated is None and self.found is None else f": stated {self.stated}, found {self.found}"
        return f"{', '.join((*where, self.what))}{values}"


def differences(request: AttestationRequest, found: Recomputed) -> tuple[Difference, ...]:
    """Everything that differs, causes before effects; () when the proposals are equal to the last bit."""
    if request.proposal == found.proposal:
        return tuple(_report(request, found.report))
    return (
        *_roster(request, found),
        *_series(request, found),
        *_report(request, found.report),
        *_members(request, found),
        *_params(request, found),
        *_proposal(request, found),
    )


def _roster(request: AttestationRequest, found: Recomputed) -> Iterator[Difference]:
    here = {one.member_id: one for one in found.stored.inputs.roster}
    stated = {one.member_id: one for one in request.members}
    for member_id in sorted(set(here) | set(stated)):
        if member_id not in here:
            yield Difference("membership", member_id, stated="on the roster", found="not on it")
        elif member_id not in stated:
            yield Difference("membership", member_id, stated="not on the roster", found="on it")
        elif (bounds := _bounds(stated[member_id])) != _bounds(here[member_id]):
            yield Difference("membership", member_id, stated=bounds, found=_bounds(here[member_id]))


def _bounds(one: StatedMember | RosterMember) -> str:
    return f"{one.from_s} to {one.to_s}"


def _series(request: AttestationRequest, found: Recomputed) -> Iterator[Difference]:
    stated = dict(series_by_pid(request.series))
    for member in found.trees.commitment.members:
        member_id = member.member_id.hex()
        for one in member.series:
            other = stated.pop((member_id, one.header.series_pid), None)
            if other is None:
                yield Difference("register", member_id, _name(one.header.direction), stated="none", found="one")
            elif other.root != one.root:
                yield from _slots(other, one, member_id, found)
    for other in stated.values():
        yield Difference("register", other.member_id, _name(other.direction), stated="one", found="none")


def _slots(stated: StatedSeries, own: SeriesCommitment, member_id: str, found: Recomputed) -> Iterator[Difference]:
    """The slots of one series whose leaves differ."""
    direction = _name(own.header.direction)
    if (stated.slot_s, len(stated.slots) // SLOT_BYTES) != (own.header.slot_s, own.header.slot_count):
        yield Difference(
            "slot length in s", member_id, direction, stated=str(stated.slot_s), found=str(own.header.slot_s)
        )
        return
    k_my, scope = found.builder.member_key(member_id), found.builder.scope()
    values = {(one.pod, one.direction): one.values for one in found.builder.series(member_id)}
    k_p = period_key(k_my, KeyKind.SERIES, own.number, scope.period_index, own.first_revision)
    hashes = series_hashes(k_p, own.header, values[own.pod, own.header.direction])[1:]
    differing = [
        slot
        for slot, hash_ in enumerate(hashes)
        if stated.slots[slot * SLOT_BYTES : (slot + 1) * SLOT_BYTES] != hash_[:SLOT_BYTES]
    ]
    for slot in differing:
        start = utc_text(own.header.period_start_s + slot * own.header.slot_s)
        yield Difference("reading", member_id, direction, slot, start)
    if not differing:
        yield Difference("root of the series", member_id, direction, stated=stated.root.hex(), found=own.root.hex())


def _report(request: AttestationRequest, report: GateReport) -> Iterator[Difference]:
    """What the gate says of the readings; plants are named by channels, whose numbers are each database's own."""
    stated, own = json.loads(request.gate_report_json), report.to_document()
    for name in _REPORTED:
        if stated.get(name) != own[name]:
            yield Difference(f"gate report: {name}", stated=_short(stated.get(name)), found=_short(own[name]))
    if _plants(stated) != _plants(own):
        yield Difference("gate report: plants", stated=_short(_plants(stated)), found=_short(_plants(own)))


def _plants(document: dict[str, Any]) -> list[tuple[str, str]]:
    return sorted((one["expected_slots"], one["valid_slots"]) for one in document["plants"])


def _members(request: AttestationRequest, found: Recomputed) -> Iterator[Difference]:
    stated = {one.member_id: one for one in request.members}
    rows = zip(found.stored.members, found.trees.inputs, found.trees.commitment.members, strict=True)
    for line, inputs, committed in rows:
        other = stated.get(line.computed.member_id)
        if other is None:
            continue
        before = len(_AMOUNTS)
        for name in _AMOUNTS:
            values = (getattr(other, name), getattr(line.computed, name))
            if values[0] != values[1]:
                before -= 1
                yield Difference(name, other.member_id, stated=str(values[0]), found=str(values[1]))
        if _devices(json.loads(other.inputs_json)) != _devices(inputs):
            yield Difference("devices and contracts", other.member_id)
        elif before == len(_AMOUNTS) and other.assignment_hash != committed.assignment_hash:
            yield Difference("assignment leaf", other.member_id)


def _devices(inputs: dict[str, Any] | None) -> Any:
    """The devices of the inputs as JSON has them; None for an erased member, who has no inputs."""
    return None if inputs is None else json.loads(json.dumps(inputs["devices"]))


def _params(request: AttestationRequest, found: Recomputed) -> Iterator[Difference]:
    stated, own = json.loads(request.params_json), json.loads(json.dumps(found.trees.params))
    for name in sorted(set(stated) | set(own)):
        if stated.get(name) != own.get(name):
            yield Difference(f"parameter {name}", stated=_short(stated.get(name)), found=_short(own.get(name)))


def _proposal(request: AttestationRequest, found: Recomputed) -> Iterator[Difference]:
    stated, own = asdict(request.proposal), asdict(found.proposal)
    for name, value in stated.items():
        if value != own[name]:
            yield Difference(f"proposal {name}", stated=_short(value), found=_short(own[name]))


def _name(direction: int) -> str:
    return Direction(direction).name.lower()


def _short(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)[:120]
