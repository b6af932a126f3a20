"""Devices of a community: their admins see and change all of them, members see the own ones."""

from api.access import Access
from api.context import ApiContext
from api.devices import repository
from api.devices.registering import Act, register
from api.devices.schemas import (
    ChannelBody,
    DeviceBody,
    DeviceChange,
    DeviceInput,
    HolderBody,
    KeyBody,
    KeyInput,
    MeterChangeBody,
    MeterChangeInput,
    PowersBody,
)
from api.instants import instant_ms, instant_text
from api.once import Answer
from api.refusals import Invalid, NotFound
from gettone.db.columns import SLOT_S
from gettone.db.repositories.access_keys import DeviceKeys
from gettone.db.repositories.device_registry import RETIRED, DeviceFacts, StoredKey
from gettone.db.repositories.devices import ContractRow, Devices
from gettone.db.repositories.households import set_use_types
from gettone.db.repositories.registers import ChangeRow, add_meter_changes, set_digits
from gettone.errors import Conflict
from gettone.periods import load_zone
from gettone.registration.load_devices import local_slot
from gettone.types import Direction

DAY_MS = 86_400_000
SLOT_MS = SLOT_S * 1000


def find(context: ApiContext, access: Access, device_id: int) -> DeviceBody:
    """A device that a member of the community holds or held; members see the own ones alone."""
    with context.database.read() as connection:
        found = repository.registry(connection, context, access).find(device_id, repository.own_of(access))
    if found is None:
        raise _no_device()
    return body_of(found)


def add(act: Act, wanted: DeviceInput) -> Answer:
    """Register a device: 201 with its place."""
    return _answer(act, register(act, wanted), 201)


def current(act: Act, device_id: int) -> DeviceFacts:
    """A device to be changed; Conflict `device_taken` once another community holds it."""
    registry = repository.registry(act.connection, act.context, act.access)
    found = registry.find(device_id)
    if found is None:
        raise _no_device()
    last = registry.holdings([device_id])[device_id][-1]
    if last.community_id != act.community_id:
        raise Conflict("device_taken", "this device is held in another community by now: only its admins change it")
    return found


def change(act: Act, before: DeviceFacts, wanted: DeviceChange) -> None:
    """Change what is registered of a device; as `current` found it."""
    number = before.device_id
    registry, devices = (
        repository.registry(act.connection, act.context, act.access),
        Devices(act.connection, act.context.vault),
    )
    if wanted.status is not None:
        registry.set_status([number], wanted.status)
    if wanted.use_type is not None:
        set_use_types(act.connection, {number: wanted.use_type})
    devices.add_channels([(number, Direction(one.direction), int(one.step_s)) for one in wanted.channels])
    if wanted.digits is not None:
        channels = devices.channels([number])
        set_digits(act.connection, {one.channel_id: wanted.digits for one in channels})
    if wanted.powers is not None:
        first = local_slot(wanted.powers.from_, load_zone(act.access.where.tz))
        registry.end_contract(number, first)
        powers = wanted.powers.model_dump(exclude={"from_"})
        devices.set_contract(ContractRow(number, first, None, **powers))
    if wanted.flows is not None:
        if unknown := sorted(set(wanted.flows) - act.flows.keys()):
            words = f"no flow {unknown[0]!r} feeds this community"
            raise Invalid("invalid", words, fields=(("/body/flows", "unknown"),))
        registry.set_flows(number, [act.flows[name] for name in wanted.flows], act.flows.values())
    act.note("device.change", str(number), **wanted.model_dump(mode="json", exclude_none=True, by_alias=True))


def retire(act: Act, before: DeviceFacts) -> None:
    """Take a device out of use now: nobody holds it any more, and none of its keys opens a door; readings stay."""
    now_ms = act.context.clock()
    registry = repository.registry(act.connection, act.context, act.access)
    registry.end_holding(before.device_id, now_ms // SLOT_MS + 1)
    registry.set_status([before.device_id], RETIRED)
    for key_id in DeviceKeys(act.connection).valid_ids(before.device_id, now_ms):
        DeviceKeys(act.connection).revoke(key_id, now_ms=now_ms)
    act.note("device.retire", str(before.device_id))


def replace_meter(act: Act, device_id: int, wanted: MeterChangeInput) -> Answer:
    """State that the meter of a direction was replaced; the same again changes nothing."""
    found = current(act, device_id)
    chosen = [one.channel_id for one in found.channels if one.direction == wanted.direction]
    if not chosen:
        words = f"device {device_id} has no channel of direction {wanted.direction}"
        raise Invalid("invalid", words, fields=(("/body/direction", "unknown"),))
    at_ms = instant_ms(wanted.at)
    rows = [ChangeRow(one, at_ms, wanted.final_wh, wanted.initial_wh) for one in chosen]
    add_meter_changes(act.connection, rows)
    act.note("device.meter_change", str(device_id), direction=wanted.direction, at=instant_text(at_ms))
    return _answer(act, device_id, 201)


def issue_key(act: Act, device_id: int, wanted: KeyInput) -> Answer:
    """A new key of a device, which is shown in this answer alone; Conflict while two are valid."""
    current(act, device_id)
    now_ms = act.context.clock()
    issued = DeviceKeys(act.connection).issue(device_id, now_ms=now_ms, valid_to=now_ms + wanted.days * DAY_MS)
    act.note("device.key.issue", f"{device_id}/{issued.key_id}", days=wanted.days)
    body = _key(StoredKey(issued.key_id, device_id, False, now_ms, issued.valid_to))
    place = f"{_place(act, device_id)}/keys/{issued.key_id}"
    return Answer(201, body.model_dump(mode="json"), {"Location": place}, shown_once={"key": issued.key})


def revoke_key(act: Act, device_id: int, key_id: int) -> None:
    """End a key now; one that has ended stays so."""
    found = next((one for one in current(act, device_id).keys if one.key_id == key_id), None)
    if found is None:
        raise NotFound("not_found", f"device {device_id} has no key {key_id}")
    if found.valid_to > act.context.clock():
        DeviceKeys(act.connection).revoke(key_id, now_ms=act.context.clock())
        act.note("device.key.revoke", f"{device_id}/{key_id}")


def answer(act: Act, device_id: int) -> Answer:
    """A device as it is now."""
    return _answer(act, device_id, 201)


def body_of(found: DeviceFacts) -> DeviceBody:
    """A device as it is shown."""
    return DeviceBody(
        device_id=found.device_id,
        pod=found.external_id,
        type=found.type,
        status=found.status,
        use_type=found.use_type,
        active_at=None if found.active_at is None else instant_text(found.active_at),
        channels=[
            ChannelBody(channel_id=one.channel_id, direction=int(one.direction), step_s=one.step_s, digits=one.digits)
            for one in found.channels
        ],
        holders=[
            HolderBody(member=one.member_id, from_=_slot_text(one.from_slot), to=_end_text(one.to_slot))
            for one in found.holders
        ],
        powers=[_powers(one) for one in found.contracts],
        meter_changes=[_meter_change(one) for one in found.changes],
        flows=list(found.flows),
        keys=[_key(one) for one in found.keys],
    )


def _powers(row: ContractRow) -> PowersBody:
    return PowersBody(
        from_=_slot_text(row.from_slot),
        to=_end_text(row.to_slot),
        contract_w=row.contract_w,
        available_w=row.available_w,
        plant_peak_w=row.plant_peak_w,
    )


def _meter_change(row: ChangeRow) -> MeterChangeBody:
    return MeterChangeBody(
        channel_id=row.channel_id,
        at=instant_text(row.at_ms),
        final_wh=row.old_final_wh,
        initial_wh=row.new_initial_wh,
    )


def _key(row: StoredKey) -> KeyBody:
    return KeyBody(
        key_id=row.key_id,
        kind="certificate" if row.is_certificate else "key",
        valid_from=instant_text(row.valid_from),
        valid_to=instant_text(row.valid_to),
    )


def _answer(act: Act, device_id: int, status: int) -> Answer:
    found = repository.registry(act.connection, act.context, act.access).find(device_id)
    assert found is not None  # noqa: S101 - the act has just changed it
    document = body_of(found).model_dump(mode="json", by_alias=True)
    return Answer(status, document, {"Location": _place(act, device_id)})


def _place(act: Act, device_id: int) -> str:
    return f"/api/v1/communities/{act.access.where.slug}/devices/{device_id}"


def _slot_text(slot: int) -> str:
    return instant_text(slot * SLOT_MS)


def _end_text(slot: int | None) -> str | None:
    return None if slot is None else _slot_text(slot)


def _no_device() -> NotFound:
    return NotFound("not_found", "there is no such device here")
