"""The worker of all sources: folders, messages, schedules, waiting batches, silence and a full disk (§3)."""

import fcntl
import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from time import monotonic

from gettone.db.engine import Database
from gettone.db.repositories.batches import Batches
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.sources import SourceRow, Sources
from gettone.errors import Conflict, GettoneError
from gettone.metering.transport_rules import BY_NUMBER, HTTPS, MQTT, TRIAGE
from gettone.vault import Vault
from oracle.after_merge.nightly import check_pending
from oracle.intake import Intake
from oracle.replay import run_parked
from oracle.transports.folders import SourceFolders
from oracle.transports.message_store import MessageStore
from oracle.transports.mqtt import RETRY_S, BrokerAddress, MqttSource, Session
from oracle.transports.scheduled import ScheduledSource
from oracle.transports.triage import TriageSource

LOGGER = logging.getLogger("gettone.sources")
STEP_S = 1.0
FETCH_STEP_S = 30.0
LOOK_AFTER_S = 60.0
MIN_FREE_PERMILLE = 100


@dataclass(frozen=True)
class SourceWorker:
    """Runs every source of an installation; `address` is the broker, None without sources on MQTT."""

    database: Database
    vault: Vault
    intake: Intake
    root: Path
    address: BrokerAddress | None
    clock: Callable[[], int]
    free_permille: Callable[[], int]

    def once(self) -> int:
        """Take what lies in the folders, judge what waits, look for silence; how many files and batches were handled.

        Conflict while another worker runs.
        """
        with alone(self.root):
            handled = self._step(self._folders()) + self.fetch()
            check_pending(self.database, now_ms=self.clock())
            handled += len(run_parked(self.intake, now_ms=self.clock()))
            self._look_after()
            return handled

    def run(self, stop: Event) -> None:
        """As `once` again and again, with a consumer for each source on MQTT, until `stop`."""
        with alone(self.root):
            consumers = [Consumer(self, one, stop) for one in self._sources() if one.transport == MQTT]
            folders = self._folders()
            fetcher = Thread(target=self._fetch_until, args=(stop,), name="scheduled", daemon=True)
            fetcher.start()
            looked_s, registered = 0.0, (0, 0)
            while not stop.wait(STEP_S):
                try:
                    busy = self._step(folders) > 0 or any(one.busy for one in consumers)
                    is_time = monotonic() - looked_s > LOOK_AFTER_S
                    if is_time or not busy:
                        check_pending(self.database, now_ms=self.clock())
                    if is_time:
                        registered = self._run_parked(registered)
                        self._look_after()
                        looked_s = monotonic()
                except GettoneError as refusal:
                    # A database that is away comes back; everything undone is still in its place.
                    LOGGER.warning("sources wait: %s", refusal.code)
            fetcher.join()
            for one in consumers:
                one.join()

    def fetch(self) -> int:
        """Ask for the files that are due by the schedules of their flows; for how many."""
        asked = 0
        for one in self._scheduled() if self.has_room() else ():
            try:
                asked += one.step()
            except GettoneError as refusal:
                # What is wrong with one source stops no other.
                LOGGER.error("source %s: %s", one.row.flow, refusal.code)
        return asked

    def has_room(self) -> bool:
        """Whether at least a tenth of the disk is free."""
        return self.free_permille() >= MIN_FREE_PERMILLE

    def _fetch_until(self, stop: Event) -> None:
        """In a thread of its own, so that a slow server holds up no folder."""
        while not stop.wait(FETCH_STEP_S):
            try:
                self.fetch()
            except GettoneError as refusal:
                LOGGER.warning("scheduled sources wait: %s", refusal.code)

    def _sources(self) -> tuple[SourceRow, ...]:
        with self.database.read() as connection:
            return Sources(connection).all()

    def _folders(self) -> list[TriageSource]:
        found = [
            TriageSource(one.flow, SourceFolders.of(self.root, one.flow), self.intake, self.clock)
            for one in self._sources()
            if one.transport == TRIAGE
        ]
        for one in found:
            one.folders.make()
        return found

    def _scheduled(self) -> list[ScheduledSource]:
        found = []
        for one in self._sources():
            if one.transport == HTTPS:
                folders = SourceFolders.of(self.root, one.flow)
                folders.make()
                with self.database.read() as connection:
                    config = Flows(connection).get(one.flow).config
                found.append(ScheduledSource(one, config, folders, self.database, self.intake, self.clock))
        return found

    def _step(self, folders: list[TriageSource]) -> int:
        handled = 0
        for one in folders:
            one.folders.set_open(self.has_room())
            handled += one.step() if self.has_room() else 0
        return handled + len(self.intake.work(now_ms=self.clock()))

    def _run_parked(self, known: tuple[int, int]) -> tuple[int, int]:
        """Try parked batches again when somebody registered a device since; what is registered now."""
        with self.database.read() as connection:
            registered = Flows(connection).registered()
        if registered != known:
            run_parked(self.intake, now_ms=self.clock())
        return registered

    def _mirror(self) -> None:
        """List in `mirror` what came as messages, requests and fetched files."""
        for one in self._sources():
            if one.transport in (*BY_NUMBER, HTTPS):
                folders = SourceFolders.of(self.root, one.flow)
                folders.make()
                with self.database.read() as connection:
                    batches = Sources(connection).batches_after(one.flow_id, folders.mirrored())
                folders.mirror(batches)

    def _revisit(self) -> None:
        """Files that rest go on when their batches did."""
        for one in self._folders():
            resting = one.resting()
            with self.database.read() as connection:
                found = Batches(connection).get(resting) if resting else {}
            one.revisit({batch_id: batch.state for batch_id, batch in found.items()})

    def _look_after(self) -> None:
        self._mirror()
        self._revisit()
        with self.database.write() as connection:
            silent = Sources(connection).mark_silent(self.clock())
        for flow in silent:
            LOGGER.warning("source %s is silent [A_SILENT]", flow)
        if not self.has_room():
            LOGGER.error("less than a tenth of the disk is free: sources take nothing [storage_full]")


class Consumer:
    """One source on MQTT in a thread of its own, started again after every failure."""

    def __init__(self, worker: SourceWorker, source: SourceRow, stop: Event) -> None:
        self._worker, self._row, self._stop = worker, source, stop
        self._running: MqttSource | None = None
        self._thread = Thread(target=self._serve, name=f"mqtt-{source.flow}", daemon=True)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether messages wait to be stored."""
        return self._running is not None and self._running.inbox.held != (0, 0)

    def join(self) -> None:
        """End it; what is not stored stays with the broker."""
        if self._running is not None:
            self._running.stop()
        self._thread.join()

    def _serve(self) -> None:
        attempt = 0
        while not self._stop.is_set():
            try:
                self._source().run()
                attempt = 0
            except GettoneError as refusal:
                LOGGER.error("source %s: %s", self._row.flow, refusal.code)
            self._stop.wait(RETRY_S[min(attempt, len(RETRY_S) - 1)])
            attempt += 1

    def _source(self) -> MqttSource:
        worker, row = self._worker, self._row
        if worker.address is None:
            raise Conflict("broker_unset", f"source {row.flow} needs GETTONE_MQTT_BROKER and its password")
        store = MessageStore(worker.database, worker.vault, worker.intake, row.flow, worker.has_room, worker.clock)
        session = Session(f"gettone-{row.flow}", row.community or "")
        self._running = MqttSource(worker.address, session, store.store, store.note_presence)
        if self._stop.is_set():
            self._running.stop()
        return self._running


def free_permille(folder: Path) -> int:
    """How much of the disk of a folder is free."""
    usage = shutil.disk_usage(folder)
    return usage.free * 1000 // usage.total


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """One worker at a time: two would move the same files."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / "worker.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Conflict("worker_running", "another worker serves these sources: stop it first") from None
        yield
