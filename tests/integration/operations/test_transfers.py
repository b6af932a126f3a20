"""Transfers that members sign are tried, carried once, and seen in balance and statement."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.factories.community import TestCommunity, fund_by_settlement, member_id_of
from tests.factories.members_on_chain import MembersOnChain, members_on_chain

pytestmark = [pytest.mark.chain, pytest.mark.database]


@pytest.fixture
def members(embedded_url: str, deployed_community: TestCommunity, tmp_path: Path) -> Iterator[MembersOnChain]:
    """Two members, the first with a thousand base units."""
    deployed_community.join_members(2)
    fund_by_settlement(deployed_community, {0: 1_000})
    with members_on_chain(embedded_url, deployed_community, tmp_path) as opened:
        opened.join(0)
        opened.join(1)
        opened.index()
        yield opened


def balance(members: MembersOnChain, number: int) -> dict[str, Any]:
    body: dict[str, Any] = members.call("GET", f"members/{member_id_of(number)}/balance", number).json()
    return body


def test_preview__first_time__net_fee_and_warning(members: MembersOnChain) -> None:
    to = members.community.wallet(1).address
    body = members.call("POST", "transfers/preview", 0, json={"to": to, "units": "10"}).json()
    assert (body["net_units"], body["fee_units"], body["first_time"]) == ("10", "0", True)


@pytest.mark.parametrize("units", ["1001"], ids=["too much"])
def test_preview__more_than_there_is__would_refuse_with_the_reason(members: MembersOnChain, units: str) -> None:
    to = members.community.wallet(1).address
    answer = members.call("POST", "transfers/preview", 0, json={"to": to, "units": units})
    assert (answer.status_code, answer.json()["code"]) == (409, "would_refuse")
    assert "ERC20InsufficientBalance" in answer.json()["detail"]


def test_transfer__signed__carried_pending_then_in_both_statements(members: MembersOnChain) -> None:
    body = {**members.signed(0, 1, 300), "memo": "for the tomatoes"}
    answer = members.call("POST", "transfers", 0, json=body)
    assert answer.status_code == 202
    assert (balance(members, 0)["pending_units"], balance(members, 1)["pending_units"]) == ("-300", "300")
    assert members.work() == {"done": 1}
    members.index()
    assert (balance(members, 0)["units"], balance(members, 0)["pending_units"]) == ("700", "0")
    for number, change in ((0, "-300"), (1, "300")):
        line = members.call("GET", f"members/{member_id_of(number)}/statement", number).json()["items"][0]
        assert (line["change_units"], line["memo"]) == (change, "for the tomatoes")
    operation = members.world.call("GET", answer.headers["location"], "member 0").json()
    assert operation["result"]["transaction"] == line["tx_hash"]


def test_transfer__second_to_the_same__no_first_time_any_more(members: MembersOnChain) -> None:
    members.call("POST", "transfers", 0, json=members.signed(0, 1, 1))
    members.work()
    members.index()
    to = members.community.wallet(1).address
    assert not members.call("POST", "transfers/preview", 0, json={"to": to, "units": "1"}).json()["first_time"]


def test_transfer__same_nonce_under_another_key__one_transfer(members: MembersOnChain) -> None:
    body = members.signed(0, 1, 300)
    first, second = (members.call("POST", "transfers", 0, json=body) for _ in range(2))
    assert first.json()["id"] == second.json()["id"]
    assert members.work() == {"done": 1}
    again = members.call("POST", "transfers", 0, json=body)
    assert (again.status_code, again.json()["state"]) == (202, "done")
    assert members.community.contracts.token.balance_of(members.community.wallet(1).address) == 300


def test_transfer__same_key_again__the_stored_answer(members: MembersOnChain) -> None:
    body = members.signed(0, 1, 300)
    answers = [members.call("POST", "transfers", 0, json=body, key="k") for _ in range(2)]
    assert answers[1].headers["idempotency-replayed"] == "true"
    assert members.work() == {"done": 1}


def test_transfer__killed_after_sending__found_again(members: MembersOnChain, monkeypatch: pytest.MonkeyPatch) -> None:
    members.call("POST", "transfers", 0, json=members.signed(0, 1, 300))
    with monkeypatch.context() as patch:
        patch.setattr("oracle.operations.carried_acts._end", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            members.work()
    assert members.work() == {"done": 1}
    assert members.community.contracts.token.balance_of(members.community.wallet(1).address) == 300


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"units": "301"}, 409, "would_refuse"),
        ({"to": "0x" + "11" * 20}, 409, "would_refuse"),
        ({"to": "0x" + "aA" * 20}, 422, "invalid"),
        ({"units": "-1"}, 422, "invalid"),
        ({"authorization": None}, 422, "invalid"),
        ({"memo": "two\nlines"}, 422, "invalid"),
    ],
    ids=["amount", "receiver", "checksum", "negative", "nothing signed", "memo"],
)
def test_transfer__changed_after_signing__refused_and_nothing_written(
    members: MembersOnChain, change: dict[str, Any], status: int, code: str
) -> None:
    answer = members.call("POST", "transfers", 0, json=members.signed(0, 1, 300) | change)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert members.work() == {}


def test_transfer__signature_too_late__refused(members: MembersOnChain) -> None:
    now_s = members.community.client.now_s()
    body = members.signed(0, 1, 300, valid_after_s=now_s - 500, valid_before_s=now_s - 1)
    assert members.call("POST", "transfers", 0, json=body).json()["code"] == "would_refuse"


def test_transfer__window_above_ten_minutes__refused(members: MembersOnChain) -> None:
    body = members.signed(0, 1, 300)
    body["authorization"]["valid_before_s"] += 600
    answer = members.call("POST", "transfers", 0, json=body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "window")


def test_transfer__twenty_first_of_a_day__limited(members: MembersOnChain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.member_wallets.RELAYED_A_DAY", 1)
    assert members.call("POST", "transfers", 0, json=members.signed(0, 1, 1)).status_code == 202
    answer = members.call("POST", "transfers", 0, json=members.signed(0, 1, 1))
    assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")


def test_transfer__own_wallet_sent_it__watched_with_its_memo(members: MembersOnChain) -> None:
    to = members.community.wallet(1).address
    receipt = members.community.send("member 0", members.community.contracts.token.transfer(to, 5))
    body = {"to": to, "units": "5", "memo": "own wallet", "tx_hash": receipt.tx_hash}
    assert members.call("POST", "transfers", 0, json=body).status_code == 202
    assert members.work() == {"done": 1}
    members.index()
    line = members.call("GET", f"members/{member_id_of(1)}/statement", 1).json()["items"][0]
    assert (line["change_units"], line["memo"]) == ("5", "own wallet")


def test_transfer__transaction_of_another_wallet__fails_and_keeps_no_memo(members: MembersOnChain) -> None:
    to = members.community.wallet(1).address
    receipt = members.community.send("member 0", members.community.contracts.token.transfer(to, 5))
    body = {"to": members.community.wallet(0).address, "units": "5", "memo": "mine", "tx_hash": receipt.tx_hash}
    members.call("POST", "transfers", 1, json=body)
    assert members.work() == {"failed": 1}
    members.index()
    assert members.call("GET", f"members/{member_id_of(1)}/statement", 1).json()["items"][0]["memo"] is None


def test_transfer__transaction_nobody_knows__waits_then_fails(members: MembersOnChain) -> None:
    body = {"to": members.community.wallet(1).address, "units": "5", "tx_hash": "0x" + "12" * 32}
    members.call("POST", "transfers", 0, json=body)
    assert members.work() == {"waiting": 1}
    members.world.now_ms += 3_600_000
    assert members.work() == {"failed": 1}


def test_transfer__above_a_hundred_tokens__fresh_login_first(members: MembersOnChain) -> None:
    old = members.world.tokens.issue("member 0", authenticated_at_s=1)
    members.world.callers[("member 0", "fontana")] = old
    answer = members.call("POST", "transfers", 0, json=members.signed(0, 1, 101 * 10**18))
    assert (answer.status_code, answer.json()["code"]) == (401, "insufficient_user_authentication")


def test_transfer__chain_stands_still__503(members: MembersOnChain) -> None:
    members.world.now_ms += 60_000
    answer = members.call("POST", "transfers", 0, json=members.signed(0, 1, 1))
    assert (answer.status_code, answer.json()["code"]) == (503, "chain_stalled")


def test_transfer__member_without_wallet__no_wallet(members: MembersOnChain) -> None:
    members.join(5)
    answer = members.call("POST", "transfers", 5, json=members.signed(0, 1, 1))
    assert (answer.status_code, answer.json()["code"]) == (409, "no_wallet")
