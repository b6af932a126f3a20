"""The refusal of a contract: the base of one class per custom error, and the two errors of the language itself."""

import re
from keyword import iskeyword
from typing import Any, ClassVar

from gettone.errors import Conflict


class ContractRefused(Conflict):
    """A contract refused a call; `arguments` are those of the error by the names of the ABI.

    A subclass says the error's `signature` (`Name(type name, …)`) and has each argument as a typed attribute in
    snake_case: addresses EIP-55, numbers int, words bytes.  This class itself is a refusal that nobody can read.
    """

    signature: ClassVar[str] = ""

    def __init__(self, message: str, arguments: dict[str, Any]) -> None:
        super().__init__("contract_refused", message)
        self.arguments = arguments
        for name, value in arguments.items():
            setattr(self, python_name(name), value)

    @property
    def error_name(self) -> str:
        """Name of the error in the ABI, empty if it is unknown."""
        return self.signature.partition("(")[0]


class SolidityError(ContractRefused):
    """A revert with a text instead of a typed error."""

    signature = "Error(string reason)"
    reason: str


class SolidityPanic(ContractRefused):
    """A check of the language failed: 1 assertion, 17 overflow, 18 division by zero, 50 index out of bounds."""

    signature = "Panic(uint256 panicCode)"
    panic_code: int


def python_name(name: str) -> str:
    """The snake_case attribute of an argument of the ABI.

    >>> [python_name(one) for one in ("periodIndex", "now_", "class_", "r")]
    ['period_index', 'now', 'class_', 'r']
    """
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip("_")).lower()
    return f"{words}_" if iskeyword(words) else words
