"""Members are seen as far as the caller may know them, changed by who may, and suspended by another person."""

from typing import Any

import pytest

from gettone.db.repositories.communities import Communities, MemberKind
from gettone.db.repositories.memberships import Memberships
from gettone.db.repositories.settlement_heads import PeriodBounds, SettlementHeads
from gettone.db.repositories.settlement_states import SettlementState
from gettone.db.tables import Settlement
from gettone.membership.states import MemberState
from tests.factories.api_world import HERE, World
from tests.factories.community import throwaway_account

pytestmark = pytest.mark.database

MEMBERS = f"/api/v1/communities/{HERE}/members"
# 1 January 2026 in Rome.
FROM_SLOT = 1_767_222_000 // 900
WHY = {"reason": "the fee is overdue"}


@pytest.fixture
def member(world: World) -> str:
    """The member who is `MB` here, since 2026, under the list's number A-1."""
    found = world.member_ids[f"MB {HERE}"]
    with world.database.write() as connection:
        Communities(connection).set_interval(found, FROM_SLOT)
        Memberships(connection, world.community_ids[HERE]).change(found, {"external_id": "A-1"}, world.now_ms)
    return found


def patch(world: World, member: str, role: str = "CA", **body: Any) -> Any:
    etag = world.call("GET", f"{MEMBERS}/{member}", role).headers["etag"]
    return world.call("PATCH", f"{MEMBERS}/{member}", role, json=body, headers={"If-Match": etag})


def upload(world: World, csv: str, **more: Any) -> Any:
    body = {"csv": csv, **more}
    return world.call("POST", f"{MEMBERS}/import", "CA", json=body, headers={"Idempotency-Key": "k1"})


def settle(world: World, start_s: int, end_s: int) -> None:
    bounds = PeriodBounds(world.community_ids[HERE], 0, 0, start_s, end_s, "Europe/Rome")
    with world.database.write() as connection:
        SettlementHeads(connection).hold(bounds, "test")
        connection.execute(Settlement.__table__.update().values(state=SettlementState.CLOSED.value))


def test_list__admin__sees_names_and_others_do_not(world: World, member: str) -> None:
    shown = {one["id"]: one for one in world.call("GET", MEMBERS, "CA").json()["items"]}
    assert (shown[member]["email"], shown[member]["external_id"]) == ("mb-fontana@example.org", "A-1")
    for role in ("OA", "TA", "AU", "SV"):
        hidden = {one["id"]: one for one in world.call("GET", MEMBERS, role).json()["items"]}[member]
        personal = ("sub", "given_name", "family_name", "email", "external_id", "wallet", "natural_person")
        assert [hidden[name] for name in personal] == [None] * 7


def test_list__by_state_and_page__holds_each_member_once(world: World, member: str) -> None:
    world.call("POST", f"{MEMBERS}/{member}/suspend", "CA", json=WHY)
    assert [one["id"] for one in world.call("GET", f"{MEMBERS}?state=suspended", "CA").json()["items"]] == [member]
    first = world.call("GET", f"{MEMBERS}?limit=1", "CA").json()
    second = world.call("GET", MEMBERS, "CA", params={"limit": 1, "cursor": first["next"]}).json()
    ids = [one["id"] for one in first["items"] + second["items"]]
    assert (len(set(ids)), ids) == (2, sorted(ids))


def test_get__own_row__shows_interval_and_class(world: World, member: str) -> None:
    found = world.call("GET", f"{MEMBERS}/{member}", "MB").json()
    assert (found["member_from"], found["member_until"], found["class"]) == ("2026-01-01", None, 1)
    assert found["email"] == "mb-fontana@example.org"


def test_change__member__sets_the_own_goal_only(world: World, member: str) -> None:
    assert patch(world, member, "MB", weekly_goal_wh=50_000).json()["weekly_goal_wh"] == 50_000
    answer = patch(world, member, "MB", storage=True)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")


def test_change__admin__keeps_what_is_left_out(world: World, member: str) -> None:
    changed = patch(world, member, kind="citizen_prosumer", storage=True).json()
    assert (changed["kind"], changed["storage"], changed["external_id"]) == ("citizen_prosumer", True, "A-1")


def test_change__kind_of_another_class__is_a_conflict(world: World, member: str) -> None:
    answer = patch(world, member, kind="stakeholder")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_change__two_at_once__one_is_refused(world: World, member: str) -> None:
    etag = world.call("GET", f"{MEMBERS}/{member}", "CA").headers["etag"]
    answers = [
        world.call("PATCH", f"{MEMBERS}/{member}", "CA", json={"storage": value}, headers={"If-Match": etag})
        for value in (True, False)
    ]
    assert [one.status_code for one in answers] == [200, 412]
    assert world.call("PATCH", f"{MEMBERS}/{member}", "CA", json={}).json()["code"] == "etag_required"


def test_change__end_in_a_settled_period__is_closed(world: World, member: str) -> None:
    settle(world, FROM_SLOT * 900, FROM_SLOT * 900 + 31 * 86_400)
    answer = patch(world, member, member_until="2026-01-15")
    assert (answer.status_code, answer.json()["code"]) == (409, "period_closed")
    assert patch(world, member, member_until="2026-02-01").json()["member_until"] == "2026-02-01"


FILE = "external_id,kind,storage,member_until\nA-1,citizen_prosumer,yes,2026-09-01\n"
BAD = "external_id,kind,storage\nA-1,citizen_prosumer,yes\nA-1,,no\nB-9,,no\nA-1,king,\n"


def test_import__dry_run__tells_each_wrong_row_and_changes_nothing(world: World, member: str) -> None:
    answer = upload(world, BAD, dry_run=True)
    found = [(one["row"], one["pointer"], one["code"]) for one in answer.json()["errors"]]
    assert sorted(found) == [(2, "", "duplicate"), (3, "", "member_unknown"), (4, "/kind", "literal_error")]
    assert world.call("GET", f"{MEMBERS}/{member}", "CA").json()["storage"] is False


def test_import__wrong_row__changes_nothing(world: World, member: str) -> None:
    answer = upload(world, BAD)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert world.call("GET", f"{MEMBERS}/{member}", "CA").json()["storage"] is False


def test_import__good_file__changes_what_it_names_once(world: World, member: str) -> None:
    assert upload(world, FILE).json()["changed"] == 1
    found = world.call("GET", f"{MEMBERS}/{member}", "CA").json()
    assert (found["kind"], found["storage"], found["member_until"]) == ("citizen_prosumer", True, "2026-09-01")
    again = world.call("POST", f"{MEMBERS}/import", "CA", json={"csv": FILE}, headers={"Idempotency-Key": "k2"})
    assert again.json()["changed"] == 0


def test_suspend__without_a_wallet__is_done_at_once_and_once(world: World, member: str) -> None:
    for _ in range(2):
        answer = world.call("POST", f"{MEMBERS}/{member}/suspend", "CA", json=WHY)
        assert (answer.status_code, answer.json()["state"]) == (200, "suspended")
    assert world.call("POST", f"{MEMBERS}/{member}/resume", "CA", json=WHY).json()["state"] == "active"


def test_suspend__with_a_wallet__is_asked_of_the_chain(world: World, member: str) -> None:
    with world.database.write() as connection:
        Communities(connection).set_wallet(member, throwaway_account("member 1").address)
    answer = world.call("POST", f"{MEMBERS}/{member}/suspend", "CA", json=WHY)
    assert (answer.status_code, answer.json()["kind"]) == (202, "member.freeze")


def test_suspend__oneself__needs_another_person(world: World) -> None:
    mine = world.join(world.user_ids[("CA", HERE)], HERE)
    answer = world.call("POST", f"{MEMBERS}/{mine}/suspend", "CA", json=WHY)
    assert (answer.status_code, answer.json()["code"]) == (409, "self_approval")


def test_resume__who_waits_for_a_wallet__is_a_conflict(world: World, member: str) -> None:
    with world.database.write() as connection:
        state = MemberState.WALLET_PENDING
        Memberships(connection, world.community_ids[HERE]).put_state(member, state, None, world.now_ms)
    answer = world.call("POST", f"{MEMBERS}/{member}/resume", "CA", json=WHY)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def pay(world: World, member: str, key: str = "k1", **changes: Any) -> Any:
    body = {"year": 2027, "eur_cents": 5_000, "paid_on": "2027-01-10", "reference": "CRO 1"} | changes
    headers = {"Idempotency-Key": key}
    return world.call("POST", f"{MEMBERS}/{member}/fee-payments", "CA", json=body, headers=headers)


@pytest.mark.parametrize(("year", "state"), [(2027, "wallet_pending"), (2026, "awaiting_fee")])
def test_record_fee__of_this_year__lets_a_stakeholder_go_on(world: World, year: int, state: str) -> None:
    member = world.join(world.person("shop"), HERE, kind=MemberKind.STAKEHOLDER)
    with world.database.write() as connection:
        memberships = Memberships(connection, world.community_ids[HERE])
        memberships.put_state(member, MemberState.AWAITING_FEE, None, world.now_ms)
    answer = pay(world, member, year=year)
    assert (answer.status_code, answer.json()["eur_cents"]) == (201, 5_000)
    assert world.call("GET", f"{MEMBERS}/{member}", "CA").json()["state"] == state
    listed = world.call("GET", f"{MEMBERS}/{member}/fee-payments", "CA").json()["items"]
    assert [one["reference"] for one in listed] == ["CRO 1"]


def test_record_fee__reference_used_before__is_refused(world: World, member: str) -> None:
    pay(world, member)
    answer = pay(world, member, "k2", year=2028)
    assert (answer.status_code, answer.json()["code"]) == (409, "reference_used")
    assert pay(world, member).headers["idempotency-replayed"] == "true"


def test_record_fee__stranger__is_not_found(world: World) -> None:
    assert pay(world, "0" * 64).status_code == 404
