"""F16: a wallet is replaced at once when it signs, after a delay when it is lost, and never against an objection."""

from typing import Any

import pytest

from gettone.chain.consent import Objection, ReplaceOrder, sign_objection, sign_replace
from gettone.chain.signer import Signer
from gettone.db.repositories.mails import Mails
from tests.factories.api_world import HERE
from tests.factories.wallet_world import WalletWorld, wallet_of
from tests.integration.wallets.conftest import BONUS_UNITS

pytestmark = [pytest.mark.chain, pytest.mark.database]

DELAY_S = 3 * 86_400
WHY = {"reason": "the telephone is broken"}


def joined(wallets: WalletWorld, name: str = "anna", *, custodial: bool = False) -> str:
    member = wallets.newcomer(name)
    if custodial:
        wallets.call("POST", member, body={})
    else:
        wallets.call("PUT", member, body=wallets.signed(member, wallet_of(name)))
    assert wallets.work() == {"done": 1}
    return member


def ask(wallets: WalletWorld, member: str, new: Signer, **more: Any) -> Any:
    return wallets.call("POST", member, "/replacements", wallets.signed(member, new) | WHY | more)


def confirm(wallets: WalletWorld, member: str, number: str) -> Any:
    path = f"/api/v1/communities/{HERE}/members/{member}/wallet/replacements/{number}/confirm"
    return wallets.world.call("POST", path, "CA", json={"reason": "seen in person"})


def object_to(wallets: WalletWorld, member: str, number: str, body: dict[str, Any] | None = None) -> Any:
    return wallets.call("POST", member, f"/replacements/{number}/object", body or {})


def pass_time(wallets: WalletWorld, seconds: int) -> None:
    wallets.community.chain.set_time(wallets.community.client.now_s() + seconds)
    wallets.community.chain.mine()


def balance(wallets: WalletWorld, address: str) -> int:
    return wallets.community.contracts.token.balance_of(address)


def require_moved(wallets: WalletWorld, member: str, old: str, new: str) -> None:
    assert wallets.community.contracts.members.wallet_of(member) == new
    assert (balance(wallets, old), balance(wallets, new)) == (0, BONUS_UNITS)
    shown = wallets.call("GET", member).json()
    assert (shown["address"], shown["state"], wallets.member(member).wallet) == (new, "active", new)


def test_replace__old_wallet_signs__is_done_at_once(wallets: WalletWorld) -> None:
    anna, new = joined(wallets), wallet_of("new")
    asked = wallets.challenge(anna, new)
    registry, client = wallets.community.contracts.members, wallets.community.client
    nonce = registry.nonces(wallet_of("anna").address)
    order = ReplaceOrder(HERE, anna, new.address, nonce, asked["consent_deadline_s"])
    signature = sign_replace(wallet_of("anna"), registry.address, client.chain_id, order)
    body = wallets.signed(anna, new, asked) | WHY | {"order": "0x" + signature.hex()}
    answer = wallets.call("POST", anna, "/replacements", body)
    assert (answer.status_code, answer.json()["needs_confirmation"]) == (202, False)
    assert wallets.work() == {"done": 1}
    require_moved(wallets, anna, wallet_of("anna").address, new.address)


def test_replace__custodial_by_own_wallet__is_done_at_once(wallets: WalletWorld) -> None:
    anna = joined(wallets, custodial=True)
    old = wallets.call("GET", anna).json()["address"]
    assert ask(wallets, anna, wallet_of("new")).status_code == 202
    assert wallets.work() == {"done": 1}
    require_moved(wallets, anna, old, wallet_of("new").address)
    assert wallets.call("GET", anna).json()["custody"] == "own"


def test_replace__order_of_another_key__is_refused(wallets: WalletWorld) -> None:
    anna = joined(wallets)
    answer = ask(wallets, anna, wallet_of("new"), order="0x" + "11" * 65)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/body/order")


@pytest.mark.parametrize("custody", ["own", "custodial"])
def test_replace__lost_and_confirmed__moves_after_the_delay_only(wallets: WalletWorld, custody: str) -> None:
    anna = joined(wallets)
    if custody == "own":
        asked = ask(wallets, anna, wallet_of("new")).json()
    else:
        asked = wallets.call("POST", anna, "/replacements", {"custody": "custodial"} | WHY).json()
    assert (asked["state"], asked["needs_confirmation"], wallets.work()) == ("requested", True, {})
    assert confirm(wallets, anna, asked["id"]).status_code == 202
    assert wallets.work() == {"held": 1}
    (shown,) = wallets.call("GET", anna, "/replacements").json()["items"]
    assert (shown["state"], shown["executable_at"] is not None) == ("proposed", True)
    with wallets.world.database.read() as connection:
        (mail,) = Mails(connection).due(wallets.world.now_ms)
    assert (mail.kind, mail.fields["date"]) == ("wallet_replacement", shown["executable_at"].replace(".000Z", "Z"))
    assert balance(wallets, asked["new_address"]) == 0
    pass_time(wallets, DELAY_S)
    assert wallets.work() == {"done": 1}
    require_moved(wallets, anna, wallet_of("anna").address, asked["new_address"])


def test_confirm__the_own_replacement__is_a_self_approval(wallets: WalletWorld) -> None:
    anna = joined(wallets)
    asked = ask(wallets, anna, wallet_of("new")).json()
    with wallets.world.database.read() as connection:
        user_id = connection.exec_driver_sql("SELECT user_id FROM users WHERE idp_subject = 'anna'").scalar_one()
    wallets.world.grant(user_id, "CA", HERE)
    wallets.tokens[anna] = wallets.world.tokens.issue("anna", ("community-admin", "member"))
    answer = wallets.call("POST", anna, f"/replacements/{asked['id']}/confirm", WHY)
    assert (answer.status_code, answer.json()["code"]) == (409, "self_approval")


def test_confirm__twice__asks_the_chain_once(wallets: WalletWorld) -> None:
    anna = joined(wallets)
    asked = ask(wallets, anna, wallet_of("new")).json()
    assert [confirm(wallets, anna, asked["id"]).status_code for _ in range(2)] == [202, 200]


def test_object__before_anybody_confirmed__ends_it(wallets: WalletWorld) -> None:
    anna = joined(wallets)
    asked = ask(wallets, anna, wallet_of("new")).json()
    assert [object_to(wallets, anna, asked["id"]).json()["state"] for _ in range(2)] == ["objected", "objected"]
    assert confirm(wallets, anna, asked["id"]).json()["code"] == "conflict"


def test_object__signed_in_the_last_moment__wins(wallets: WalletWorld) -> None:
    anna = joined(wallets)
    asked = ask(wallets, anna, wallet_of("new")).json()
    confirm(wallets, anna, asked["id"])
    wallets.work()
    pass_time(wallets, DELAY_S - 10)
    registry, client = wallets.community.contracts.members, wallets.community.client
    deadline_s = client.now_s() + 600
    nonce = registry.nonces(wallet_of("anna").address)
    objection = Objection(HERE, anna, asked["new_address"], nonce, deadline_s)
    signature = sign_objection(wallet_of("anna"), registry.address, client.chain_id, objection)
    assert object_to(wallets, anna, asked["id"]).json()["code"] == "invalid"
    body = {"deadline_s": deadline_s, "signature": "0x" + signature.hex()}
    assert object_to(wallets, anna, asked["id"], body).status_code == 202
    wallets.work()
    pass_time(wallets, DELAY_S)
    wallets.work()
    (shown,) = wallets.call("GET", anna, "/replacements").json()["items"]
    assert (shown["state"], registry.wallet_of(anna)) == ("objected", wallet_of("anna").address)
    assert wallets.call("GET", anna).json()["address"] == wallet_of("anna").address


def test_ask__while_another_is_open__is_a_conflict(wallets: WalletWorld) -> None:
    anna = joined(wallets)
    ask(wallets, anna, wallet_of("new"))
    answer = ask(wallets, anna, wallet_of("newer"))
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_ask__address_of_another_member__is_taken(wallets: WalletWorld) -> None:
    anna, _ = joined(wallets), joined(wallets, "bruno")
    answer = ask(wallets, anna, wallet_of("bruno"))
    assert (answer.status_code, answer.json()["code"]) == (409, "wallet_taken")


def test_link__second_wallet_after_the_join__asks_for_a_replacement(wallets: WalletWorld) -> None:
    anna = joined(wallets)
    answer = wallets.call("PUT", anna, body=wallets.signed(anna, wallet_of("new")))
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
