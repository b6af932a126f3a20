"""Leases of the runs of this process are prolonged while they work; a run whose lease is gone is told to end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock

from sqlalchemy.exc import DBAPIError

from gettone.db.engine import Database
from gettone.db.repositories.job_runs import LEASE_MS, JobRuns
from gettone.errors import GettoneError
from oracle.worker.job import LOGGER

BEAT_S = 30.0


class Heartbeat:
    """The leases that this process holds; `beat` prolongs all of them."""

    def __init__(self, database: Database, now_ms: Callable[[], int]) -> None:
        self._database, self._now_ms = database, now_ms
        self._lock = Lock()
        self._held: dict[int, tuple[Event, int]] = {}

    @contextmanager
    def holding(self, run_id: int) -> Iterator[Event]:
        """Prolong the lease of a run for the length of the block; the event is set when it was lost."""
        lost = Event()
        with self._lock:
            self._held[run_id] = (lost, self._now_ms())
        try:
            yield lost
        finally:
            with self._lock:
                del self._held[run_id]

    def beat(self) -> None:
        """Prolong every lease; what somebody else marked lost ends, and so does what could not be prolonged in time.

        Another worker may have begun such a run already: every effect is stored before it happens, so both together
        do it once, but one of them is enough.
        """
        with self._lock:
            held = dict(self._held)
        if not held:
            return
        now_ms = self._now_ms()
        kept = self._renew(held, now_ms)
        with self._lock:
            for run_id, (lost, renewed_ms) in held.items():
                if run_id in self._held and kept is not None and run_id in kept:
                    self._held[run_id] = (lost, now_ms)
                elif kept is not None or now_ms - renewed_ms >= LEASE_MS:
                    lost.set()

    def serve(self, stop: Event) -> None:
        """Beat every thirty seconds until `stop`."""
        while not stop.wait(BEAT_S):
            self.beat()

    def _renew(self, held: dict[int, tuple[Event, int]], now_ms: int) -> frozenset[int] | None:
        """The runs still held; None while the database does not answer."""
        try:
            with self._database.write() as connection:
                return JobRuns(connection).renew(held, now_ms)
        except GettoneError as refusal:
            LOGGER.warning("leases could not be prolonged: %s", refusal.code)
        except DBAPIError:
            # A connection that broke in the middle: the next beat has a new one.
            LOGGER.warning("leases could not be prolonged", exc_info=True)
        return None
