"""Files fetched by a schedule from an HTTPS server: once, hourly again until the day is there, and verified."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Event

import pytest

from gettone.db.engine import Database
from gettone.db.repositories.batches import Batches
from gettone.errors import InputError, MissingInput, Refused, Unreachable
from gettone.metering.flow import FlowConfig
from gettone.vault import Vault
from oracle.intake import open_intake
from oracle.transports import remote_file, worker
from oracle.transports.folders import SourceFolders
from oracle.transports.remote_file import RemoteFile
from oracle.transports.source_file import SourceFile
from oracle.transports.sources import add_source, try_connection
from oracle.transports.worker import SourceWorker
from tests.factories.broker import Authority
from tests.factories.file_server import FileServer, serving
from tests.factories.metering import contents
from tests.factories.price_files import market_file

pytestmark = pytest.mark.database

HOUR_MS = 3_600_000
# 1 June 2026 13:30 in Rome: the file of 2 June is due.
DUE_MS = 1_780_313_400_000
NAME = "/20260602MGPPrezzi.xml"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FileServer]:
    """One server for all."""
    with serving(tmp_path_factory.mktemp("server")) as running:
        yield running


@dataclass
class Place:
    """An installation with one scheduled source, and a clock that the test sets."""

    worker: SourceWorker
    now_ms: list[int]

    def at(self, hours: int) -> int:
        """Let the worker run at the time that is due, or some hours after; how many files it asked for."""
        self.now_ms[0] = DUE_MS + hours * HOUR_MS
        return self.worker.once()

    def anomalies(self) -> list[tuple[str, int, str]]:
        """(code, count, state) of all."""
        names = ("code", "count", "state")
        with self.worker.database.read() as connection:
            rows = connection.exec_driver_sql(f"SELECT {', '.join(names)} FROM anomalies ORDER BY anomaly_id")
            return [tuple(row) for row in rows]  # type: ignore[misc]

    def prices(self) -> set[tuple[object, ...]]:
        """(zone, kind) of what is stored."""
        return {(row[0], row[4]) for row in contents(self.worker.database, "prices")["prices"]}

    def states(self) -> list[str]:
        """The states of all batches."""
        with self.worker.database.read() as connection:
            return [one.state for one in Batches(connection).all()]


@pytest.fixture
def place(database_url: str, server: FileServer, tmp_path: Path) -> Iterator[Place]:
    """A source of prices that are published a day ahead, added an hour before its time."""
    yield from installed(database_url, tmp_path, prices_of(server, "/{day}MGPPrezzi.xml"))
    server.files.clear()
    server.asked.clear()
    server.status = 404


def prices_of(server: FileServer, path: str, **more: str) -> FlowConfig:
    options = {"kind": "actual", "url": server.url(path), "ca_file": str(server.authority.ca_file), "days_ahead": "1"}
    pairs = tuple((options | more).items())
    return FlowConfig(syntax="price_xml", decimal=",", separator=";", clock="Europe/Rome", options=pairs)


def installed(url: str, folder: Path, config: FlowConfig) -> Iterator[Place]:
    database, vault = Database(url), Vault(secrets.token_bytes(32))
    source = SourceFile("market", "operator", "https", 0, None, (), config, "30 13 * * *")
    add_source(database, vault, folder / "sources", source, now_ms=DUE_MS - HOUR_MS)
    now_ms = [DUE_MS]
    intake = open_intake(database, vault, folder / "lake")
    yield Place(SourceWorker(database, vault, intake, folder / "sources", None, lambda: now_ms[0], lambda: 500), now_ms)
    database.close()


def day(text: str = "20260602", hours: int = 24) -> bytes:
    return market_file(text, ["1"] * hours, zones=("NORD",)).encode()


def test_scheduled__time_of_the_day__fetches_the_file_once(place: Place, server: FileServer) -> None:
    server.files[NAME] = day()
    assert place.at(-1) == 0
    assert (place.at(0), place.at(1), place.at(2)) == (1, 0, 0)
    assert server.asked == [(NAME, None)]
    assert (place.states(), place.prices(), place.anomalies()) == (["done"], {("NORD", "actual")}, [])


def test_scheduled__file_not_there__opens_an_anomaly_and_is_asked_for_hourly(place: Place, server: FileServer) -> None:
    assert [place.at(0), place.at(0), place.at(1)] == [1, 0, 1]
    assert place.anomalies() == [("A_FETCH", 2, "open")]
    server.files[NAME] = day()
    assert (place.at(2), place.at(3)) == (1, 0)
    assert (place.states(), place.anomalies()) == (["done"], [("A_FETCH", 2, "closed")])


def test_scheduled__day_refused_or_file_unusable__is_owed_until_it_is_right(place: Place, server: FileServer) -> None:
    server.files[NAME] = day(hours=23)
    place.at(0)
    assert sorted(place.anomalies()) == [("A_FETCH", 1, "open"), ("X_DAYLEN", 1, "open")]
    server.files[NAME] = b"we are sorry"
    place.at(1)
    server.files[NAME] = day()
    place.at(2)
    assert place.states() == ["done", "rejected", "done"]
    assert {state for _, _, state in place.anomalies()} == {"closed"}


def test_scheduled__missing_day__stands_in_as_a_forecast(place: Place, server: FileServer) -> None:
    server.files[NAME] = day()
    place.at(0)
    place.at(24)
    assert place.prices() == {("NORD", "actual"), ("NORD", "forecast")}
    server.files["/20260603MGPPrezzi.xml"] = day("20260603")
    assert (place.at(25), place.prices()) == (1, {("NORD", "actual")})


def test_scheduled__worker_away_for_days__fetches_each_of_a_week(place: Place, server: FileServer) -> None:
    assert place.at(9 * 24) == 7
    assert server.asked[0] == ("/20260605MGPPrezzi.xml", None)
    assert [row[0] for row in place.anomalies()] == ["A_FETCH"] * 7


def test_scheduled__killed_before_its_note__takes_the_file_again_as_a_duplicate(
    place: Place, server: FileServer
) -> None:
    server.files[NAME] = day()
    place.at(0)
    note = SourceFolders.of(place.worker.root, "market").place("work") / "schedule.json"
    note.unlink()
    assert (place.at(0), place.at(1)) == (1, 0)
    assert (place.states(), place.anomalies()) == (["done", "duplicate"], [])


def test_scheduled__weather_at_one_address__must_be_new_each_day(
    database_url: str, server: FileServer, tmp_path: Path
) -> None:
    options = (("url", server.url("/latest.csv")), ("ca_file", str(server.authority.ca_file)))
    config = FlowConfig(syntax="weather_csv", clock="Europe/Rome", options=options)
    server.files["/latest.csv"] = b"station,timestamp,signal,value\n"
    for place in installed(database_url, tmp_path, config):
        assert (place.at(0), place.at(1)) == (1, 0)
        assert (place.at(24), place.anomalies()) == (1, [("A_FETCH", 1, "open")])
        assert place.states() == ["done", "duplicate"]


def test_worker__source_that_cannot_work__stops_no_other(place: Place, server: FileServer) -> None:
    server.files[NAME] = day()
    database = place.worker.database
    source = SourceFile("a-first", "operator", "https", 0, None, (), prices_of(server, "/{day}"), "30 13 * * *")
    add_source(database, place.worker.vault, place.worker.root, source, now_ms=DUE_MS - HOUR_MS)
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE flows SET send_cron = 'never' WHERE name = 'a-first'")
    assert (place.at(0), place.states()) == (1, ["done"])


def test_worker__running__fetches_beside_its_folders(
    place: Place, server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.files[NAME] = day()
    monkeypatch.setattr(worker, "FETCH_STEP_S", 0.01)
    monkeypatch.setattr(worker, "STEP_S", 0.01)
    stop = Event()
    monkeypatch.setattr(SourceWorker, "_look_after", lambda _self: stop.set() if place.prices() else None)
    monkeypatch.setattr(worker, "LOOK_AFTER_S", 0.0)
    place.worker.run(stop)
    assert place.states() == ["done"]


def test_fetch__authorization_file__is_sent_and_must_be_ours_alone(server: FileServer, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("Bearer abc\n")
    secret.chmod(0o600)
    server.files["/a"] = b"content"
    remote = RemoteFile.of(prices_of(server, "/a", authorization_file=str(secret)))
    assert (remote.fetch(date(2026, 6, 2)), server.asked[-1]) == (b"content", ("/a", "Bearer abc"))
    secret.write_text("Bearer abc\r\nHost: other")
    with pytest.raises(InputError, match="one line"):
        remote.fetch(date(2026, 6, 2))
    secret.chmod(0o644)
    with pytest.raises(Refused):
        remote.fetch(date(2026, 6, 2))


def test_fetch__server_of_another_authority__is_not_believed(server: FileServer, tmp_path: Path) -> None:
    server.files["/a"] = b"content"
    other = str(Authority(tmp_path / "other").ca_file)
    with pytest.raises(Unreachable, match="SSLCertVerificationError"):
        RemoteFile.of(prices_of(server, "/a", ca_file=other)).fetch(date(2026, 6, 2))
    with pytest.raises(MissingInput):
        RemoteFile.of(prices_of(server, "/a", ca_file=str(tmp_path / "none"))).fetch(date(2026, 6, 2))


def test_fetch__redirect__is_not_followed(server: FileServer) -> None:
    server.files["/elsewhere"] = b"content"
    server.status = 302
    with pytest.raises(Unreachable, match="302"):
        RemoteFile.of(prices_of(server, "/moved")).fetch(date(2026, 6, 2))
    server.status = 404


@pytest.mark.parametrize(("size", "refused"), [(10, False), (11, True)])
def test_fetch__beyond_the_limit__is_refused(
    server: FileServer, monkeypatch: pytest.MonkeyPatch, size: int, refused: bool
) -> None:
    assert remote_file.MAX_BYTES == 10 * 1024 * 1024
    monkeypatch.setattr(remote_file, "MAX_BYTES", 10)
    server.files["/a"] = b"x" * size
    remote = RemoteFile.of(prices_of(server, "/a"))
    if refused:
        with pytest.raises(InputError, match="F_SIZE"):
            remote.fetch(date(2026, 6, 2))
    else:
        assert len(remote.fetch(date(2026, 6, 2))) == size


def test_source_test__scheduled_source__says_what_the_server_gives(place: Place, server: FileServer) -> None:
    (row,) = place.worker._sources()
    server.files["/any"] = b"12345"
    remote = RemoteFile.of(prices_of(server, "/any"))
    assert (row.transport, row.send_cron) == ("https", "30 13 * * *")
    assert "5 bytes" in try_connection(row, place.worker.root, None, remote)
    log = SourceFolders.of(place.worker.root, "market").place("log")
    place.at(0)
    (line,) = (json.loads(text) for file in log.iterdir() for text in file.read_text().splitlines())
    assert (line["day"], line["state"]) == ("2026-06-02", "remote_status")
