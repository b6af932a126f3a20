"""The lines of the table: what a file has, which rule is to see it, what must come out and what did."""

from collections.abc import Iterable
from typing import NamedTuple


class Line(NamedTuple):
    """One expectation about a file."""

    file: str
    oddity: str
    rule: str
    expected: str
    found: str

    @property
    def met(self) -> bool:
        """Whether what was expected came out."""
        return self.expected == self.found


def line(file: str, oddity: str, rule: str, expected: object, found: object) -> Line:
    """A line from values that are compared as text."""
    return Line(file, oddity, rule, shown(expected), shown(found))


def shown(value: object) -> str:
    """Numbers with separators of thousands, several of them with commas between.

    >>> shown(48091), shown([1, 2345]), shown("as it is")
    ('48,091', '1; 2,345', 'as it is')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list | tuple):
        return "; ".join(map(shown, value))
    return str(value)


def markdown(lines: Iterable[Line]) -> str:
    """The table as it stands in the documentation."""
    rows = (
        f"| `{one.file}` | {one.oddity} | {one.rule} | {one.expected} | {'yes' if one.met else 'no: ' + one.found} |"
        for one in lines
    )
    return "\n".join(["| file | oddity | rule | must come out | came out |", "|---|---|---|---|---|", *rows])
