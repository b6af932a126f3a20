"""A wallet's consent to join a community: EIP-712 typed data of the MemberRegistry (contracts.md §4)."""

from dataclasses import dataclass
from enum import IntEnum

from eth_account.messages import encode_typed_data
from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak

from gettone.chain.contract import checksum_address
from gettone.chain.keys import require_signing_backend
from gettone.errors import InputError

_JOIN_FIELDS = (
    ("community", "bytes32"),
    ("memberId", "bytes32"),
    ("class", "uint8"),
    ("nonce", "uint256"),
    ("deadline", "uint256"),
)


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


@dataclass(frozen=True, slots=True)
class JoinConsent:
    """What a wallet signs; `member_id` 64 hex digits, `nonce` the registry's, `deadline_s` unix seconds."""

    community_id: str
    member_id: str
    member_class: MemberClass
    nonce: int
    deadline_s: int


def sign_join(account: LocalAccount, registry: str, chain_id: int, consent: JoinConsent) -> bytes:
    """The wallet's 65-byte signature for the MemberRegistry at `registry`."""
    require_signing_backend()
    domain = {
        "name": "MemberRegistry",
        "version": "1",
        "chainId": chain_id,
        "verifyingContract": checksum_address(registry),
    }
    types = {"Join": [{"name": name, "type": kind} for name, kind in _JOIN_FIELDS]}
    message = {
        "community": keccak(text=consent.community_id),
        "memberId": member_id_bytes(consent.member_id),
        "class": int(consent.member_class),
        "nonce": consent.nonce,
        "deadline": consent.deadline_s,
    }
    return bytes(account.sign_message(encode_typed_data(domain, types, message)).signature)


def member_id_bytes(member_id: str) -> bytes:
    """The 32 bytes of a member id; InputError `member_id` unless it is 64 lower-case hex digits."""
    if len(member_id) != 64 or set(member_id) - set("0123456789abcdef"):
        raise InputError("member_id", f"member id {member_id!r} is not 64 lower-case hex digits")
    return bytes.fromhex(member_id)
