"""`gettone audit`: the trail in a file, and whether its chain is whole."""

import json
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from cli.main import main
from gettone.db.engine import Database
from gettone.db.repositories.audit_trail import AuditTrail, Deed

pytestmark = pytest.mark.database

NOW_MS = 1_800_000_000_000


@pytest.fixture(autouse=True)
def three_deeds(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GETTONE_DATABASE_URL", database_url)
    database = Database(database_url)
    with database.write() as connection:
        for subject in ("one", "two", "three"):
            AuditTrail(connection).append(Deed("operator:test", "test", subject, None, {"a": 1}, None, "why"), NOW_MS)
    database.close()


def run(*words: object) -> int:
    sys.argv = ["gettone", "audit", *(str(word) for word in words)]
    with pytest.raises(SystemExit) as ended:
        main()
    return int(str(ended.value.code or 0))


def test_verify__whole_trail__exits_0() -> None:
    assert run("verify") == 0


def test_verify__words_changed_behind_the_digest__exits_1_and_names_the_row(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    database = Database(database_url)
    with database.write() as connection:
        connection.execute(text("UPDATE audit_texts SET text = '\"because\"' WHERE entry = 2 AND part = 'reason'"))
    database.close()
    assert run("verify", "--json") == 1
    assert json.loads(capsys.readouterr().out) == {"first_break": 2}


def test_export__whole_trail__writes_rows_that_verify_without_the_database(tmp_path: Path) -> None:
    file = tmp_path / "trail.jsonl"
    assert run("export", "--out", file) == 0
    assert [json.loads(one)["subject"] for one in file.read_text().splitlines()] == ["one", "two", "three"]
    assert run("verify", file) == 0


@pytest.mark.parametrize(
    "edit",
    [
        lambda lines: [lines[0], lines[1].replace('"two"', '"nobody"'), lines[2]],
        lambda lines: [lines[0], lines[2]],
        lambda lines: [lines[0], lines[2], lines[1]],
    ],
    ids=["edited", "removed", "moved"],
)
def test_verify__file_that_was_changed__exits_1(tmp_path: Path, edit: object) -> None:
    file = tmp_path / "trail.jsonl"
    run("export", "--out", file)
    file.write_text("\n".join(edit(file.read_text().splitlines())) + "\n")  # type: ignore[operator]
    assert run("verify", file) == 1


@pytest.mark.parametrize("content", ["[1]", "no json", '"text"'])
def test_verify__file_of_something_else__exits_2(tmp_path: Path, content: str) -> None:
    file = tmp_path / "trail.jsonl"
    file.write_text(content)
    assert run("verify", file) == 2
