"""The intake of batches: bytes taken for good with a receipt, then judged and merged once (§3.1).

received → duplicate | parsing → done | rejected | parked | retry → dead.  Each step may be killed and run again.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gettone.db.engine import Database
from gettone.db.repositories.batch_states import DONE, PARKED_MS, RECEIVED, BatchStates
from gettone.db.repositories.batches import Batches, BatchRow, Counters
from gettone.db.repositories.flows import FlowRow, Flows
from gettone.db.repositories.ingest_log import IngestLog
from gettone.db.repositories.keys import LAKE, Keys
from gettone.db.repositories.pending_checks import PendingChecks
from gettone.errors import InputError, MissingInput
from gettone.lake import Lake
from gettone.metering.edits.approval import MANUAL_CLASS
from gettone.notary.ingest_leaf import LeafKind
from gettone.vault import Vault
from oracle.after_merge.check import check_touched
from oracle.collector import collector_paused
from oracle.intake_judgement import canonical, failure_report, unusable_report
from oracle.intake_merge import BatchMerge, Merged
from oracle.intake_outcome import Outcome, Receipt, outcome_of
from oracle.intake_payload import read_rows, read_table
from oracle.intake_rows import take_rows
from oracle.intake_tables import is_table
from oracle.quality.editing import replay_edit

NONCE_BYTES = 32
_NO_REPORT = canonical({"codes": {}, "rows": 0})


def open_lake(database: Database, vault: Vault, folder: Path) -> Lake:
    """The lake of an installation, under the data key that its database keeps wrapped."""
    with database.write() as connection:
        return Lake(folder, Keys(connection, vault).platform_key(LAKE))


def open_intake(database: Database, vault: Vault, lake_dir: Path) -> "Intake":
    """The intake of an installation with the lake in `lake_dir`."""
    return Intake(database, vault, open_lake(database, vault, lake_dir))


class Intake:
    """Receives, judges and merges batches; several may work beside each other."""

    def __init__(self, database: Database, vault: Vault, lake: Lake) -> None:
        self.database = database
        self.vault = vault
        self.lake = lake

    def receive(
        self, flow_name: str, payload: bytes | Path, *, received_at_ms: int, derived_from: int | None = None
    ) -> Receipt:
        """Take a payload for good: in the lake, in the log, state `received`; durable when this returns.

        `derived_from` is the batch whose rows it repeats or corrects.  MissingInput for an unknown flow, InputError
        for a file that cannot be read: nothing is stored then.
        """
        with self.database.read() as connection:
            Flows(connection).get(flow_name)
        sha256, size_bytes = self.lake.put(payload)
        nonce = secrets.token_bytes(NONCE_BYTES)
        with self.database.write() as connection:
            log, batches = IngestLog(connection), Batches(connection)
            log.lock()
            flow = Flows(connection).get(flow_name)
            leaf = log.append(
                LeafKind.RECEIVED,
                nonce=nonce,
                source_class=flow.config.source_class,
                received_at=received_at_ms,
                size_bytes=size_bytes,
                sha256=sha256,
            )
            done = next((one for one in batches.with_digest(flow.flow_id, sha256) if one.state == DONE), None)
            row = BatchRow(
                batch_id=batches.next_id(),
                flow_id=flow.flow_id,
                sha256=sha256,
                size_bytes=size_bytes,
                received_at=received_at_ms,
                state=RECEIVED,
                counters=Counters(),
                report=_NO_REPORT,
                nonce=nonce,
                flow_config=flow.number,
                derived_from=derived_from,
                received_leaf=leaf.leaf_index,
            )
            batches.add(row)
        return Receipt(row.batch_id, sha256, leaf.leaf_index, leaf.leaf_hash, done.batch_id if done else None)

    def process(self, batch_id: int, *, now_ms: int) -> Outcome:
        """Judge and merge a batch; one that is finished, or that somebody else has, says what is known of it.

        Batches that came before it and may speak of the same devices go first, so that the order of calls does not
        matter.  MissingInput for a batch that was never received.
        """
        for earlier in self._earlier(batch_id, now_ms):
            self._process(earlier, now_ms)
        return self._process(batch_id, now_ms)

    def merge(self, batch_id: int, *, now_ms: int) -> Outcome:
        """As `process`, but V14 to V19 wait for the next `check_pending`: what was merged is durable and pending."""
        for earlier in self._earlier(batch_id, now_ms):
            self._process(earlier, now_ms, check=False)
        return self._process(batch_id, now_ms, check=False)

    def work(self, *, now_ms: int) -> tuple[Outcome, ...]:
        """Process all that is due: received, failed ones whose time came, and those of workers that were killed."""
        with self.database.read() as connection:
            states = BatchStates(connection)
            due = sorted({*states.due(now_ms), *states.expired(now_ms)})
        return tuple(self._process(batch_id, now_ms) for batch_id in due)

    def devices_of(self, batch_id: int, rows: tuple[int, ...]) -> dict[int, str]:
        """The devices that rows of a stored batch name as they were received, by number of row."""
        with self.database.read() as connection:
            batch = Batches(connection).get([batch_id])[batch_id]
            flow = Flows(connection).of_batch(batch.flow_id, batch.flow_config)
        if is_table(flow.config.syntax):
            return read_table(self.database, self.lake, batch, flow)[0].named(rows)
        received = take_rows(read_rows(self.database, self.lake, batch, flow)[0], rows)
        at = zip(received.row.tolist(), received.device.tolist(), strict=True)
        return {row: received.devices[device] for row, device in at}

    def waiting(self) -> int:
        """How many batches wait; sources answer "too many" above 1,000 (§3.4)."""
        with self.database.read() as connection:
            return BatchStates(connection).waiting()

    def _earlier(self, batch_id: int, now_ms: int) -> tuple[int, ...]:
        with self.database.read() as connection:
            earlier = BatchStates(connection).due_before(batch_id, now_ms)
            if not earlier:
                return ()
            batch = Batches(connection).get([batch_id]).get(batch_id)
            flows = () if batch is None else Flows(connection).sharing(batch.flow_id)
        return tuple(one for one, flow_id in earlier if flow_id in flows)

    def _process(self, batch_id: int, now_ms: int, *, check: bool = True) -> Outcome:
        batch, flow, mine = self._claim(batch_id, now_ms)
        if not mine:
            return outcome_of(batch)
        try:
            with collector_paused():
                outcome, merged = self._run(batch, flow, now_ms)
            self._check(batch_id, merged if check else None, now_ms)
            return outcome
        # Whatever it is, the batch must not be lost: it is tried again, then a person is asked.
        except Exception as failure:
            with self.database.write() as connection:
                states = BatchStates(connection)
                if states.holds(batch_id, batch.lease_until or 0):
                    states.fail(batch_id, batch.attempts, failure_report(failure), now_ms)
            return self._stored(batch_id)

    def _claim(self, batch_id: int, now_ms: int) -> tuple[BatchRow, FlowRow, bool]:
        with self.database.write() as connection:
            mine = BatchStates(connection).claim(batch_id, now_ms)
            batch = Batches(connection).get([batch_id]).get(batch_id)
            if batch is not None:
                return batch, Flows(connection).of_batch(batch.flow_id, batch.flow_config), mine
        raise MissingInput("batch_unknown", f"there is no batch {batch_id} in this database")

    def _run(self, batch: BatchRow, flow: FlowRow, now_ms: int) -> tuple[Outcome, Merged | None]:
        if batch.parked_until is not None and batch.parked_until < now_ms:
            return self._reject(batch, flow, batch.report, "nobody registered its devices in time"), None
        if flow.config.source_class == MANUAL_CLASS:
            replay_edit(self.database, self.lake, batch, now_ms=now_ms)
            return self._stored(batch.batch_id), None
        try:
            if is_table(flow.config.syntax):
                return self._merge_table(batch, flow), None
            received, rows = read_rows(self.database, self.lake, batch, flow)
        except InputError as refusal:
            if refusal.code == "syntax_unknown":
                return self._park(batch), None
            return self._reject(batch, flow, unusable_report(refusal), refusal.message), None
        merged: Merged | None = None
        with self._merging(batch, flow) as merge:
            if merge is not None and not merge.already_done():
                merged = merge.write(received, rows, self.lake)
        return self._stored(batch.batch_id, merged), merged

    def _merge_table(self, batch: BatchRow, flow: FlowRow) -> Outcome:
        """Prices and weather: no rule of readings applies to them, and nothing is checked after the merge."""
        table, rows = read_table(self.database, self.lake, batch, flow)
        with self._merging(batch, flow) as merge:
            if merge is not None and not merge.already_done():
                merge.write_table(table, rows, self.lake)
        return self._stored(batch.batch_id)

    def _check(self, batch_id: int, merged: Merged | None, now_ms: int) -> None:
        """V14 to V19 on what was touched, in transactions of their own; killed before, it stays pending."""
        if merged is None or (touched := merged.touched) is None:
            return
        check_touched(self.database, touched.channel_ids, touched.from_slot, touched.to_slot, now_ms=now_ms)
        with self.database.write() as connection:
            PendingChecks(connection).remove(batch_id)

    def _reject(self, batch: BatchRow, flow: FlowRow, report: str, reason: str) -> Outcome:
        with self._merging(batch, flow) as merge:
            if merge is not None and not merge.already_done():
                merge.reject_whole(report)
        return self._stored(batch.batch_id, refusal=reason)

    def _park(self, batch: BatchRow) -> Outcome:
        """Nothing here reads the syntax of the flow yet: the batch waits for who does."""
        with self.database.write() as connection:
            states = BatchStates(connection)
            if states.holds(batch.batch_id, batch.lease_until or 0):
                states.park(batch.batch_id, _NO_REPORT, batch.received_at + PARKED_MS)
        return self._stored(batch.batch_id)

    @contextmanager
    def _merging(self, batch: BatchRow, flow: FlowRow) -> Iterator[BatchMerge | None]:
        """The transaction of a merge; None where the claim was lost meanwhile: the other worker's result stands."""
        with self.database.read() as connection:
            sharing = Flows(connection).sharing(batch.flow_id)
        with self.database.merging(sharing) as connection:
            held = BatchStates(connection).holds(batch.batch_id, batch.lease_until or 0)
            yield BatchMerge(connection, self.vault, flow, batch) if held else None

    def _stored(self, batch_id: int, merged: Merged | None = None, refusal: str | None = None) -> Outcome:
        with self.database.read() as connection:
            batch = Batches(connection).get([batch_id])[batch_id]
        return outcome_of(batch, merged.errors if merged else (), refusal)
