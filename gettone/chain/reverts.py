"""From the revert data of a contract to one sentence with the error's name and its numbers."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from eth_abi.abi import decode
from eth_utils.abi import abi_to_signature, collapse_if_tuple
from eth_utils.crypto import keccak
from web3.exceptions import ContractLogicError

from gettone.errors import Conflict, GettoneError, Refused

_NO_RIGHT = "AccessManagedUnauthorized"
_BUILT_IN = (
    {"type": "error", "name": "Error", "inputs": [{"name": "reason", "type": "string"}]},
    {"type": "error", "name": "Panic", "inputs": [{"name": "code", "type": "uint256"}]},
)


class ContractRefused(Conflict):
    """A contract refused a call with a typed error; `error_name` and `arguments` are those of the ABI."""

    def __init__(self, message: str, error_name: str, arguments: dict[str, Any]) -> None:
        super().__init__("contract_refused", message)
        self.error_name = error_name
        self.arguments = arguments


def refusal_of(what: str, cause: ContractLogicError) -> GettoneError:
    """The typed refusal behind a revert of `what` (`Contract.function`).

    ContractRefused with the error's name and arguments, or Refused `not_authorized` where the AccessManager
    gives the caller no right.
    """
    data = cause.data if isinstance(cause.data, str) else ""
    decoded = decode_error(bytes.fromhex(data.removeprefix("0x"))) if data.startswith("0x") else None
    if decoded is None:
        return ContractRefused(f"{what} was refused by the contract without a reason ({cause})", "", {})
    name, arguments = decoded
    if name == _NO_RIGHT:
        return Refused("not_authorized", f"{what} was refused: {arguments['caller']} does not hold the role it needs")
    listed = ", ".join(f"{key} {_shown(value)}" for key, value in arguments.items())
    return ContractRefused(f"{what} was refused by the contract: {name}({listed})", name, arguments)


def decode_error(data: bytes) -> tuple[str, dict[str, Any]] | None:
    """Name and named arguments of a custom error of any of our contracts; None if it is unknown."""
    abi = _errors().get(data[:4])
    if abi is None:
        return None
    values = decode([collapse_if_tuple(argument) for argument in abi["inputs"]], data[4:])
    return abi["name"], {
        argument["name"].rstrip("_"): value for argument, value in zip(abi["inputs"], values, strict=True)
    }


@cache
def _errors() -> dict[bytes, Any]:
    found: dict[bytes, Any] = {}
    for path in files("gettone.chain").joinpath("artifacts").iterdir():
        if path.name.endswith(".json"):
            abi = json.loads(path.read_text(encoding="utf-8"))["abi"]
            found |= {_selector(entry): entry for entry in abi if entry["type"] == "error"}
    return found | {_selector(entry): entry for entry in _BUILT_IN}


def _selector(entry: Any) -> bytes:
    return keccak(text=abi_to_signature(entry))[:4]


def _shown(value: Any) -> str:
    return "0x" + value.hex() if isinstance(value, bytes) else str(value)
