"""Half-open validity intervals that must not overlap."""

from collections.abc import Iterable

from gettone.errors import Conflict, InputError

_OPEN = 1 << 62


def refuse_overlap(what: str, new: tuple[int, int | None], others: Iterable[tuple[int, int | None]]) -> None:
    """InputError when `new` [from, to) is empty, Conflict when it overlaps one of `others`; in slots."""
    start, end = new[0], _OPEN if new[1] is None else new[1]
    if start >= end:
        raise InputError("interval_empty", f"{what}: the end, slot {new[1]}, is not after the start, slot {start}")
    for other_start, other_end in others:
        if start < (_OPEN if other_end is None else other_end) and other_start < end:
            raise Conflict(
                "interval_overlap",
                f"{what} from slot {start} overlaps the one from slot {other_start}: end that one first",
            )
