"""W-1, W-3: a wallet is linked when its owner signs the very message that was issued, once and in time."""

import threading
from typing import Any

import pytest

from gettone.chain.signer import LocalSigner
from gettone.membership.kinds import MembershipKind
from tests.factories.api_world import HERE
from tests.factories.wallet_world import WalletWorld, wallet_of

pytestmark = [pytest.mark.chain, pytest.mark.database]

ACCEPTS = "0x7f" + "1626ba7e" + "00" * 28 + "60005260206000f3"
REFUSES = "0x7f" + "00" * 32 + "60005260206000f3"


def test_link__signed_message_and_consent__is_linked_and_asked_to_join(wallets: WalletWorld) -> None:
    anna = wallets.newcomer("anna")
    answer = wallets.call("PUT", anna, body=wallets.signed(anna, wallet_of("anna")))
    found = answer.json()
    assert (answer.status_code, found["custody"], found["state"]) == (201, "own", "linked")
    assert (found["address"], found["level"]["operator_could_move_tokens"]) == (wallet_of("anna").address, False)
    client = wallets.community.client
    assert found["chain_account_id"] == f"{client.chain_id}:{client.genesis_hash.hex()}:{HERE}:{anna}"
    assert answer.headers["location"].endswith(found["operation"])


def test_challenge__message__names_page_chain_community_and_time(wallets: WalletWorld) -> None:
    anna = wallets.newcomer("anna")
    lines = wallets.challenge(anna, wallet_of("anna"))["message"].split("\n")
    client = wallets.community.client
    assert lines[0] == "app.example.org wants you to sign in with your Ethereum account:"
    assert (lines[1], "URI: https://app.example.org/wallet" in lines) == (wallet_of("anna").address, True)
    assert f"Chain ID: {client.chain_id}" in lines
    assert lines[-2:] == [f"- urn:gettone:community:{HERE}", f"- urn:gettone:genesis:0x{client.genesis_hash.hex()}"]
    assert "Expiration Time: 2027-01-15T08:05:00.000Z" in lines


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("app.example.org wants", "evil.example.org wants", "siwe_domain"),
        ("URI: https://app", "URI: https://evil", "siwe_uri"),
        ("Chain ID: ", "Chain ID: 9", "siwe_chain"),
        ("genesis:0x", "genesis:0xff", "siwe_chain"),
        ("account:\n0x", "account:\n0x00", "siwe_malformed"),
        ("moves no tokens", "moves all tokens", "siwe_malformed"),
        ("Version: 1", "Version: 2", "siwe_malformed"),
        ("Nonce: ", "Nonce: 0", "siwe_malformed"),
    ],
)
def test_link__message_changed_in_one_field__is_refused(wallets: WalletWorld, old: str, new: str, code: str) -> None:
    anna = wallets.newcomer("anna")
    asked = wallets.challenge(anna, wallet_of("anna"))
    changed = asked | {"message": asked["message"].replace(old, new)}
    answer = wallets.call("PUT", anna, body=wallets.signed(anna, wallet_of("anna"), changed))
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert wallets.call("GET", anna).status_code == 404


def test_link__address_of_another_wallet__is_refused(wallets: WalletWorld) -> None:
    anna, thief = wallets.newcomer("anna"), wallet_of("thief")
    asked = wallets.challenge(anna, wallet_of("anna"))
    message = asked["message"].replace(wallet_of("anna").address, thief.address)
    answer = wallets.call("PUT", anna, body=wallets.signed(anna, thief, asked | {"message": message}))
    assert (answer.status_code, answer.json()["code"]) == (422, "siwe_address")


def test_link__signature_of_another_key__is_refused_and_the_message_still_good(wallets: WalletWorld) -> None:
    anna = wallets.newcomer("anna")
    asked = wallets.challenge(anna, wallet_of("anna"))
    wrong = wallets.signed(anna, wallet_of("thief"), asked)
    assert wallets.call("PUT", anna, body=wrong).json()["code"] == "siwe_signature"
    assert wallets.call("PUT", anna, body=wallets.signed(anna, wallet_of("anna"), asked)).status_code == 201


def test_link__signature_with_a_high_s__is_refused(wallets: WalletWorld) -> None:
    anna = wallets.newcomer("anna")
    body = wallets.signed(anna, wallet_of("anna"))
    raw = bytes.fromhex(body["signature"][2:])
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    high = raw[:32] + (order - int.from_bytes(raw[32:64])).to_bytes(32) + bytes([55 - raw[64]])
    assert wallets.call("PUT", anna, body=body | {"signature": "0x" + high.hex()}).json()["code"] == "siwe_signature"


def test_link__consent_of_another_key__is_refused(wallets: WalletWorld) -> None:
    anna = wallets.newcomer("anna")
    asked = wallets.challenge(anna, wallet_of("anna"))
    body = wallets.signed(anna, wallet_of("anna"), asked)
    body["consent"] = wallets.signed(anna, wallet_of("thief"), asked)["consent"]
    answer = wallets.call("PUT", anna, body=body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/body/consent/signature")


@pytest.mark.parametrize(("waited_ms", "status"), [(330_000, 201), (330_001, 410)])
def test_link__later__is_good_for_five_minutes_and_a_leeway(wallets: WalletWorld, waited_ms: int, status: int) -> None:
    anna = wallets.newcomer("anna")
    body = wallets.signed(anna, wallet_of("anna"))
    wallets.world.now_ms += waited_ms
    answer = wallets.call("PUT", anna, body=body)
    assert (answer.status_code, answer.json().get("code")) == (status, "siwe_expired" if status == 410 else None)


def test_link__message_of_another_person__is_refused(wallets: WalletWorld) -> None:
    anna, bruno = wallets.newcomer("anna"), wallets.newcomer("bruno")
    asked = wallets.challenge(anna, wallet_of("bruno"))
    answer = wallets.call("PUT", bruno, body=wallets.signed(bruno, wallet_of("bruno"), asked))
    assert (answer.status_code, answer.json()["code"]) == (422, "siwe_malformed")


def test_link__message_used_before__is_gone(wallets: WalletWorld) -> None:
    anna = wallets.newcomer("anna")
    body = wallets.signed(anna, wallet_of("anna"))
    wallets.call("PUT", anna, body=body)
    answer = wallets.call("PUT", anna, body=body)
    assert (answer.status_code, answer.json()["code"]) == (410, "siwe_used")


def test_link__same_message_twice_at_once__succeeds_once(wallets: WalletWorld) -> None:
    anna = wallets.newcomer("anna")
    body = wallets.signed(anna, wallet_of("anna"))
    found: list[int] = []

    def send() -> None:
        found.append(wallets.call("PUT", anna, body=body).status_code)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(found) == [201, 410, 410, 410]


def test_link__same_request_again__is_answered_as_before(wallets: WalletWorld) -> None:
    anna = wallets.newcomer("anna")
    body = wallets.signed(anna, wallet_of("anna"))
    first, again = (wallets.call("PUT", anna, body=body, **{"Idempotency-Key": "same"}) for _ in range(2))
    assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")


def test_link__address_of_another_member__is_taken(wallets: WalletWorld) -> None:
    anna, bruno = wallets.newcomer("anna"), wallets.newcomer("bruno")
    wallets.call("PUT", anna, body=wallets.signed(anna, wallet_of("anna")))
    answer = wallets.call("PUT", bruno, body=wallets.signed(bruno, wallet_of("anna")))
    assert (answer.status_code, answer.json()["code"]) == (409, "wallet_taken")


def test_link__another_wallet_before_the_join__takes_the_place_of_the_first(wallets: WalletWorld) -> None:
    anna = wallets.newcomer("anna")
    wallets.call("PUT", anna, body=wallets.signed(anna, wallet_of("anna")))
    answer = wallets.call("PUT", anna, body=wallets.signed(anna, wallet_of("new")))
    assert (answer.status_code, wallets.call("GET", anna).json()["address"]) == (201, wallet_of("new").address)
    wallets.work()
    assert wallets.community.contracts.members.wallet_of(anna) == wallet_of("new").address


@pytest.mark.parametrize("address", ["0x" + "00" * 20, "token", "registrar"])
def test_challenge__zero_own_contract_or_own_key__is_refused(wallets: WalletWorld, address: str) -> None:
    community = wallets.community
    named = {"token": community.contracts.token.contract.address, "registrar": community.sender("registrar").address}
    anna = wallets.newcomer("anna")
    answer = wallets.call("POST", anna, "/challenge", {"address": named.get(address, address)})
    assert (answer.status_code, answer.json()["code"]) == (422, "siwe_address")


@pytest.mark.parametrize(("code", "status"), [(ACCEPTS, 201), (REFUSES, 422)])
def test_link__contract_wallet__is_asked_itself(wallets: WalletWorld, code: str, status: int) -> None:
    anna, contract = wallets.newcomer("anna"), wallet_of("contract")
    wallets.community.chain._rpc("anvil_setCode", contract.address, code)
    asked = wallets.challenge(anna, contract)
    body = wallets.signed(anna, wallet_of("owner of the contract"), asked)
    answer = wallets.call("PUT", anna, body=body)
    assert (answer.status_code, answer.json().get("code")) == (status, "siwe_signature" if status == 422 else None)
    if status == 201:
        assert wallets.work() == {"done": 1}
        assert wallets.community.contracts.members.wallet_of(anna) == contract.address


def test_challenge__many_in_a_minute__are_limited(wallets: WalletWorld) -> None:
    anna = wallets.newcomer("anna")
    for _ in range(10):
        wallets.challenge(anna, wallet_of("anna"))
    answer = wallets.call("POST", anna, "/challenge", {"address": wallet_of("anna").address})
    assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")


def test_make__custodial_twice__is_the_same_account(wallets: WalletWorld) -> None:
    anna = wallets.newcomer("anna")
    first, again = (wallets.call("POST", anna, body={}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["address"] == again.json()["address"]
    assert (first.json()["custody"], first.json()["level"]["operator_could_move_tokens"]) == ("custodial", True)


def test_make__dump_of_the_row__holds_no_usable_key(wallets: WalletWorld) -> None:
    anna = wallets.newcomer("anna")
    made = wallets.call("POST", anna, body={}).json()["address"]
    with wallets.world.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT sealed_key, data_key FROM wallets").all()
    parts = [bytes(cell) for row in rows for cell in row]
    windows = [part[at : at + 32] for part in parts for at in range(len(part) - 31)]
    assert made not in [_address(one) for one in windows]


def _address(secret: bytes) -> Any:
    try:
        return LocalSigner(secret).address
    except ValueError:
        return None


def test_link__who_waits_for_the_fee__is_a_conflict(wallets: WalletWorld) -> None:
    shop = wallets.newcomer("shop", MembershipKind.STAKEHOLDER)
    answer = wallets.call("POST", shop, body={})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_link__old_login__asks_for_a_fresh_one(wallets: WalletWorld) -> None:
    anna = wallets.newcomer("anna")
    old = wallets.world.now_ms // 1000 - 3600
    wallets.tokens[anna] = wallets.world.tokens.issue("anna", authenticated_at_s=old)
    assert wallets.call("POST", anna, body={}).json()["code"] == "insufficient_user_authentication"
