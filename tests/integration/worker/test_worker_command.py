"""`gettone worker`: the process, its end, its exit statuses, and what it says of the jobs."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from cli.main import app
from gettone.db.repositories.job_runs import JobRuns, RunKey, RunState, Trigger, WorkerId
from gettone.errors import Conflict, InputError, MissingInput
from tests.factories.working import Shop

pytestmark = [pytest.mark.database, pytest.mark.slow]


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> dict[str, str]:
    kek = tmp_path / "kek"
    kek.write_text(bytes(range(32)).hex())
    kek.chmod(0o600)
    return {
        "GETTONE_ENVIRONMENT": "demo",
        "GETTONE_DATABASE_URL": database_url,
        "GETTONE_KEK_FILE": str(kek),
        "GETTONE_LAKE_DIR": str(tmp_path / "lake"),
        "GETTONE_SOURCES_DIR": str(tmp_path / "sources"),
        "GETTONE_WORKER_SCHEDULES": "retention=off",
    }


def worker(settings: dict[str, str], *words: str) -> Result:
    return CliRunner().invoke(app, ["worker", *words], env=settings)


def status_of(settings: dict[str, str], job: str) -> Any:
    result = worker(settings, "status", "--json")
    assert result.exception is None, result.exception
    return next(one for one in json.loads(result.stdout)["jobs"] if one["job"] == job)


def test_run__one_job_once__is_done_and_shown(settings: dict[str, str]) -> None:
    result = worker(settings, "run", "tables", "--once", "--json")
    (run,) = json.loads(result.stdout)["runs"]
    assert (result.exit_code, run["state"]) == (0, "done")
    shown = status_of(settings, "tables")
    assert (shown["state"], shown["schedule"], shown["worker"]["trigger"]) == ("done", "02:30", "command")


def test_run__job_that_a_living_process_runs__is_refused_with_its_name(settings: dict[str, str], shop: Shop) -> None:
    with shop.database.write() as connection:
        run_id = JobRuns(connection).start(
            RunKey("checks"), WorkerId("elsewhere", 7), Trigger.SCHEDULE, time.time_ns() // 1_000_000
        )
    try:
        for words in (("run", "checks", "--once"), ("run", "checks")):
            refusal = worker(settings, *words).exception
            assert isinstance(refusal, Conflict)
            assert (refusal.code, refusal.exit_status) == ("job_running", 5)
        assert status_of(settings, "checks")["state"] == "running"
    finally:
        with shop.database.write() as connection:
            JobRuns(connection).finish(run_id, RunState.DONE, None, "{}", time.time_ns() // 1_000_000)


def test_run__job_without_its_settings__names_them(settings: dict[str, str]) -> None:
    refusal = worker(settings, "run", "settlements", "--once").exception
    assert isinstance(refusal, MissingInput)
    assert "GETTONE_RPC_URL" in refusal.message
    assert "GETTONE_RPC_URL" in status_of(settings, "settlements")["missing_settings"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("run", "payments"), "job_unknown"),
        (("run", "--community", "fontana"), "worker_usage"),
        (("status", "--lang", "de"), "language"),
    ],
)
def test_worker__wrong_usage__is_refused(settings: dict[str, str], words: tuple[str, ...], code: str) -> None:
    refusal = worker(settings, *words).exception
    assert isinstance(refusal, InputError)
    assert refusal.code == code


@pytest.mark.parametrize(("language", "words"), [("en", "switched off"), ("it", "spento")])
def test_status__in_words__says_what_is_off(settings: dict[str, str], language: str, words: str) -> None:
    assert words in worker(settings, "status", "--lang", language).stdout


def test_run__asked_to_end__ends_well_and_leaves_no_lease(settings: dict[str, str], shop: Shop) -> None:
    environment = os.environ | settings | {"GETTONE_WORKER_SCHEDULES": "tables=1s,retention=off"}
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "worker", "run"], env=environment, stderr=subprocess.PIPE
    )
    seen = len(shop.runs("tables"))
    deadline = time.monotonic() + 60
    while len(shop.runs("tables")) == seen and time.monotonic() < deadline:
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert {one.state for one in shop.runs("tables")} == {RunState.DONE}
    assert process.pid in {one.pid for one in shop.runs("tables")}
