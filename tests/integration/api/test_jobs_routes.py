"""Jobs are seen, and run because a person asked."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.context import JobLine
from gettone.db.repositories.job_runs import JobRuns, RunKey, RunState, Trigger, WorkerId
from oracle.worker.job import Job, Run, Summary
from oracle.worker.jobs.do_operations import do_operations
from tests.factories.api_world import HERE, NOW_MS, World, close_world, open_world
from tests.factories.working import Shop

pytestmark = pytest.mark.database

KEY = {"Idempotency-Key": "k1"}


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[World]:
    opened = open_world(database_url, tmp_path, jobs=(JobLine("tables", "02:30", False), JobLine("index", "1m", True)))
    yield opened
    close_world(opened)


def ask(world: World, job: str, role: str, community: str | None = None) -> Any:
    return world.call("POST", f"/api/v1/jobs/{job}/run", role, json={"community": community}, headers=KEY)


def work(world: World) -> list[str]:
    done: list[str] = []

    def job(run: Run) -> Summary:
        done.append(run.community)
        return {"rows": 3}

    place = replace(Shop(world.database).runner().place, jobs=(Job("tables", "02:30", job),))
    do_operations(Run(place, "", lambda: False), watch_s=0)
    return done


def test_list_jobs__oracle_admin__sees_those_of_the_own_community(shop: World) -> None:
    items = shop.call("GET", "/api/v1/jobs", "OA").json()["items"]
    assert [(one["job"], one["community"], one["schedule"]) for one in items] == [
        ("tables", None, "02:30"),
        ("index", HERE, "1m"),
    ]


def test_list_jobs__job_that_failed__says_why(shop: World) -> None:
    with shop.database.write() as connection:
        runs = JobRuns(connection)
        run_id = runs.start(RunKey("index", HERE), WorkerId("host", 1), Trigger.SCHEDULE, NOW_MS)
        runs.finish(run_id, RunState.FAILED, "reconciliation_differs", "{}", NOW_MS + 1)
    found = shop.call("GET", "/api/v1/jobs", "OA").json()["items"][1]
    assert (found["state"], found["code"], found["failures"]) == ("failed", "reconciliation_differs", 1)


def test_run_job__platform_admin__is_done_by_the_worker_with_its_result(shop: World) -> None:
    asked = ask(shop, "tables", "PA")
    assert (asked.status_code, work(shop)) == (202, [""])
    operation = shop.call("GET", asked.headers["location"], "PA").json()
    assert operation["result"]["runs"] == [{"community": None, "state": "done", "code": None, "summary": {"rows": 3}}]


def test_run_job__same_request_twice__asks_once(shop: World) -> None:
    first, again = ask(shop, "tables", "PA"), ask(shop, "tables", "PA")
    assert first.headers["location"] == again.headers["location"]
    assert work(shop) == [""]


@pytest.mark.parametrize(
    ("job", "role", "community", "status", "code"),
    [
        ("nothing", "PA", None, 404, "not_found"),
        ("tables", "OA", None, 403, "not_permitted"),
        ("index", "OA", "other", 404, "not_found"),
        ("tables", "PA", HERE, 422, "invalid"),
    ],
    ids=["unknown job", "for all", "another's community", "of no community"],
)
def test_run_job__what_may_not_be_asked__is_refused(
    shop: World, job: str, role: str, community: str | None, status: int, code: str
) -> None:
    refused = ask(shop, job, role, community)
    assert (refused.status_code, refused.json()["code"], work(shop)) == (status, code, [])
