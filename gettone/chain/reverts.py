"""From the revert data of a contract to a typed refusal with the error's name and its numbers."""

from typing import Any

from eth_abi.abi import decode
from web3 import Web3
from web3.exceptions import ContractLogicError

from gettone.chain.refusals import BY_SELECTOR
from gettone.chain.refusals.access_manager import AccessManagedUnauthorized
from gettone.chain.refused import ContractRefused
from gettone.errors import GettoneError, Refused


def refusal_of(what: str, cause: ContractLogicError) -> GettoneError:
    """The typed refusal behind a revert of `what` (`Contract.function`).

    The class of the error in gettone.chain.refusals with its arguments, plain ContractRefused for an error that
    is unknown, or Refused `not_authorized` where the AccessManager gives the caller no right.
    """
    data = cause.data if isinstance(cause.data, str) else ""
    found = decode_refusal(bytes.fromhex(data.removeprefix("0x"))) if data.startswith("0x") else None
    if found is None:
        return ContractRefused(f"{what} was refused by the contract without a reason ({cause})", {})
    refusal, arguments = found
    if refusal is AccessManagedUnauthorized:
        return Refused("not_authorized", f"{what} was refused: {arguments['caller']} does not hold the role it needs")
    name = refusal.signature.partition("(")[0]
    listed = ", ".join(f"{key} {_shown(value)}" for key, value in arguments.items())
    return refusal(f"{what} was refused by the contract: {name}({listed})", arguments)


def decode_refusal(data: bytes) -> tuple[type[ContractRefused], dict[str, Any]] | None:
    """Class and named arguments of the error that revert data holds; None if it is none of ours."""
    refusal = BY_SELECTOR.get(data[:4])
    if refusal is None:
        return None
    listed = refusal.signature.removesuffix(")").partition("(")[2]
    inputs = [one.split() for one in listed.split(",") if one]
    values = decode([kind for kind, _ in inputs], data[4:])
    return refusal, {
        name.rstrip("_"): Web3.to_checksum_address(value) if kind == "address" else value
        for (kind, name), value in zip(inputs, values, strict=True)
    }


def _shown(value: Any) -> str:
    return "0x" + value.hex() if isinstance(value, bytes) else str(value)
