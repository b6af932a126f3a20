"""The job that takes a file of readings into the database, once, or refuses it and changes nothing."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from sqlalchemy import Connection

from gettone.db.engine import Database
from gettone.db.repositories.batches import Batches, BatchRow, Counters, RejectRow
from gettone.db.repositories.flows import FlowRow, Flows
from gettone.db.repositories.keys import REJECTS, Keys
from gettone.db.repositories.readings import Readings
from gettone.errors import CheckFailed, Conflict, InputError
from gettone.metering.codes import Code
from gettone.metering.merge import BatchStamp, Merge, Stored, merge
from gettone.metering.received import Received
from gettone.metering.validation import validate
from gettone.metering.values import Validated
from gettone.vault import Vault, seal
from oracle.formats.registry import read_batch
from oracle.import_report import Examined, FileContent, ImportReport, duplicate_report, report_of, stored_report
from oracle.sources.registry import load_registry

MAX_BYTES = 200 * 1024 * 1024
RAW_BYTES = 400


def import_readings(
    database: Database,
    vault: Vault,
    path: Path,
    flow_name: str,
    *,
    now_ms: int,
    dry_run: bool = False,
    accept_rejects: bool = False,
) -> ImportReport:
    """Import the file `path` as a batch of a flow; `now_ms` is the receipt [unix ms].

    1. the flow did this content already: duplicate, nothing to do
    2. read the whole file             3. rules V2-V12
    4. refuse the file, unless its wrong rows were accepted by a person
    5. rule V13 against what is stored 6. write readings, versions, rejects and the batch in one transaction

    Raises InputError, with file, row and reason, for an unreadable file, a wrong row without `accept_rejects`,
    and a device that is not registered; MissingInput for an unknown flow.
    """
    content = _measure(path)
    with database.ingest() as connection:
        flow = Flows(connection).get(flow_name)
        earlier = Batches(connection).with_digest(flow.flow_id, content.sha256)
        done = next((batch for batch in earlier if batch.state == "done"), None)
        if done is not None:
            return duplicate_report(content, flow, done)
        examined = _examine(connection, vault, path, content, flow, now_ms)
        if not dry_run:
            _refuse_wrong_rows(path, examined, accept_rejects)
            _write(connection, vault, content, flow, examined, earlier)
        else:
            # Looking a device up makes the lookup key when there is none yet: a dry run leaves not even that.
            connection.rollback()
        return report_of(content, flow, examined, dry_run)


def _measure(path: Path) -> FileContent:
    size = path.stat().st_size if path.is_file() else 0
    if size > MAX_BYTES:
        raise InputError("file_too_large", f"{path} has {size} bytes, more than {MAX_BYTES}: split it [{Code.F_SIZE}]")
    return FileContent(_digest(path), size)


def _digest(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as failure:
        raise InputError("file_unreadable", f"{path} cannot be read: {failure.strerror}") from None


def _read(path: Path, content: FileContent, flow: FlowRow) -> Received:
    try:
        received = read_batch(path, flow.config)
    except InputError as refusal:
        raise InputError(refusal.code, f"{path}: {refusal.message}") from None
    if _digest(path) != content.sha256:
        raise Conflict("file_changed", f"{path} changed while it was read: wait until it is complete, then run again")
    if not isinstance(received, Received):
        raise InputError("flow_kind", f"{path}: flow {flow.name!r} sends registers, which arrive as batches only")
    return received


def _examine(
    connection: Connection, vault: Vault, path: Path, content: FileContent, flow: FlowRow, now_ms: int
) -> Examined:
    received = _read(path, content, flow)
    registry = load_registry(connection, vault, flow.flow_id, sorted(received.devices))
    validated = validate(received, registry, flow.config, now_ms // 1000)
    stamp = BatchStamp(Batches(connection).next_id(), now_ms, content.sha256)
    merged = merge(validated, _stored(connection, validated), stamp)
    too_many = validated.permille_rejected > flow.config.max_reject_permille
    counters = Counters(rows_rejected=validated.rows) if too_many else _counters(validated, merged)
    if counters.total != validated.rows:
        raise CheckFailed(
            "rows_dropped", f"{counters.total} of {validated.rows} rows are accounted for: nothing was stored"
        )
    return Examined("rejected" if too_many else "done", received, validated, merged, counters, stamp)


def _stored(connection: Connection, validated: Validated) -> Stored:
    """What the database holds in the box of the batch: its channels between its first and last slot."""
    both = (validated.accepted, validated.held.values)
    slots = np.concatenate([values.slot for values in both])
    if len(slots) == 0:
        return Stored({}, {}, set(), {})
    readings = Readings(connection)
    channels = np.unique(np.concatenate([values.channel_id for values in both])).tolist()
    box = (channels, int(slots.min()), int(slots.max()) + 1)
    current = readings.current(*box)
    batches = Batches(connection).get({one.batch_id for one in current.values()})
    stamps = {key: BatchStamp(key, row.received_at, row.sha256 or b"") for key, row in batches.items()}
    return Stored(current, readings.last_versions(*box), readings.held_back(*box), stamps)


def _counters(validated: Validated, merged: Merge) -> Counters:
    return Counters(
        rows_new=merged.new,
        rows_changed=merged.changed,
        rows_confirmed=merged.confirmed,
        rows_equal=validated.equal + merged.equal,
        rows_older=merged.older,
        rows_merged=validated.merged,
        rows_missing=validated.missing + merged.missing,
        rows_rejected=len(validated.rejected),
        rows_quarantined=len(validated.held),
    )


def _refuse_wrong_rows(path: Path, examined: Examined, accept_rejects: bool) -> None:
    """A wrong row refuses the file, unless a person said to go on; an unknown device always does."""
    rejected = sorted(examined.validated.rejected)
    unknown = [one for one in rejected if one.code is Code.R_UNKNOWN]
    conflicts = examined.validated.codes.get(Code.D_CONFLICT, 0)
    if unknown or (rejected and not accept_rejects):
        first = (unknown or rejected)[0]
        others = f" ({len(rejected)} rows are wrong in all)" if len(rejected) > 1 else ""
        mend = "register it first" if unknown else "mend it, or import the other rows with --accept-rejects"
        raise InputError("row_rejected", f"{path}, row {first.row}: {first.reason}{others}; {mend} [{first.code}]")
    if conflicts and not accept_rejects:
        raise InputError(
            "slot_conflict",
            f"{path}: {conflicts} rows give different values to the same slot of a device; remove the wrong ones, "
            f"or put all in quarantine with --accept-rejects [{Code.D_CONFLICT}]",
        )


def _write(
    connection: Connection,
    vault: Vault,
    content: FileContent,
    flow: FlowRow,
    examined: Examined,
    earlier: tuple[BatchRow, ...],
) -> None:
    batches = Batches(connection)
    report = json.dumps(stored_report(examined), sort_keys=True, separators=(",", ":"))
    if examined.state == "rejected" and any(batch.report == report for batch in earlier):
        return
    batch_id, received_at, sha256 = examined.stamp
    batches.add(
        BatchRow(
            batch_id, flow.flow_id, sha256, content.size_bytes, received_at, examined.state, examined.counters, report
        )
    )
    if examined.state == "done":
        readings = Readings(connection)
        readings.add(examined.merge.added)
        readings.replace(examined.merge.replaced)
        readings.add_versions(examined.merge.versions)
        batches.add_rejects(batch_id, list(_sealed(connection, vault, examined, batch_id)))


def _sealed(connection: Connection, vault: Vault, examined: Examined, batch_id: int) -> Iterator[RejectRow]:
    """Refused rows as received, encrypted: they may name a POD."""
    if not examined.validated.rejected:
        return
    key = Keys(connection, vault).platform_key(REJECTS)
    texts = examined.received.raw_texts({one.row for one in examined.validated.rejected})
    for one in examined.validated.rejected:
        raw = texts[one.row].encode()[:RAW_BYTES]
        yield RejectRow(one.row, one.code, one.field, seal(key, raw, ("reject", batch_id, one.row)))
