"""Take-outs that were asked for: made by the worker, kept sealed for seven days, then forgotten."""

import hashlib
import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, tuple_, update

from gettone.db.tables import TakeoutFile
from gettone.errors import Conflict
from gettone.row_ids import fresh_id
from gettone.vault import KEY_BYTES, Vault, seal, unseal

KEPT_MS = 7 * 86_400_000


class TakeoutState(StrEnum):
    """requested → ready → expired, or failed."""

    REQUESTED = "requested"
    READY = "ready"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class WantedTakeout:
    """Whose take-out of which local days, the second one exclusive, and how much it discloses."""

    member_id: str
    first_day: str
    end_day: str
    level: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class TakeoutRow:
    """A take-out without its bytes; instants in unix ms."""

    takeout_id: str
    community_id: int
    member_id: str
    first_day: str
    end_day: str
    level: str
    reason: str | None
    requested_by: str
    requested_at: int
    state: TakeoutState
    operation_id: str | None
    file_name: str | None
    size_bytes: int | None
    sha256: bytes | None
    expires_at: int | None


class Takeouts:
    """Reads and writes `takeouts`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, community_id: int, wanted: WantedTakeout, requested_by: str, now_ms: int) -> str:
        """Ask for a take-out; its id."""
        takeout_id = fresh_id("tko")
        values = {name: getattr(wanted, name) for name in WantedTakeout.__slots__}
        values |= {"takeout_id": takeout_id, "community_id": community_id, "state": TakeoutState.REQUESTED.value}
        values |= {"requested_by": requested_by, "requested_at": now_ms}
        self._connection.execute(insert(TakeoutFile).values(**values))
        return takeout_id

    def find(self, takeout_id: str) -> TakeoutRow | None:
        """A take-out, or None."""
        row = self._connection.execute(_TAKEOUT.where(TakeoutFile.takeout_id == takeout_id)).one_or_none()
        return None if row is None else _takeout(row)

    def of_person(self, community_id: int, person: str, before: tuple[int, str] | None, limit: int) -> list[TakeoutRow]:
        """The take-outs that one person asked for in a community, the newest first, older than (time, id)."""
        query = _TAKEOUT.where(TakeoutFile.community_id == community_id, TakeoutFile.requested_by == person)
        if before is not None:
            query = query.where(tuple_(TakeoutFile.requested_at, TakeoutFile.takeout_id) < before)
        newest_first = query.order_by(TakeoutFile.requested_at.desc(), TakeoutFile.takeout_id.desc())
        return [_takeout(row) for row in self._connection.execute(newest_first.limit(limit))]

    def note_operation(self, takeout_id: str, operation_id: str) -> None:
        """Keep which operation makes it."""
        self._set(takeout_id, operation_id=operation_id)

    def keep(self, takeout_id: str, vault: Vault, file_name: str, content: bytes, now_ms: int) -> None:
        """Keep the bytes, sealed, for seven days."""
        data_key, owner = secrets.token_bytes(KEY_BYTES), ("takeout", takeout_id)
        self._set(
            takeout_id,
            state=TakeoutState.READY.value,
            file_name=file_name,
            size_bytes=len(content),
            sha256=hashlib.sha256(content).digest(),
            expires_at=now_ms + KEPT_MS,
            data_key=vault.wrap(data_key, owner),
            content=seal(data_key, content, owner),
        )

    def content(self, takeout_id: str, vault: Vault) -> bytes:
        """The bytes of a take-out that is ready; Conflict `state` for one that is not."""
        columns = select(TakeoutFile.data_key, TakeoutFile.content).where(TakeoutFile.takeout_id == takeout_id)
        row = self._connection.execute(columns).one()
        if row.content is None or row.data_key is None:
            raise Conflict("state", "the take-out is not ready: look at it again in a moment")
        owner = ("takeout", takeout_id)
        return unseal(vault.unwrap(bytes(row.data_key), owner), bytes(row.content), owner)

    def fail(self, takeout_id: str) -> None:
        """It could not be made."""
        self._set(takeout_id, state=TakeoutState.FAILED.value)

    def forget(self, takeout_id: str) -> None:
        """Destroy the bytes and their key now."""
        self._set(takeout_id, state=TakeoutState.EXPIRED.value, data_key=None, content=None)

    def expire(self, now_ms: int) -> int:
        """Destroy the bytes and keys of those that are older than seven days; how many."""
        old = (TakeoutFile.state == TakeoutState.READY.value, TakeoutFile.expires_at <= now_ms)
        values = {"state": TakeoutState.EXPIRED.value, "data_key": None, "content": None}
        return self._connection.execute(update(TakeoutFile).where(*old).values(**values)).rowcount

    def _set(self, takeout_id: str, **values: Any) -> None:
        self._connection.execute(update(TakeoutFile).where(TakeoutFile.takeout_id == takeout_id).values(**values))


_TAKEOUT: Select[*tuple[Any, ...]] = select(*(getattr(TakeoutFile, name) for name in TakeoutRow.__slots__))


def _takeout(row: Row[Any]) -> TakeoutRow:
    values = dict(row._mapping)
    sha256 = None if row.sha256 is None else bytes(row.sha256)
    return TakeoutRow(**values | {"state": TakeoutState(row.state), "sha256": sha256})
