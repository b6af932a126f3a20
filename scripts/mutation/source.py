"""Solidity text as the mutation operators see it: code without comments and strings, functions, statements.

Positions are those of the file, since what is hidden is replaced by blanks of the same length.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HIDDEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.S)
_FUNCTION = re.compile(r"\b(?:function\s+(\w+)|(constructor))\s*\(")


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of characters with the name of what stands there."""

    name: str
    start: int
    end: int


def visible(text: str) -> str:
    """The text with comments and strings blanked, line breaks kept."""
    return _HIDDEN.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def bodies(code: str) -> Iterator[Span]:
    """Bodies of functions and constructors, without their braces; declarations without a body have none."""
    for found in _FUNCTION.finditer(code):
        opening = re.compile(r"[{;]").search(code, _closing(code, found.end() - 1))
        if opening and opening[0] == "{":
            yield Span(found[1] or found[2], opening.end(), _closing(code, opening.start()) - 1)


def constants(code: str) -> Iterator[Span]:
    """Values of the constants of a contract or library, from behind the `=` to the semicolon."""
    for found in re.finditer(r"\bconstant\s+(\w+)\s*=([^;]*);", code):
        yield Span(found[1], found.start(2), found.end(2))


def statements(code: str, body: Span) -> Iterator[Span]:
    """Simple statements of a body, semicolon included; what a brace opens is not one, what it holds is."""
    start, depth = body.start, 0
    for position in range(body.start, body.end):
        sign = code[position]
        depth += (sign in "([") - (sign in ")]")
        if depth == 0 and sign in ";{}":
            lead = len(code[start:position]) - len(code[start:position].lstrip())
            if sign == ";" and code[start:position].strip():
                yield Span(body.name, start + lead, position + 1)
            start = position + 1


def conditions(code: str, body: Span) -> Iterator[Span]:
    """Conditions of `if` in a body, without their parentheses."""
    for found in re.compile(r"\bif\s*\(").finditer(code, body.start, body.end):
        yield Span(body.name, found.end(), _closing(code, found.end() - 1) - 1)


def _closing(code: str, opening: int) -> int:
    """Position behind the bracket that closes the one at `opening`."""
    pair = {"(": ")", "{": "}"}[code[opening]]
    depth = 0
    for position in range(opening, len(code)):
        depth += (code[position] == code[opening]) - (code[position] == pair)
        if depth == 0:
            return position + 1
    raise ValueError(f"unclosed {code[opening]} at character {opening}")
