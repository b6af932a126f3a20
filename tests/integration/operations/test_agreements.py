"""Agreements through the API: written down, consented, delivered, confirmed, rated; disputed, resolved, checked."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from gettone.chain.agreement import Act, feedback_detail
from gettone.economy.agreements import terms_of as terms_of_document
from tests.factories.api_world import HERE
from tests.factories.community import TestCommunity, act_of, fund_by_settlement, member_id_of, permit_of
from tests.factories.members_on_chain import MembersOnChain, members_on_chain

pytestmark = [pytest.mark.chain, pytest.mark.database]

PROVIDER, PAYER, STRANGER = 0, 1, 2
TEXT = "Two hours of work in the garden"


@pytest.fixture
def members(embedded_url: str, deployed_community: TestCommunity, tmp_path: Path) -> Iterator[MembersOnChain]:
    """Three members, the second with a thousand base units."""
    deployed_community.join_members(3)
    fund_by_settlement(deployed_community, {PAYER: 1_000})
    with members_on_chain(embedded_url, deployed_community, tmp_path) as opened:
        for number in (PROVIDER, PAYER, STRANGER):
            opened.join(number)
        opened.index()
        yield opened


def written(members: MembersOnChain, **changes: Any) -> dict[str, Any]:
    """A draft of the provider."""
    deadline = datetime.fromtimestamp(members.community.client.now_s() + 7 * 86_400, UTC).isoformat()
    body = {"category": 1, "provider": member_id_of(PROVIDER), "payers": [member_id_of(PAYER)], "price_units": "400"}
    answer = members.call("POST", "agreements", PROVIDER, json=body | {"deadline": deadline, "text": TEXT} | changes)
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.json()
    return document


def do(members: MembersOnChain, draft: dict[str, Any], number: int, route: str, act: Act, **more: Any) -> Any:
    """One signed act of a member, carried and indexed."""
    members.world.now_ms = members.community.client.now_s() * 1000
    detail = more.pop("detail", bytes(32))
    signed = act_of(members.community, number, act, terms_of_document(draft["terms"]), detail=detail)
    body = {"signature": "0x" + signed.signature.hex(), "deadline_s": signed.deadline_s} | more
    answer = members.call("POST", f"agreements/{draft['id']}/{route}", number, json=body)
    if answer.status_code == 202:
        members.work()
        members.index()
    return answer


def permit(members: MembersOnChain, units: int) -> dict[str, Any]:
    found = permit_of(members.community, PAYER, units)
    return {
        "value_units": str(units),
        "deadline_s": found.deadline_s,
        "v": found.v,
        "r": "0x" + found.r.hex(),
        "s": "0x" + found.s.hex(),
    }


def agreed(members: MembersOnChain, **changes: Any) -> dict[str, Any]:
    """An agreement in force."""
    draft = written(members, **changes)
    assert do(members, draft, PROVIDER, "accept", Act.PROPOSE).status_code == 202
    assert do(members, draft, PAYER, "accept", Act.ACCEPT, permit=permit(members, 400)).status_code == 202
    return draft


def state(members: MembersOnChain, draft: dict[str, Any], caller: int | str = PROVIDER) -> str:
    return str(members.call("GET", f"agreements/{draft['id']}", caller).json()["state"])


def test_write__terms__legs_fee_and_text_come_back_as_a_draft(members: MembersOnChain) -> None:
    draft = written(members)
    assert (draft["state"], draft["text"], draft["funding_units"]) == ("draft", TEXT, {member_id_of(PAYER): "400"})
    (leg,) = draft["legs"]
    assert (leg["receiver"], int(leg["net_units"]) + int(leg["fee_units"])) == (member_id_of(PROVIDER), 400)


def test_agreement__accepted_delivered_confirmed__settled_paid_and_rated(members: MembersOnChain) -> None:
    draft = agreed(members)
    assert state(members, draft) == "accepted"
    assert do(members, draft, PROVIDER, "deliver", Act.DELIVER).status_code == 202
    assert do(members, draft, PAYER, "confirm", Act.CONFIRM).status_code == 202
    assert state(members, draft, PAYER) == "settled"
    line = members.call("GET", f"members/{member_id_of(PROVIDER)}/statement", PROVIDER).json()["items"][0]
    assert (line["reason"], line["agreement"], line["net_units"]) == ("agreement_payment", draft["id"], "400")
    words = {"score": 5, "text": "Tidy and quick"}
    detail = feedback_detail(5, sha256(b"Tidy and quick").digest())
    assert do(members, draft, PAYER, "feedback", Act.FEEDBACK, detail=detail, **words).status_code == 202


def test_accept__without_signature__transaction_for_the_own_wallet(members: MembersOnChain) -> None:
    draft = written(members)
    prepared = members.call("POST", f"agreements/{draft['id']}/accept", PROVIDER, json={}).json()
    assert prepared["to"] == members.community.contracts.exchange.address
    assert prepared["nonce"] == 0
    assert members.work() == {}


def test_accept__same_signature_again__one_act(members: MembersOnChain) -> None:
    draft = written(members)
    signed = act_of(members.community, PROVIDER, Act.PROPOSE, terms_of_document(draft["terms"]))
    body = {"signature": "0x" + signed.signature.hex(), "deadline_s": signed.deadline_s}
    answers = [members.call("POST", f"agreements/{draft['id']}/accept", PROVIDER, json=body) for _ in range(2)]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert members.work() == {"done": 1}


def test_accept__signature_for_another_act__would_refuse(members: MembersOnChain) -> None:
    answer = do(members, written(members), PROVIDER, "accept", Act.CANCEL)
    assert (answer.status_code, answer.json()["code"]) == (409, "would_refuse")


def test_deliver__draft__state(members: MembersOnChain) -> None:
    answer = members.call("POST", f"agreements/{written(members)['id']}/deliver", PROVIDER, json={})
    assert (answer.status_code, answer.json()["code"]) == (409, "state")


def test_cancel__before_acceptance__nobody_is_bound(members: MembersOnChain) -> None:
    draft = written(members)
    do(members, draft, PROVIDER, "accept", Act.PROPOSE)
    assert do(members, draft, PROVIDER, "cancel", Act.CANCEL).status_code == 202
    assert state(members, draft) == "cancelled"


def test_agreements__stranger__sees_none(members: MembersOnChain) -> None:
    draft = agreed(members)
    assert members.call("GET", f"agreements/{draft['id']}", STRANGER).status_code == 404
    assert members.call("GET", "agreements", STRANGER).json()["items"] == []
    assert [one["id"] for one in members.call("GET", "agreements", PAYER).json()["items"]] == [draft["id"]]
    assert members.call("POST", f"agreements/{draft['id']}/cancel", STRANGER, json={}).status_code == 404


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"payers": []}, 422), ({"category": 9}, 422), ({"text": ""}, 422), ({"deposit_units": "5"}, 422)],
    ids=["payers", "category", "text", "deposit"],
)
def test_write__terms_no_community_accepts__refused(
    members: MembersOnChain, changes: dict[str, Any], status: int
) -> None:
    deadline = datetime.fromtimestamp(members.community.client.now_s() + 86_400, UTC).isoformat()
    body = {"category": 1, "provider": member_id_of(PROVIDER), "payers": [member_id_of(PAYER)], "price_units": "4"}
    body |= {"deadline": deadline, "text": TEXT}
    assert members.call("POST", "agreements", PROVIDER, json=body | changes).status_code == status


def test_write__for_others__refused(members: MembersOnChain) -> None:
    deadline = datetime.fromtimestamp(members.community.client.now_s() + 86_400, UTC).isoformat()
    body = {"category": 1, "provider": member_id_of(PROVIDER), "payers": [member_id_of(PAYER)], "price_units": "4"}
    answer = members.call("POST", "agreements", STRANGER, json=body | {"deadline": deadline, "text": TEXT})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "party")


def test_dispute__resolved_by_the_administrator__split_and_reason_kept(members: MembersOnChain) -> None:
    draft = agreed(members)
    reason = "The work was left half done"
    detail = sha256(reason.encode()).digest()
    assert do(members, draft, PAYER, "dispute", Act.DISPUTE, detail=detail, reason=reason).status_code == 202
    assert state(members, draft) == "disputed"
    body = {"to_receiver_units": "100", "reason": "a quarter was done"}
    assert members.call("POST", f"agreements/{draft['id']}/resolve", "CA", json=body).status_code == 202
    assert members.work() == {"done": 1}
    members.index()
    assert state(members, draft, "CA") == "resolved"
    balances = [members.community.contracts.token.balance_of(members.community.wallet(n).address) for n in (0, 1)]
    assert balances == [100, 900]


def test_resolve__by_a_party__own_agreement(members: MembersOnChain) -> None:
    draft = agreed(members)
    members.world.grant(members.world.user_ids[("member 0", HERE)], "CA", HERE)
    members.world.callers[("member 0", HERE)] = members.world.tokens.issue("member 0", ("member", "community-admin"))
    body = {"to_receiver_units": "1", "reason": "for myself"}
    answer = members.call("POST", f"agreements/{draft['id']}/resolve", PROVIDER, json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "own_agreement")


def test_check__by_a_verifier__recorded_once(members: MembersOnChain) -> None:
    draft = agreed(members)
    body = {"sustainability": True, "social_value": False}
    assert members.call("POST", f"agreements/{draft['id']}/check", "VF", json=body).status_code == 202
    assert members.work() == {"done": 1}
    members.index()
    assert members.call("GET", f"agreements/{draft['id']}", PAYER).json()["checks"] == 1
    assert members.call("POST", f"agreements/{draft['id']}/check", "VF", json=body).json()["code"] == "state"


def test_community_pays__administrator_accepts__treasury_funds(members: MembersOnChain) -> None:
    draft = written(members, category=6, payers=[], price_units="0")
    assert do(members, draft, PROVIDER, "accept", Act.PROPOSE).status_code == 202
    assert members.call("POST", f"agreements/{draft['id']}/accept", "CA", json={}).status_code == 202
    assert members.work() == {"done": 1}
    members.index()
    assert state(members, draft) == "accepted"


def test_between_members__administrator__does_not_act(members: MembersOnChain) -> None:
    draft = written(members)
    assert members.call("POST", f"agreements/{draft['id']}/accept", "CA", json={}).status_code == 403
