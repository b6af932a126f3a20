"""`readings quality`: one line per channel in a member's hands, as table, JSON and CSV, in two languages."""

import csv
import io
import json
from typing import Any

import pytest
from sqlalchemy import Connection, insert
from typer.testing import CliRunner

from cli.readings import readings_app
from gettone.db.columns import Base
from gettone.db.engine import Database
from gettone.db.partitions import ensure_partitions
from gettone.db.repositories.devices import Devices
from gettone.db.repositories.flows import Flows
from gettone.db.tables import Anomaly, CoverageDay, Gap, ReadingVersion
from gettone.errors import MissingInput
from gettone.periods import parse_period
from gettone.vault import Vault
from oracle.quality.report import QualityReport, report_quality
from tests.factories.metering import FLOW, RegisteredCommunity, register

PERIOD = "2016-09"
ZONE = "America/Los_Angeles"
FIRST_DAY = 17_045  # 2016-09-01
FROM_SLOT = parse_period(PERIOD, ZONE).start_s // 900


@pytest.fixture
def community(database: Database, vault: Vault) -> RegisteredCommunity:
    found = register(database, vault)
    with database.write() as connection:
        fill(connection, found.channel_ids[0])
    return found


def fill(connection: Connection, channel_id: int) -> None:
    """Two closed days, a long gap, two anomalies and one value in quarantine on one channel."""
    day = {"expected": 24, "estimated": 2, "substituted": 1, "quarantined": 1, "wh_plus": 1, "wh_minus": 0}
    for number, actual in enumerate((20, 18)):
        row = {"channel_id": channel_id, "local_day": FIRST_DAY + number, "actual": actual}
        connection.execute(insert(CoverageDay).values(**row, **day))
    connection.execute(insert(Gap).values(channel_id=channel_id, first_slot=FROM_SLOT, slots=7, wh=None, state="long"))
    for code in ("S_ZERO", "C_SUM"):
        span = {"first_slot": FROM_SLOT, "last_slot": FROM_SLOT + 8, "count": 1, "severity": 1}
        connection.execute(insert(Anomaly).values(channel_id=channel_id, code=code, state="open", **span))
    flow_id = Flows(connection).get(FLOW).flow_id
    span = {"first_slot": FROM_SLOT, "last_slot": None, "count": 1, "severity": 1}
    connection.execute(insert(Anomaly).values(flow_id=flow_id, code="A_SILENT", state="open", **span))
    ensure_partitions(connection, FROM_SLOT, FROM_SLOT)
    add_waiting(connection, channel_id, flow_id)


def add_waiting(connection: Connection, channel_id: int, flow_id: int) -> None:
    batches = Base.metadata.tables["batches"]
    counters = {one.name: 0 for one in batches.columns if one.name.startswith("rows_")}
    row = {"batch_id": 1, "flow_id": flow_id, "bytes": 1, "received_at": 1, "state": "done", "report": "{}"}
    connection.execute(insert(batches).values(**row, **counters))
    value = {"channel_id": channel_id, "slot": FROM_SLOT, "version": 1, "wh": 90_000, "quality": 1, "rank": 10}
    connection.execute(insert(ReadingVersion).values(**value, batch_id=1, state="quarantined"))


def report(database: Database, **only: Any) -> QualityReport:
    with database.read() as connection:
        return report_quality(connection, "fontana", PERIOD, **only)


def test_report_quality__closed_days__sums_and_counts_what_is_missing(
    database: Database, community: RegisteredCommunity
) -> None:
    line = next(one for one in report(database).lines if one.channel_id == community.channel_ids[0])
    assert (line.expected, line.actual, line.estimated, line.substituted, line.quarantined) == (48, 38, 4, 2, 2)
    assert (line.missing, line.permille, line.days_open) == (2, 791, 28)
    assert (line.gaps, line.long_gaps, line.anomalies) == (1, 1, {"C_SUM": 1, "S_ZERO": 1})


def test_report_quality__nothing_closed__says_how_many_days(database: Database, community: RegisteredCommunity) -> None:
    line = next(one for one in report(database).lines if one.channel_id == community.channel_ids[1])
    assert (line.expected, line.days_open) == (0, 30)


def test_report_quality__value_in_quarantine__is_listed_with_its_version(
    database: Database, community: RegisteredCommunity
) -> None:
    document = report(database).to_document()
    assert [(one["version"], one["wh"], one["at"]) for one in document["waiting"]] == [
        (1, 90_000, "2016-09-01T07:00:00Z")
    ]
    assert [one["code"] for one in document["flows"]] == ["A_SILENT"]


def test_report_quality__one_member__shows_that_member_alone(
    database: Database, community: RegisteredCommunity
) -> None:
    member = community.members[1].member_id
    found = report(database, member=member[:10])
    assert {one.member_id for one in found.lines} == {member}
    assert (found.waiting, found.flow_anomalies) == ((), ())


def test_report_quality__one_channel__shows_that_channel_alone(
    database: Database, community: RegisteredCommunity
) -> None:
    assert [one.channel_id for one in report(database, channel_id=community.channel_ids[0]).lines] == [
        community.channel_ids[0]
    ]


def test_report_quality__device_handed_over__has_a_line_for_each_holder(
    database: Database, vault: Vault, community: RegisteredCommunity
) -> None:
    (first, second), channel = community.members, community.channels[0]
    with database.write() as connection:
        devices = Devices(connection, vault)
        devices.set_holder(channel.device_id, first.member_id, 0, FROM_SLOT + 10 * 96)
        devices.set_holder(channel.device_id, second.member_id, FROM_SLOT + 10 * 96)
    lines = [one for one in report(database).lines if one.channel_id == channel.channel_id]
    assert [(one.member_id, one.expected) for one in sorted(lines, key=lambda one: -one.expected)] == [
        (first.member_id, 48),
        (second.member_id, 0),
    ]


def test_report_quality__unknown_community__is_refused(database: Database) -> None:
    with database.read() as connection, pytest.raises(MissingInput, match="no community"):
        report_quality(connection, "atlantis", PERIOD)


def run(monkeypatch: pytest.MonkeyPatch, database_url: str, *arguments: str) -> str:
    monkeypatch.setenv("GETTONE_DATABASE_URL", database_url)
    monkeypatch.setenv("GETTONE_ENVIRONMENT", "demo")
    done = CliRunner().invoke(readings_app, ["quality", "--community", "fontana", "--period", PERIOD, *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_quality__csv__has_machine_names_and_all_lines(
    monkeypatch: pytest.MonkeyPatch, database_url: str, community: RegisteredCommunity
) -> None:
    rows = list(csv.DictReader(io.StringIO(run(monkeypatch, database_url, "--format", "csv", "--lang", "it"))))
    assert {row["member_id"] for row in rows} == {one.member_id for one in community.members}
    (filled,) = [row for row in rows if row["expected"] == "48"]
    assert (filled["direction"], filled["long_gaps"]) == ("scambio netto", "1")
    assert "C_SUM, la somma differisce da registro o fasce (1)" in filled["anomalies"]


def test_quality__json__is_the_report(
    monkeypatch: pytest.MonkeyPatch, database_url: str, database: Database, community: RegisteredCommunity
) -> None:
    found = json.loads(run(monkeypatch, database_url, "--format", "json"))
    assert found == json.loads(json.dumps(report(database).to_document()))


@pytest.mark.parametrize(("language", "words"), [("en", "in quarantine"), ("it", "in quarantena")])
def test_quality__table__has_words_of_the_language(
    monkeypatch: pytest.MonkeyPatch,
    database_url: str,
    community: RegisteredCommunity,
    language: str,
    words: str,
) -> None:
    table = run(monkeypatch, database_url, "--lang", language)
    assert f"2016-09-01T07:00:00Z v1: 90000 Wh, {words}" in table
    assert community.members[0].member_id not in table
