"""Energies of one member per slot: membership, netting, finer devices summed up (§1, §7)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gettone.rewards.inputs import NETTING_POD, Community, Membership, MemberSlots, Series


@dataclass(frozen=True, slots=True)
class MeteringPoint:
    """Devices of one member whose readings are netted into one slot: a connection point, or a single device.

    interval_s: length [s] of its slots, the coarsest of its devices.
    """

    interval_s: int
    devices: tuple[tuple[Membership, Series], ...]


def metering_points(own: Community, from_s: int, to_s: int) -> tuple[MeteringPoint, ...]:
    """The points of one member that have a device in membership somewhere in [from_s, to_s)."""
    groups: dict[object, list[tuple[Membership, Series]]] = {}
    for number, membership in enumerate(own.memberships):
        if not _touches(membership, from_s, to_s):
            continue
        group = ("pod", membership.pod) if own.netting == NETTING_POD else number
        groups.setdefault(group, []).append((membership, own.series[membership.device]))
    return tuple(
        MeteringPoint(max(series.interval_s for _, series in devices), tuple(devices)) for devices in groups.values()
    )


def member_slots(own: Community, start_s: int, end_s: int, slot_s: int) -> MemberSlots:
    """Withdrawn and injected energy [Wh] of one member in every slot of [start_s, end_s).

    Metered slots count by themselves: one that is missing leaves the others of its hour in the sum.
    """
    count = (end_s - start_s) // slot_s
    withdrawn_wh, injected_wh = [0] * count, [0] * count
    for point in metering_points(own, start_s, end_s):
        for metered_s in range(start_s, end_s, point.interval_s):
            energy = point_energy(point, metered_s, point.interval_s)
            if energy is not None:
                at = (metered_s - start_s) // slot_s
                withdrawn_wh[at] += energy[0]
                injected_wh[at] += energy[1]
    return MemberSlots(tuple(withdrawn_wh), tuple(injected_wh))


def point_energy(point: MeteringPoint, start_s: int, length_s: int) -> tuple[int, int] | None:
    """Withdrawn and injected energy [Wh] of a point in [start_s, start_s + length_s).

    (0, 0) outside membership; None if a device in membership over that slot lacks a reading in it.
    """
    end_s = start_s + length_s
    present = [series for membership, series in point.devices if membership.holds(start_s, end_s)]
    withdrawn_wh = injected_wh = 0
    for part_s in range(start_s, end_s, point.interval_s):
        energy_wh = 0
        for series in present:
            for reading_s in range(part_s, part_s + point.interval_s, series.interval_s):
                reading_wh = series.readings.get(reading_s)
                if reading_wh is None:
                    return None
                energy_wh += reading_wh
        withdrawn_wh += max(energy_wh, 0)
        injected_wh += max(-energy_wh, 0)
    return withdrawn_wh, injected_wh


def metered_slots(points: Sequence[MeteringPoint], slots: range) -> Iterator[tuple[int, int | None]]:
    """Start and withdrawn energy [Wh] of the slots in which at least one device is in membership.

    The energy is None where a device in membership lacks a counted reading.
    """
    for start_s in slots:
        end_s = start_s + slots.step
        here = [p for p in points if any(m.holds(start_s, end_s) for m, _ in p.devices)]
        if here:
            energies = [point_energy(point, start_s, slots.step) for point in here]
            complete = [energy[0] for energy in energies if energy is not None]
            yield start_s, sum(complete) if len(complete) == len(energies) else None


def contract_power_w(own: Community, slots: range) -> int:
    """Sum [W] over the devices that are in membership in at least one of the `slots`."""
    powers: dict[str, int] = {}
    for one in own.memberships:
        if _holds_any(one, slots):
            powers[one.device] = max(powers.get(one.device, 0), one.contract_power_w)
    return sum(powers.values())


def _touches(membership: Membership, from_s: int, to_s: int) -> bool:
    starts_before = membership.from_s is None or membership.from_s < to_s
    return starts_before and (membership.to_s is None or membership.to_s > from_s)


def _holds_any(membership: Membership, slots: range) -> bool:
    length_s = slots.step
    first_s = slots.start if membership.from_s is None else max(slots.start, membership.from_s)
    first_s += -first_s % length_s
    last_s = slots.stop if membership.to_s is None else min(slots.stop, membership.to_s)
    return first_s + length_s <= last_s
