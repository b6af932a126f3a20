"""The configuration of a flow: what its rows mean, stated once and never guessed (§3.2)."""

import codecs
import json
import re
from dataclasses import asdict, dataclass, fields
from typing import Any

from gettone.errors import InputError
from gettone.metering.clock import END, START, UTC_CLOCK, check_clock
from gettone.types import Direction, Quality

# Ranks of §1 by source class: a better source replaces a worse one.  A manual edit (class 6) takes the rank of the
# version it answers; this is its rank where there is none.
RANK_OF_CLASS = {1: 50, 2: 40, 3: 30, 4: 20, 5: 10, 6: 5, 7: 1}
ESTIMATE_RANK = 5

INTERVAL, REGISTER, POWER_MEAN, POWER_SAMPLE = "interval", "register", "power_mean", "power_sample"
ENERGY_UNITS, POWER_UNITS = ("Wh", "kWh", "MWh"), ("W", "kW")
APPLY, ALREADY_APPLIED = "apply", "already_applied"
PROFILE = "profile"
_PROFILE_COLUMNS = {"timestamp": "timestamp_utc", "value": "energy_wh"}

_CHOICES: dict[str, tuple[Any, ...]] = {
    "source_class": tuple(RANK_OF_CLASS),
    "direction": (None, *map(int, Direction)),
    "kind": (INTERVAL, REGISTER, POWER_MEAN, POWER_SAMPLE),
    "unit": (None, *ENERGY_UNITS, *POWER_UNITS),
    "sign": ("as_is", "flip"),
    "k_factor": (None, ALREADY_APPLIED, APPLY),
    "decimal": (".", ","),
    "label": (START, END),
}
_SYNTAX = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)
_RANGES = {"rank": (1, 100), "step_s": (1, 86_400), "snap_s": (0, 449), "max_reject_permille": (0, 1000)}
_MAY_BE_NONE = ("rank", "step_s")


@dataclass(frozen=True, slots=True)
class FlowConfig:
    """Meaning of the rows of a flow; without arguments that of the built-in profile (§3.2).

    source_class: 1, 2 distributor, 3 user's device, 4 inverter or own meter, 5 uploaded file, 6 manual, 7 generator.
    rank: order among sources, None for that of the class.  direction: of every row, None where the row says it or
    each device has one channel of the row's step.  kind: interval energy, register, mean or sampled power.
    unit: of every number, None where rows say it.  sign: flip turns every number round.
    k_factor: whether the multiplier a row states was applied by the source; None refuses any other than 1.
    separator, encoding, decimal, null_marks: how text is written.
    columns: (our name, name in the source); ours are device, timestamp, interval_s, value, quality, direction, unit
    and k_factor.
    clock: of labels without offset: `utc`, `+01:00` or a zone name.  label: at the start or end of the interval.
    step_s: interval [s], None where rows say it.  snap_s: how far off a boundary a label may be [s].
    max_reject_permille: above this share of rejected rows the whole file is rejected (§3.1).
    options: (key, text) pairs of one syntax only.  The pairs are kept sorted; no name stands twice.
    """

    source_class: int = 5
    rank: int | None = None
    direction: int | None = None
    kind: str = INTERVAL
    unit: str | None = "Wh"
    sign: str = "as_is"
    k_factor: str | None = None
    syntax: str = PROFILE
    separator: str = ","
    encoding: str = "utf-8"
    decimal: str = "."
    columns: tuple[tuple[str, str], ...] = ()
    null_marks: tuple[str, ...] = ()
    clock: str = UTC_CLOCK
    label: str = START
    step_s: int | None = None
    snap_s: int = 0
    max_reject_permille: int = 200
    options: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        """InputError for a value outside its range or against another one."""
        for name in ("columns", "options"):
            object.__setattr__(self, name, _sorted_pairs(name, getattr(self, name)))
        object.__setattr__(self, "null_marks", tuple(self.null_marks))
        for name, allowed in _CHOICES.items():
            if getattr(self, name) not in allowed:
                raise _refusal(f"{name} {getattr(self, name)!r} is not one of {', '.join(map(str, allowed))}")
        for name, (low, high) in _RANGES.items():
            _check_range(name, getattr(self, name), low, high)
        self._check_text()
        self._check_agreement()

    def rank_of(self, quality: Quality, source_class: int = 0) -> int:
        """Rank of a value (§1), of the flow or of the class its row states; an estimate never outranks a measurement.

        source_class: that of the row, 0 where the flow's holds.
        """
        stated = RANK_OF_CLASS[source_class] if source_class else self.rank
        rank = RANK_OF_CLASS[self.source_class] if stated is None else stated
        return min(rank, ESTIMATE_RANK) if quality in (Quality.ESTIMATED, Quality.SUBSTITUTED) else rank

    def column(self, ours: str) -> str:
        """The name in the source of one of our columns: the same where the configuration names no other."""
        return dict(self.columns).get(ours, _PROFILE_COLUMNS.get(ours, ours) if self.syntax == PROFILE else ours)

    def option(self, key: str) -> str | None:
        """The text of an option of the syntax, None where it is not given."""
        return dict(self.options).get(key)

    def to_json(self) -> str:
        """Canonical JSON of every key for the database; pairs as objects."""
        values = asdict(self) | {"columns": dict(self.columns), "options": dict(self.options)}
        return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def of_json(cls, document: str, flow: str) -> "FlowConfig":
        """The configuration of stored JSON; InputError for a missing or an unknown key."""
        values = json.loads(document)
        names = {field.name for field in fields(cls)}
        if set(values) != names:
            wrong = ", ".join(sorted(set(values) ^ names))
            raise _refusal(f"the configuration of flow {flow!r} lacks or does not know: {wrong}")
        pairs = {name: tuple(values[name].items()) for name in ("columns", "options")}
        return cls(**values | pairs)

    def _check_text(self) -> None:
        if len(self.separator) != 1 or self.separator in ('"', "\n", "\r", self.decimal):
            raise _refusal(f"separator {self.separator!r} is not one character that no number and no quote contains")
        try:
            codecs.lookup(self.encoding)
        except LookupError:
            raise _refusal(f"encoding {self.encoding!r} is not known: use utf-8, cp1252 or iso-8859-1") from None
        # Which syntaxes there are is known where they are read; here a name must only be one.
        if not _SYNTAX.fullmatch(self.syntax):
            raise _refusal(f"syntax {self.syntax!r} is no name of lower-case letters, digits and underscores")
        check_clock(self.clock)

    def _check_agreement(self) -> None:
        powers = self.kind in (POWER_MEAN, POWER_SAMPLE)
        if self.unit is not None and self.unit not in (POWER_UNITS if powers else ENERGY_UNITS):
            raise _refusal(f"unit {self.unit} does not count what kind {self.kind} says")
        if self.step_s is not None and 2 * self.snap_s >= self.step_s:
            raise _refusal(f"snap_s {self.snap_s} is not less than half of step_s {self.step_s}")


def _sorted_pairs(name: str, pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _refusal(f"{name} names something twice")
    return tuple(sorted(found.items()))


def _check_range(name: str, value: int | None, low: int, high: int) -> None:
    if value is None and name in _MAY_BE_NONE:
        return
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise _refusal(f"{name} {value} is not within {low} to {high}")


def _refusal(reason: str) -> InputError:
    return InputError("flow_config", reason)
