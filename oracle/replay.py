"""Running again what waits or failed, and replaying all of a database into an empty one (law 4, §3.1)."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Connection, Table, insert, select

from gettone.db.columns import Base
from gettone.db.engine import Database
from gettone.db.repositories.batch_states import DEAD, DONE, PARKED, RECEIVED, RETRY, BatchStates
from gettone.db.repositories.batches import Batches, BatchRow, Counters
from gettone.db.repositories.devices import Devices
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.ingest_log import IngestLog
from gettone.errors import CheckFailed, Conflict
from gettone.notary.ingest_leaf import LeafKind
from oracle.intake import Intake
from oracle.intake_outcome import Outcome
from oracle.intake_rows import selection_payload
from oracle.sources.registry import load_registry

# What is registered, and under which keys: all that a batch is judged by beside its own bytes.
REGISTERED = (
    "users",
    "communities",
    "users_communities",
    "member_intervals",
    "suppliers",
    "flows",
    "flow_configs",
    "devices",
    "flows_devices",
    "channels",
    "device_members",
    "device_contracts",
    "meter_changes",
    "platform_keys",
)


def run_again(intake: Intake, *, now_ms: int, batch_ids: Iterable[int] | None = None) -> tuple[Outcome, ...]:
    """Parked, failed and dead batches at once, or those of `batch_ids`; then parked rows of devices known by now."""
    with intake.database.write() as connection:
        states = BatchStates(connection)
        chosen = states.in_state(PARKED, RETRY, DEAD) if batch_ids is None else tuple(batch_ids)
        states.revive(chosen)
    outcomes = [intake.process(batch_id, now_ms=now_ms) for batch_id in chosen]
    return (*outcomes, *_run_parked_rows(intake, now_ms)) if batch_ids is None else tuple(outcomes)


def run_parked(intake: Intake, *, now_ms: int) -> tuple[Outcome, ...]:
    """Parked batches and parked rows once more, after a registration; those still unknown stay parked as long."""
    with intake.database.read() as connection:
        parked = BatchStates(connection).in_state(PARKED)
    outcomes = [intake.process(batch_id, now_ms=now_ms) for batch_id in parked]
    return (*outcomes, *_run_parked_rows(intake, now_ms))


def _run_parked_rows(intake: Intake, now_ms: int) -> list[Outcome]:
    """Each as a batch of its own, received now: the batch they came in was merged long ago."""
    with intake.database.read() as connection:
        parked = BatchStates(connection).parked_rows(now_ms)
    outcomes = []
    for batch_id, rows in parked.items():
        known = _known_rows(intake, batch_id, rows)
        if known:
            with intake.database.read() as connection:
                flow = _flow_name(connection, batch_id)
            payload = selection_payload(known, batch_id)
            receipt = intake.receive(flow, payload, received_at_ms=now_ms, derived_from=batch_id)
            outcomes.append(intake.process(receipt.batch_id, now_ms=now_ms))
    return outcomes


def _known_rows(intake: Intake, batch_id: int, rows: tuple[int, ...]) -> list[int]:
    names = intake.devices_of(batch_id, rows)
    with intake.database.write() as connection:
        flow_id = Batches(connection).get([batch_id])[batch_id].flow_id
        registry = load_registry(connection, Devices(connection, intake.vault), flow_id, sorted(set(names.values())))
    return [row for row, name in names.items() if name in registry]


def _flow_name(connection: Connection, batch_id: int) -> str:
    batch = Batches(connection).get([batch_id])[batch_id]
    return Flows(connection).of_batch(batch.flow_id, batch.flow_config).name


def replay_into(source: Intake, target: Database) -> int:
    """Rebuild readings, versions and rejects of `source` in the empty database `target`; returns how many batches.

    The batches are replayed in the order in which they were merged, each judged by the registry that is kept beside
    it and by the settings it was received under; an approved edit among them is applied again.  Batches that were
    erased are left out.  Conflict `target_not_empty`; CheckFailed `replay_differs` where a batch that was merged does
    not merge again, as an edit of values that an erasure took.
    """
    with source.database.read() as connection:
        batches = [one for one in Batches(connection).all() if one.sha256 is not None]
        all_merged = sorted(
            (one for one in Batches(connection).all() if one.merge_no is not None), key=lambda one: one.merge_no or 0
        )
        rows = {name: _rows_of(connection, Base.metadata.tables[name]) for name in REGISTERED}
    with target.write() as connection:
        _fill(connection, rows)
    intake = Intake(target, source.vault, source.lake)
    waiting = sorted((one for one in batches if one.state == DONE), key=lambda one: one.batch_id)
    for at, batch in enumerate(all_merged):
        if batch.sha256 is None:
            continue
        own = [one.batch_id for one in all_merged[at + 1 :] if one.sha256 is None]
        _receive(target, [one for one in waiting if one.batch_id < min(own, default=batch.batch_id + 1)], batch)
        _require_done(intake.process(batch.batch_id, now_ms=batch.received_at))
    return sum(one.sha256 is not None for one in all_merged)


def _require_done(outcome: Outcome) -> None:
    if outcome.state != DONE:
        raise CheckFailed(
            "replay_differs",
            f"batch {outcome.batch_id} was merged once and is {outcome.state} now: what it speaks of is another",
        )


def _receive(target: Database, due: list[BatchRow], batch: BatchRow) -> None:
    """The batches that were received by then, as they were then: the rules after a merge make batches of their own."""
    with target.write() as connection:
        batches = Batches(connection)
        known = {one.batch_id for one in batches.all()}
        for one in sorted({row.batch_id: row for row in (*due, batch)}.values(), key=lambda row: row.batch_id):
            if one.batch_id in known:
                continue
            leaf = IngestLog(connection).append(
                LeafKind.RECEIVED,
                nonce=one.nonce or bytes(32),
                source_class=Flows(connection).of_batch(one.flow_id, one.flow_config).config.source_class,
                received_at=one.received_at,
                size_bytes=one.size_bytes,
                sha256=one.sha256 or bytes(32),
            )
            batches.add(
                replace(
                    one,
                    state=RECEIVED,
                    counters=Counters(),
                    report='{"codes":{},"rows":0}',
                    merge_no=None,
                    received_leaf=leaf.leaf_index,
                    outcome_leaf=None,
                    attempts=0,
                    lease_until=None,
                    retry_at=None,
                    parked_until=None,
                )
            )


def _rows_of(connection: Connection, table: Table) -> list[dict[str, object]]:
    query = select(table).order_by(*table.primary_key.columns)
    return [dict(row) for row in connection.execute(query).mappings()]


def _fill(connection: Connection, rows: dict[str, list[dict[str, object]]]) -> None:
    for name in REGISTERED:
        table = Base.metadata.tables[name]
        if connection.execute(select(table).limit(1)).first() is not None:
            raise Conflict(
                "target_not_empty", f"the database to replay into holds {name} already: give a new one, just upgraded"
            )
        if rows[name]:
            connection.execute(insert(table), rows[name])
