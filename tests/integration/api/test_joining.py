"""A person asks or is invited, another one decides, and the new member waits for a fee or a wallet."""

from typing import Any

import pytest
from sqlalchemy import select

from gettone.db.repositories.devices import Devices
from gettone.db.repositories.memberships import Memberships
from gettone.db.tables import Community, IdempotentAnswer, Invitation, JoinRequest
from tests.factories.api_world import HERE, THERE, World

pytestmark = pytest.mark.database

PLACE = f"/api/v1/communities/{HERE}"
WISH = {
    "kind": "citizen_consumer",
    "devices": ["IT001E12345678"],
    "statute_version": "1",
    "consents": ["metering", "mail"],
}
ACCEPT = {"statute_version": "1", "consents": ["metering"]}
DAY_MS = 86_400_000


def newcomer(world: World, name: str = "anna") -> str:
    world.person(name)
    return world.tokens.issue(name)


def send(world: World, token: str, method: str, path: str, body: Any = None, key: str = "k1") -> Any:
    headers = {"authorization": f"Bearer {token}", "Idempotency-Key": key}
    return world.client.request(method, path, json=body, headers=headers)


def ask(world: World, token: str, key: str = "k1", **changes: Any) -> Any:
    return send(world, token, "POST", f"{PLACE}/join-requests", WISH | changes, key)


def decide(world: World, number: str, act: str = "approve", **body: Any) -> Any:
    return world.call("POST", f"{PLACE}/join-requests/{number}/{act}", "CA", json=body)


def invite(world: World, key: str = "i1", **body: Any) -> Any:
    return world.call("POST", f"{PLACE}/invitations", "CA", json=body, headers={"Idempotency-Key": key})


def guest(name: str = "anna", **changes: Any) -> dict[str, Any]:
    return {"email": f"{name}@example.org", "kind": "citizen_consumer"} | changes


def state_of(world: World, member_id: str) -> str:
    with world.database.read() as connection:
        return Memberships(connection, world.community_ids[HERE]).get(member_id).state.value


def count(world: World) -> int:
    with world.database.read() as connection:
        return len(connection.execute(select(JoinRequest.request_id)).all())


def test_ask__new_person__waits_and_sees_the_own_request_only(world: World) -> None:
    anna, bruno = newcomer(world), newcomer(world, "bruno")
    answer = ask(world, anna)
    assert (answer.status_code, answer.json()["state"], answer.json()["devices"]) == (201, "requested", None)
    ask(world, bruno, devices=[])
    mine = send(world, anna, "GET", f"{PLACE}/join-requests").json()["items"]
    assert [(one["sub"], one["devices"]) for one in mine] == [("anna", ["IT001E12345678"])]
    assert len(world.call("GET", f"{PLACE}/join-requests", "CA").json()["items"]) == 2
    assert world.call("GET", f"{PLACE}/join-requests", "CA", THERE).json()["items"] == []


def test_ask__same_wish_again__is_the_same_request(world: World) -> None:
    anna = newcomer(world)
    first, again = ask(world, anna), ask(world, anna, "k2")
    assert (again.status_code, again.json()["id"], count(world)) == (200, first.json()["id"], 1)


def test_ask__another_wish_while_one_waits__is_a_conflict(world: World) -> None:
    anna = newcomer(world)
    ask(world, anna)
    answer = ask(world, anna, "k2", kind="citizen_prosumer")
    assert (answer.status_code, answer.json()["code"], count(world)) == (409, "conflict", 1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"statute_version": "0"}, "invalid"),
        ({"consents": ["mail"]}, "invalid"),
        ({"kind": "community"}, "invalid"),
        ({"natural_person": False}, "member_kind"),
        ({"devices": ["IT 001"]}, "invalid"),
        ({"more": 1}, "invalid"),
    ],
)
def test_ask__wrong_request__is_refused_and_changes_nothing(world: World, changes: dict[str, Any], code: str) -> None:
    answer = ask(world, newcomer(world), **changes)
    assert (answer.status_code, answer.json()["code"], count(world)) == (422, code, 0)


def test_ask__device_of_another_member__is_taken(world: World) -> None:
    with world.database.write() as connection:
        devices = Devices(connection, world.vault)
        device = devices.get_or_create("IT001E12345678")
        devices.set_holder(device.device_id, world.member_ids[f"MB {HERE}"], 0)
    answer = ask(world, newcomer(world))
    assert (answer.status_code, answer.json()["code"], count(world)) == (409, "device_taken", 0)
    assert "IT001E12345678" not in answer.text


def test_ask__machine__is_not_permitted(world: World) -> None:
    assert ask(world, world.token("SV")).json()["code"] == "not_permitted"


def test_ask__nothing_of_a_point_of_delivery__lies_in_clear_in_the_database(world: World) -> None:
    ask(world, newcomer(world))
    with world.database.read() as connection:
        kept = connection.execute(select(JoinRequest.devices)).scalar_one()
        answers = connection.execute(select(IdempotentAnswer.body)).scalars().all()
    assert b"IT001E" not in bytes(kept)
    assert not any("IT001E" in one for one in answers)


def test_approve__request__makes_a_member_who_waits_for_a_wallet(world: World) -> None:
    number = ask(world, newcomer(world)).json()["id"]
    answer = decide(world, number)
    assert (answer.status_code, answer.json()["state"]) == (200, "approved")
    assert state_of(world, answer.json()["member_id"]) == "wallet_pending"
    assert decide(world, number).json() == answer.json()
    assert decide(world, number, "reject", reason="too late").json()["code"] == "conflict"


def test_approve__stakeholder__waits_for_the_yearly_fee(world: World) -> None:
    number = ask(world, newcomer(world), kind="stakeholder", natural_person=False).json()["id"]
    member = decide(world, number).json()["member_id"]
    assert state_of(world, member) == "awaiting_fee"


def test_approve__corrected_kind_and_start__are_kept(world: World) -> None:
    number = ask(world, newcomer(world)).json()["id"]
    body = {"kind": "citizen_prosumer", "from": "2027-03-01T00:00:00+01:00", "reason": "has a plant"}
    member = decide(world, number, **body).json()["member_id"]
    with world.database.read() as connection:
        found = Memberships(connection, world.community_ids[HERE]).get(member)
    assert (found.kind, found.not_before) == ("citizen_prosumer", 1_803_855_600_000)


@pytest.mark.parametrize(
    ("governance", "waited_ms", "status"),
    [("two", 2 * DAY_MS, 409), ("single", DAY_MS - 1, 409), ("single", DAY_MS, 200)],
)
def test_approve__oneself__needs_another_person_or_a_day(
    world: World, governance: str, waited_ms: int, status: int
) -> None:
    with world.database.write() as connection:
        mine = Community.slug == HERE
        connection.execute(Community.__table__.update().where(mine).values(governance=governance))
    number = ask(world, world.token("CA")).json()["id"]
    world.now_ms += waited_ms
    answer = decide(world, number)
    assert (answer.status_code, answer.json().get("code")) == (status, "self_approval" if status == 409 else None)


def test_reject__request__tells_the_reason(world: World) -> None:
    anna = newcomer(world)
    number = ask(world, anna).json()["id"]
    decide(world, number, "reject", reason="lives elsewhere")
    (mine,) = send(world, anna, "GET", f"{PLACE}/join-requests").json()["items"]
    assert (mine["state"], mine["reason"], mine["member_id"]) == ("rejected", "lives elsewhere", None)


def test_decide__request_of_another_community__is_not_found(world: World) -> None:
    number = ask(world, newcomer(world)).json()["id"]
    path = f"/api/v1/communities/{THERE}/join-requests/{number}/approve"
    assert world.call("POST", path, "CA", THERE, json={}).status_code == 404


def test_invite__accepted__is_the_approval(world: World) -> None:
    (made,) = invite(world, guests=[guest(external_id="A-7")]).json()["items"]
    opened = world.client.get(f"/api/v1/invitations/{made['token']}").json()
    assert (opened["community"], opened["kind"], "anna" in str(opened)) == (HERE, "citizen_consumer", False)
    answer = send(world, newcomer(world), "POST", f"/api/v1/invitations/{made['token']}/accept", ACCEPT)
    assert (answer.status_code, answer.json()["by_invitation"]) == (200, True)
    assert state_of(world, answer.json()["member_id"]) == "wallet_pending"
    with world.database.read() as connection:
        members = Memberships(connection, world.community_ids[HERE]).by_external_id(["A-7"])
    assert list(members) == ["A-7"]


def test_accept__under_another_address__is_refused_and_leaves_it_open(world: World) -> None:
    (made,) = invite(world, guests=[guest()]).json()["items"]
    answer = send(world, newcomer(world, "bruno"), "POST", f"/api/v1/invitations/{made['token']}/accept", ACCEPT)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
    assert world.client.get(f"/api/v1/invitations/{made['token']}").status_code == 200


def test_accept__own_invitation__is_a_self_approval(world: World) -> None:
    (made,) = invite(world, guests=[guest("ca-fontana")]).json()["items"]
    answer = send(world, world.token("CA"), "POST", f"/api/v1/invitations/{made['token']}/accept", ACCEPT)
    assert (answer.status_code, answer.json()["code"]) == (409, "self_approval")


@pytest.mark.parametrize("end", ["used", "withdrawn", "expired", "replaced"])
def test_invitation__no_longer_open__is_gone(world: World, end: str) -> None:
    anna = newcomer(world)
    (made,) = invite(world, guests=[guest()]).json()["items"]
    if end == "used":
        send(world, anna, "POST", f"/api/v1/invitations/{made['token']}/accept", ACCEPT, "first")
    elif end == "withdrawn":
        assert world.call("DELETE", f"{PLACE}/invitations/{made['id']}", "CA").status_code == 204
    elif end == "expired":
        world.now_ms += 14 * DAY_MS
    else:
        invite(world, "i2", guests=[guest()])
    assert world.client.get(f"/api/v1/invitations/{made['token']}").status_code == 410
    answer = send(world, anna, "POST", f"/api/v1/invitations/{made['token']}/accept", ACCEPT)
    assert (answer.status_code, answer.json()["code"]) == (410, "gone")


def test_invitation__token_that_this_server_did_not_sign__is_not_found(world: World) -> None:
    (made,) = invite(world, guests=[guest()]).json()["items"]
    for wrong in (made["id"], made["token"][:-1] + "?", "inv_x.y"):
        assert world.client.get(f"/api/v1/invitations/{wrong}").status_code == 404


def test_withdraw__accepted_one__is_a_conflict(world: World) -> None:
    (made,) = invite(world, guests=[guest()]).json()["items"]
    send(world, newcomer(world), "POST", f"/api/v1/invitations/{made['token']}/accept", ACCEPT)
    answer = world.call("DELETE", f"{PLACE}/invitations/{made['id']}", "CA")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_invite__member_and_stranger__are_answered_alike(world: World) -> None:
    known = invite(world, guests=[guest("mb-fontana")]).json()["items"][0]
    stranger = invite(world, "i2", guests=[guest("nobody")]).json()["items"][0]
    same = set(known) - {"id", "token"}
    assert {name: known[name] for name in same} == {name: stranger[name] for name in same}


def test_invite__address__lies_nowhere_in_clear_and_goes_with_the_use(world: World) -> None:
    (made,) = invite(world, guests=[guest()]).json()["items"]
    with world.database.read() as connection:
        sealed = bytes(connection.execute(select(Invitation.email)).scalar_one() or b"")
        answers = connection.execute(select(IdempotentAnswer.body)).scalars().all()
    assert b"anna" not in sealed
    assert not any("anna" in one for one in answers)
    assert world.call("GET", f"{PLACE}/invitations", "CA").json()["items"][0]["email"] == "anna@example.org"
    send(world, newcomer(world), "POST", f"/api/v1/invitations/{made['token']}/accept", ACCEPT)
    (shown,) = world.call("GET", f"{PLACE}/invitations", "CA").json()["items"]
    assert (shown["email"], shown["token"], shown["state"]) == (None, None, "accepted")


FILE = "email;kind;storage;natural_person;external_id\nanna@example.org;citizen_prosumer;yes;;A-1\n"
BAD = FILE + "bruno;citizen_consumer;;;\nanna@example.org;stakeholder;;no;\ncarla@example.org;citizen_consumer;;no;\n"


def test_invite__file_tried_first__tells_each_wrong_row_and_does_nothing(world: World) -> None:
    answer = invite(world, csv=BAD, dry_run=True)
    found = [(one["row"], one["pointer"], one["code"]) for one in answer.json()["errors"]]
    assert (answer.status_code, answer.json()["rows"]) == (200, 4)
    assert found == [
        (2, "/email", "string_pattern_mismatch"),
        (3, "/email", "duplicate"),
        (4, "/natural_person", "member_kind"),
    ]
    assert world.call("GET", f"{PLACE}/invitations", "CA").json()["items"] == []


def test_invite__file_with_a_wrong_row__invites_nobody(world: World) -> None:
    answer = invite(world, csv=BAD)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert [one["pointer"] for one in answer.json()["errors"]] == [
        "/csv/2/email",
        "/csv/3/email",
        "/csv/4/natural_person",
    ]
    assert world.call("GET", f"{PLACE}/invitations", "CA").json()["items"] == []


def test_invite__good_file__invites_each_row(world: World) -> None:
    (made,) = invite(world, csv=FILE).json()["items"]
    assert (made["kind"], made["storage"], made["external_id"]) == ("citizen_prosumer", True, "A-1")


@pytest.mark.parametrize("body", [{}, {"csv": FILE, "guests": [guest()]}, {"csv": "email;colour\na@b.it;red\n"}])
def test_invite__neither_list_nor_file_or_strange_columns__is_invalid(world: World, body: dict[str, Any]) -> None:
    answer = invite(world, **body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
