"""F11: a member leaves on chain by the own wallet's word, may give tokens for the grace, and the rest is swept."""

from typing import Any

import pytest

from gettone.chain.consent import LeaveNotice, sign_leave
from gettone.db.repositories.wallets import Wallets
from tests.factories.api_world import HERE
from tests.factories.wallet_world import WalletWorld, wallet_of
from tests.integration.wallets.conftest import BONUS_UNITS
from tests.integration.wallets.test_replacing import joined, pass_time

pytestmark = [pytest.mark.chain, pytest.mark.database]

GRACE_S = 90 * 86_400
WHY = {"reason": "moves to another town"}


def leave(wallets: WalletWorld, member: str, **more: Any) -> Any:
    headers = {"authorization": f"Bearer {wallets.tokens[member]}"}
    path = f"/api/v1/communities/{HERE}/members/{member}/leave"
    return wallets.world.client.post(path, json=WHY | more, headers=headers)


def notice(wallets: WalletWorld, member: str, name: str) -> dict[str, Any]:
    registry, client = wallets.community.contracts.members, wallets.community.client
    deadline_s = client.now_s() + 600
    nonce = registry.nonces(wallet_of(name).address)
    signature = sign_leave(
        wallet_of(name), registry.address, client.chain_id, LeaveNotice(HERE, member, nonce, deadline_s)
    )
    return {"deadline_s": deadline_s, "signature": "0x" + signature.hex()}


@pytest.mark.parametrize("custodial", [False, True])
def test_leave__member__keeps_the_tokens_for_the_grace_then_they_are_swept(
    wallets: WalletWorld, custodial: bool
) -> None:
    anna = joined(wallets, custodial=custodial)
    address = wallets.call("GET", anna).json()["address"]
    word = {} if custodial else notice(wallets, anna, "anna")
    assert leave(wallets, anna, **word).status_code == 202
    assert wallets.member(anna).to_slot is not None
    assert (wallets.work(), wallets.member(anna).state) == ({"held": 1}, "leaving")
    grace = wallets.community.contracts.members.grace_of(address)
    assert grace is not None
    assert wallets.community.contracts.token.balance_of(address) == BONUS_UNITS
    pass_time(wallets, GRACE_S + 1)
    assert (wallets.work(), wallets.member(anna).state) == ({"done": 1}, "left")
    assert wallets.community.contracts.token.balance_of(address) == 0
    with wallets.world.database.read() as connection:
        wallet = Wallets(connection).find(address)
    assert wallet is not None
    assert (wallet.state, wallet.key) == ("closed", None)


def test_leave__own_wallet_without_its_word__is_refused(wallets: WalletWorld) -> None:
    anna = joined(wallets)
    wrong = notice(wallets, anna, "thief")
    for word in ({}, wrong):
        answer = leave(wallets, anna, **word)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/body/signature")
    assert wallets.member(anna).state == "active"


def test_leave__before_the_wallet__is_over_at_once(wallets: WalletWorld) -> None:
    anna = wallets.newcomer("anna")
    wallets.call("POST", anna, body={})
    answer = leave(wallets, anna)
    assert (answer.status_code, answer.json()["state"]) == (200, "left")
    wallets.work()
    assert wallets.community.contracts.members.wallet_of(anna) is None


def test_leave__twice__asks_the_chain_once(wallets: WalletWorld) -> None:
    anna = joined(wallets, custodial=True)
    assert [leave(wallets, anna).status_code for _ in range(2)] == [202, 200]


def test_leave__by_an_administrator__is_an_exclusion_after_the_notice(wallets: WalletWorld) -> None:
    anna = joined(wallets)
    path = f"/api/v1/communities/{HERE}/members/{anna}/leave"
    assert wallets.world.call("POST", path, "CA", json=WHY).status_code == 202
    assert wallets.work() == {"held": 1}
    assert wallets.community.contracts.members.pending_exclusion(anna) is not None
    pass_time(wallets, 3601)
    assert wallets.work() == {"held": 1}
    assert wallets.community.contracts.members.grace_of(wallet_of("anna").address) is not None
    pass_time(wallets, GRACE_S + 1)
    assert wallets.work() == {"done": 1}


def test_join_again__after_leaving__has_the_same_member_id_and_no_second_bonus(wallets: WalletWorld) -> None:
    anna = joined(wallets, custodial=True)
    leave(wallets, anna)
    wallets.work()
    pass_time(wallets, GRACE_S + 1)
    wallets.work()
    assert wallets.newcomer("anna") == anna
    wallets.world.now_ms += 2 * 86_400_000
    again = wallets.call("POST", anna, body={}).json()
    assert wallets.work() == {"done": 1}
    assert wallets.member(anna).state == "active"
    assert wallets.community.contracts.token.balance_of(again["address"]) == 0
