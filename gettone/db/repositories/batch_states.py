"""The states of a batch between receipt and outcome (metering specification §3.1)."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from gettone.db.repositories.batches import Counters
from gettone.db.repositories.dead_letters import mark_dead
from gettone.db.tables import Batch, Reject

RECEIVED, PARSING, RETRY, PARKED, DEAD = "received", "parsing", "retry", "parked", "dead"
DONE, DUPLICATE, REJECTED, DISMISSED = "done", "duplicate", "rejected", "dismissed"
WAITING = (RECEIVED, PARSING, RETRY)
LEASE_MS = 10 * 60_000
PARKED_MS = 60 * 86_400_000
ATTEMPTS = 10
LONGEST_RETRY_MIN = 60


class BatchStates:
    """Moves batches from state to state; every move names the state it leaves, so that two workers cannot both win."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def claim(self, batch_id: int, now_ms: int) -> bool:
        """Take a batch to parse for ten minutes; False when it is not due or somebody else has it.

        An earlier batch of the flow may still be at work: what becomes current does not depend on who merges first.
        """
        changed = self._connection.execute(
            update(Batch)
            .where(Batch.batch_id == batch_id, _due(now_ms))
            .values(state=PARSING, lease_until=now_ms + LEASE_MS, retry_at=None, attempts=Batch.attempts + 1)
        )
        return changed.rowcount == 1

    def holds(self, batch_id: int, lease_until: int) -> bool:
        """Whether the claim that ends at `lease_until` [unix ms] is still this worker's."""
        query = select(Batch.batch_id).where(
            Batch.batch_id == batch_id, Batch.state == PARSING, Batch.lease_until == lease_until
        )
        return self._connection.execute(query).first() is not None

    def set_registry(self, batch_id: int, sha256: bytes) -> None:
        """Name what was registered about the devices of a batch, as a document in the lake."""
        self._set(batch_id, registry_sha256=sha256)

    def finish(self, batch_id: int, state: str, report: str, counters: Counters | None = None, **values: Any) -> None:
        """Leave `parsing` for good: done, duplicate or rejected."""
        numbers = counters or Counters()
        values |= {name: getattr(numbers, name) for name in Counters.__slots__}
        self._set(batch_id, state=state, report=report, lease_until=None, parked_until=None, **values)

    def park(self, batch_id: int, report: str, until: int) -> None:
        """No connector or no device is known: wait until `until` [unix ms]."""
        self._set(
            batch_id,
            state=PARKED,
            report=report,
            lease_until=None,
            parked_until=until,
            attempts=0,
            registry_sha256=None,
        )

    def fail(self, batch_id: int, attempts: int, report: str, now_ms: int) -> str:
        """After a technical failure: `retry` in 1, 2, 4 .. 60 minutes, or `dead` after ten attempts."""
        state = DEAD if attempts >= ATTEMPTS else RETRY
        minutes = min(2 ** max(attempts - 1, 0), LONGEST_RETRY_MIN)
        retry_at = None if state == DEAD else now_ms + minutes * 60_000
        self._set(batch_id, state=state, report=report, lease_until=None, retry_at=retry_at)
        if state == DEAD:
            mark_dead(self._connection)
        return state

    def revive(self, batch_ids: Iterable[int]) -> int:
        """Let parked, failed and dead batches run again now, with all their attempts; returns how many."""
        chosen = and_(Batch.batch_id.in_(list(batch_ids)), Batch.state.in_((PARKED, RETRY, DEAD)))
        values = {"state": RECEIVED, "attempts": 0, "retry_at": None, "dismissal_by": None}
        revived = self._connection.execute(update(Batch).where(chosen).values(**values)).rowcount
        mark_dead(self._connection)
        return revived

    def propose_dismissal(self, batch_id: int, person: str, reason: str) -> bool:
        """One person gives a dead batch up; False when it is not dead."""
        chosen = and_(Batch.batch_id == batch_id, Batch.state == DEAD)
        values = {"dismissal_by": person, "dismissal_reason": reason}
        return self._connection.execute(update(Batch).where(chosen).values(**values)).rowcount == 1

    def approve_dismissal(self, batch_id: int, person: str) -> bool:
        """Another person agrees; False when it is not dead, nobody proposed it, or the same person did."""
        chosen = and_(
            Batch.batch_id == batch_id,
            Batch.state == DEAD,
            Batch.dismissal_by.is_not(None),
            Batch.dismissal_by != person,
        )
        values = {"state": DISMISSED, "dismissed_by": person}
        dismissed = self._connection.execute(update(Batch).where(chosen).values(**values)).rowcount == 1
        mark_dead(self._connection)
        return dismissed

    def waiting(self) -> int:
        """How many batches wait for a worker: sources are told to slow down above 1,000 (§3.4)."""
        query = select(func.count()).select_from(Batch).where(Batch.state.in_(WAITING))
        return self._connection.execute(query).scalar_one()

    def due(self, now_ms: int) -> tuple[int, ...]:
        """Batches that a worker may take now, in order of receipt; parked ones are not among them."""
        query = select(Batch.batch_id).where(_due(now_ms), Batch.state != PARKED).order_by(Batch.batch_id)
        return tuple(self._connection.execute(query).scalars())

    def in_state(self, *states: str) -> tuple[int, ...]:
        """Batches in these states, in order of receipt."""
        query = select(Batch.batch_id).where(Batch.state.in_(states)).order_by(Batch.batch_id)
        return tuple(self._connection.execute(query).scalars())

    def due_before(self, batch_id: int, now_ms: int) -> tuple[tuple[int, int], ...]:
        """(batch id, flow id) of earlier batches that a worker may take now: new, failed or left by a killed one."""
        chosen = (_due(now_ms), Batch.state != PARKED, Batch.batch_id < batch_id)
        query = select(Batch.batch_id, Batch.flow_id).where(*chosen)
        return tuple((row[0], row[1]) for row in self._connection.execute(query.order_by(Batch.batch_id)))

    def expired(self, now_ms: int) -> tuple[int, ...]:
        """Batches that were parked longer than they may."""
        query = select(Batch.batch_id).where(Batch.state == PARKED, Batch.parked_until < now_ms)
        return tuple(self._connection.execute(query).scalars())

    def parked_rows(self, now_ms: int) -> dict[int, tuple[int, ...]]:
        """Rows of unknown devices that still wait, by batch."""
        query = select(Reject.batch_id, Reject.row_no).where(Reject.state == "open", Reject.parked_until >= now_ms)
        found: dict[int, list[int]] = {}
        for batch_id, row_no in self._connection.execute(query.order_by(Reject.batch_id, Reject.row_no)):
            found.setdefault(batch_id, []).append(row_no)
        return {batch_id: tuple(rows) for batch_id, rows in found.items()}

    def close_rejects(self, batch_id: int, rows: Iterable[int], state: str) -> int:
        """Set open rejects of a batch to `fixed` or `accepted`; returns how many."""
        chosen = and_(Reject.batch_id == batch_id, Reject.row_no.in_(list(rows)), Reject.state == "open")
        changed = self._connection.execute(update(Reject).where(chosen).values(state=state, parked_until=None))
        return changed.rowcount

    def _set(self, batch_id: int, **values: Any) -> None:
        self._connection.execute(update(Batch).where(Batch.batch_id == batch_id).values(**values))


def _due(now_ms: int) -> ColumnElement[bool]:
    return or_(
        Batch.state.in_((RECEIVED, PARKED)),
        and_(Batch.state == RETRY, Batch.retry_at <= now_ms),
        and_(Batch.state == PARSING, Batch.lease_until < now_ms),
    )
