"""A community that nobody lives in: homes, plants, meters, all drawn from a seed."""

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

import numpy as np

from gettone.errors import InputError
from gettone.generator.archetypes import Archetype, load_table
from gettone.generator.draws import Int64Array, draw_below
from gettone.generator.load import Household, load_of_day
from gettone.generator.places import place_of
from gettone.generator.sun import Site, clear_w_per_kwp, cloud_permille, production_wh
from gettone.metering.map_grid import Position
from gettone.periods import load_zone
from gettone.types import Direction

PEAKS_W = (3000, 4500, 6000)
MAX_HOMES = 1_000_000
ROME = Site()


@dataclass(frozen=True, slots=True)
class Home:
    """A home with its connection point; peak_w is 0 where there is no plant on the roof."""

    household: Household
    pod: str
    inverter: str
    member_id: str
    peak_w: int
    position: Position

    @property
    def archetype(self) -> Archetype:
        """What the table says of who lives here."""
        return load_table().archetypes[self.household.archetype]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is generated: `homes` homes over `days` local days from `first` on, under a seed.

    pv_permille: how many homes have a plant.
    """

    homes: int
    first: date
    days: int
    seed: str
    slug: str = "generated"
    timezone: str = "Europe/Rome"
    pv_permille: int = 333
    site: Site = ROME

    def __post_init__(self) -> None:
        """InputError for numbers that make no community."""
        if not 1 <= self.homes <= MAX_HOMES or not 1 <= self.days <= 3660 or not 0 <= self.pv_permille <= 1000:
            raise InputError(
                "generator_plan",
                f"{self.homes} homes over {self.days} days with {self.pv_permille} permille of plants cannot be made: "
                f"give 1 to {MAX_HOMES} homes, 1 to 3660 days and 0 to 1000 permille",
            )
        load_zone(self.timezone)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of its days."""
        return load_zone(self.timezone)

    @property
    def dates(self) -> tuple[date, ...]:
        """The local days."""
        return tuple(self.first + timedelta(days=number) for number in range(self.days))

    @property
    def centre(self) -> Position:
        """The site as a point of the map."""
        return Position(round(self.site.latitude * 1_000_000), round(self.site.longitude * 1_000_000))

    def home(self, number: int) -> Home:
        """Home `number`, from 1; the same whatever the number of homes."""
        label = f"home/{number}"
        archetype = _drawn_archetype(draw_below(self.seed, label, 0, 1000))
        people, rooms = (
            low + draw_below(self.seed, label, at, high - low + 1)
            for at, (low, high) in enumerate((archetype.people, archetype.rooms), 1)
        )
        has_plant = draw_below(self.seed, label, 3, 1000) < self.pv_permille
        peak_w = PEAKS_W[draw_below(self.seed, label, 4, len(PEAKS_W))] if has_plant else 0
        return Home(
            Household(f"m{number:03}", archetype.name, people, rooms),
            # A distributor that does not exist, so that no real point of delivery has such a code.
            f"IT999E{number:08}",
            f"{self.slug}-inverter-{number:06}",
            sha256(f"gettone generator: {self.seed}/{self.slug}/{number}".encode()).hexdigest(),
            peak_w,
            place_of(self.seed, self.centre, number),
        )


@dataclass(frozen=True, slots=True)
class Flows:
    """Energy [Wh >= 0] of homes in the slots of a range, int64 [homes, slots]; netted slot by slot."""

    load: Int64Array
    production: Int64Array

    def of(self, direction: Direction) -> Int64Array:
        """The signed readings of a direction (Table 13): + withdrawn and load, - injected and produced."""
        net = self.load - self.production
        readings: dict[Direction, Int64Array] = {
            Direction.WITHDRAWAL: np.maximum(net, 0),
            Direction.INJECTION: np.minimum(net, 0),
            Direction.PRODUCTION: -self.production,
            Direction.LOAD: self.load,
        }
        return readings[direction]


def energy_of(plan: Plan, homes: tuple[Home, ...], days: tuple[date, ...]) -> Flows:
    """Load and production of homes over whole local days."""
    households = [one.household for one in homes]
    peak_w = np.array([one.peak_w for one in homes], np.int64)
    load, production = [], []
    for day in days:
        load.append(load_of_day(plan.seed, households, day, plan.zone))
        clear = clear_w_per_kwp(plan.site, day, plan.zone)
        production.append(production_wh(clear, cloud_permille(plan.seed, plan.slug, day, len(clear)), peak_w))
    return Flows(np.hstack(load), np.hstack(production))


def _drawn_archetype(permille: int) -> Archetype:
    for archetype in load_table().archetypes.values():
        permille -= archetype.share_permille
        if permille < 0:
            return archetype
    raise ValueError("the shares of the archetypes do not sum to 1000 permille")
