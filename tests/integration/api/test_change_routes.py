"""Changes of rules: drafted, fixed, decided by another person, with notice; who and when decides each step."""

import secrets
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from gettone.chain.policy_values import Fees
from gettone.db.tables import AuditEntry, Community
from gettone.metering.gate.rules import GateRules
from tests.factories.api_world import HERE, NOW_MS, World

pytestmark = pytest.mark.database

LISTED = "/api/v1/communities/fontana/changes"
DAY_S = 86_400
NOW_S = NOW_MS // 1000
PARAMETERS: dict[str, dict[str, Any]] = {
    "model": {"kind": "self_consumption", "mode": "pool", "budget_units": "100"},
    "fee": asdict(Fees()),
    "cap": {"period_units": "100", "member_units": "10"},
    "settings": asdict(GateRules()),
}
PROPOSERS = {"model": "OA", "settings": "OA", "fee": "TA", "cap": "CA"}
APPROVERS = {"model": "CA", "settings": "CA", "fee": "CA", "cap": "TA"}


TODAY = datetime.fromtimestamp(NOW_S, UTC)
SOON, LATER = ((TODAY + timedelta(days=days)).isoformat() for days in (1, 30))


@pytest.fixture(autouse=True)
def chain(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chain whose clock is that of the world and which asks for a week of notice."""
    gateway = SimpleNamespace(min_notice_s=lambda: 7 * DAY_S)
    client = SimpleNamespace(now_s=lambda: NOW_S)
    contracts = SimpleNamespace(client=client, models=gateway, policy=gateway, ledger=gateway)
    monkeypatch.setattr("api.changes.decisions.contracts_of", lambda *_: contracts)


def call(world: World, method: str, path: str, role: str, body: Any = None, **headers: str) -> Any:
    return world.call(method, LISTED + path, role, json=body, headers=headers)


def draft(world: World, kind: str = "settings", role: str | None = None, valid_from: str = LATER, **more: Any) -> Any:
    body = {"kind": kind, "parameters": PARAMETERS[kind] | more, "valid_from": valid_from}
    return world.call(
        "POST", LISTED, role or PROPOSERS[kind], json=body, headers={"Idempotency-Key": secrets.token_hex(4)}
    )


def submitted(world: World, kind: str = "settings") -> str:
    number = str(draft(world, kind).json()["id"])
    assert call(world, "POST", f"/{number}/submit", PROPOSERS[kind]).status_code == 200
    return number


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize("kind", sorted(PARAMETERS))
def test_draft_change__by_who_proposes_its_kind__is_kept(world: World, kind: str) -> None:
    made = draft(world, kind)
    assert (made.status_code, made.json()["state"], made.json()["digest"]) == (201, "draft", None)
    found = world.client.get(
        made.headers["location"], headers={"authorization": f"Bearer {world.token(PROPOSERS[kind])}"}
    )
    assert found.json() == made.json()


@pytest.mark.parametrize("kind", sorted(PARAMETERS))
def test_draft_change__by_who_does_not_propose_its_kind__is_403(world: World, kind: str) -> None:
    for role in {"OA", "TA", "CA"} - {PROPOSERS[kind]}:
        assert code(draft(world, kind, role)) == (403, "not_permitted")


def test_draft_change__out_of_range__is_422_and_names_the_field(world: World) -> None:
    refused = draft(world, deadline_days=400)
    assert code(refused) == (422, "out_of_range")
    assert "deadline_days" in refused.json()["detail"]
    assert call(world, "GET", "", "OA").json()["items"] == []


def test_replace_change__without_and_with_an_old_etag__is_428_and_412(world: World) -> None:
    number = draft(world).json()["id"]
    body = {"kind": "settings", "parameters": PARAMETERS["settings"] | {"deadline_days": 60}, "valid_from": LATER}
    assert code(call(world, "PUT", f"/{number}", "OA", body)) == (428, "etag_required")
    assert code(call(world, "PUT", f"/{number}", "OA", body, **{"If-Match": '"old"'})) == (412, "etag_mismatch")
    etag = call(world, "GET", f"/{number}", "OA").headers["etag"]
    assert (
        call(world, "PUT", f"/{number}", "OA", body, **{"If-Match": etag}).json()["parameters"]["deadline_days"] == 60
    )


def test_delete_change__draft__is_gone_and_a_submitted_one_stays(world: World) -> None:
    number = draft(world).json()["id"]
    etag = call(world, "GET", f"/{number}", "OA").headers["etag"]
    assert call(world, "DELETE", f"/{number}", "OA", **{"If-Match": etag}).status_code == 204
    assert call(world, "GET", f"/{number}", "OA").status_code == 404
    kept = submitted(world)
    etag = call(world, "GET", f"/{kept}", "OA").headers["etag"]
    assert kept != number
    assert code(call(world, "DELETE", f"/{kept}", "OA", **{"If-Match": etag})) == (409, "state")


def test_submit_change__twice__fixes_one_digest(world: World) -> None:
    number = draft(world).json()["id"]
    answers = [call(world, "POST", f"/{number}/submit", "OA").json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert (answers[0]["state"], len(answers[0]["digest"])) == ("submitted", 64)


@pytest.mark.parametrize("kind", ["model", "fee", "cap"])
def test_submit_change__start_within_the_notice__is_409(world: World, kind: str) -> None:
    number = draft(world, kind, valid_from=SOON).json()["id"]
    assert code(call(world, "POST", f"/{number}/submit", PROPOSERS[kind])) == (409, "notice_too_short")


def test_approve_change__after_the_notice_became_too_short__is_409(world: World) -> None:
    number = submitted(world)
    world.now_ms += 40 * DAY_S * 1000
    assert code(call(world, "POST", f"/{number}/approve", "CA")) == (409, "notice_too_short")


@pytest.mark.parametrize("kind", sorted(PARAMETERS))
def test_approve_change__another_person_twice__is_one_operation(world: World, kind: str) -> None:
    number = submitted(world, kind)
    answers = [call(world, "POST", f"/{number}/approve", APPROVERS[kind]) for _ in range(2)]
    assert [one.status_code for one in answers] == [202, 202]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    found = call(world, "GET", f"/{number}", "CA").json()
    assert (found["state"], found["operation"]) == ("approved", answers[0].headers["location"])


@pytest.mark.parametrize("kind", ["fee", "cap"])
def test_approve_change__by_who_only_proposes_its_kind__is_403(world: World, kind: str) -> None:
    assert code(call(world, "POST", f"/{submitted(world, kind)}/approve", PROPOSERS[kind])) == (403, "not_permitted")


def test_approve_change__by_who_submitted_it__is_409(world: World) -> None:
    assert code(call(world, "POST", f"/{submitted(world)}/approve", "OA")) == (409, "self_approval")


@pytest.mark.parametrize(("waited_h", "status"), [(23, 409), (24, 202)])
def test_approve_change__single_administrator__may_a_day_later(world: World, waited_h: int, status: int) -> None:
    with world.database.write() as connection:
        here = Community.community_id == world.community_ids[HERE]
        connection.execute(Community.__table__.update().where(here).values(governance="single"))
    number = submitted(world)
    world.now_ms += waited_h * 3_600_000
    assert call(world, "POST", f"/{number}/approve", "OA").status_code == status


def test_approve_change__draft__is_409(world: World) -> None:
    assert code(call(world, "POST", f"/{draft(world).json()['id']}/approve", "CA")) == (409, "state")


@pytest.mark.parametrize(("act", "role", "state"), [("reject", "CA", "rejected"), ("withdraw", "OA", "withdrawn")])
def test_end_of_a_change__with_a_reason__is_final(world: World, act: str, role: str, state: str) -> None:
    number = submitted(world)
    answers = [call(world, "POST", f"/{number}/{act}", role, {"reason": "not now"}) for _ in range(2)]
    assert [(one.status_code, one.json()["state"], one.json()["reason"]) for one in answers] == [
        (200, state, "not now")
    ] * 2
    assert code(call(world, "POST", f"/{number}/approve", "CA")) == (409, "state")


def test_preview_change__by_any_admin__is_asked_of_the_worker(world: World) -> None:
    number = draft(world).json()["id"]
    assert call(world, "POST", f"/{number}/preview", "TA", {"period": "2016-09"}).status_code == 202
    assert call(world, "POST", f"/{number}/preview", "TA", {"period": "2016 09"}).status_code == 422


def test_change__each_step__is_in_the_audit_trail(world: World) -> None:
    number = submitted(world)
    call(world, "POST", f"/{number}/approve", "CA")
    with world.database.read() as connection:
        query = select(AuditEntry.actor, AuditEntry.action).order_by(AuditEntry.entry)
        deeds = [tuple(row) for row in connection.execute(query)]
    assert deeds == [
        ("oa-fontana", "change.draft"),
        ("oa-fontana", "change.submit"),
        ("ca-fontana", "change.approve"),
    ]


@pytest.mark.parametrize("path", ["", "/chg_none"])
def test_changes__of_another_community__look_as_if_they_did_not_exist(world: World, path: str) -> None:
    draft(world)
    assert world.call("GET", f"/api/v1/communities/other/changes{path}", "OA").status_code == 404
