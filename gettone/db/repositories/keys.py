"""Keys, always wrapped: of members and communities by year, and of the installation."""

import secrets
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, select, update

from gettone.db.bulk import insert_if_absent
from gettone.db.columns import Base
from gettone.db.tables import CommunityKey, MemberKey, PlatformKey
from gettone.vault import KEY_BYTES, Vault

LOOKUP, DEVICES, REJECTS, LAKE, SERVER = "lookup", "devices", "rejects", "lake", "server"


@dataclass(frozen=True, slots=True)
class _KeyTable:
    """One table of wrapped keys; the owner of a row is `kind` followed by its primary key."""

    kind: str
    table: Table

    def owner(self, key: tuple[str | int, ...]) -> tuple[str | int, ...]:
        return (self.kind, *key)


_MEMBER = _KeyTable("member", Base.metadata.tables[MemberKey.__tablename__])
_COMMUNITY = _KeyTable("community", Base.metadata.tables[CommunityKey.__tablename__])
_PLATFORM = _KeyTable("platform", Base.metadata.tables[PlatformKey.__tablename__])


class Keys:
    """Gets or makes random 32-byte keys; two that ask at once get the same one.

    Needs a write transaction the first time a key is asked for.
    """

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def member_key(self, member_id: str, year: int) -> bytes:
        """K_my of LECN-1 §1: `year` is that of the local date of the period's start."""
        return self._get_or_create(_MEMBER, (member_id, year))

    def community_key(self, community_id: int, year: int) -> bytes:
        """K_cy of LECN-1 §1."""
        return self._get_or_create(_COMMUNITY, (community_id, year))

    def adopt_member_key(self, member_id: str, year: int, key: bytes) -> bool:
        """Keep a K_my that another operator made; False when another one is kept here already."""
        return self._adopt(_MEMBER, (member_id, year), key)

    def adopt_community_key(self, community_id: int, year: int, key: bytes) -> bool:
        """Keep a K_cy that another operator made; False when another one is kept here already."""
        return self._adopt(_COMMUNITY, (community_id, year), key)

    def platform_key(self, name: str) -> bytes:
        """A data key of the installation: LOOKUP, DEVICES, REJECTS, LAKE or SERVER."""
        return self._get_or_create(_PLATFORM, (name,))

    def rewrap_all(self, old: Vault) -> int:
        """Wrap the keys of these three tables under this vault's KEK; returns how many changed.  Can be repeated."""
        return sum(self._rewrap(table, old) for table in (_MEMBER, _COMMUNITY, _PLATFORM))

    def _get_or_create(self, keys: _KeyTable, key: tuple[str | int, ...]) -> bytes:
        wrapped = self._find(keys, key)
        if wrapped is None:
            fresh = self._vault.wrap(secrets.token_bytes(KEY_BYTES), keys.owner(key))
            self._insert_if_absent(keys, key, fresh)
            wrapped = self._find(keys, key)
            assert wrapped is not None  # noqa: S101 - the row is there: ours, or the one that came first
        return self._vault.unwrap(wrapped, keys.owner(key))

    def _adopt(self, keys: _KeyTable, key: tuple[str | int, ...], value: bytes) -> bool:
        self._insert_if_absent(keys, key, self._vault.wrap(value, keys.owner(key)))
        return self._get_or_create(keys, key) == value

    def _find(self, keys: _KeyTable, key: tuple[str | int, ...]) -> bytes | None:
        query = select(keys.table.c.wrapped).where(*_equals(keys, key))
        return self._connection.execute(query).scalar_one_or_none()

    def _insert_if_absent(self, keys: _KeyTable, key: tuple[str | int, ...], wrapped: bytes) -> None:
        values = dict(zip(keys.table.primary_key.columns.keys(), key, strict=True)) | {"wrapped": wrapped}
        insert_if_absent(self._connection, keys.table, [values])

    def _rewrap(self, keys: _KeyTable, old: Vault) -> int:
        changed = 0
        for *key, wrapped in self._connection.execute(select(*keys.table.primary_key.columns, keys.table.c.wrapped)):
            fresh = self._vault.rewrap(wrapped, keys.owner(tuple(key)), old)
            if fresh != wrapped:
                statement = update(keys.table).where(*_equals(keys, tuple(key))).values(wrapped=fresh)
                changed += self._connection.execute(statement).rowcount
        return changed


def _equals(keys: _KeyTable, key: tuple[str | int, ...]) -> list[ColumnElement[bool]]:
    return [column == part for column, part in zip(keys.table.primary_key.columns, key, strict=True)]
