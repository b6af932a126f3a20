"""Erasures as proposed and decided."""

from dataclasses import dataclass, fields

from sqlalchemy import Connection, insert, select, update

from gettone.db.tables import Erasure

PROPOSED, APPROVED, ERASED = "proposed", "approved", "erased"


@dataclass(frozen=True, slots=True)
class ErasureRow:
    """An erasure with who proposed and decided it; `plan` is JSON while it is being carried out."""

    erasure_id: int
    member_id: str | None
    state: str
    proposed_by: str
    decided_by: str | None
    plan: str | None
    leaf_index: int | None


class Erasures:
    """Reads and writes `erasures`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_member(self, member_id: str) -> ErasureRow | None:
        """The erasure of a member that is not erased yet, or None."""
        names = (getattr(Erasure, one.name) for one in fields(ErasureRow))
        row = self._connection.execute(select(*names).where(Erasure.member_id == member_id)).one_or_none()
        return None if row is None else ErasureRow(*row)

    def propose(self, member_id: str, person: str, reason: str, at_ms: int) -> None:
        """Store a proposal."""
        values = {"member_id": member_id, "state": PROPOSED, "reason": reason}
        self._connection.execute(insert(Erasure).values(**values, proposed_by=person, proposed_at=at_ms))

    def approve(self, erasure_id: int, person: str, at_ms: int) -> None:
        """Record that a second person agrees."""
        self._set(erasure_id, state=APPROVED, decided_by=person, decided_at=at_ms)

    def set_plan(self, erasure_id: int, plan: str) -> None:
        """Keep which payloads go, so that an erasure that was interrupted goes on."""
        self._set(erasure_id, plan=plan)

    def finish(self, erasure_id: int, leaf_index: int) -> None:
        """Erased: no pseudonym, no reason and no digest stays; the tombstone says that something was."""
        self._set(erasure_id, state=ERASED, member_id=None, plan=None, reason="", leaf_index=leaf_index)

    def _set(self, erasure_id: int, **values: object) -> None:
        self._connection.execute(update(Erasure).where(Erasure.erasure_id == erasure_id).values(**values))
