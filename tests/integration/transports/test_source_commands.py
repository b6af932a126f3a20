"""`gettone source`: from the file of a source to readings in the database, and what the list shows of it."""

import hashlib
import json
import os
import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from cli.main import app
from gettone.db.engine import Database
from gettone.db.repositories.batches import Batches
from gettone.db.repositories.devices import Devices
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.sources import Sources
from gettone.errors import GettoneError
from gettone.metering.flow import FlowConfig
from gettone.types import Direction
from gettone.vault import Vault
from oracle.intake import open_intake
from oracle.transports.folders import SourceFolders
from oracle.transports.worker import SourceWorker, alone
from tests.factories.broker import running_broker
from tests.factories.metering import contents, register, write_readings
from tests.factories.meters import MeterNetwork

pytestmark = [pytest.mark.database, pytest.mark.slow]

HOUR_S = 3600
# The commands take their own clock, so readings must be of a recent year.
START_S = 1_780_000_000 // HOUR_S * HOUR_S
NOW_MS = (START_S + 90 * 86_400) * 1000


@dataclass
class Station:
    """An installation with a registered community and its settings."""

    settings: dict[str, str]
    folder: Path

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(app, list(words), env=self.settings)

    def json(self, *words: str) -> Any:
        result = self.run(*words, "--json")
        assert result.exception is None, result.exception
        return json.loads(result.stdout)

    def refusal(self, *words: str) -> GettoneError:
        found = self.run(*words).exception
        assert isinstance(found, GettoneError)
        return found

    def write(self, name: str, **changes: Any) -> Path:
        config = json.loads(FlowConfig(**changes.pop("config", {})).to_json())
        document = {"flow": name, "supplier": "members", "transport": "triage", "send_period_s": 3600}
        document |= {"devices": ["home01", "home02"], "config": config} | changes
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(document))
        return path

    def worker(self, now_ms: int, free: int = 500) -> SourceWorker:
        database = Database(self.settings["GETTONE_DATABASE_URL"])
        vault = Vault.from_file(Path(self.settings["GETTONE_KEK_FILE"]))
        intake = open_intake(database, vault, self.folder / "lake")
        root = Path(self.settings["GETTONE_SOURCES_DIR"])
        return SourceWorker(database, vault, intake, root, None, lambda: now_ms, lambda: free)


@pytest.fixture
def station(database_url: str, tmp_path: Path) -> Station:
    kek = tmp_path / "kek"
    kek.write_text(secrets.token_hex(32), encoding="ascii")
    kek.chmod(0o600)
    database = Database(database_url)
    register(database, Vault.from_file(kek))
    database.close()
    settings = {"GETTONE_DATABASE_URL": database_url, "GETTONE_KEK_FILE": str(kek)}
    settings |= {"GETTONE_SOURCES_DIR": str(tmp_path / "sources"), "GETTONE_LAKE_DIR": str(tmp_path / "lake")}
    return Station(settings, tmp_path)


def test_source__file_dropped__becomes_readings_a_report_and_a_line_of_the_list(station: Station) -> None:
    assert station.json("source", "add", str(station.write("drop"))) == {"flow": "drop", "transport": "triage"}
    folders = SourceFolders.of(Path(station.settings["GETTONE_SOURCES_DIR"]), "drop")
    rows = [("home01", START_S + HOUR_S * hour, hour) for hour in range(5)]
    path = write_readings(folders.inbox / "a.csv", rows)
    tried = station.json("source", "test", "drop", str(path))
    assert (tried["file"]["state"], tried["file"]["counters"]["rows_new"]) == ("would_be_done", 5)
    assert "awaited" in tried["connection"]
    worker = station.worker(NOW_MS)
    sources = worker._folders()
    part = folders.inbox / "a.csv.part"
    os.rename(path, part)
    worker._step(sources)
    os.rename(part, path)
    assert worker._step(sources) == 1
    assert len(contents(worker.database, "readings")["readings"]) == 5
    report = json.loads((folders.out / "a.csv.report.json").read_text())
    assert (report["state"], report["counters"]["rows_new"]) == ("done", 5)
    (shown,) = station.json("source", "list")["sources"]
    assert (shown["flow"], shown["batches"], shown["rows_rejected"]) == ("drop", {"done": 1}, 0)
    worker.database.close()


def test_source__configuration_changed__keeps_the_earlier_one(station: Station) -> None:
    station.json("source", "add", str(station.write("drop")))
    station.json("source", "add", str(station.write("drop", config={"snap_s": 30})))
    station.json("source", "add", str(station.write("drop", config={"snap_s": 30})))
    found = station.json("source", "show", "drop")["configurations"]
    assert [(one["number"], json.loads(one["config"])["snap_s"]) for one in found] == [(1, 0), (2, 30)]


def test_source__wrong_file__names_what_is_wrong_and_changes_nothing(station: Station) -> None:
    unknown = station.refusal("source", "add", str(station.write("drop", devices=["home01", "stranger"])))
    assert (unknown.code, "stranger" in unknown.message) == ("device_unknown", False)
    assert station.json("source", "list")["sources"] == []
    missing = station.write("drop")
    missing.write_text(json.dumps({"flow": "drop"}))
    assert "missing supplier" in station.refusal("source", "test", str(missing)).message
    assert station.json("source", "test", str(station.write("drop")))["keys"] == "complete"
    assert station.refusal("source", "show", "none").exit_status == 3


def test_source__transport_of_a_flow_and_topics_of_a_community__are_taken_once(station: Station) -> None:
    message = {"syntax": "json", "max_reject_permille": 1000}
    station.json("source", "add", str(station.write("meters", transport="mqtt", community="fontana", config=message)))
    other = station.write("more", transport="mqtt", community="fontana", config=message)
    assert station.refusal("source", "add", str(other)).code == "source_twice"
    changed = station.write("meters", transport="rest", config=message)
    assert station.refusal("source", "add", str(changed)).code == "source_differs"
    nowhere = station.write("far", transport="mqtt", community="nowhere", config=message)
    assert station.refusal("source", "add", str(nowhere)).code == "community_unknown"


def test_source__keys__are_issued_rendered_for_the_broker_and_revoked(station: Station, tmp_path: Path) -> None:
    issued = station.json("source", "key", "issue", "--device", "1")
    assert (issued["user"], issued["key"][:3]) == ("1.1", "gk_")
    reader = station.json("source", "key", "issue", "--community", "fontana", "--name", "dash")
    assert reader["key"].startswith("gr_")
    assert station.refusal("source", "key", "issue").code == "key_owner"
    network = MeterNetwork(tmp_path / "net")
    password = tmp_path / "password"
    password.write_text(network.consumer_key)
    password.chmod(0o600)
    station.settings["GETTONE_MQTT_PASSWORD_FILE"] = str(password)
    tls = network.authority
    files = ("--ca", str(tls.ca_file), "--cert", str(tls.cert_file), "--key", str(tls.key_file))
    words = ("source", "broker-files", "--out", str(tmp_path / "broker"), *files, "--port", "18999")
    assert "1 keys" in station.run(*words).stdout
    assert "user 1.1" in (tmp_path / "broker" / "acl").read_text()
    certified = station.json("source", "key", "certificate", str(tls.issue("2")[0]), "--ca", str(tls.ca_file))
    assert certified["user"] == "2"
    assert "2 keys" in station.run(*words, "--certificate-port", "18998").stdout
    assert "user 2\n" in (tmp_path / "broker" / "acl").read_text()
    assert "listener 18998 0.0.0.0" in (tmp_path / "broker" / "gettone.conf").read_text()
    station.run("source", "key", "revoke", str(certified["key_id"]))
    assert issued["key"] not in (tmp_path / "broker" / "passwords").read_text()
    listed = station.json("source", "key", "list")
    owners = [[one["owner"] for one in listed[kind]] for kind in ("devices", "readers")]
    assert owners == [["device 1"], ["dash"]]
    station.run("source", "key", "revoke", str(issued["key_id"]))
    assert "keys of devices: 0" in station.run("source", "key", "list").stdout
    assert "0 keys" in station.run(*words).stdout
    assert station.refusal("source", "key", "revoke", "1").code == "key_unknown"


def test_source_test__broker__says_whether_it_lets_us_in(station: Station, tmp_path: Path) -> None:
    message = {"syntax": "json", "max_reject_permille": 1000}
    station.json("source", "add", str(station.write("meters", transport="mqtt", community="fontana", config=message)))
    assert station.refusal("source", "test", "meters").exit_status == 3
    network = MeterNetwork(tmp_path / "net")
    station.settings |= {"GETTONE_MQTT_BROKER": f"localhost:{network.port}"}
    station.settings |= {"GETTONE_MQTT_CA_FILE": str(network.authority.ca_file), "GETTONE_MQTT_PASSWORD": "wrong"}
    assert station.refusal("source", "test", "meters").exit_status == 7
    with running_broker(network.folder, network.config, network.port):
        assert station.refusal("source", "test", "meters").exit_status == 6
        station.settings["GETTONE_MQTT_PASSWORD"] = network.consumer_key
        assert "lets us in" in station.json("source", "test", "meters")["connection"]


def test_worker__three_send_periods_of_silence__open_an_anomaly_and_a_batch_closes_it(station: Station) -> None:
    station.json("source", "add", str(station.write("drop")))
    worker = station.worker(NOW_MS)
    with worker.database.write() as connection:
        sources = Sources(connection)
        since = sources.get("drop").since
        assert sources.mark_silent(since + 3 * 3_600_000) == ()
        assert sources.mark_silent(since + 3 * 3_600_000 + 1) == ("drop",)
        assert sources.mark_silent(since + 3 * 3_600_000 + 2) == ("drop",)
    codes = [(row[3], row[-2]) for row in contents(worker.database, "anomalies")["anomalies"]]
    assert codes == [("A_SILENT", "open")]
    worker.intake.receive("drop", b"x", received_at_ms=since + 3 * 3_600_000)
    with worker.database.write() as connection:
        assert Sources(connection).mark_silent(since + 3 * 3_600_000 + 3) == ()
    assert [row[-2] for row in contents(worker.database, "anomalies")["anomalies"]] == ["closed"]
    worker.database.close()


def test_worker__batches_of_requests__are_listed_once_in_the_mirror_without_their_bytes(station: Station) -> None:
    message = {"syntax": "json", "max_reject_permille": 1000}
    station.json("source", "add", str(station.write("meters", transport="rest", config=message)))
    worker = station.worker(NOW_MS)
    folders = SourceFolders.of(worker.root, "meters")
    for content in (b'{"a":1}', b'{"a":2}'):
        worker.intake.receive("meters", content, received_at_ms=NOW_MS)
        worker.once()
        worker.once()
    (file,) = folders.place("mirror").glob("*.jsonl")
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [(one["batch_id"], one["bytes"]) for one in lines] == [(1, 7), (2, 7)]
    assert lines[0]["sha256"] == hashlib.sha256(b'{"a":1}').hexdigest()
    worker.database.close()


def test_worker__disk_nearly_full__closes_the_folder_and_takes_nothing(station: Station) -> None:
    station.json("source", "add", str(station.write("drop")))
    folders = SourceFolders.of(Path(station.settings["GETTONE_SOURCES_DIR"]), "drop")
    (folders.inbox / "a.csv").write_text("x")
    full = station.worker(NOW_MS, free=99)
    assert full.once() == 0
    assert folders.inbox.stat().st_mode & 0o222 == 0
    station.worker(NOW_MS, free=100).once()
    assert folders.inbox.stat().st_mode & 0o777 == 0o770
    full.database.close()


def test_worker__second_one__is_refused(station: Station) -> None:

    with alone(Path(station.settings["GETTONE_SOURCES_DIR"])):
        assert station.refusal("source", "run", "--once").exit_status == 5
    assert station.run("source", "run", "--once").exception is None


def test_worker__waiting_failed_and_parked_batches__are_done_once_they_can_be(station: Station) -> None:
    station.json("source", "add", str(station.write("drop")))
    worker = station.worker(NOW_MS)
    names = ("home01", "home02", "late")
    rows = [write_readings(station.folder / f"{name}.csv", [(name, START_S, 1)]) for name in names]
    receipts = [worker.intake.receive("drop", path, received_at_ms=NOW_MS) for path in rows]
    worker.intake.lake.erase(receipts[0].sha256)
    worker.once()
    assert states(worker) == ["retry", "done", "parked"]
    worker.intake.lake.put(rows[0])
    with worker.database.write() as connection:
        devices = Devices(connection, worker.vault)
        device = devices.get_or_create("late")
        devices.add_channel(device.device_id, Direction.EXCHANGE, HOUR_S)
        flow = Flows(connection).get("drop")
        Flows(connection).add_device(flow.flow_id, device.device_id)
    replace(worker, clock=lambda: NOW_MS + 60_000).once()
    assert states(worker) == ["done", "done", "done"]
    worker.database.close()


def states(worker: SourceWorker) -> list[str]:
    with worker.database.read() as connection:
        return [one.state for one in Batches(connection).all()]
