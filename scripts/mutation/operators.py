"""The mutation operators: each finds the places of one kind of mistake and what stands there instead.

Mutants that could not compile or say the same as the original are not made where the text alone shows it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mutation import source
from mutation.source import Span

COMPARISONS = {"==": "!=", "!=": "==", "<": "<=", "<=": "<", ">": ">=", ">=": ">"}
ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "*", "%": "*", "<<": ">>", ">>": "<<", "|": "&", "&": "|"}
ARITHMETIC |= {"+=": "-=", "-=": "+=", "|=": "&=", "&=": "|=", "++": "--", "--": "++"}
BOOLEANS = {"&&": "||", "||": "&&", "true": "false", "false": "true"}
ASSEMBLY = {"add(": "sub(", "gt(": "lt(", "lt(": "gt(", "or(": "and(", "and(": "or(", "iszero(": "or(0, "}

_SIGN = re.compile(r"<<|>>|\+\+|--|[-+|&]=|==|!=|<=|>=|=>|&&|\|\||[-+*/%|&<>]|\b(?:true|false)\b")
_YUL = re.compile(r"\b(?:add|gt|lt|or|and|iszero)\(")
_NUMBER = re.compile(r"(?<![\w.])(?:0x[0-9a-fA-F]+|\d[\d_]*)(?![\w.])")
_DECLARATION = re.compile(
    r"\(?\s*[\w.]+(?:\[\w*\])*(?:\s*\([^)]*\))?(?:\s+(?:memory|storage|calldata))?\s+\w+\s*[=,;)]"
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One planted bug: `replacement` for the characters `start` to `end` of a file."""

    path: str
    function: str
    operator: str
    start: int
    end: int
    replacement: str

    def apply(self, text: str) -> str:
        """The text of the file with the bug."""
        return text[: self.start] + self.replacement + text[self.end :]

    def describe(self, text: str) -> tuple[str, str]:
        """The lines it changes, before and after, with single blanks; part of its identity."""
        first = text.rfind("\n", 0, self.start) + 1
        last = text.find("\n", self.end)
        after = text[first : self.start] + self.replacement + text[self.end : last]
        return " ".join(text[first:last].split()), " ".join(after.split()) or "(deleted)"


Place = tuple[str, int, int, str]  # operator, start, end, replacement


def mutants(root: Path, path: str) -> list[Mutant]:
    """All mutants of a file, in the order of the text."""
    text = (root / path).read_text(encoding="utf-8")
    code = source.visible(text)
    found = []
    for body in source.bodies(code):
        for operator in OPERATORS:
            found += [Mutant(path, body.name, *place) for place in operator(code, body)]
    for constant in source.constants(code):
        found += [Mutant(path, constant.name, *place) for place in _numbers(code, constant)]
    return sorted(found, key=lambda mutant: (mutant.start, mutant.end, mutant.replacement))


def _signs(code: str, body: Span) -> Iterator[Place]:
    for found in _SIGN.finditer(code, body.start, body.end):
        for operator, signs in (("comparison", COMPARISONS), ("arithmetic", ARITHMETIC), ("boolean", BOOLEANS)):
            if found[0] in signs:
                yield operator, found.start(), found.end(), signs[found[0]]


def _negations(code: str, body: Span) -> Iterator[Place]:
    for found in re.compile(r"!(?=[\w(])").finditer(code, body.start, body.end):
        yield "boolean", found.start(), found.end(), ""
    for condition in source.conditions(code, body):
        text = code[condition.start : condition.end]
        if not re.fullmatch(r"[^&|]*[=!]=[^&|]*|!\w+(\([^()]*\))?", text):  # the sign itself is turned already
            yield "condition", condition.start, condition.end, f"!({text})"


def _deletions(code: str, body: Span) -> Iterator[Place]:
    for statement in source.statements(code, body):
        text = code[statement.start : statement.end]
        if text.startswith("else"):
            continue
        if re.match(r"if\b|for\b|while\b", text):
            yield "deletion", statement.start, statement.end, "{}"
        elif text.startswith(("return", "delete ")) or not _DECLARATION.match(text):
            yield "deletion", statement.start, statement.end, ""


def _numbers(code: str, body: Span) -> Iterator[Place]:
    for found in _NUMBER.finditer(code, body.start, body.end):
        value = int(found[0].replace("_", ""), 0)
        # An address or a mask in hexadecimal keeps its meaning only as a whole.
        if len(found[0]) <= 12:
            yield "constant", found.start(), found.end(), str(value + 1)
            if value > 0:
                yield "constant", found.start(), found.end(), str(value - 1)


def _assembly(code: str, body: Span) -> Iterator[Place]:
    for block in re.compile(r"\bassembly\b").finditer(code, body.start, body.end):
        for found in _YUL.finditer(code, block.end(), body.end):
            yield "assembly", found.start(), found.end(), ASSEMBLY[found[0]]


OPERATORS: list[Callable[[str, Span], Iterator[Place]]] = [_signs, _negations, _deletions, _numbers, _assembly]
