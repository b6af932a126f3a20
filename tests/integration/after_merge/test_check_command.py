"""`gettone readings check`."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.readings import readings_app
from tests.factories.merged_readings import Meters

pytestmark = pytest.mark.database


def answer(meters: Meters, monkeypatch: pytest.MonkeyPatch, *options: str) -> dict[str, Any]:
    url = meters.database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("GETTONE_DATABASE_URL", url)
    result = CliRunner().invoke(readings_app, ["check", "--json", *options], catch_exceptions=False)
    return dict(json.loads(result.stdout))


def test_check__nothing_pending__judges_nothing(meters: Meters, monkeypatch: pytest.MonkeyPatch) -> None:
    assert answer(meters, monkeypatch) == {"channels": 0, "codes": {}}


def test_check_nightly__a_meter_that_is_held__is_closed_once(meters: Meters, monkeypatch: pytest.MonkeyPatch) -> None:
    meters.add()
    first, second = (answer(meters, monkeypatch, "--nightly") for _ in range(2))
    assert (first["channels"] >= 1, second) == (True, {"channels": 0, "codes": {}})
