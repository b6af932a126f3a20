"""What happens to a caller is told once, in order, and goes on where a stream broke."""

import json
from typing import Any

import pytest

from gettone.db.repositories.operations import Asker, Operations
from tests.factories.api_world import HERE, World
from tests.factories.told_chain import (
    AGREEMENT,
    chunk_paid,
    deal,
    founded,
    joined,
    tell,
    transfer,
    wallet_of,
)

pytestmark = pytest.mark.database

ANNA = wallet_of(1)
NOBODY = "0x" + "00" * 20
DAY_MS = 86_400_000


@pytest.fixture
def quiet(world: World) -> World:
    """A member with a wallet; streams of test worlds look once and end."""
    tell(world.database, world.community_ids[HERE], founded(), joined(world.member_ids[f"MB {HERE}"], ANNA))
    return world


def listen(world: World, last: str | None = None, role: str = "MB") -> tuple[list[tuple[str, Any]], str]:
    """The events of a stream that looks once, and the id of the last."""
    answer = world.call("GET", "/api/v1/events", role, headers={} if last is None else {"Last-Event-ID": last})
    assert answer.status_code == 200, answer.text
    found: list[tuple[str, Any]] = []
    identity = ""
    for block in answer.text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        identity = lines.get("id", identity)
        if "event" in lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found, identity


def pay(world: World, units: int) -> None:
    tell(world.database, world.community_ids[HERE], [transfer(NOBODY, ANNA, units), chunk_paid()])


def test_events__nothing_new__an_id_to_go_on_from(quiet: World) -> None:
    pay(quiet, 5)
    found, identity = listen(quiet)
    assert (found, bool(identity)) == ([], True)


def test_events__reward_since_then__movement_and_balance_once(quiet: World) -> None:
    _, identity = listen(quiet)
    pay(quiet, 5)
    pay(quiet, 6)
    found, later = listen(quiet, identity)
    assert [name for name, _ in found] == ["transfer.indexed", "transfer.indexed", "balance.changed"]
    assert (found[0][1]["change_units"], found[2][1]["units"]) == ("5", "11")
    assert listen(quiet, later)[0] == []


def test_events__broken_between_two__goes_on_behind_the_first(quiet: World) -> None:
    _, identity = listen(quiet)
    pay(quiet, 5)
    pay(quiet, 6)
    text = quiet.call("GET", "/api/v1/events", "MB", headers={"Last-Event-ID": identity}).text
    first = text.split("\n\n")[1].splitlines()[0].removeprefix("id: ")
    assert [one["change_units"] for name, one in listen(quiet, first)[0] if name == "transfer.indexed"] == ["6"]


def test_events__agreement__its_state(quiet: World) -> None:
    _, identity = listen(quiet)
    anna = "0x" + quiet.member_ids[f"MB {HERE}"]
    terms = {"category": 1, "kind": 0, "provider": anna, "payers": ["0x" + "b0" * 32], "structure": "0x" + "00" * 32}
    terms |= dict.fromkeys(("compensationUnits", "depositUnits", "returnBy"), "0") | {"priceUnits": "1"}
    terms |= {"durationMinutes": 0, "deadline": "2000000000", "contentHash": "0x" + "11" * 32, "salt": "0x" + "22" * 32}
    tell(quiet.database, quiet.community_ids[HERE], [deal("AgreementProposed", proposer=anna, terms=terms)])
    ((name, document),) = listen(quiet, identity)[0]
    assert (name, document["id"], document["state"]) == ("agreement.state", AGREEMENT, "proposed")


def test_events__own_operation_ended__told_once_and_to_nobody_else(quiet: World) -> None:
    _, identity = listen(quiet)
    _, of_another = listen(quiet, role="VF")
    with quiet.database.write() as connection:
        operations = Operations(connection)
        number = operations.add("test", {}, Asker(quiet.user_ids[("MB", HERE)]), quiet.now_ms)
        operations.finish(number, {}, quiet.now_ms)
    found, later = listen(quiet, identity)
    assert found == [("operation.state", {"id": number, "kind": "test", "state": "done"})]
    assert listen(quiet, later)[0] == []
    assert listen(quiet, of_another, role="VF")[0] == []


def test_events__id_older_than_a_day__too_old(quiet: World) -> None:
    _, identity = listen(quiet)
    quiet.now_ms += DAY_MS + 1
    answer = quiet.call("GET", "/api/v1/events", "MB", headers={"Last-Event-ID": identity})
    assert (answer.status_code, answer.json()["code"]) == (410, "too_old")


@pytest.mark.parametrize("made_up", ["x", "e30", "A" * 40])
def test_events__id_of_nobody__refused(quiet: World, made_up: str) -> None:
    answer = quiet.call("GET", "/api/v1/events", "MB", headers={"Last-Event-ID": made_up})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/header/Last-Event-ID")


def test_events__id_of_another_caller__refused(quiet: World) -> None:
    _, identity = listen(quiet, role="VF")
    assert quiet.call("GET", "/api/v1/events", "MB", headers={"Last-Event-ID": identity}).status_code == 422
