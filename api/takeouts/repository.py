"""What the routes read and write of take-outs."""

from sqlalchemy import Connection

from gettone.db.repositories.communities import Communities
from gettone.db.repositories.takeouts import TakeoutRow, Takeouts
from gettone.vault import Vault


def is_member(connection: Connection, community_id: int, member_id: str) -> bool:
    """Whether a community has, or had, this member."""
    return any(one.member_id == member_id for one in Communities(connection).members(community_id))


def of_person(
    connection: Connection, community_id: int, person: str, before: tuple[int, str] | None, limit: int
) -> list[TakeoutRow]:
    """The take-outs a person asked for."""
    return Takeouts(connection).of_person(community_id, person, before, limit)


def find(connection: Connection, takeout_id: str) -> TakeoutRow | None:
    """A take-out, or None."""
    return Takeouts(connection).find(takeout_id)


def content(connection: Connection, vault: Vault, takeout_id: str) -> bytes:
    """The bytes of a take-out that is ready."""
    return Takeouts(connection).content(takeout_id, vault)
