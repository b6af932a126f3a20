"""`gettone kpi` on a database with the 17 homes."""

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from gettone.errors import InputError
from tests.factories.stored_energies import StoredCommunity

pytestmark = pytest.mark.database

SEPTEMBER = ("--community", "fontana", "--from", "2016-09-01", "--to", "2016-10-01")


@pytest.fixture(autouse=True)
def _settings(homes_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GETTONE_DATABASE_URL", homes_url)
    monkeypatch.chdir(tmp_path)


def kpi(*words: str) -> Result:
    return CliRunner().invoke(app, ["kpi", *SEPTEMBER, *words])


def test_kpi__in_italian__writes_numbers_as_italians_do() -> None:
    shown = kpi("--lang", "it").stdout
    assert "14.046,579 kWh" in shown
    assert "45,24 %" in shown
    assert "Fattore CO2: 300 mg/Wh, fonte: illustrative" in shown


def test_kpi__in_english__writes_numbers_and_times_as_the_english_do() -> None:
    shown = kpi().stdout
    assert "14,046.579 kWh" in shown
    assert "September 2016, " in shown


def test_kpi__json__holds_whole_numbers_and_the_trust_in_them() -> None:
    document = json.loads(kpi("--json").stdout)
    (widget,) = document["widgets"]
    figures = {row[0]: row[1] for row in widget["rows"]}
    assert (figures["self"], figures["self_consumption"]) == (6_355_321, 7_692)
    assert (widget["coverage_bp"], widget["measured_bp"], widget["provisional"]) == (10_000, 10_000, False)


def test_kpi__csv_by_day__has_one_row_a_day() -> None:
    rows = list(csv.DictReader(io.StringIO(kpi("--resolution", "day", "--csv").stdout)))
    assert (len(rows), rows[0]["period"]) == (30, "2016-09-01")
    assert sum(int(row["load[Wh]"]) for row in rows) == 14_046_579


def test_kpi__one_member__by_the_first_digits_of_the_id(fontana: StoredCommunity) -> None:
    document = json.loads(kpi("--member", fontana.member_ids[0][:2], "--json").stdout)
    assert document["member_id"] == fontana.member_ids[0]
    assert document["widgets"][0]["rows"][0] == ["load", 1_024_414, "Wh"]


def test_kpi__level_2__prints_every_widget() -> None:
    document = json.loads(kpi("--level", "2", "--json").stdout)
    assert [one["widget"] for one in document["widgets"]][:4] == [
        "mean_load",
        "mean_power",
        "extremes",
        "bands_and_base",
    ]


def test_kpi__an_end_before_the_start__is_refused() -> None:
    refused = kpi("--to", "2016-09-01").exception
    assert isinstance(refused, InputError)
    assert "must lie after" in refused.message
