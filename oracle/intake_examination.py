"""What a file would do, by all rules and against all that is stored, without leaving anything behind."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from gettone.db.engine import Database
from gettone.db.repositories.batch_states import DONE, PARSING
from gettone.db.repositories.batches import Batches, BatchRow, Counters
from gettone.db.repositories.flows import FlowRow, Flows
from gettone.errors import Conflict, InputError
from gettone.metering.received import Received, ReceivedRegisters
from gettone.vault import Vault
from oracle.formats.registry import read_batch
from oracle.intake_judgement import canonical
from oracle.intake_merge import BatchMerge, Merged


@dataclass(frozen=True, slots=True)
class Examination:
    """What a file would do; `duplicate` is the batch that did its content already, and then nothing was judged."""

    flow: str
    sha256: bytes
    size_bytes: int
    duplicate: BatchRow | None
    result: Merged | None

    @property
    def merged(self) -> Merged:
        """The judgement of a file that is no duplicate."""
        assert self.result is not None  # noqa: S101 - asked of duplicates nowhere
        return self.result


def examine(database: Database, vault: Vault, path: Path, flow_name: str, now_ms: int) -> Examination:
    """Judge a file as a batch received at `now_ms` [unix ms], and take all of it back.

    Raises InputError for an unreadable file and an unusable one, MissingInput for an unknown flow, Conflict for a
    file that changes meanwhile.
    """
    sha256 = _digest(path)
    size_bytes = path.stat().st_size
    with database.read() as connection:
        flow = Flows(connection).get(flow_name)
        done = _done(connection, flow, sha256)
    if done is not None:
        return Examination(flow_name, sha256, size_bytes, done, None)
    received = _read(path, sha256, flow)
    result: Merged | None = None
    with database.ingest() as connection:
        # Somebody else may have imported the same file while this one was read.
        done = _done(connection, flow, sha256)
        if done is None:
            # No batch ever has this number, so that nobody waits for what is taken back anyway.
            batch = BatchRow(-1, flow.flow_id, sha256, size_bytes, now_ms, PARSING, Counters(), canonical({}))
            Batches(connection).add(batch)
            result = BatchMerge(connection, vault, flow, batch).write(received)
        connection.rollback()
    return Examination(flow_name, sha256, size_bytes, done, result)


def _done(connection: Connection, flow: FlowRow, sha256: bytes) -> BatchRow | None:
    """The batch by which the flow did this content."""
    same = Batches(connection).with_digest(flow.flow_id, sha256)
    return next((batch for batch in same if batch.state == DONE), None)


def _read(path: Path, sha256: bytes, flow: FlowRow) -> Received | ReceivedRegisters:
    try:
        received = read_batch(path, flow.config)
    except InputError as refusal:
        raise InputError(refusal.code, f"{path}: {refusal.message}") from None
    if _digest(path) != sha256:
        raise Conflict("file_changed", f"{path} changed while it was read: wait until it is complete, then run again")
    return received


def _digest(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as failure:
        raise InputError("file_unreadable", f"{path} cannot be read: {failure.strerror}") from None
