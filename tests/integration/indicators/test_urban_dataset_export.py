"""The month of a community as UrbanDataset, and what reading it back gives."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from cli.main import app
from gettone.db.engine import Database
from gettone.errors import InputError, MissingInput
from gettone.metering.flow import FlowConfig
from gettone.metering.received import Received
from oracle.exports.export_kpi import export_month
from oracle.formats.registry import read_batch

pytestmark = pytest.mark.database

REFERENCE = {"WithdrawnEnergy": 9_149_226, "InjectedEnergy": 3_365_017, "SharedEnergy": 1_457_968}


def export(database: Database, month: str = "2016-09") -> bytes:
    return export_month(database, "fontana", month, producer="gettone", made_at_s=1_480_000_000)


def test_export__month_of_17_homes__has_the_reference_figures_to_the_wh(homes: Database) -> None:
    month, *hours = json.loads(export(homes))["UrbanDataset"]["values"]["line"]
    values = {one["name"]: one["val"] for one in month["property"]}
    assert {name: int(values[name].replace(".", "")) for name in REFERENCE} == REFERENCE
    assert len(hours) == 720


@pytest.mark.parametrize("name", REFERENCE)
def test_export__hours_read_back__sum_to_the_month(homes: Database, tmp_path: Path, name: str) -> None:
    path = tmp_path / "payload"
    path.write_bytes(export(homes))
    options = (("property.CommunityID", "device"), (f"property.{name}", "value"))
    received = read_batch(path, FlowConfig(syntax="urban_dataset", unit=None, options=options))
    assert isinstance(received, Received)
    # The line of the month itself is longer than any interval, and is refused as such.
    assert ([one.code for one in received.broken], set(np.diff(received.start_s).tolist())) == (["R_STEP"], {3600})
    assert (int(received.mantissa.sum()), set(received.exponent.tolist())) == (REFERENCE[name], {-3})


def test_export__month_without_readings__is_missing(homes: Database) -> None:
    with pytest.raises(MissingInput, match="no reading"):
        export(homes, "2010-01")


def test_export__no_month__is_refused(homes: Database) -> None:
    with pytest.raises(InputError, match="no month"):
        export(homes, "September")


def test_command__writes_the_file(homes_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GETTONE_DATABASE_URL", homes_url)
    monkeypatch.chdir(tmp_path)
    words = ["urban-dataset", "export", "--community", "fontana", "--month", "2016-09", "--out", "kpi.json"]
    assert CliRunner().invoke(app, words).exit_code == 0
    assert (
        json.loads(Path("kpi.json").read_text())["UrbanDataset"]["specification"]["id"]["value"]
        == "EnergyCommunityKPI-2.0"
    )
