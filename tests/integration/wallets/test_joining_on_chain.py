"""F4-a, F5: who linked a wallet joins once, with one bonus, however often the worker dies on the way."""

from datetime import date
from typing import Any

import pytest

from gettone.db.repositories.communities import Communities
from gettone.db.repositories.operations import Operations
from gettone.errors import Unreachable
from gettone.periods import load_zone, midnight_s
from oracle.operations import join_member as steps
from tests.factories.api_world import HERE
from tests.factories.wallet_world import WalletWorld, wallet_of
from tests.integration.wallets.conftest import BONUS_UNITS

pytestmark = [pytest.mark.chain, pytest.mark.database]


def begin_again(wallets: WalletWorld, number: str) -> None:
    with wallets.world.database.write() as connection:
        Operations(connection).begin(number)


def joins(wallets: WalletWorld) -> list[str]:
    return [one.member_id for one in wallets.community.contracts.members.members_joined()]


def interval(wallets: WalletWorld, member_id: str) -> list[tuple[int, int | None]]:
    with wallets.world.database.read() as connection:
        rows = Communities(connection).intervals(wallets.world.community_ids[HERE])
    return [(one.from_slot, one.to_slot) for one in rows if one.member_id == member_id]


def require_joined_once(wallets: WalletWorld, member_id: str, address: str) -> None:
    contracts = wallets.community.contracts
    assert joins(wallets) == [member_id]
    assert contracts.token.balance_of(address) == BONUS_UNITS
    member = wallets.member(member_id)
    assert (member.state, member.wallet) == ("active", address)
    # It is the first second of 15 January 2027 in the zone of the community: the membership begins with the next day.
    assert interval(wallets, member_id) == [
        (midnight_s(date(2027, 1, 16), load_zone("America/Los_Angeles")) // 900, None)
    ]


@pytest.mark.parametrize("custody", ["own", "custodial"])
def test_join__linked_wallet__is_a_member_from_the_next_day_with_one_bonus(wallets: WalletWorld, custody: str) -> None:
    anna = wallets.newcomer("anna")
    if custody == "own":
        made = wallets.call("PUT", anna, body=wallets.signed(anna, wallet_of("anna"))).json()
    else:
        made = wallets.call("POST", anna, body={}).json()
    assert wallets.work() == {"done": 1}
    require_joined_once(wallets, anna, made["address"])
    shown = wallets.call("GET", anna).json()
    assert (shown["state"], shown["joined_at"]) == ("active", "2027-01-15T08:00:00.000Z")
    begin_again(wallets, made["operation"])
    wallets.work()
    require_joined_once(wallets, anna, made["address"])


class Killed(BaseException):
    """The worker dies here."""


KILLS = ("_known", "_send", "_settle_in", "_consent_of")


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", KILLS)
def test_join__worker_killed_around_a_step__joins_once(
    wallets: WalletWorld, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    anna = wallets.newcomer("anna")
    made = wallets.call("POST", anna, body={}).json()
    real = getattr(steps, step)

    def dies(*given: Any) -> Any:
        if after:
            real(*given)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(steps, step, dies)
        with pytest.raises(Killed):
            wallets.work()
    assert wallets.work() == {"done": 1}
    require_joined_once(wallets, anna, made["address"])


def test_join__chain_down__waits_and_goes_on(wallets: WalletWorld) -> None:
    def down(_slug: str) -> Any:
        raise Unreachable("rpc_unreachable", "the node does not answer")

    anna = wallets.newcomer("anna")
    made = wallets.call("POST", anna, body={}).json()
    assert wallets.work(open_contracts=down) == {"waiting": 1}
    assert wallets.member(anna).state == "wallet_pending"
    assert wallets.work() == {"done": 1}
    require_joined_once(wallets, anna, made["address"])


def test_join__consent_expired_on_the_way__asks_for_another_link(wallets: WalletWorld) -> None:
    anna = wallets.newcomer("anna")
    made = wallets.call("PUT", anna, body=wallets.signed(anna, wallet_of("anna"))).json()
    wallets.community.chain.set_time(wallets.community.client.now_s() + 4 * 86_400)
    wallets.community.chain.mine()
    assert wallets.work() == {"failed": 1}
    with wallets.world.database.read() as connection:
        found = Operations(connection).find(made["operation"])
    assert found is not None
    assert (found.result or {})["code"] == "consent_expired"
    assert wallets.call("PUT", anna, body=wallets.signed(anna, wallet_of("anna"))).status_code == 200
    assert wallets.work() == {"done": 1}
    require_joined_once(wallets, anna, made["address"])


def test_suspend__member_with_a_wallet__is_frozen_and_freed_on_chain(wallets: WalletWorld) -> None:
    anna = wallets.newcomer("anna")
    wallets.call("POST", anna, body={})
    wallets.work()
    place = f"/api/v1/communities/{HERE}/members/{anna}"
    for act, frozen in (("suspend", True), ("resume", False)):
        assert wallets.world.call("POST", f"{place}/{act}", "CA", json={"reason": "fee overdue"}).status_code == 202
        assert wallets.work() == {"done": 1}
        assert (wallets.community.contracts.members.frozen_by(anna) is not None) is frozen
