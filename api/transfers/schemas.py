"""Bodies of transfers; `*_units` are base units as decimal text."""

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from api.schemas import Address, Hash, Line, Strict, StrictInput, Units, UnitsIn

Signature = Annotated[str, StringConstraints(pattern=r"^0x([0-9a-f]{2}){65,512}$")]
UnixS = Annotated[int, Field(ge=0, lt=2**40)]


class PreviewIn(StrictInput):
    """A transfer that is thought of."""

    to: Address
    units: UnitsIn


class PreviewBody(Strict):
    """What a transfer would do now: what arrives, what the Treasury gets, and whether it would be the first to `to`."""

    sender: Address
    to: Address
    net_units: Units
    fee_units: Units
    first_time: bool


class AuthorizationIn(StrictInput):
    """What a wallet signed (ERC-3009): valid for ten minutes at most, unix seconds."""

    valid_after_s: UnixS
    valid_before_s: UnixS
    nonce: Hash
    signature: Signature


class TransferIn(PreviewIn):
    """A transfer: signed and to be carried, or sent by the own wallet already; `memo` is for the two of them."""

    memo: Line | None = None
    authorization: AuthorizationIn | None = None
    tx_hash: Hash | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "TransferIn":
        if (self.authorization is None) == (self.tx_hash is None):
            raise ValueError("give what your wallet signed, or the transaction that it sent")
        return self
