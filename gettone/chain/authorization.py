"""What a member signs so that others move its tokens: ERC-2612 permits and ERC-3009 authorizations."""

from dataclasses import dataclass
from typing import Any

from gettone.chain.contract import checksum_address
from gettone.chain.signer import Signer
from gettone.chain.typed_data import Domain, Fields
from gettone.errors import InputError

AUTHORIZATION_LIMIT_S = 600
"""An authorization of ERC-3009 is valid for ten minutes at most (contracts.md §5)."""

_PERMIT: Fields = (
    ("owner", "address"),
    ("spender", "address"),
    ("value", "uint256"),
    ("nonce", "uint256"),
    ("deadline", "uint256"),
)
_TRANSFER: Fields = (
    ("from", "address"),
    ("to", "address"),
    ("value", "uint256"),
    ("validAfter", "uint256"),
    ("validBefore", "uint256"),
    ("nonce", "bytes32"),
)
_CANCEL: Fields = (("authorizer", "address"), ("nonce", "bytes32"))


@dataclass(frozen=True, slots=True)
class Permit:
    """A signed allowance of base units until `deadline_s`; deadline 0: none, the allowance there is decides."""

    value_units: int = 0
    deadline_s: int = 0
    v: int = 0
    r: bytes = bytes(32)
    s: bytes = bytes(32)

    def to_chain(self) -> tuple[Any, ...]:
        """The Permit struct of the contracts."""
        return (self.value_units, self.deadline_s, self.v, self.r, self.s)


NO_PERMIT = Permit()


@dataclass(frozen=True, slots=True)
class TransferAuthorization:
    """A transfer that anybody may carry between two moments (unix seconds, both excluded), once per nonce.

    InputError `authorization` for a nonce that is not 32 bytes or a window above ten minutes.
    """

    sender: str
    to: str
    amount_units: int
    valid_after_s: int
    valid_before_s: int
    nonce: bytes

    def __post_init__(self) -> None:
        if len(self.nonce) != 32:
            raise InputError("authorization", f"the nonce has {len(self.nonce)} bytes and must have 32 random ones")
        window_s = self.valid_before_s - self.valid_after_s
        if not 1 < window_s <= AUTHORIZATION_LIMIT_S:
            raise InputError(
                "authorization",
                f"valid_before_s - valid_after_s is {window_s} s, and must be in 2..{AUTHORIZATION_LIMIT_S}",
            )

    def to_chain(self) -> tuple[Any, ...]:
        """The arguments of transferWithAuthorization before the signature."""
        pair = (checksum_address(self.sender), checksum_address(self.to))
        return (*pair, self.amount_units, self.valid_after_s, self.valid_before_s, self.nonce)


def sign_permit(account: Signer, domain: Domain, spender: str, value_units: int, nonce: int, deadline_s: int) -> Permit:
    """The wallet's permit for `spender`; `domain` is the token's, `nonce` the token's for the wallet (ERC-2612)."""
    message = {
        "owner": account.address,
        "spender": checksum_address(spender),
        "value": value_units,
        "nonce": nonce,
        "deadline": deadline_s,
    }
    signature = domain.sign(account, {"Permit": _PERMIT}, message)
    return Permit(value_units, deadline_s, signature[64], signature[:32], signature[32:64])


def sign_transfer(account: Signer, domain: Domain, authorization: TransferAuthorization) -> bytes:
    """The sender's 65-byte signature under a transfer (ERC-3009); `domain` is the token's."""
    values = authorization.to_chain()
    message = {name: value for (name, _), value in zip(_TRANSFER, values, strict=True)}
    return domain.sign(account, {"TransferWithAuthorization": _TRANSFER}, message)


def sign_cancel(account: Signer, domain: Domain, nonce: bytes) -> bytes:
    """The wallet's 65-byte signature that makes its nonce unusable (ERC-3009); `domain` is the token's."""
    message = {"authorizer": account.address, "nonce": nonce}
    return domain.sign(account, {"CancelAuthorization": _CANCEL}, message)
