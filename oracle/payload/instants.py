"""Instants and local labels as text: ISO 8601, or one layout that the flow states; nothing is guessed."""

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple

_ISO = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})[T ](?P<hour>\d{2}):(?P<minute>\d{2})(:(?P<second>\d{2})(\.0{1,9})?)?"
    r"(?P<offset>Z|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - a label has no zone yet
_ONE_S = timedelta(seconds=1)
# A reading outside these years is refused by its age; inside them no sum of seconds overflows anything.
_FIRST_YEAR, _LAST_YEAR = 1970, 2105


class Label(NamedTuple):
    """A moment as written: seconds since 1970 of UTC if `fixed`, else of the local clock that wrote it."""

    seconds: int
    fixed: bool


@lru_cache(maxsize=65_536)
def parse_label(text: str, layout: str = "") -> Label | None:
    """The moment a text names, None if it names none to the second.

    `layout` is a strptime layout such as `%d/%m/%Y %H:%M`; without one the text is ISO 8601 with or without an
    offset, where 24:00 ends a day.
    """
    try:
        return _of_layout(text, layout) if layout else _of_iso(text)
    except (ValueError, OverflowError):
        return None


def _of_iso(text: str) -> Label | None:
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    day = datetime.fromisoformat(match["day"])
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    if (minute > 59 or second > 59 or hour > 23) and (hour, minute, second) != (24, 0, 0):
        return None
    moment = day + timedelta(hours=hour, minutes=minute, seconds=second)
    if match["offset"] is None:
        return _label(moment, fixed=False)
    return _label(moment - _offset(match["offset"]), fixed=True)


def _of_layout(text: str, layout: str) -> Label | None:
    moment = datetime.strptime(text, layout)  # noqa: DTZ007 - a label without a zone is what is asked for
    if moment.microsecond:
        return None
    if moment.tzinfo is None:
        return _label(moment, fixed=False)
    return _label(moment.astimezone(UTC).replace(tzinfo=None), fixed=True)


def _label(moment: datetime, fixed: bool) -> Label | None:
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return None
    return Label((moment - _EPOCH) // _ONE_S, fixed)


def _offset(text: str) -> timedelta:
    """An offset of ISO 8601, at most a day; ValueError beyond."""
    if text == "Z":
        return timedelta(0)
    digits = text[1:].replace(":", "")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    # The class refuses offsets of a day and more, and minutes beyond 59 are no offset.
    if int(digits[2:]) > 59 or timezone(size) is None:
        raise ValueError
    return size if text[0] == "+" else -size
