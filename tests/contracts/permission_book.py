"""Asking a contract who is let in, without caring what the call is refused for afterwards."""

from brownie import web3
from eth_abi import encode

UNAUTHORIZED = web3.keccak(text="AccessManagedUnauthorized(address)")[:4].hex()


def is_let_in(target, function: str, caller) -> bool:
    """Whether the permission book lets `caller` (an address) call `function` of `target`.

    The arguments are empty values of their types; of overloads any one stands for all.
    """
    call = {"to": target.address, "from": str(caller), "data": blank_call(target, function)}
    answer = web3.provider.make_request("eth_call", [call, "latest"])
    refusal = answer["error"].get("data", "") if "error" in answer else ""
    return _digits(refusal) != UNAUTHORIZED + _digits(str(caller)).rjust(64, "0")


def state_changing(target) -> list[dict]:
    """Every function of the contract that can write, as its entry of the ABI."""
    functions = [item for item in target.abi if item["type"] == "function"]
    return [item for item in functions if item["stateMutability"] not in ("view", "pure")]


def blank_call(target, function: str) -> str:
    """Calldata of a function with zero, empty text and empty lists for arguments."""
    entry = next(item for item in state_changing(target) if item["name"] == function)
    types = [_canonical(one) for one in entry["inputs"]]
    selector = web3.keccak(text=f"{function}({','.join(types)})")[:4]
    return "0x" + (bytes(selector) + encode(types, [_blank(one) for one in entry["inputs"]])).hex()


def _canonical(argument: dict) -> str:
    """Type of an argument as in a signature, with the fields of a struct in brackets."""
    if not argument["type"].startswith("tuple"):
        return argument["type"]
    return f"({','.join(_canonical(part) for part in argument['components'])})" + argument["type"][len("tuple") :]


def _blank(argument: dict):
    """The empty value of an argument's type."""
    kind = argument["type"]
    if kind.endswith("]"):
        element, size = kind[:-1].rsplit("[", 1)
        return [_blank(argument | {"type": element})] * int(size or 0)
    if kind == "tuple":
        return tuple(_blank(part) for part in argument["components"])
    if kind == "address":
        return "0x" + 40 * "0"
    if kind.startswith(("uint", "int")):
        return 0
    return {"bool": False, "string": "", "bytes": b""}.get(kind, bytes(32))


def _digits(text: str) -> str:
    return text.lower().removeprefix("0x")
