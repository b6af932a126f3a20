"""Proposal and consent: eth-account's typed data and the notary's own encoding agree."""

import pytest
from eth_account import Account
from eth_utils.crypto import keccak

from gettone.chain.consent import JoinConsent, MemberClass, member_id_bytes, sign_join
from gettone.chain.contract import load_artifact
from gettone.chain.proposal import (
    ordered_signatures,
    proposal_of_chain,
    proposal_signer,
    sign_proposal,
    signable_proposal,
)
from gettone.errors import InputError
from gettone.notary.proposal import PROPOSAL_TYPE, SettlementProposal
from tests.factories.community import member_id_of, throwaway_account

pytestmark = pytest.mark.unit

LEDGER = "0x" + "22" * 20
PROPOSAL = SettlementProposal(
    *(b"\x01" * 32, 3, 1, 1_472_680_800, 1_475_272_800, 2),
    *(b"\x02" * 32, b"\x03" * 32, 20, b"\x04" * 32, b"\x05" * 32, b"\x06" * 32, 7),
    *(10**30, b"\x07" * 32, 3, b"\x08" * 32),
)


def test_struct_hash__typed_data_of_the_abi__equals_the_notarys() -> None:
    assert bytes(signable_proposal(LEDGER, 1981, PROPOSAL).body) == PROPOSAL.struct_hash()


def test_proposal__fields_of_the_abi__spell_the_notarys_type() -> None:
    abi = load_artifact("SettlementLedger")["abi"]
    opening = next(entry for entry in abi if entry.get("name") == "open")
    fields = opening["inputs"][0]["components"]
    spelled = ",".join(f"{field['type']} {field['name']}" for field in fields)
    assert f"Proposal({spelled})" == PROPOSAL_TYPE


def test_sign_proposal__recovered__the_signers_address() -> None:
    oracle = throwaway_account("oracle")
    signature = sign_proposal(oracle, LEDGER, 1981, PROPOSAL)
    assert proposal_signer(signature, LEDGER, 1981, PROPOSAL) == oracle.address
    assert proposal_signer(signature, LEDGER, 1982, PROPOSAL) != oracle.address


def test_ordered_signatures__any_order_and_twice__ascending_and_distinct() -> None:
    oracles = [throwaway_account(f"oracle {number}") for number in range(5)]
    signatures = [sign_proposal(one, LEDGER, 1981, PROPOSAL) for one in oracles]
    ordered = ordered_signatures([*signatures, signatures[2]], LEDGER, 1981, PROPOSAL)
    signers = [proposal_signer(one, LEDGER, 1981, PROPOSAL) for one in ordered]
    assert signers == sorted((one.address for one in oracles), key=lambda address: int(address, 16))


def test_proposal_of_chain__values_of_an_event__the_same_proposal() -> None:
    values = [getattr(PROPOSAL, name) for name in SettlementProposal.__slots__]
    assert proposal_of_chain(values) == PROPOSAL


def test_sign_join__spelled_out_by_hand__same_digest_signed() -> None:
    wallet, member_id = throwaway_account("wallet"), member_id_of(1)
    consent = JoinConsent("fontana", member_id, MemberClass.CITIZEN, 4, 1_472_680_800)
    type_hash = keccak(text="Join(bytes32 community,bytes32 memberId,uint8 class,uint256 nonce,uint256 deadline)")
    words = [1, 4, 1_472_680_800]
    struct = keccak(
        type_hash
        + keccak(text="fontana")
        + bytes.fromhex(member_id)
        + b"".join(word.to_bytes(32, "big") for word in words)
    )
    domain_hash = keccak(
        keccak(text="EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
        + keccak(text="MemberRegistry")
        + keccak(text="1")
        + (1981).to_bytes(32, "big")
        + bytes(12)
        + b"\x22" * 20
    )
    digest = keccak(b"\x19\x01" + domain_hash + struct)
    signature = sign_join(wallet, LEDGER, 1981, consent)
    assert Account._recover_hash(digest, signature=signature) == wallet.address


@pytest.mark.parametrize("wrong", ["", "0x" + "aa" * 32, "AA" * 32, "aa" * 31, "zz" * 32])
def test_member_id__not_64_lower_case_hex_digits__refused(wrong: str) -> None:
    with pytest.raises(InputError) as refusal:
        member_id_bytes(wrong)
    assert refusal.value.code == "member_id"
