"""One batch into the tables, in one transaction: values, rejects, state, counters and the leaf of its outcome."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from sqlalchemy import Connection

from gettone.db.repositories.batch_states import DONE, DUPLICATE, PARKED, PARKED_MS, REJECTED, BatchStates
from gettone.db.repositories.batches import Batches, BatchRow, Counters, RejectRow
from gettone.db.repositories.devices import Devices
from gettone.db.repositories.flows import FlowRow
from gettone.db.repositories.ingest_log import IngestLog
from gettone.db.repositories.keys import REJECTS, Keys
from gettone.db.repositories.merging import MergeCounts, Merging
from gettone.db.repositories.pending_checks import PendingChecks
from gettone.db.repositories.stated_totals import StatedTotals
from gettone.lake import Lake
from gettone.metering.checks.stated_totals import stated_totals
from gettone.metering.codes import Code
from gettone.metering.received import Received, ReceivedRegisters, Rejected
from gettone.metering.registry import Registry
from gettone.metering.rules.merge import BatchStamp
from gettone.metering.values import RegisterBases
from gettone.notary.ingest_leaf import LeafKind
from gettone.vault import Vault, seal
from oracle.intake_judgement import SHOWN_ERRORS, Judged, canonical, judge, report_digest, table_report
from oracle.intake_registers import known_bases, store_registers
from oracle.intake_rows import take_rows
from oracle.quality.late import mark_late
from oracle.sources.registry import load_registry, registry_document, registry_of_document
from oracle.sources.table_file import Tabled, TableFile

RAW_BYTES = 400


@dataclass(frozen=True, slots=True)
class Touched:
    """The channels whose readings a batch may have changed, and over which slots [from_slot, to_slot)."""

    channel_ids: tuple[int, ...]
    from_slot: int
    to_slot: int


@dataclass(frozen=True, slots=True)
class Merged:
    """A batch that was judged and written: where its rows went, what it touched, and the first wrong rows."""

    judged: Judged
    counters: Counters
    touched: Touched | None

    @property
    def errors(self) -> tuple[Rejected, ...]:
        """The first refused rows, with words."""
        return tuple(islice(sorted(self.judged.validated.rejected), SHOWN_ERRORS))


class BatchMerge:
    """Writes one claimed batch; the transaction is the caller's, and alone among the writers of its flow."""

    def __init__(self, connection: Connection, vault: Vault, flow: FlowRow, batch: BatchRow) -> None:
        self._connection = connection
        self._vault = vault
        self._flow = flow
        self._batch = batch
        self._states = BatchStates(connection)

    def already_done(self) -> bool:
        """V1: whether this flow did this content; the batch is its duplicate then, and says so."""
        batch = self._batch
        same = Batches(self._connection).with_digest(batch.flow_id, batch.sha256 or b"")
        if not any(one.state == DONE and one.batch_id != batch.batch_id for one in same):
            return False
        self._conclude(DUPLICATE, canonical({"codes": {Code.F_DUP: 1}, "rows": 0}), Counters())
        return True

    def reject_whole(self, report: str) -> None:
        """V1: an unusable payload leaves its report, and nothing else."""
        self._conclude(REJECTED, report, Counters())

    def write(
        self, received: Received | ReceivedRegisters, rows: tuple[int, ...] | None = None, lake: Lake | None = None
    ) -> Merged:
        """Rules V3 to V13 and all they give; `rows` are those of a batch that repeats some of another.

        What was registered about its devices goes into `lake`, so that a replay judges by it (law 4).
        """
        batch = self._batch
        chosen = received if rows is None else take_rows(received, rows)
        registry = self._registry(chosen.devices, lake)
        known = RegisterBases.empty()
        if isinstance(chosen, ReceivedRegisters):
            known = known_bases(self._connection, batch.flow_id, registry)
        judged = judge(chosen, registry, self._flow.config, batch.received_at, known)
        if judged.state == PARKED:
            self._states.park(batch.batch_id, judged.report, batch.received_at + PARKED_MS)
            return Merged(judged, Counters(), None)
        counts = self._store(judged, registry) if judged.state == DONE else MergeCounts()
        if judged.state == DONE:
            self._close_rows(rows)
        counters, touched = judged.counters(counts), None
        self._conclude(judged.state, judged.report, counters)
        if judged.state == DONE:
            touched = _touched(judged)
        if touched is not None:
            slots = (touched.from_slot, touched.to_slot)
            PendingChecks(self._connection).add(batch.batch_id, *slots)
            mark_late(self._connection, batch.batch_id, touched.channel_ids, *slots, batch.received_at)
        return Merged(judged, counters, touched)

    def write_table(self, table: TableFile, rows: tuple[int, ...] | None = None, lake: Lake | None = None) -> Tabled:
        """A file of prices or weather into its table; rows, devices and registry as in `write`."""
        batch = self._batch
        registry = self._registry(table.devices, lake) if table.devices else {}
        tabled = table.store(self._connection, registry, self._flow, batch.batch_id)
        report = table_report(tabled)
        if tabled.state == PARKED:
            self._states.park(batch.batch_id, report, batch.received_at + PARKED_MS)
            return tabled
        if tabled.state == DONE:
            self._close_rows(rows)
            texts = {one.row: one.text for one in tabled.refusals}
            rejected = [Rejected(one.row, one.code, one.field, "") for one in tabled.refusals]
            Batches(self._connection).add_rejects(batch.batch_id, list(self._sealed(rejected, texts)))
        self._conclude(tabled.state, report, tabled.counters)
        return tabled

    def _close_rows(self, rows: tuple[int, ...] | None) -> None:
        """The refused rows that this batch repeats are mended."""
        if rows is not None and self._batch.derived_from is not None:
            self._states.close_rejects(self._batch.derived_from, rows, "fixed")

    def _registry(self, names: tuple[str, ...], lake: Lake | None) -> Registry:
        """What is registered now and kept from now on; a batch that comes with a registry is judged by that one."""
        batch, devices = self._batch, Devices(self._connection, self._vault)
        if lake is not None and batch.registry_sha256 is not None:
            return registry_of_document(devices, lake.read(batch.registry_sha256), names)
        registry = load_registry(self._connection, devices, batch.flow_id, names)
        if lake is not None:
            sha256, _ = lake.put(registry_document(devices, registry))
            self._states.set_registry(batch.batch_id, sha256)
        return registry

    def _store(self, judged: Judged, registry: Registry) -> MergeCounts:
        batch = self._batch
        if isinstance(judged.received, ReceivedRegisters):
            store_registers(self._connection, batch.flow_id, batch.batch_id, judged.validated, registry)
        else:
            totals = stated_totals(judged.received.totals, registry)
            StatedTotals(self._connection).put(totals, batch.batch_id)
        stamp = BatchStamp(batch.batch_id, batch.received_at, batch.sha256 or b"")
        counts = Merging(self._connection, stamp).merge(judged.validated.accepted, judged.validated.held)
        rejected = judged.validated.rejected
        texts = judged.received.raw_texts({one.row for one in rejected}) if rejected else {}
        Batches(self._connection).add_rejects(batch.batch_id, list(self._sealed(rejected, texts)))
        return counts

    def _sealed(self, rejected: Sequence[Rejected], texts: Mapping[int, str]) -> Iterator[RejectRow]:
        """Refused rows as received, encrypted: they may name a POD.  Those of unknown devices wait for them."""
        if not rejected:
            return
        batch = self._batch
        key = Keys(self._connection, self._vault).platform_key(REJECTS)
        for one in rejected:
            raw = texts[one.row].encode()[:RAW_BYTES]
            until = batch.received_at + PARKED_MS if one.code is Code.R_UNKNOWN else None
            sealed = seal(key, raw, ("reject", batch.batch_id, one.row))
            yield RejectRow(one.row, one.code, one.field, sealed, parked_until=until)

    def _conclude(self, state: str, report: str, counters: Counters) -> None:
        """State, counters and the leaf of the outcome; whoever holds the log's lock numbers merged batches too."""
        batch, log = self._batch, IngestLog(self._connection)
        leaf = log.append(
            LeafKind.OUTCOME,
            nonce=batch.nonce or bytes(32),
            source_class=self._flow.config.source_class,
            received_at=batch.received_at,
            size_bytes=batch.size_bytes,
            sha256=batch.sha256 or bytes(32),
            report_sha256=report_digest(report),
        )
        number = Batches(self._connection).highest() + 1 if state == DONE else None
        self._states.finish(batch.batch_id, state, report, counters, outcome_leaf=leaf.leaf_index, merge_no=number)


def _touched(judged: Judged) -> Touched | None:
    """What the rules after a merge look at again: accepted and held values alike."""
    parts = (judged.validated.accepted, judged.validated.held.values)
    slots = np.concatenate([one.slot for one in parts])
    if not len(slots):
        return None
    channels = np.unique(np.concatenate([one.channel_id for one in parts]))
    # The last value may be of a channel with steps of an hour.
    return Touched(tuple(channels.tolist()), int(slots.min()), int(slots.max()) + 4)
