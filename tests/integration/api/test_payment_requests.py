"""Members ask each other for tokens, and find each other where they consented."""

import secrets
from typing import Any

import pytest

from gettone.db.repositories.consents import Consents, Purpose
from tests.factories.api_world import HERE, THERE, World
from tests.factories.told_chain import founded, joined, tell, wallet_of

pytestmark = pytest.mark.database

BASE = f"/api/v1/communities/{HERE}"


@pytest.fixture
def known(world: World) -> World:
    """The member and the verifier of `fontana` have wallets."""
    told = [joined(world.member_ids[f"{role} {HERE}"], wallet_of(n)) for n, role in enumerate(("MB", "VF"))]
    tell(world.database, world.community_ids[HERE], founded(), *told)
    return world


def member(world: World, role: str, community: str = HERE) -> str:
    return world.member_ids[f"{role} {community}"]


def post(world: World, path: str, role: str, body: Any = None) -> Any:
    headers = {"Idempotency-Key": secrets.token_hex(8)}
    return world.call("POST", f"{BASE}/{path}", role, json=body, headers=headers)


def ask(world: World, **changes: Any) -> Any:
    return post(
        world, "payment-requests", "MB", {"from": member(world, "VF"), "units": "20", "text": "Bread"} | changes
    )


def test_ask__another_member__seen_by_both_and_by_nobody_else(known: World) -> None:
    asked = ask(known)
    assert asked.status_code == 201
    for role in ("MB", "VF"):
        (one,) = known.call("GET", f"{BASE}/payment-requests", role).json()["items"]
        assert (one["id"], one["state"], one["units"], one["pay_to"]) == (asked.json()["id"], "open", "20", None)
    assert known.call("GET", f"{BASE}/payment-requests", "CA").status_code == 403


def test_accept__by_the_payer__tells_where_to_pay(known: World) -> None:
    number = ask(known).json()["id"]
    accepted = post(known, f"payment-requests/{number}/accept", "VF").json()
    assert (accepted["state"], accepted["pay_to"]) == ("accepted", wallet_of(0))


def test_accept__by_who_asked__refused(known: World) -> None:
    number = ask(known).json()["id"]
    assert post(known, f"payment-requests/{number}/accept", "MB").status_code == 403


def test_answer__twice__same_is_a_no_op_and_another_a_conflict(known: World) -> None:
    number = ask(known).json()["id"]
    answers = [post(known, f"payment-requests/{number}/{act}", "VF") for act in ("refuse", "refuse", "accept")]
    assert [one.status_code for one in answers] == [200, 200, 409]
    assert answers[2].json()["code"] == "state"


@pytest.mark.parametrize("units", ["0", "-5", "1.5", "ten"])
def test_ask__bad_amount__refused(known: World, units: str) -> None:
    assert ask(known, units=units).status_code == 422


def test_ask__oneself_or_a_stranger__refused(known: World) -> None:
    for payer in (member(known, "MB"), member(known, "MB", THERE)):
        answer = ask(known, **{"from": payer})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/body/from")


def test_directory__who_consented_alone__found_by_parts_of_the_name(known: World) -> None:
    with known.database.write() as connection:
        Consents(connection).give(member(known, "VF"), Purpose.DIRECTORY, known.now_ms)
    (found,) = known.call("GET", f"{BASE}/directory", "MB").json()["items"]
    assert (found["member_id"], found["address"]) == (member(known, "VF"), wallet_of(1))
    assert found["name"].endswith("Rossi")
    queries = {
        q: len(known.call("GET", f"{BASE}/directory", "MB", params={"q": q}).json()["items"]) for q in ("RÓS", "x")
    }
    assert queries == {"RÓS": 1, "x": 0}


def test_directory__consent_withdrawn__gone(known: World) -> None:
    with known.database.write() as connection:
        Consents(connection).give(member(known, "VF"), Purpose.DIRECTORY, known.now_ms)
        Consents(connection).withdraw(member(known, "VF"), Purpose.DIRECTORY, known.now_ms + 1)
    assert known.call("GET", f"{BASE}/directory", "MB").json()["items"] == []
