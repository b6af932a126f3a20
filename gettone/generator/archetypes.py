"""Who lives or works there: when an archetype uses energy, as a shipped table of whole numbers.

The table keeps the Gaussians that people can read and the 96 weights made from them, because an exponential may
differ in its last bit between machines and the weights may not.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

QUARTERS = 96


@dataclass(frozen=True, slots=True)
class Archetype:
    """Weights by wall-clock quarter on work days and on free days, the machines that may run, and who it is.

    share_permille: how many of a community are such.  contract_w: power that its peaks stay below.
    people, rooms: least and most.
    appliances: (power [W], quarters it runs, chance a day [permille], first quarter, last quarter of its start).
    """

    name: str
    work_day: tuple[int, ...]
    free_day: tuple[int, ...]
    share_permille: int
    contract_w: int
    use_type: str
    people: tuple[int, int]
    rooms: tuple[int, int]
    appliances: tuple[tuple[int, int, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class LoadTable:
    """Archetypes by name; the share of each month and kind of day in the mean, permille."""

    archetypes: Mapping[str, Archetype]
    month_permille: tuple[int, ...]
    day_permille: Mapping[str, int]


@lru_cache(maxsize=1)
def load_table() -> LoadTable:
    """The table that comes with the program."""
    document = json.loads(files("gettone.generator").joinpath("archetypes.json").read_text(encoding="utf-8"))
    archetypes = {
        name: Archetype(
            name,
            tuple(one["work_day"]["weights"]),
            tuple(one["free_day"]["weights"]),
            one["share_permille"],
            one["contract_w"],
            one["use_type"],
            (one["people"][0], one["people"][1]),
            (one["rooms"][0], one["rooms"][1]),
            tuple((a["power_w"], a["quarters"], a["permille"], a["first"], a["last"]) for a in one["appliances"]),
        )
        for name, one in document["archetypes"].items()
    }
    return LoadTable(archetypes, tuple(document["month_permille"]), document["day_permille"])


def weights_of(base: int, gaussians: Sequence[Mapping[str, Any]]) -> list[int]:
    """96 weights of a base and of Gaussians (`hour` of the centre, `width_h` as standard deviation, `height`)."""

    def at(quarter: int, one: Mapping[str, Any]) -> float:
        # The clock goes round: what peaks at 23 h also weighs on the early hours.
        away = abs((quarter + 0.5) / 4 - float(one["hour"])) % 24
        return float(one["height"]) * math.exp(-((min(away, 24 - away) / float(one["width_h"])) ** 2) / 2)

    return [round(base + sum(at(quarter, one) for one in gaussians)) for quarter in range(QUARTERS)]
