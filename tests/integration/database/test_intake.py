"""Batches from receipt to outcome: each state, in any order, once."""

from pathlib import Path

import pytest
from sqlalchemy import select

from gettone.db.engine import Database
from gettone.db.repositories.batch_states import LEASE_MS, PARKED_MS, BatchStates
from gettone.db.repositories.batches import Batches
from gettone.db.repositories.devices import Devices
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.ingest_log import IngestLog
from gettone.db.tables import Anomaly
from gettone.errors import MissingInput
from gettone.metering.flow import FlowConfig
from gettone.notary.ingest_leaf import Leaf, LeafKind
from gettone.notary.tree import root_from_path
from gettone.types import Direction, Quality
from gettone.vault import Vault
from oracle.after_merge.nightly import check_pending
from oracle.intake import Intake, open_intake
from oracle.replay import run_again
from tests.factories.metering import FLOW, RECEIPT_MS, contents, register

pytestmark = pytest.mark.database

TABLES = ("readings", "reading_versions", "rejects")
MINUTE_MS = 60_000


@pytest.fixture
def intake(database: Database, vault: Vault, tmp_path: Path) -> Intake:
    """The intake of a registered community."""
    register(database, vault)
    return open_intake(database, vault, tmp_path / "lake")


def readings(*rows: tuple[str, int, object]) -> bytes:
    """A payload of the built-in profile: (device, hour, Wh)."""
    lines = ["device,timestamp_utc,interval_s,energy_wh"]
    for device, hour, wh in rows:
        day, rest = divmod(hour, 24)
        lines.append(f"{device},2016-09-{day + 1:02}T{rest:02}:00:00Z,3600,{wh}")
    return "\n".join(lines).encode()


def send(intake: Intake, payload: bytes, later_ms: int = 0) -> int:
    """Receive a payload; the number of its batch."""
    return intake.receive(FLOW, payload, received_at_ms=RECEIPT_MS + later_ms).batch_id


def state_of(intake: Intake, batch_id: int) -> str:
    with intake.database.read() as connection:
        return Batches(connection).get([batch_id])[batch_id].state


def alarms(intake: Intake) -> list[tuple[str, str]]:
    with intake.database.read() as connection:
        return [(row[0], row[1]) for row in connection.execute(select(Anomaly.code, Anomaly.state))]


def register_device(intake: Intake, name: str) -> None:
    with intake.database.write() as connection:
        devices = Devices(connection, intake.vault)
        device = devices.get_or_create(name)
        devices.add_channel(device.device_id, Direction.EXCHANGE, 3600)
        Flows(connection).add_device(Flows(connection).get(FLOW).flow_id, device.device_id)


def test_receive__payload__is_proved_by_its_receipt_before_it_is_parsed(intake: Intake) -> None:
    payload = readings(("home01", 0, 1))
    receipt = intake.receive(FLOW, payload, received_at_ms=RECEIPT_MS)
    with intake.database.read() as connection:
        log = IngestLog(connection)
        (proof,) = log.inclusions([receipt.leaf_index])
        leaf = Leaf.of_preimage(log.get(receipt.leaf_index).preimage or b"")
        batch = Batches(connection).get([receipt.batch_id])[receipt.batch_id]
    assert (batch.state, receipt.duplicate_of, intake.waiting()) == ("received", None, 1)
    assert (leaf.kind, leaf.source_class, leaf.size_bytes, leaf.sha256) == (
        LeafKind.RECEIVED,
        5,
        len(payload),
        receipt.sha256,
    )
    assert leaf.hash() == receipt.leaf_hash
    assert root_from_path(receipt.leaf_hash, proof.leaf_index, proof.size, proof.path) == proof.root
    assert intake.lake.read(receipt.sha256) == payload


def test_process__done__appends_its_outcome_with_the_digest_of_the_report(intake: Intake) -> None:
    outcome = intake.process(send(intake, readings(("home01", 0, 1))), now_ms=RECEIPT_MS)
    with intake.database.read() as connection:
        batch = Batches(connection).get([1])[1]
        leaf = Leaf.of_preimage(IngestLog(connection).get(batch.outcome_leaf or 0).preimage or b"")
    assert (outcome.state, outcome.counters["rows_new"], batch.merge_no) == ("done", 1, 1)
    assert (leaf.kind, leaf.nonce, leaf.sha256) == (LeafKind.OUTCOME, batch.nonce, batch.sha256)
    assert any(leaf.report_sha256)
    assert intake.process(1, now_ms=RECEIPT_MS + 1).state == "done"
    assert intake.waiting() == 0


def test_process__same_bytes_delivered_again__are_a_duplicate_and_change_nothing(intake: Intake) -> None:
    payload = readings(("home01", 0, 1))
    intake.process(send(intake, payload), now_ms=RECEIPT_MS)
    before = contents(intake.database, *TABLES)
    again = intake.receive(FLOW, payload, received_at_ms=RECEIPT_MS + 1)
    outcome = intake.process(again.batch_id, now_ms=RECEIPT_MS + 1)
    assert (again.duplicate_of, outcome.state, outcome.codes) == (1, "duplicate", {"F_DUP": 1})
    assert contents(intake.database, *TABLES) == before


def test_process__later_batch_first__gives_the_tables_of_the_order_of_receipt(intake: Intake) -> None:
    batches = [send(intake, readings(("home01", 0, wh), ("home02", wh, wh)), wh) for wh in (1, 2, 3)]
    intake.process(batches[2], now_ms=RECEIPT_MS + 10)
    assert [state_of(intake, one) for one in batches] == ["done"] * 3
    stored = contents(intake.database, *TABLES)
    assert [row[2:7] for row in stored["readings"] if row[0] == 1] == [(3, 3, 10, 3, 3)]
    assert [row[3:] for row in stored["reading_versions"]] == [
        (1, 1, 10, 1, "superseded"),
        (2, 3, 10, 2, "superseded"),
    ]


def test_process__rows_in_any_order__give_the_same_readings(intake: Intake) -> None:
    rows = [("home01", hour, hour) for hour in range(5)] + [("home02", hour, -hour) for hour in range(5)]
    intake.process(send(intake, readings(*rows)), now_ms=RECEIPT_MS)
    before = [row[:6] for row in contents(intake.database, "readings")["readings"]]
    outcome = intake.process(send(intake, readings(*rows[::-1]), 1), now_ms=RECEIPT_MS + 1)
    assert outcome.counters["rows_equal"] == 10
    assert [row[:6] for row in contents(intake.database, "readings")["readings"]] == before


@pytest.mark.parametrize(
    ("payload", "code"),
    [(b"", "F_SCHEMA"), (b"a,b\n1,2\n", "F_COLUMN"), (b"\x1f\x8bbroken", "F_ZIP")],
)
def test_process__unusable_payload__is_rejected_and_stores_nothing(intake: Intake, payload: bytes, code: str) -> None:
    outcome = intake.process(send(intake, payload), now_ms=RECEIPT_MS)
    assert (outcome.state, outcome.codes) == ("rejected", {code: 1})
    assert outcome.refusal is not None
    assert contents(intake.database, *TABLES) == {name: [] for name in TABLES}


def test_process__more_than_a_fifth_wrong__is_too_many(intake: Intake) -> None:
    outcome = intake.process(send(intake, readings(("home01", 0, 1), ("home01", 1, "x"))), now_ms=RECEIPT_MS)
    assert (outcome.state, outcome.counters["rows_rejected"]) == ("rejected", 2)
    assert contents(intake.database, *TABLES) == {name: [] for name in TABLES}


def test_process__every_device_unknown__waits_for_registration(intake: Intake) -> None:
    batch_id = send(intake, readings(("late", 0, 1), ("late", 1, 2)))
    assert intake.process(batch_id, now_ms=RECEIPT_MS).state == "parked"
    assert run_again(intake, now_ms=RECEIPT_MS + 1)[0].state == "parked"
    register_device(intake, "late")
    (outcome,) = run_again(intake, now_ms=RECEIPT_MS + 2)
    assert (outcome.batch_id, outcome.state, outcome.counters["rows_new"]) == (batch_id, "done", 2)


def test_work__parked_for_more_than_60_days__is_rejected(intake: Intake) -> None:
    batch_id = send(intake, readings(("late", 0, 1)))
    intake.process(batch_id, now_ms=RECEIPT_MS)
    assert intake.work(now_ms=RECEIPT_MS + PARKED_MS) == ()
    (outcome,) = intake.work(now_ms=RECEIPT_MS + PARKED_MS + 1)
    assert (outcome.state, outcome.codes) == ("rejected", {"R_UNKNOWN": 1})


def test_run_again__single_device_unknown__its_rows_follow_as_a_batch_of_their_own(intake: Intake) -> None:
    rows = [("home01", hour, hour) for hour in range(3)] + [("late", 1, 7), ("never", 2, 8)]
    outcome = intake.process(send(intake, readings(*rows)), now_ms=RECEIPT_MS)
    assert (outcome.state, outcome.counters["rows_new"], outcome.counters["rows_rejected"]) == ("done", 3, 2)
    assert run_again(intake, now_ms=RECEIPT_MS + 1) == ()
    register_device(intake, "late")
    (followed,) = run_again(intake, now_ms=RECEIPT_MS + 2)
    assert (followed.batch_id, followed.state, followed.counters["rows_new"]) == (2, "done", 1)
    with intake.database.read() as connection:
        assert [(one.row_no, one.state) for one in Batches(connection).rejects(1)] == [(5, "fixed"), (6, "open")]
        assert Batches(connection).get([2])[2].derived_from == 1
    assert run_again(intake, now_ms=RECEIPT_MS + 3) == ()


def test_process__technical_failures__are_tried_ten_times_then_two_persons_may_dismiss(intake: Intake) -> None:
    receipt = intake.receive(FLOW, readings(("home01", 0, 1)), received_at_ms=RECEIPT_MS)
    intake.lake.erase(receipt.sha256)
    waits, now_ms = [], RECEIPT_MS
    while intake.process(1, now_ms=now_ms).state == "retry":
        with intake.database.read() as connection:
            retry_at = Batches(connection).get([1])[1].retry_at or 0
        waits.append((retry_at - now_ms) // MINUTE_MS)
        assert intake.process(1, now_ms=retry_at - 1).state == "retry"
        now_ms = retry_at
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert state_of(intake, 1) == "dead"
    with intake.database.write() as connection:
        states = BatchStates(connection)
        assert not states.approve_dismissal(1, "second")
        assert states.propose_dismissal(1, "first", "sent by mistake")
        assert not states.approve_dismissal(1, "first")
        assert states.approve_dismissal(1, "second")
    assert state_of(intake, 1) == "dismissed"


def test_run_again__dead_batch_whose_cause_is_mended__is_done(intake: Intake) -> None:
    payload = readings(("home01", 0, 1))
    receipt = intake.receive(FLOW, payload, received_at_ms=RECEIPT_MS)
    intake.lake.erase(receipt.sha256)
    now_ms = RECEIPT_MS
    while intake.process(1, now_ms=now_ms).state == "retry":
        now_ms += 61 * MINUTE_MS
    intake.lake.put(payload)
    assert intake.process(1, now_ms=now_ms).state == "dead"
    assert [one.state for one in run_again(intake, now_ms=now_ms)] == ["done"]


def test_process__earlier_batch_left_by_a_killed_worker__stops_nobody(intake: Intake) -> None:
    first, second = send(intake, readings(("home01", 0, 1))), send(intake, readings(("home01", 0, 2)), 1)
    with intake.database.write() as connection:
        assert BatchStates(connection).claim(first, RECEIPT_MS)
    assert intake.process(second, now_ms=RECEIPT_MS + LEASE_MS).state == "done"
    assert state_of(intake, first) == "parsing"
    outcome = intake.process(first, now_ms=RECEIPT_MS + LEASE_MS + 1)
    assert (outcome.state, outcome.counters["rows_older"]) == ("done", 1)


def test_process__earlier_batch_that_failed__goes_first_once_it_is_due(intake: Intake) -> None:
    payload = readings(("home01", 0, 1))
    receipt = intake.receive(FLOW, payload, received_at_ms=RECEIPT_MS)
    intake.lake.erase(receipt.sha256)
    assert intake.process(1, now_ms=RECEIPT_MS).state == "retry"
    second, third = send(intake, readings(("home01", 0, 2)), 1), send(intake, readings(("home01", 0, 3)), 2)
    assert intake.process(second, now_ms=RECEIPT_MS + 1).state == "done"
    intake.lake.put(payload)
    assert intake.process(third, now_ms=RECEIPT_MS + MINUTE_MS).state == "done"
    assert state_of(intake, 1) == "done"


def test_process__dead_batch__keeps_an_anomaly_of_its_flow_open_until_it_is_done(intake: Intake) -> None:
    payload = readings(("home01", 0, 1))
    receipt = intake.receive(FLOW, payload, received_at_ms=RECEIPT_MS)
    intake.lake.erase(receipt.sha256)
    now_ms = RECEIPT_MS
    while intake.process(1, now_ms=now_ms).state == "retry":
        now_ms += 61 * MINUTE_MS
    assert alarms(intake) == [("A_DEAD", "open")]
    intake.lake.put(payload)
    run_again(intake, now_ms=now_ms)
    assert alarms(intake) == [("A_DEAD", "closed")]


def test_merge__batch__is_durable_and_pending_until_its_values_are_judged(intake: Intake) -> None:
    stuck = readings(*(("home01", hour, 500) for hour in range(24)))
    assert intake.merge(send(intake, stuck), now_ms=RECEIPT_MS).counters["rows_new"] == 24
    assert [row[3] for row in contents(intake.database, "readings")["readings"]] == [Quality.ACTUAL] * 24
    check_pending(intake.database, now_ms=RECEIPT_MS)
    found = contents(intake.database, "readings", "pending_checks")
    assert ([row[3] for row in found["readings"]], found["pending_checks"]) == ([Quality.MISSING] * 24, [])


def test_process__settings_changed_after_receipt__count_from_the_next_batch(intake: Intake) -> None:
    first = send(intake, readings(("home01", 0, 1)))
    with intake.database.write() as connection:
        row = Flows(connection).set_config(FLOW, FlowConfig(unit="kWh"), now_ms=RECEIPT_MS)
    second = send(intake, readings(("home01", 1, 1)), 1)
    intake.process(second, now_ms=RECEIPT_MS + 1)
    with intake.database.read() as connection:
        numbers = {number: batch.flow_config for number, batch in Batches(connection).get([first, second]).items()}
    assert (row.number, numbers) == (2, {first: 1, second: 2})
    assert [r[2] for r in contents(intake.database, "readings")["readings"]] == [1, 1000]


def test_process__batch_never_received__is_missing(intake: Intake) -> None:
    with pytest.raises(MissingInput) as refusal:
        intake.process(9, now_ms=RECEIPT_MS)
    assert refusal.value.code == "batch_unknown"
    with pytest.raises(MissingInput):
        intake.receive("other", b"", received_at_ms=RECEIPT_MS)
