"""New devices, one or a table of them, and who holds them: one member and one community at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection

from api.access import Access
from api.context import ApiContext
from api.devices import repository
from api.devices.schemas import AssignmentInput, DeviceInput
from api.refusals import Invalid
from gettone.db.repositories.access_keys import DeviceKeys
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.db.repositories.community_flows import flow_numbers
from gettone.db.repositories.device_registry import ACTIVE, Holding
from gettone.db.repositories.devices import Devices
from gettone.db.repositories.flows import Flows
from gettone.errors import Conflict, GettoneError
from gettone.periods import load_zone
from gettone.registration.document import DeviceEntry
from gettone.registration.load_devices import load_devices, local_slot
from gettone.types import Direction


@dataclass(frozen=True)
class Act:
    """One request that changes devices: in which transaction, by whom."""

    connection: Connection
    context: ApiContext
    access: Access

    @property
    def community_id(self) -> int:
        """The community of the route."""
        return self.access.where.community_id

    @cached_property
    def flows(self) -> dict[str, int]:
        """The flows that concern the community, by name."""
        return flow_numbers(self.connection, self.community_id)

    def slot(self, entry: AssignmentInput | DeviceInput) -> int:
        """The slot that the first local day begins with."""
        return local_slot(entry.from_, load_zone(self.access.where.tz))

    def end(self, entry: AssignmentInput) -> int | None:
        """The slot that the end begins with; None is open."""
        return None if entry.to is None else local_slot(entry.to, load_zone(self.access.where.tz))

    def note(self, action: str, subject: str, reason: str | None = None, **after: object) -> None:
        """Write the deed into the audit trail."""
        deed = Deed(self.access.person.name, action, subject, self.community_id, after=after or None, reason=reason)
        AuditTrail(self.connection).append(deed, self.context.clock())


def register(act: Act, wanted: DeviceInput) -> int:
    """Enter a device with its channels, powers, flows and holder; its number.

    Conflict `device_taken` while somebody holds it, `period_closed` for a day that was settled.
    """
    wrong = next(iter(wrong_fields(act, wanted)), None)
    if wrong is not None:
        _raise(wrong)
    return enter(act, [wanted])[0]


def assign(act: Act, device_id: int, wanted: AssignmentInput) -> None:
    """Have a member hold a device from a day on; who held it in this community until then does so no more.

    Conflict `device_taken` while another community holds it, or where a later holding is stated already.
    """
    first, end = act.slot(wanted), act.end(wanted)
    if end is not None and end <= first:
        raise Invalid(
            "invalid", "the range is empty or reversed: to must lie after from", fields=(("/body/to", "range"),)
        )
    _require_member(act, wanted.member)
    _require_open(act, first, end)
    registry = repository.registry(act.connection, act.context, act.access)
    held = registry.holdings([device_id])[device_id]
    if Holding(act.community_id, wanted.member, first, end) in held:
        return
    before = next((one for one in held if one.from_slot < first and _reaches(one, first)), None)
    if before is not None and before.community_id == act.community_id and before.to_slot is None:
        registry.end_holding(device_id, first)
        held = registry.holdings([device_id])[device_id]
    _make_free(act, device_id, held, first, wanted.member)
    _set_holder(act, device_id, wanted.member, (first, end))
    registry.set_status([device_id], ACTIVE)
    act.note("device.assign", str(device_id), member=wanted.member, from_slot=first, to_slot=end)


def enter(act: Act, wanted: Sequence[DeviceInput]) -> list[int]:
    """Enter checked devices; their numbers in order."""
    registry, devices = (
        repository.registry(act.connection, act.context, act.access),
        Devices(act.connection, act.context.vault),
    )
    known = devices.find([one.pod for one in wanted])
    held = registry.holdings([one.device_id for one in known.values()])
    for one in wanted:
        if one.pod in known:
            number = known[one.pod].device_id
            _make_free(act, number, held[number], act.slot(one), one.member)
    ids, _new = load_devices(act.connection, act.context.vault, act.access.where, [_entry(one) for one in wanted])
    numbers = [ids[one.pod] for one in wanted]
    registry.set_status(numbers, ACTIVE)
    for flow in sorted({name for one in wanted for name in one.flows}):
        speaks_for = [number for one, number in zip(wanted, numbers, strict=True) if flow in one.flows]
        Flows(act.connection).add_devices(act.flows[flow], speaks_for)
    for one, number in zip(wanted, numbers, strict=True):
        act.note("device.register", str(number), member=one.member, from_slot=act.slot(one))
    return numbers


def _entry(wanted: DeviceInput) -> DeviceEntry:
    channels = tuple((Direction(one.direction), int(one.step_s)) for one in wanted.channels)
    return DeviceEntry(
        wanted.pod,
        wanted.member,
        wanted.from_,
        channels,
        wanted.flows,
        wanted.type,
        wanted.use_type,
        wanted.contract_w,
        wanted.available_w,
        wanted.plant_peak_w,
        wanted.digits,
        wanted.geo,
    )


def wrong_fields(act: Act, wanted: DeviceInput) -> list[tuple[str, str, str]]:
    """What speaks against a device: (field, code, sentence)."""
    found = []
    if not repository.is_member(act.connection, wanted.member, act.community_id):
        found.append(("member", "unknown", "there is no such member in this community"))
    if unknown := sorted(set(wanted.flows) - act.flows.keys()):
        found.append(("flows", "unknown", f"no flow {unknown[0]!r} feeds this community"))
    first = act.slot(wanted)
    if (period := repository.closed_period(act.connection, act.community_id, first, None)) is not None:
        found.append(("from", "period_closed", _closed_words(period)))
    known = Devices(act.connection, act.context.vault).find([wanted.pod]).get(wanted.pod)
    if known is not None:
        registry = repository.registry(act.connection, act.context, act.access)
        held = registry.holdings([known.device_id])[known.device_id]
        mine = Holding(act.community_id, wanted.member, first, None)
        if mine not in held and any(_reaches(one, first) for one in held):
            found.append(("pod", "device_taken", _TAKEN))
    return found


_TAKEN = "somebody holds this device then: it has to be assigned, or to be released where it is held"


def _raise(wrong: tuple[str, str, str]) -> None:
    field, code, sentence = wrong
    if code in ("device_taken", "period_closed"):
        raise Conflict(code, sentence)
    raise Invalid("invalid", sentence, fields=((f"/body/{field}", code),))


def _closed_words(period: int) -> str:
    return f"settlement period {period} is computed with the holders of that time: begin after it"


def _require_member(act: Act, member_id: str) -> None:
    if not repository.is_member(act.connection, member_id, act.community_id):
        _raise(("member", "unknown", "there is no such member in this community"))


def _require_open(act: Act, first: int, end: int | None) -> None:
    period = repository.closed_period(act.connection, act.community_id, first, end)
    if period is not None:
        _raise(("from", "period_closed", _closed_words(period)))


def _reaches(held: Holding, slot: int) -> bool:
    return held.to_slot is None or held.to_slot > slot


def _make_free(act: Act, device_id: int, held: Sequence[Holding], first: int, member_id: str) -> None:
    """What was another holder's ends: the powers of the contract, and outside the community the keys, too."""
    before = max((one for one in held if one.from_slot < first), key=lambda one: one.from_slot, default=None)
    if before is None or before.member_id == member_id:
        return
    repository.registry(act.connection, act.context, act.access).end_contract(device_id, first)
    if before.community_id != act.community_id:
        keys, now_ms = DeviceKeys(act.connection), act.context.clock()
        for key_id in keys.valid_ids(device_id, now_ms):
            keys.revoke(key_id, now_ms=now_ms)


def _set_holder(act: Act, device_id: int, member_id: str, span: tuple[int, int | None]) -> None:
    try:
        Devices(act.connection, act.context.vault).set_holder(device_id, member_id, *span)
    except GettoneError as refusal:
        if refusal.code == "interval_overlap":
            raise Conflict("device_taken", _TAKEN) from None
        raise
