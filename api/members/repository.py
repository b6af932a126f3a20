"""Members in the database, with the facts that other tables hold of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from api.context import ApiContext
from gettone.db.columns import SLOT_S
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.devices import Devices
from gettone.db.repositories.fee_payments import FeePayments, PaymentRow
from gettone.db.repositories.frozen_periods import FrozenPeriods
from gettone.db.repositories.memberships import MembershipRow, Memberships
from gettone.db.repositories.people import People, Person

_OPEN_SLOT = 2**31 - 1


@dataclass(frozen=True, slots=True)
class KnownMember:
    """A member with the person behind the pseudonym, where there is one and the caller may know, and the power."""

    row: MembershipRow
    person: Person | None
    power_w: int | None


def page(
    context: ApiContext, community_id: int, state: str | None, after: str | None, limit: int, *, with_names: bool
) -> list[KnownMember]:
    """Members of a community, by id."""
    with context.database.read() as connection:
        rows = Memberships(connection, community_id).page(state, after, limit)
        return _known(connection, context, community_id, rows, with_names=with_names)


def one(connection: Connection, context: ApiContext, community_id: int, member_id: str) -> KnownMember:
    """One member with names."""
    row = Memberships(connection, community_id).get(member_id)
    return _known(connection, context, community_id, [row], with_names=True)[0]


def set_end(connection: Connection, row: MembershipRow, end_slot: int) -> bool:
    """End the latest interval of a member at a slot; False when a settled period would be touched."""
    assert row.from_slot is not None  # noqa: S101 - the caller saw an interval
    before = _OPEN_SLOT if row.to_slot is None else row.to_slot
    if before == end_slot:
        return True
    touched = FrozenPeriods(connection, min(before, end_slot), max(before, end_slot)).periods()
    if any(period.community_id == row.community_id for period in touched):
        return False
    Communities(connection).set_interval(row.member_id, row.from_slot, end_slot)
    return True


def payments(context: ApiContext, member_id: str) -> list[PaymentRow]:
    """The payments of a member."""
    with context.database.read() as connection:
        return FeePayments(connection).of_member(member_id)


def _known(
    connection: Connection,
    context: ApiContext,
    community_id: int,
    rows: Sequence[MembershipRow],
    *,
    with_names: bool,
) -> list[KnownMember]:
    people = People(connection, context.vault)
    powers = _powers(connection, context, community_id)
    return [
        KnownMember(row, people.person(row.user_id) if with_names and row.user_id else None, powers.get(row.member_id))
        for row in rows
    ]


def _powers(connection: Connection, context: ApiContext, community_id: int) -> dict[str, int]:
    """The contractual power [W] of all devices that a member holds now."""
    slot, devices = context.clock() // 1000 // SLOT_S, Devices(connection, context.vault)
    held = {
        one.device_id: one.member_id
        for one in devices.holders(community_id)
        if one.from_slot <= slot < (_OPEN_SLOT if one.to_slot is None else one.to_slot)
    }
    sums: dict[str, int] = {}
    for contract in devices.contracts(sorted(held)) if held else ():
        is_now = contract.from_slot <= slot < (_OPEN_SLOT if contract.to_slot is None else contract.to_slot)
        if is_now and contract.contract_w is not None:
            owner = held[contract.device_id]
            sums[owner] = sums.get(owner, 0) + contract.contract_w
    return sums
