"""Long work is asked for in one transaction, done by the worker, and seen by who asked."""

from collections.abc import Mapping
from typing import Any

import pytest

from gettone.db.repositories.operations import Asker, OperationRow, Operations
from gettone.errors import Conflict, Held, Unreachable
from oracle.operations import kinds
from oracle.worker.job import Run
from oracle.worker.jobs.do_operations import do_operations
from tests.factories.api_world import HERE, World
from tests.factories.working import Shop

pytestmark = pytest.mark.database


def ask(world: World, kind: str = "test", number: int = 0) -> str:
    with world.database.write() as connection:
        asker = Asker(world.user_ids[("MB", HERE)])
        here = world.community_ids[HERE]
        return Operations(connection).add(kind, {"number": number}, asker, world.now_ms + number, here)


def work(world: World, monkeypatch: pytest.MonkeyPatch, handler: kinds.Handler) -> Mapping[str, Any]:
    monkeypatch.setattr("oracle.worker.jobs.do_operations.KINDS", {"test": handler})
    place = Shop(world.database).runner().place
    return do_operations(Run(place, "", lambda: False), watch_s=0)


def look(world: World, operation_id: str) -> dict[str, Any]:
    body: dict[str, Any] = world.call("GET", f"/api/v1/operations/{operation_id}", "MB").json()
    return body


def refuse(refusal: Exception) -> kinds.Handler:
    def handler(_run: Run, _operation: OperationRow) -> Mapping[str, Any]:
        raise refusal

    return handler


def test_do_operations__work__is_done_with_its_result(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = ask(world)
    assert look(world, number)["state"] == "waiting"
    assert work(world, monkeypatch, lambda _run, one: {"was": one.document["number"]}) == {"done": 1}
    found = look(world, number)
    assert (found["state"], found["result"], found["progress_permille"]) == ("done", {"was": 0}, 1000)


@pytest.mark.parametrize(
    ("refusal", "state", "code"),
    [
        (Held("waits", "for a person"), "held", "waits"),
        (Unreachable("away", "no answer"), "waiting", None),
        (Conflict("state", "not now"), "failed", "state"),
        (RuntimeError("secret"), "failed", "internal"),
    ],
    ids=["held", "unreachable", "refused", "defect"],
)
def test_do_operations__refusal__says_what_became_of_it(
    world: World, monkeypatch: pytest.MonkeyPatch, refusal: Exception, state: str, code: str | None
) -> None:
    number = ask(world)
    work(world, monkeypatch, refuse(refusal))
    found = look(world, number)
    assert (found["state"], (found["result"] or {}).get("code")) == (state, code)
    assert "secret" not in str(found)


def test_do_operations__killed_while_running__is_done_by_the_next_run(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = ask(world)
    with world.database.write() as connection:
        Operations(connection).begin(number)
    work(world, monkeypatch, lambda _run, _one: {})
    assert look(world, number)["state"] == "done"


def test_get_operation__of_somebody_else__looks_as_if_it_did_not_exist(world: World) -> None:
    number = ask(world)
    assert world.call("GET", f"/api/v1/operations/{number}", "CA").status_code == 404


def test_list_operations__pages__hold_each_once_the_newest_first(world: World) -> None:
    asked = [ask(world, number=number) for number in range(5)]
    found, address = [], "/api/v1/operations?limit=2"
    while address:
        answer = world.call("GET", address, "MB")
        found += [one["id"] for one in answer.json()["items"]]
        address = answer.headers.get("link", "").partition(">")[0].lstrip("<")
    assert found == asked[::-1]


def test_list_operations__cursor_of_another_list__is_refused(world: World) -> None:
    for number in range(3):
        ask(world, number=number)
    cursor = world.call("GET", "/api/v1/operations?limit=1", "MB").json()["next"]
    answer = world.call("GET", f"/api/v1/operations?limit=1&cursor={cursor}&state=done", "MB")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
