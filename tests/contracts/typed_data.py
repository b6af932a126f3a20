"""EIP-712 signatures of the tests, by eth-account, from type lists written out here a second time.

The contracts and the oracle have their own encodings; agreeing with this one is part of what is tested.
"""

from eth_account import Account
from eth_account.messages import encode_typed_data
from web3 import Web3

CHAIN_ID = 1981

PROPOSAL = [
    ("bytes32", "deploymentId"),
    ("uint32", "periodIndex"),
    ("uint32", "revision"),
    ("uint64", "periodStart"),
    ("uint64", "periodEnd"),
    ("uint32", "modelVersion"),
    ("bytes32", "paramsDigest"),
    ("bytes32", "assignmentRoot"),
    ("uint32", "leafCount"),
    ("bytes32", "rosterRoot"),
    ("bytes32", "aggregatesRoot"),
    ("bytes32", "ingestRoot"),
    ("uint64", "ingestSize"),
    ("uint256", "total"),
    ("bytes32", "payoutsRoot"),
    ("uint32", "chunkCount"),
    ("bytes32", "previousSettlement"),
]
JOIN = [
    ("bytes32", "community"),
    ("bytes32", "memberId"),
    ("uint8", "class"),
    ("uint256", "nonce"),
    ("uint256", "deadline"),
]
PERMIT = [
    ("address", "owner"),
    ("address", "spender"),
    ("uint256", "value"),
    ("uint256", "nonce"),
    ("uint256", "deadline"),
]
VOID = [("bytes32", "settlement")]


def _signable(contract, domain_name: str, primary: str, fields: list, values: dict):
    return encode_typed_data(
        domain_data={
            "name": domain_name,
            "version": "1",
            "chainId": CHAIN_ID,
            "verifyingContract": contract.address,
        },
        message_types={primary: [{"type": kind, "name": name} for kind, name in fields]},
        message_data=values,
    )


def _sign(account, signable) -> bytes:
    return bytes(Account.sign_message(signable, private_key=account.private_key).signature)


def sign_join(account, registry, member_id, class_: int, nonce: int, deadline: int, community="fontana") -> bytes:
    """Consent of `account` to join, 65 bytes r, s, v."""
    values = {
        "community": Web3.keccak(text=community),
        "memberId": member_id,
        "class": class_,
        "nonce": nonce,
        "deadline": deadline,
    }
    return _sign(account, _signable(registry, "MemberRegistry", "Join", JOIN, values))


def sign_permit(
    account, token, spender, value: int, nonce: int, deadline: int, *, owner=None
) -> tuple[int, bytes, bytes]:
    """ERC-2612 permit of `owner`, who is the signing `account` unless another is named, as v, r, s."""
    values = {
        "owner": (owner or account).address,
        "spender": spender.address,
        "value": value,
        "nonce": nonce,
        "deadline": deadline,
    }
    signature = _sign(account, _signable(token, token.name(), "Permit", PERMIT, values))
    return signature[64], signature[:32], signature[32:64]


def sign_proposal(account, ledger, proposal: dict) -> bytes:
    """Signature of one oracle over a proposal, 65 bytes r, s, v."""
    return _sign(account, _signable(ledger, "SettlementLedger", "Proposal", PROPOSAL, proposal))


def sign_void(account, ledger, settlement_hash: bytes) -> bytes:
    """Signature of one oracle over voiding the rest of a settlement."""
    return _sign(account, _signable(ledger, "SettlementLedger", "Void", VOID, {"settlement": settlement_hash}))


def proposal_hash(ledger, proposal: dict) -> bytes:
    """EIP-712 struct hash (without domain) of a proposal, 32 bytes."""
    return bytes(_signable(ledger, "SettlementLedger", "Proposal", PROPOSAL, proposal).body)
