"""`gettone gse share`: canonical, repeatable, and readable for people."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from gettone.errors import InputError

pytestmark = pytest.mark.unit

BONUS = {
    "premium_cents": 100_000,
    "valorisation_cents": 0,
    "incentivised_shared_wh": 60_000_000,
    "incentivised_injected_wh": 100_000_000,
    "threshold_permille": 550,
    "cost_permille": 100,
    "producer_permille": 400,
    "producer_key": "equal",
    "consumer_key": "shared_energy",
    "members": [
        {"member_id": "A", "shared_withdrawn_wh": 900},
        {"member_id": "B", "shared_withdrawn_wh": 600, "enterprise": True},
        {"member_id": "P", "producer": True, "consumer": False},
    ],
}


def share(folder: Path, document: object, *options: str) -> object:
    path = folder / "bonus.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return CliRunner().invoke(app, ["gse", "share", "--input", str(path), *options], env={"COLUMNS": "120"})


def test_share__twice_as_json__equal_bytes_and_the_vector(tmp_path: Path) -> None:
    first, second = (share(tmp_path, BONUS, "--json") for _ in range(2))
    assert first.exit_code == 0
    assert first.stdout_bytes == second.stdout_bytes
    document = json.loads(first.stdout)
    assert document["schema"] == "gettone.gse/1"
    assert [one["total_cents"] for one in document["members"]] == [38_034, 19_800, 33_000]


def test_share__for_people__shows_members_and_lines(tmp_path: Path) -> None:
    shown = share(tmp_path, BONUS).stdout
    for text in ("38,034", "19,800", "33,000", "costs: 9,166 cents", "total: 100,000 cents"):
        assert text in shown


def test_share__unknown_field__exit_status_2_and_nothing_on_stdout(tmp_path: Path) -> None:
    result = share(tmp_path, BONUS | {"prize": 1}, "--json")
    assert isinstance(result.exception, InputError)
    assert (result.exception.exit_status, result.stdout) == (2, "")
