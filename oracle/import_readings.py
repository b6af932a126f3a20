"""The job that takes a file of readings into the database, once, or refuses it and changes nothing."""

import json
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection

from gettone.db.engine import Database
from gettone.db.repositories.batches import Batches, BatchRow, Counters, RejectRow
from gettone.db.repositories.flows import FlowRow, Flows
from gettone.db.repositories.keys import REJECTS, Keys
from gettone.db.repositories.readings import Readings
from gettone.errors import CheckFailed, InputError
from gettone.metering.codes import Code
from gettone.metering.merge import BatchStamp, Merge, Stored, merge
from gettone.metering.validation import Validated, validate
from gettone.vault import Vault, seal
from oracle.import_report import Examined, ImportReport, duplicate_report, report_of, stored_report
from oracle.sources.reading_file import FileContent, read_reading_file
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

    1. read and parse the whole file   2. the flow did this content already: duplicate, nothing to do
    3. rules V2-V12                    4. refuse the file, unless its wrong rows were accepted by a person
    5. rule V13 against what is stored 6. write readings, versions, rejects and the batch in one transaction

    Raises InputError, with file, row and reason, for an unreadable file, a wrong row without `accept_rejects`,
    and a device that is not registered; MissingInput for an unknown flow.
    """
    content = _read(path)
    with database.ingest() as connection:
        flow = Flows(connection).get(flow_name)
        earlier = Batches(connection).with_digest(flow.flow_id, content.sha256)
        done = next((batch for batch in earlier if batch.state == "done"), None)
        if done is not None:
            return duplicate_report(content, flow, done)
        examined = _examine(connection, vault, content, flow, now_ms)
        if not dry_run:
            _refuse_wrong_rows(path, examined, accept_rejects)
            _write(connection, vault, content, flow, examined, earlier)
        else:
            # Looking a device up makes the lookup key when there is none yet: a dry run leaves not even that.
            connection.rollback()
        return report_of(content, flow, examined, dry_run)


def _read(path: Path) -> FileContent:
    size = path.stat().st_size if path.is_file() else 0
    if size > MAX_BYTES:
        raise InputError("file_too_large", f"{path} has {size} bytes, more than {MAX_BYTES}: split it [{Code.F_SIZE}]")
    return read_reading_file(path)


def _examine(connection: Connection, vault: Vault, content: FileContent, flow: FlowRow, now_ms: int) -> Examined:
    registry = load_registry(connection, vault, flow.flow_id, sorted({row.device for row in content.rows}))
    validated = validate(content.rows, registry, flow.config, now_ms // 1000)
    for rejected in content.broken:
        validated.rows += 1
        validated.rejected.append(rejected)
        validated.codes[rejected.code] += 1
    stamp = BatchStamp(Batches(connection).next_id(), now_ms, content.sha256)
    merged = merge(validated, _stored(connection, validated), stamp)
    too_many = validated.permille_rejected > flow.config.max_reject_permille
    counters = Counters(rows_rejected=validated.rows) if too_many else _counters(validated, merged)
    if counters.total != validated.rows:
        raise CheckFailed(
            "rows_dropped", f"{counters.total} of {validated.rows} rows are accounted for: nothing was stored"
        )
    return Examined("rejected" if too_many else "done", validated, merged, counters, stamp)


def _stored(connection: Connection, validated: Validated) -> Stored:
    """What the database holds in the box of the batch: its channels between its first and last slot."""
    values = [*validated.accepted, *(held.value for held in validated.held)]
    if not values:
        return Stored({}, {}, set(), {})
    readings = Readings(connection)
    channels = sorted({value.channel_id for value in values})
    box = (channels, min(value.slot for value in values), max(value.slot for value in values) + 1)
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
    conflicts = examined.validated.codes[Code.D_CONFLICT]
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
    report = json.dumps(stored_report(content, examined), sort_keys=True, separators=(",", ":"))
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
        batches.add_rejects(batch_id, list(_sealed(connection, vault, content, examined, batch_id)))


def _sealed(
    connection: Connection, vault: Vault, content: FileContent, examined: Examined, batch_id: int
) -> Iterator[RejectRow]:
    """Refused rows as received, encrypted: they may name a POD."""
    if not examined.validated.rejected:
        return
    key = Keys(connection, vault).platform_key(REJECTS)
    texts = content.raw_texts({one.row for one in examined.validated.rejected})
    for one in examined.validated.rejected:
        raw = texts[one.row].encode()[:RAW_BYTES]
        yield RejectRow(one.row, one.code, one.field, seal(key, raw, ("reject", batch_id, one.row)))
