"""Calls are tried before they are promised (`eth_call`), so that a refusal costs nothing and has its reason."""

from typing import cast

from web3.exceptions import ContractLogicError
from web3.types import TxParams

from api.context import Chain
from gettone.chain.contract import Call
from gettone.chain.reverts import refusal_of
from gettone.errors import Conflict, GettoneError


def try_call(chain: Chain, call: Call, sender: str | None = None) -> None:
    """Conflict `would_refuse` with the contract's own reason where a call, of anybody or of one address, would fail."""
    transaction = {"to": call.to, "data": call.data} | ({} if sender is None else {"from": sender})
    try:
        chain.client.call(cast(TxParams, transaction))
    except ContractLogicError as cause:
        raise would_refuse(refusal_of(call.what, cause)) from None


def would_refuse(refusal: GettoneError) -> Conflict:
    """A refusal of the contract, told before anything is sent."""
    return Conflict("would_refuse", f"the contract would refuse this: {refusal.message}")
