"""A day's curve of the distributor flow: which quarter each `Ek` is, in both dialects of the changeover (§3.3)."""

from typing import NamedTuple

from gettone.metering.codes import Code
from oracle.payload.refusals import RowRefusal

DST, E100 = "dst", "e100"
DIALECTS = (DST, E100)
NORMAL_DAY, SPRING_DAY, AUTUMN_DAY = 96, 92, 100

# `Dst` -> (quarters of a day that may say so, first quarter of its values, how many there must be).
_PARTS = {
    "1": (SPRING_DAY, 0, 92),
    "2": (AUTUMN_DAY, 0, 12),
    "3": (AUTUMN_DAY, 12, 88),
}


class Curve(NamedTuple):
    """Positions of the values on the quarters of the day; None stands for an absent value. padding: zeros past it."""

    texts: list[tuple[int, str | None]]
    padding: int


def place_curve(values: dict[int, str], dst: str, quarters: int, dialect: str) -> Curve:
    """Put the values `Ek` of a day of 92, 96 or 100 quarters in their places, by the dialect of the distributor.

    Raises RowRefusal X_DST where `Dst` contradicts the calendar, X_DAYLEN for a wrong count.
    """
    if dialect == E100:
        return _in_order(values, dst, quarters)
    if dst == "0":
        _expect(quarters == NORMAL_DAY, Code.X_DST, f"Dst is 0 on a day of {quarters} quarters of an hour")
        _expect(max(values, default=0) <= quarters, Code.X_DAYLEN, "a normal day has values E1 to E96 only")
        return _by_number(values, quarters)
    _expect(dst in _PARTS, Code.X_DST, "Dst must be 0, 1, 2 or 3")
    expected, first, count = _PARTS[dst]
    _expect(quarters == expected, Code.X_DST, f"Dst is {dst} on a day of {quarters} quarters of an hour")
    _expect(len(values) == count, Code.X_DAYLEN, f"Dst {dst} needs {count} values, and there are {len(values)}")
    return Curve([(first + at, values[k]) for at, k in enumerate(sorted(values))], 0)


def _in_order(values: dict[int, str], dst: str, quarters: int) -> Curve:
    _expect(dst == "0", Code.X_DST, "this distributor numbers E1 to E100, and the day has a Dst all the same")
    beyond = [text for k, text in values.items() if k > quarters]
    if any(text.strip().replace(",", "").replace(".", "").strip("0") for text in beyond):
        raise RowRefusal(Code.X_DAYLEN, "Ea", f"a day of {quarters} quarters of an hour has values beyond them")
    return _by_number(values, quarters)._replace(padding=len(beyond))


def _by_number(values: dict[int, str], quarters: int) -> Curve:
    return Curve([(k - 1, values.get(k)) for k in range(1, quarters + 1)], 0)


def _expect(condition: bool, code: Code, reason: str) -> None:
    if not condition:
        raise RowRefusal(code, "Ea", reason)
