"""`gettone consent` on a database with the 17 homes."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from gettone.db.engine import Database
from gettone.errors import MissingInput
from tests.factories.metering import contents
from tests.factories.stored_energies import StoredCommunity

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def _settings(homes_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GETTONE_DATABASE_URL", homes_url)
    monkeypatch.chdir(tmp_path)


def consent(*words: str) -> Result:
    return CliRunner().invoke(app, ["consent", "--community", "fontana", *words])


def in_force(*words: str) -> list[str]:
    found: list[str] = json.loads(consent(*words, "--json").stdout)["in_force"]
    return found


def test_consent__given_and_withdrawn__is_in_force_between() -> None:
    assert in_force("--member", "03") == ["totals"]
    assert in_force("--member", "03", "--purpose", "ranking") == ["ranking", "totals"]
    assert in_force("--member", "03", "--withdraw") == ["ranking"]


def test_consent__given_twice__is_one_row(homes: Database, fontana: StoredCommunity) -> None:
    for _ in range(2):
        consent("--member", "03")
    (row,) = contents(homes, "sharing_consents")["sharing_consents"]
    assert (row[0], row[1], row[3]) == (fontana.member_ids[3], "totals", None)


def test_consent__says_what_is_in_force() -> None:
    assert consent("--member", "03").stdout.strip() == "03000000… consents to: totals"
    assert consent("--member", "03", "--withdraw").stdout.strip() == "03000000… consents to: nothing"


def test_consent__stranger__is_refused() -> None:
    assert isinstance(consent("--member", "ff").exception, MissingInput)
