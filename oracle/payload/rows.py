"""Rows gathered value by value, for syntaxes that nest: messages, curves of a day, lines of a data set."""

from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, cast

import numpy as np

from gettone.metering.codes import Code
from gettone.metering.received import BandTotal, Received, ReceivedRegisters, Rejected, Unit
from oracle.payload.refusals import MAX_BROKEN, RowRefusal, too_many_broken, unusable

MAX_ROWS = 20_000_000
RAW_CHARACTERS = 400


_CODED = ("direction", "exponent", "unit", "quality", "source_class", "k_exponent")
# What each value has for itself, and what a run of values has once.
_BY_VALUE = ("at_s", "mantissa", "exponent", "quality")
_BY_RUN = ("device", "interval_s", "direction", "unit", "source_class", "k_mantissa", "k_exponent")


class Number(NamedTuple):
    """An exact decimal, mantissa x 10**exponent."""

    mantissa: int
    exponent: int


NOTHING, ONE = Number(0, 0), Number(1, 0)
# A value as it was found: its number and quality, or why it cannot be read.
Found = tuple[Number, int] | RowRefusal


class Place(NamedTuple):
    """What a run of values has in common: device as the source wrote it, direction, unit, class of source.

    direction: 0..5 or NO_DIRECTION.  source_class: 1 or 2 where the source says which, 0 where the flow does.
    multiplier: K that the source states, not applied here.
    """

    device: str
    direction: int
    unit: Unit
    source_class: int = 0
    multiplier: Number = ONE


class RowSink:
    """Collects the rows of one payload in the order of the source and numbers them from 1."""

    def __init__(self) -> None:
        self.rows_in = 0
        self._devices: dict[str, int] = {}
        self._columns: dict[str, array[int]] = {name: array("q") for name in ("count", "row", *_BY_VALUE, *_BY_RUN)}
        self._broken: list[Rejected] = []
        self._texts: dict[int, str] = {}
        self.notes: Counter[Code] = Counter()
        self.ignored: set[str] = set()
        self.totals: list[BandTotal] = []

    def add(
        self,
        place: Place,
        starts_s: Sequence[int],
        interval_s: int,
        numbers: Sequence[Number],
        qualities: Sequence[int],
    ) -> None:
        """Add a run of values at [unix s, UTC]; a missing one has quality 0 and the number NOTHING."""
        mantissas = [number.mantissa for number in numbers]
        self.add_whole(place, starts_s, interval_s, mantissas, qualities)
        for at, number in enumerate(numbers, -len(numbers)):
            if number.exponent:
                self._columns["exponent"][at] = number.exponent

    def add_whole(
        self,
        place: Place,
        starts_s: Sequence[int],
        interval_s: int,
        values: list[int],
        qualities: Sequence[int],
    ) -> None:
        """Add a run of whole numbers; a missing one has quality 0 and is 0."""
        count = len(starts_s)
        self._count(count)
        columns = self._columns
        columns["at_s"].extend(starts_s)
        columns["mantissa"].fromlist(values)
        columns["quality"].extend(qualities)
        columns["exponent"].frombytes(bytes(8 * count))
        for name, value in (
            ("count", count),
            ("row", self.rows_in - count + 1),
            ("device", self._devices.setdefault(place.device, len(self._devices))),
            ("interval_s", interval_s),
            ("direction", place.direction),
            ("unit", int(place.unit)),
            ("source_class", place.source_class),
            ("k_mantissa", place.multiplier.mantissa),
            ("k_exponent", place.multiplier.exponent),
        ):
            columns[name].append(value)

    def reject(self, code: Code, field: str, reason: str, text: str, count: int = 1) -> None:
        """Refuse `count` rows of the source for one reason; `text` is what was received."""
        shown = text[:RAW_CHARACTERS]
        if len(self._broken) + count > MAX_BROKEN:
            raise too_many_broken()
        self._count(count)
        for row in range(self.rows_in - count + 1, self.rows_in + 1):
            self._broken.append(Rejected(row, code, field, reason))
            self._texts[row] = shown

    def received(self) -> Received:
        """The rows as interval readings."""
        columns = self._arrays()
        interval_s = columns.pop("interval_s").astype(np.int32)
        return Received(start_s=columns.pop("at_s"), interval_s=interval_s, totals=tuple(self.totals), **columns)

    def registers(self) -> ReceivedRegisters:
        """The rows as readings of registers."""
        columns = self._arrays()
        del columns["interval_s"]
        return ReceivedRegisters(**columns)

    def _arrays(self) -> dict[str, Any]:
        whole = {name: np.array(values, np.int64) for name, values in self._columns.items()}
        count = whole.pop("count")
        found: dict[str, Any] = {name: whole[name] for name in _BY_VALUE}
        found |= {name: np.repeat(whole[name], count) for name in ("row", *_BY_RUN)}
        # The rows of a run follow one another: the number of the first, and how far a value is from it.
        found["row"] += np.arange(len(found["row"])) - np.repeat(np.cumsum(count) - count, count)
        for name in _CODED:
            found[name] = found[name].astype(np.int8)
        found["device"] = found["device"].astype(np.int32)
        return found | {
            "devices": tuple(self._devices),
            "broken": tuple(self._broken),
            "texts": self._texts,
            "notes": dict(self.notes),
            "ignored_columns": tuple(sorted(self.ignored)),
        }

    def _count(self, count: int) -> None:
        self.rows_in += count
        if self.rows_in > MAX_ROWS:
            raise unusable(Code.F_SIZE, f"has more than {MAX_ROWS} rows: split it")

    def add_mixed(
        self, place: Place, starts_s: Sequence[int], interval_s: int, found: Sequence[Found], text: Callable[[int], str]
    ) -> None:
        """Add a run of values of which some may be refused: those break, with the text at their position."""
        refused = [at for at, one in enumerate(found) if isinstance(one, RowRefusal)]
        done = 0
        for at in [*refused, len(found)]:
            good = [one for one in found[done:at] if not isinstance(one, RowRefusal)]
            self.add(place, starts_s[done:at], interval_s, [one[0] for one in good], [one[1] for one in good])
            if at < len(found):
                refusal = cast(RowRefusal, found[at])
                self.reject(refusal.code, refusal.field, refusal.reason, text(at))
            done = at + 1
