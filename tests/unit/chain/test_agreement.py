"""Terms refuse what no community could accept; their id is the struct hash of EIP-712."""

from dataclasses import replace
from typing import Any

import pytest
from eth_abi.abi import encode
from eth_account import Account
from eth_utils.crypto import keccak

from gettone.chain.agreement import Act, Authorization, Terms, feedback_detail, sign_act
from gettone.chain.categories import CATEGORIES, INCENTIVE_KINDS, Kind
from gettone.chain.contract import load_artifact
from gettone.chain.typed_data import Domain
from gettone.errors import InputError
from tests.factories.community import member_id_of, throwaway_account

pytestmark = pytest.mark.unit

ANN, BEN, CLEO, SHOP = sorted(member_id_of(number) for number in range(4))
TERMS = Terms(
    category=1,
    kind=Kind.SERVICE,
    provider=ANN,
    payers=(BEN,),
    price_units=1_000,
    deadline_s=1_500_000_000,
    content_hash=b"\x01" * 32,
    salt=b"\x02" * 32,
)
DOMAIN = Domain("ServiceExchange", 1981, "0x" + "11" * 20)


def struct_type() -> str:
    """The Terms type as EIP-712 writes it, from the contract's ABI."""
    abi = load_artifact("ServiceExchange")["abi"]
    components = next(one for one in abi if one.get("name") == "agreementId")["inputs"][0]["components"]
    return "Terms(" + ",".join(f"{one['type']} {one['name']}" for one in components) + ")"


def test_agreement_id__terms_of_two_payers__hash_of_the_type_in_the_abi_and_the_fields() -> None:
    terms = replace(TERMS, category=2, payers=(BEN, CLEO), structure=SHOP, compensation_units=7)
    words = [*terms.to_chain()]
    words[3] = keccak(b"".join(words[3]))
    kinds = ["uint8", "uint8", "bytes32", "bytes32", "bytes32", *["uint96"] * 3, "uint32", *["uint64"] * 2]
    fields = encode([*kinds, "bytes32", "bytes32"], words)
    assert terms.agreement_id() == keccak(keccak(text=struct_type()) + fields)


def test_of_chain__struct_of_a_loan__the_same_terms() -> None:
    loan = replace(TERMS, kind=Kind.LOAN, deposit_units=5, return_by_s=1_510_000_000)
    assert Terms.of_chain(loan.to_chain()) == loan


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"category": 9}, "category"),
        ({"kind": Kind.NEW_GOODS}, "kind"),
        ({"payers": ()}, "payers"),
        ({"payers": (BEN, CLEO)}, "payers"),
        ({"category": 2, "structure": SHOP, "payers": (CLEO, BEN)}, "payers"),
        ({"category": 2}, "structure"),
        ({"structure": SHOP}, "structure"),
        ({"payers": (ANN,)}, "parties"),
        ({"category": 6}, "payers"),
        ({"price_units": 2**96}, "price_units"),
        ({"price_units": -1}, "price_units"),
        ({"compensation_units": 1}, "compensation_units"),
        ({"deposit_units": 1}, "deposit_units"),
        ({"return_by_s": 1_600_000_000}, "return_by_s"),
        ({"kind": Kind.LOAN, "return_by_s": 1_400_000_000}, "return_by_s"),
        ({"kind": Kind.LOAN, "return_by_s": 1_500_000_001 + 730 * 86_400}, "return_by_s"),
        ({"kind": 7}, "kind"),
        ({"duration_minutes": 60}, "duration_minutes"),
        ({"duration_minutes": -1}, "duration_minutes"),
        ({"kind": Kind.TIME_BANK}, "duration_minutes"),
        ({"content_hash": b""}, "content_hash"),
        ({"deadline_s": 0}, "deadline_s"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_terms__what_no_community_accepts__refused_by_name(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(InputError) as refusal:
        replace(TERMS, **changes)
    assert refusal.value.code == "agreement_terms"
    assert refusal.value.message.startswith(named)


def test_sign_act__any_act__recovers_to_the_wallet_and_names_the_member() -> None:
    wallet = throwaway_account("ann")
    given = sign_act(wallet, DOMAIN, Act.DELIVER, TERMS, member_id=ANN, nonce=3, deadline_s=99)
    again = sign_act(wallet, DOMAIN, Act.CANCEL, TERMS, member_id=ANN, nonce=3, deadline_s=99)
    assert (given.member_id, given.deadline_s, len(given.signature)) == (ANN, 99, 65)
    assert given.signature != again.signature


def test_authorization__of_the_wallet_itself__no_signature() -> None:
    assert Authorization(ANN).to_chain() == (bytes.fromhex(ANN), 0, b"")


def test_feedback_detail__rating_outside_1_to_5__refused() -> None:
    assert feedback_detail(5, bytes(32)) == keccak(bytes(31) + b"\x05" + bytes(32))
    with pytest.raises(InputError):
        feedback_detail(6, bytes(32))


def test_categories__kinds__as_the_policy_lets_incentives_be() -> None:
    assert set(CATEGORIES) == set(range(1, 9))
    assert {category for category, _ in INCENTIVE_KINDS} == {1, 2, 3, 4, 5}
    assert len(INCENTIVE_KINDS) == 4 + 2 + 2 + 3 + 1


def test_domain__another_network_or_contract__another_header() -> None:
    types = {"Void": (("settlement", "bytes32"),)}
    message = {"settlement": bytes(32)}
    others = (replace(DOMAIN, chain_id=1982), replace(DOMAIN, contract="0x" + "22" * 20))
    headers = {one.signable(types, message).header for one in (DOMAIN, *others)}
    assert len(headers) == 3


def test_sign__domain__signature_recovers_to_the_account() -> None:
    wallet, types = throwaway_account("ann"), {"Void": (("settlement", "bytes32"),)}
    message = {"settlement": b"\x04" * 32}
    signature = DOMAIN.sign(wallet, types, message)
    assert Account.recover_message(DOMAIN.signable(types, message), signature=signature) == wallet.address
