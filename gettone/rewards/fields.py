"""Strict reading of one JSON object: every field by name, with its range, and nothing left over."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from gettone.errors import InputError

UNITS_MAX = 2**96 - 1
"""Largest amount of token units a parameter can hold (one uint96 on chain)."""

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,39}", re.ASCII)


class Fields:
    """Takes the fields of one JSON object one by one; `finish` refuses the names nobody asked for.

    code: stable code of the refusals.  within: dotted place of the object in its document, for the sentences.
    Integers may be JSON numbers or canonical decimal strings, since large ones are written as strings.

    >>> Fields({"a": "7"}, "example").integer("a", 0, 10)
    7
    """

    def __init__(self, document: Any, code: str, within: str = "") -> None:
        self._code = code
        self._within = within
        if not isinstance(document, Mapping):
            raise InputError(code, f"{within or 'the document'} must be a JSON object with named fields")
        self._left = dict(document)

    def refuse(self, name: str, reason: str) -> InputError:
        """The refusal of one field, by its dotted name."""
        return InputError(self._code, f"{self._dotted(name)} {reason}")

    def has(self, name: str) -> bool:
        """Whether the field is given and not taken yet."""
        return name in self._left

    def integer(self, name: str, low: int, high: int, default: int | None = None) -> int:
        """The whole number `name` in low..high; without a default it is required."""
        return self._whole(name, self._take(name, default), low, high)

    def word(self, name: str, allowed: Sequence[str], default: str | None = None) -> str:
        """The word `name`, one of `allowed`."""
        value = self._take(name, default)
        if value not in allowed:
            raise self.refuse(name, f"is {value!r}, and must be one of {', '.join(allowed)}")
        return str(value)

    def flag(self, name: str, default: bool) -> bool:
        """The truth value `name`."""
        value = self._take(name, default)
        if not isinstance(value, bool):
            raise self.refuse(name, f"is {value!r}, and must be true or false")
        return value

    def text(self, name: str) -> str:
        """The non-empty text `name`."""
        value = self._take(name, None)
        if not isinstance(value, str) or not value:
            raise self.refuse(name, f"is {value!r}, and must be a text")
        return value

    def items(self, name: str) -> list[Any]:
        """The list `name`, empty if absent."""
        value = self._left.pop(name, [])
        if not isinstance(value, list | tuple):
            raise self.refuse(name, "must be a list")
        return list(value)

    def child(self, name: str) -> "Fields":
        """The object `name`, empty if absent."""
        return Fields(self._left.pop(name, {}), self._code, self._dotted(name))

    def amounts(self, name: str, high: int) -> dict[str, int]:
        """The object `name` of whole numbers 0..high by free names, empty if absent."""
        value = self._left.pop(name, {})
        if not isinstance(value, Mapping):
            raise self.refuse(name, "must be an object of whole numbers")
        return {key: self._whole(f"{name}.{key}", number, 0, high) for key, number in value.items()}

    def whole_pairs(self, name: str, low: int, high: int) -> tuple[tuple[int, int], ...]:
        """The list `name` of pairs of whole numbers in low..high, empty if absent."""
        pairs = []
        for pair in self.items(name):
            if not isinstance(pair, list | tuple) or len(pair) != 2:
                raise self.refuse(name, f"holds {pair!r}, and every entry must be a pair [from, to]")
            pairs.append((self._whole(name, pair[0], low, high), self._whole(name, pair[1], low, high)))
        return tuple(pairs)

    def finish(self) -> None:
        """Refuse the first name that nobody asked for."""
        for name in sorted(self._left, key=str):
            raise self.refuse(name, "is not a known name here; remove it or correct its spelling")

    def _dotted(self, name: str) -> str:
        return f"{self._within}.{name}" if self._within else name

    def _take(self, name: str, default: Any) -> Any:
        value = self._left.pop(name, default)
        if value is None:
            raise self.refuse(name, "is required and missing")
        return value

    def _whole(self, name: str, value: Any, low: int, high: int) -> int:
        if isinstance(value, str) and _DECIMAL.fullmatch(value):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.refuse(name, f"is {value!r}, and must be a whole number")
        if not low <= value <= high:
            raise self.refuse(name, f"is {value}, and must be in {low}..{high}")
        return value
