"""Devices in the database."""

from sqlalchemy import Connection

from api.access import Access
from api.context import ApiContext
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.device_registry import DeviceFacts, DeviceRegistry
from gettone.db.repositories.frozen_periods import FrozenPeriods

OPEN_SLOT = 2**31 - 1


def registry(connection: Connection, context: ApiContext, access: Access) -> DeviceRegistry:
    """The registry of the community of a route."""
    return DeviceRegistry(connection, context.vault, access.where.community_id)


def page(context: ApiContext, access: Access, after: int | None, limit: int) -> list[DeviceFacts]:
    """Devices of the community, or those of a member who sees the own ones alone."""
    with context.database.read() as connection:
        return registry(connection, context, access).page(after, limit, own_of(access))


def own_of(access: Access) -> str | None:
    """The member to whom a reading is limited; None for who sees everybody."""
    return None if access.sees_everybody else access.own_member_id


def is_member(connection: Connection, member_id: str, community_id: int) -> bool:
    """Whether a pseudonym is of a community."""
    found = Communities(connection).known([member_id]).get(member_id)
    return found is not None and found.community_id == community_id


def closed_period(connection: Connection, community_id: int, from_slot: int, to_slot: int | None) -> int | None:
    """The last settled period of a community that [from_slot, to_slot) touches; None where none is."""
    periods = FrozenPeriods(connection, from_slot, OPEN_SLOT if to_slot is None else to_slot).periods()
    return max((one.period_index for one in periods if one.community_id == community_id), default=None)
