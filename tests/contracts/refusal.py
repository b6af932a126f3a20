"""What a contract answers when it refuses: the typed error with the numbers that disagree."""

import brownie
from brownie.convert.datatypes import EthAddress, HexString
from brownie.exceptions import VirtualMachineError
from hexbytes import HexBytes


def _as_decoded(value):
    """Brownie prints decoded arguments: addresses in lower case, bytes as Python bytes."""
    if isinstance(value, HexBytes | HexString):
        return str(bytes(HexBytes(value)))
    if hasattr(value, "address"):
        value = value.address
    if isinstance(value, str | EthAddress) and str(value).startswith("0x"):
        return str(value).lower()
    return str(value)


def refused(error: str, *values):
    """Expect the call inside to revert with exactly this typed error and these arguments, in their order."""
    return brownie.reverts(f"{error}: {', '.join(_as_decoded(value) for value in values)}")


def refused_with(error: str):
    """Expect this typed error, with whatever arguments; for rules whose numbers another test asserts."""
    return brownie.reverts(revert_pattern=f"(?s){error}: .*")


def attempt(send):
    """What `send` answers, or None if it was refused, where a model knows which of both it must be."""
    try:
        return send()
    except VirtualMachineError:
        return None
    except ValueError as error:  # from a call before a transaction that may not revert
        if "Execution reverted during call" not in str(error):
            raise
        return None
