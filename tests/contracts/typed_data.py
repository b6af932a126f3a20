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
LEAVE = [
    ("bytes32", "community"),
    ("bytes32", "memberId"),
    ("uint256", "nonce"),
    ("uint256", "deadline"),
]
REPLACE = OBJECT = [
    ("bytes32", "community"),
    ("bytes32", "memberId"),
    ("address", "newWallet"),
    ("uint256", "nonce"),
    ("uint256", "deadline"),
]
TRANSFER_WITH_AUTHORIZATION = [
    ("address", "from"),
    ("address", "to"),
    ("uint256", "value"),
    ("uint256", "validAfter"),
    ("uint256", "validBefore"),
    ("bytes32", "nonce"),
]
CANCEL_AUTHORIZATION = [("address", "authorizer"), ("bytes32", "nonce")]
TERMS = [
    ("uint8", "category"),
    ("uint8", "kind"),
    ("bytes32", "provider"),
    ("bytes32[]", "payers"),
    ("bytes32", "structure"),
    ("uint96", "priceUnits"),
    ("uint96", "compensationUnits"),
    ("uint96", "depositUnits"),
    ("uint32", "durationMinutes"),
    ("uint64", "deadline"),
    ("uint64", "returnBy"),
    ("bytes32", "contentHash"),
    ("bytes32", "salt"),
]
ACT = [
    ("string", "act"),
    ("Terms", "terms"),
    ("bytes32", "member"),
    ("bytes32", "detail"),
    ("uint256", "nonce"),
    ("uint256", "deadline"),
]


def _signable(contract, domain_name: str, primary: str, fields: list, values: dict, **more):
    """What a wallet signs; `chain_id` is for consents given on another chain, `parts` for types used by the first."""
    types = {primary: fields} | more.get("parts", {})
    return encode_typed_data(
        domain_data={
            "name": domain_name,
            "version": "1",
            "chainId": more.get("chain_id", CHAIN_ID),
            "verifyingContract": contract.address,
        },
        message_types={of: [{"type": kind, "name": name} for kind, name in rows] for of, rows in types.items()},
        message_data=values,
    )


def _sign(account, signable) -> bytes:
    return bytes(Account.sign_message(signable, private_key=account.private_key).signature)


def _sign_members_act(account, registry, primary: str, fields: list, values: dict, community: str, chain_id: int):
    values = {"community": Web3.keccak(text=community)} | values
    return _sign(account, _signable(registry, "MemberRegistry", primary, fields, values, chain_id=chain_id))


def sign_join(
    account, registry, member_id, class_: int, nonce: int, deadline: int, community="fontana", chain_id=CHAIN_ID
) -> bytes:
    """Consent of `account` to join, 65 bytes r, s, v."""
    values = {"memberId": member_id, "class": class_, "nonce": nonce, "deadline": deadline}
    return _sign_members_act(account, registry, "Join", JOIN, values, community, chain_id)


def sign_leave(
    account, registry, member_id, nonce: int, deadline: int, community="fontana", chain_id=CHAIN_ID
) -> bytes:
    """Declaration of `account` that its member leaves, 65 bytes r, s, v."""
    values = {"memberId": member_id, "nonce": nonce, "deadline": deadline}
    return _sign_members_act(account, registry, "Leave", LEAVE, values, community, chain_id)


def sign_replace(
    account, registry, member_id, new_wallet, nonce: int, deadline: int, community="fontana", chain_id=CHAIN_ID
) -> bytes:
    """Order of the old wallet to move its member to `new_wallet`, 65 bytes r, s, v."""
    values = {"memberId": member_id, "newWallet": new_wallet.address, "nonce": nonce, "deadline": deadline}
    return _sign_members_act(account, registry, "Replace", REPLACE, values, community, chain_id)


def sign_object(
    account, registry, member_id, new_wallet, nonce: int, deadline: int, community="fontana", chain_id=CHAIN_ID
) -> bytes:
    """Objection of the old wallet against moving its member to `new_wallet`, 65 bytes r, s, v."""
    values = {"memberId": member_id, "newWallet": new_wallet.address, "nonce": nonce, "deadline": deadline}
    return _sign_members_act(account, registry, "Object", OBJECT, values, community, chain_id)


def sign_transfer(account, token, authorization: dict, chain_id=CHAIN_ID) -> bytes:
    """ERC-3009 authorization (`from`, `to`, `value`, `validAfter`, `validBefore`, `nonce`), 65 bytes r, s, v."""
    name, fields = "TransferWithAuthorization", TRANSFER_WITH_AUTHORIZATION
    return _sign(account, _signable(token, token.name(), name, fields, authorization, chain_id=chain_id))


def sign_cancel(account, token, nonce: bytes, *, owner=None) -> bytes:
    """ERC-3009 withdrawal of an authorization, 65 bytes r, s, v."""
    values = {"authorizer": (owner or account).address, "nonce": nonce}
    return _sign(account, _signable(token, token.name(), "CancelAuthorization", CANCEL_AUTHORIZATION, values))


def _act(exchange, values: dict, chain_id: int = CHAIN_ID):
    return _signable(exchange, "ServiceExchange", "Act", ACT, values, parts={"Terms": TERMS}, chain_id=chain_id)


def sign_act(account, exchange, values: dict, chain_id=CHAIN_ID) -> bytes:
    """A member's act on an agreement (`act`, `terms`, `member`, `detail`, `nonce`, `deadline`), 65 bytes r, s, v."""
    return _sign(account, _act(exchange, values, chain_id))


def terms_hash(exchange, terms: dict) -> bytes:
    """EIP-712 struct hash of terms, the id of the agreement, 32 bytes."""
    return bytes(_signable(exchange, "ServiceExchange", "Terms", TERMS, terms).body)


def split_signature(signature: bytes) -> tuple[int, bytes, bytes]:
    """65 bytes r, s, v as v, r, s, the order of ERC-2612 and ERC-3009."""
    return signature[64], signature[:32], signature[32:64]


def sign_permit(
    account, token, spender, value: int, nonce: int, deadline: int, *, owner=None, chain_id=CHAIN_ID
) -> tuple[int, bytes, bytes]:
    """ERC-2612 permit of `owner`, who is the signing `account` unless another is named, as v, r, s."""
    values = {
        "owner": (owner or account).address,
        "spender": spender.address,
        "value": value,
        "nonce": nonce,
        "deadline": deadline,
    }
    signature = _sign(account, _signable(token, token.name(), "Permit", PERMIT, values, chain_id=chain_id))
    return split_signature(signature)


def sign_proposal(account, ledger, proposal: dict) -> bytes:
    """Signature of one oracle over a proposal, 65 bytes r, s, v."""
    return _sign(account, _signable(ledger, "SettlementLedger", "Proposal", PROPOSAL, proposal))


def sign_void(account, ledger, settlement_hash: bytes) -> bytes:
    """Signature of one oracle over voiding the rest of a settlement."""
    return _sign(account, _signable(ledger, "SettlementLedger", "Void", VOID, {"settlement": settlement_hash}))


def proposal_hash(ledger, proposal: dict) -> bytes:
    """EIP-712 struct hash (without domain) of a proposal, 32 bytes."""
    return bytes(_signable(ledger, "SettlementLedger", "Proposal", PROPOSAL, proposal).body)
