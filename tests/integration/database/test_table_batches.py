"""Batches of prices and weather through every state, a replay, and a folder."""

import gzip
import json
from pathlib import Path

import pytest

from gettone.db.engine import Database
from gettone.db.repositories.anomalies import Anomalies
from gettone.db.repositories.batches import Batches
from gettone.db.repositories.devices import Devices
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.ingest_log import IngestLog
from gettone.db.repositories.member_rows import MemberScope
from gettone.errors import InputError
from gettone.metering.flow import FlowConfig
from gettone.notary.ingest_leaf import Leaf, LeafKind
from gettone.vault import Vault
from oracle import intake_tables
from oracle.import_table import examine_table
from oracle.intake import Intake, open_intake
from oracle.intake_outcome import Outcome
from oracle.quality.erasure_plan import ErasurePlan, Planner
from oracle.replay import replay_into, run_again
from oracle.sources import table_file
from oracle.transports.folders import SourceFolders
from oracle.transports.source_file import SourceFile
from oracle.transports.sources import add_source
from oracle.transports.worker import SourceWorker
from tests.factories.metering import contents
from tests.factories.price_files import market_file

pytestmark = pytest.mark.database

NOW_MS = 1_790_000_000_000
PRICES = FlowConfig(syntax="price_xml", decimal=",", separator=";", options=(("kind", "actual"),))
TABLES = ("prices", "weather", "rejects")
HEAD = "station,timestamp,signal,value\n"
ROW = "{},2026-03-29T00:{:02}:00Z,irradiance,{}\n"


@pytest.fixture
def intake(database: Database, vault: Vault, tmp_path: Path) -> Intake:
    """The intake of an installation with a flow of prices and one of weather."""
    with database.write() as connection:
        Flows(connection).get_or_create("market", PRICES)
        Flows(connection).get_or_create("weather", FlowConfig(syntax="weather_csv"))
    return open_intake(database, vault, tmp_path / "lake")


def send(intake: Intake, flow: str, payload: str) -> Outcome:
    receipt = intake.receive(flow, payload.encode(), received_at_ms=NOW_MS)
    return intake.process(receipt.batch_id, now_ms=NOW_MS)


def day(prices: list[str], text: str = "20260601") -> str:
    return market_file(text, prices, zones=("NORD",))


def station(intake: Intake, name: str) -> None:
    with intake.database.write() as connection:
        made = Devices(connection, intake.vault).get_or_create(name, kind="weather_station")
        Flows(connection).add_device(Flows(connection).get("weather").flow_id, made.device_id)


def test_prices__batch__has_its_receipt_and_outcome_in_the_log(intake: Intake) -> None:
    outcome = send(intake, "market", day(["1"] * 24))
    with intake.database.read() as connection:
        log = IngestLog(connection)
        leaves = [Leaf.of_preimage(log.get(at).preimage or b"") for at in (0, 1)]
        batch = Batches(connection).get([1])[1]
    assert [one.kind for one in leaves] == [LeafKind.RECEIVED, LeafKind.OUTCOME]
    assert {one.sha256 for one in leaves} == {batch.sha256}
    assert (outcome.state, batch.merge_no, intake.lake.has(batch.sha256 or b"")) == ("done", 1, True)


def test_prices__same_content_again__is_a_duplicate_batch(intake: Intake) -> None:
    send(intake, "market", day(["1"] * 24))
    before = contents(intake.database, *TABLES)
    again = send(intake, "market", day(["1"] * 24))
    assert (again.batch_id, again.state, again.codes) == (2, "duplicate", {"F_DUP": 1})
    assert contents(intake.database, *TABLES) == before


def test_prices__file_not_readable_now__is_tried_again(intake: Intake) -> None:
    receipt = intake.receive("market", day(["1"] * 24).encode(), received_at_ms=NOW_MS)
    intake.lake.erase(receipt.sha256)
    assert intake.process(1, now_ms=NOW_MS).state == "retry"
    intake.lake.put(day(["1"] * 24).encode())
    assert [one.state for one in intake.work(now_ms=NOW_MS + 60_000)] == ["done"]


def test_prices__beyond_ten_mebibytes__are_rejected(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_tables, "MAX_BYTES", 9)
    assert send(intake, "market", "x" * 9).codes == {"F_SCHEMA": 1}
    found = send(intake, "market", "x" * 10)
    assert (found.state, found.codes, table_file.MAX_BYTES) == ("rejected", {"F_SIZE": 1}, 10 * 1024**2)


def test_prices__right_day_after_a_refused_one__closes_its_anomaly(intake: Intake) -> None:
    refused = send(intake, "market", day(["1"] * 23))
    assert (refused.codes, refused.counters["rows_rejected"]) == ({"X_DAYLEN": 1}, 1)
    send(intake, "market", day(["1"] * 24, "20260602"))
    with intake.database.read() as connection:
        assert [one.finding.code for one in Anomalies(connection).open()] == ["X_DAYLEN"]
    send(intake, "market", day(["1"] * 24))
    with intake.database.read() as connection:
        assert Anomalies(connection).open() == ()


def test_weather__no_station_known__waits_for_its_registration(intake: Intake) -> None:
    assert send(intake, "weather", HEAD + ROW.format("roof", 0, 1)).state == "parked"
    station(intake, "roof")
    (again,) = run_again(intake, now_ms=NOW_MS)
    assert (again.state, again.counters["rows_new"]) == ("done", 1)


def test_weather__too_many_wrong_rows__are_rejected_whole(intake: Intake) -> None:
    station(intake, "roof")
    rows = [ROW.format("roof", minute, 1) for minute in (0, 15, 30)]
    found = send(intake, "weather", HEAD + "".join(rows) + ROW.format("roof", 45, "x"))
    assert (found.state, found.codes, found.counters["rows_rejected"]) == ("rejected", {"F_TOO_MANY": 1}, 4)
    assert contents(intake.database, *TABLES) == {name: [] for name in TABLES}


def test_replay__prices_and_weather__are_the_same_in_an_empty_database(intake: Intake, embedded: Database) -> None:
    station(intake, "roof")
    send(intake, "market", day(["1"] * 24))
    send(intake, "market", day(["1"] * 23, "20260602"))
    send(intake, "market", day(["2"] * 24))
    rows = [ROW.format("roof", minute, 1) for minute in (0, 15)]
    send(intake, "weather", HEAD + "".join(rows) + ROW.format("hill", 0, 7))
    # The station is known now, and was not then: a replay judges by what was registered then.
    station(intake, "hill")
    assert replay_into(intake, embedded) == 4
    columns = {name: contents(intake.database, name)[name] for name in ("prices", "weather")}
    assert columns == contents(embedded, "prices", "weather")
    assert [row[:3] for row in contents(embedded, "rejects")["rejects"]] == [
        row[:3] for row in contents(intake.database, "rejects")["rejects"]
    ]


def test_examine__file_of_prices__leaves_nothing(intake: Intake, tmp_path: Path) -> None:
    path = tmp_path / "p.xml"
    path.write_text(day(["1"] * 24))
    found = examine_table(intake, path, "market", now_ms=NOW_MS).to_document()
    assert (found["state"], found["counters"]["rows_new"], found["errors"]) == ("would_be_done", 24, [])  # type: ignore[index]
    assert contents(intake.database, *TABLES, "batches") == {name: [] for name in (*TABLES, "batches")}
    path.write_text("x")
    with pytest.raises(InputError, match="F_SCHEMA"):
        examine_table(intake, path, "market", now_ms=NOW_MS)


def test_erasure__packed_file_of_prices__names_nobody(intake: Intake) -> None:
    intake.receive("market", gzip.compress(day(["1"] * 24).encode()), received_at_ms=NOW_MS)
    assert intake.process(1, now_ms=NOW_MS).state == "done"
    with intake.database.write() as connection:
        scope = MemberScope("m", "Europe/Rome", (), (), (), {})
        planner = Planner(connection, intake.vault, intake.lake, scope)
        assert planner.extend(ErasurePlan()).batches == {}


def test_folder__price_file_dropped__is_imported_and_reported(intake: Intake, tmp_path: Path) -> None:
    root = tmp_path / "sources"
    source = SourceFile("market", "operator", "triage", 86_400, None, (), PRICES)
    add_source(intake.database, intake.vault, root, source, now_ms=NOW_MS)
    worker = SourceWorker(intake.database, intake.vault, intake, root, None, lambda: NOW_MS, lambda: 500)
    folders = SourceFolders.of(root, "market")
    sources, part = worker._folders(), folders.inbox / "20260601MGPPrezzi.xml.part"
    part.write_text(day(["1"] * 24))
    worker._step(sources)
    part.rename(part.with_suffix(""))
    assert worker._step(sources) == 1
    report = json.loads((folders.out / "20260601MGPPrezzi.xml.report.json").read_text())
    assert (report["state"], report["counters"]["rows_new"]) == ("done", 24)
    assert len(contents(intake.database, "prices")["prices"]) == 24
