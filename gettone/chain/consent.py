"""What a wallet signs towards the MemberRegistry: EIP-712 statements of a member (contracts.md §4).

Every statement names the community and the member, is good once (`nonce`, the registry's for the signing wallet)
and until `deadline_s` (unix seconds of the chain's clock).
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from eth_account.messages import SignableMessage
from eth_utils.crypto import keccak

from gettone.chain.contract import checksum_address
from gettone.chain.signer import Signer, sign_statement
from gettone.chain.typed_data import VERSION, Domain, Fields
from gettone.errors import InputError

_COMMUNITY: Fields = (("community", "bytes32"), ("memberId", "bytes32"))
_ONCE: Fields = (("nonce", "uint256"), ("deadline", "uint256"))
_DOMAIN: Fields = (
    ("name", "string"),
    ("version", "string"),
    ("chainId", "uint256"),
    ("verifyingContract", "address"),
)
_JOIN: Fields = (*_COMMUNITY, ("class", "uint8"), *_ONCE)
_LEAVE: Fields = (*_COMMUNITY, *_ONCE)
_WALLET: Fields = (*_COMMUNITY, ("newWallet", "address"), *_ONCE)


class MemberClass(IntEnum):
    """Class of a wallet in the account word (contracts.md §2)."""

    NONE = 0
    CITIZEN = 1
    STAKEHOLDER = 2
    SYSTEM = 3


class AccountStatus(IntEnum):
    """Status of a wallet in the account word (contracts.md §2)."""

    NONE = 0
    ACTIVE = 1
    FROZEN = 2
    LEFT = 3
    LEFT_AND_FROZEN = 4


@dataclass(frozen=True, slots=True)
class JoinConsent:
    """A wallet consents to receive a member's tokens, at joining and as the new wallet of a replacement."""

    community_id: str
    member_id: str
    member_class: MemberClass
    nonce: int
    deadline_s: int


@dataclass(frozen=True, slots=True)
class LeaveNotice:
    """A member leaves the community."""

    community_id: str
    member_id: str
    nonce: int
    deadline_s: int


@dataclass(frozen=True, slots=True)
class ReplaceOrder:
    """The old wallet hands its member over to `new_wallet`."""

    community_id: str
    member_id: str
    new_wallet: str
    nonce: int
    deadline_s: int


@dataclass(frozen=True, slots=True)
class Objection:
    """The old wallet objects to the proposal that `new_wallet` replaces it."""

    community_id: str
    member_id: str
    new_wallet: str
    nonce: int
    deadline_s: int


def sign_join(account: Signer, registry: str, chain_id: int, consent: JoinConsent) -> bytes:
    """The wallet's 65-byte signature for the MemberRegistry at `registry`."""
    return sign_statement(account, join_statement(registry, chain_id, consent))


def join_statement(registry: str, chain_id: int, consent: JoinConsent) -> SignableMessage:
    """What a wallet signs to join, for checking a signature that was made elsewhere."""
    message = _facts(consent) | {"class": int(consent.member_class)}
    return Domain("MemberRegistry", chain_id, registry).signable({"Join": _JOIN}, message)


def leave_statement(registry: str, chain_id: int, notice: LeaveNotice) -> SignableMessage:
    """What a wallet signs to leave."""
    return Domain("MemberRegistry", chain_id, registry).signable({"Leave": _LEAVE}, _facts(notice))


def replace_statement(registry: str, chain_id: int, order: ReplaceOrder) -> SignableMessage:
    """What the old wallet signs to be replaced."""
    message = _facts(order) | {"newWallet": checksum_address(order.new_wallet)}
    return Domain("MemberRegistry", chain_id, registry).signable({"Replace": _WALLET}, message)


def objection_statement(registry: str, chain_id: int, objection: Objection) -> SignableMessage:
    """What the old wallet signs against a proposed replacement."""
    message = _facts(objection) | {"newWallet": checksum_address(objection.new_wallet)}
    return Domain("MemberRegistry", chain_id, registry).signable({"Object": _WALLET}, message)


def join_typed_data(registry: str, chain_id: int, consent: JoinConsent) -> dict[str, Any]:
    """The same as a wallet is asked for it (eth_signTypedData_v4): JSON with numbers as decimal text."""
    facts = _facts(consent) | {"class": int(consent.member_class)}
    message = {name: "0x" + value.hex() if isinstance(value, bytes) else str(value) for name, value in facts.items()}
    domain = {"name": "MemberRegistry", "version": VERSION, "chainId": chain_id, "verifyingContract": registry}
    types = {"EIP712Domain": _DOMAIN, "Join": _JOIN}
    structs = {name: [{"name": one, "type": kind} for one, kind in fields] for name, fields in types.items()}
    return {"domain": domain, "types": structs, "primaryType": "Join", "message": message}


def sign_leave(account: Signer, registry: str, chain_id: int, notice: LeaveNotice) -> bytes:
    """The wallet's 65-byte signature under its member's leaving."""
    return sign_statement(account, leave_statement(registry, chain_id, notice))


def sign_replace(account: Signer, registry: str, chain_id: int, order: ReplaceOrder) -> bytes:
    """The old wallet's 65-byte signature; the new one signs a JoinConsent with the member's class."""
    return sign_statement(account, replace_statement(registry, chain_id, order))


def sign_objection(account: Signer, registry: str, chain_id: int, objection: Objection) -> bytes:
    """The old wallet's 65-byte signature against a proposed replacement."""
    return sign_statement(account, objection_statement(registry, chain_id, objection))


def member_id_bytes(member_id: str) -> bytes:
    """The 32 bytes of a member id; InputError `member_id` unless it is 64 lower-case hex digits."""
    if len(member_id) != 64 or set(member_id) - set("0123456789abcdef"):
        raise InputError("member_id", f"member id {member_id!r} is not 64 lower-case hex digits")
    return bytes.fromhex(member_id)


def _facts(statement: JoinConsent | LeaveNotice | ReplaceOrder | Objection) -> dict[str, Any]:
    """What every statement of a member says."""
    return {
        "community": keccak(text=statement.community_id),
        "memberId": member_id_bytes(statement.member_id),
        "nonce": statement.nonce,
        "deadline": statement.deadline_s,
    }
