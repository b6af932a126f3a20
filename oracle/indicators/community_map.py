"""The map of a community on a grid of 500 m (ENEA report §4.3.9): who lives and what is installed in each square."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from gettone.db.repositories.communities import MemberKind
from gettone.db.repositories.holdings import HeldChannel
from gettone.db.repositories.positions import Positions, has_positions
from gettone.metering.map_grid import GridCell, cell_of
from gettone.types import Direction
from oracle.indicators.asking import Asking
from oracle.indicators.essential import held_at_end, plant_powers_w
from oracle.indicators.registry import MemberFacts
from oracle.indicators.widget import Cell, Column, Unit, Widget, withheld

LEAST_MEMBERS = 3
"""A square with fewer members, or with plants of fewer, says too much about each of them."""

_KINDS = tuple(f"kind_{kind}" for kind in MemberKind)
MAP = (
    Column("cell", Unit.TEXT),
    Column("latitude", Unit.UDEG),
    Column("longitude", Unit.UDEG),
    *(Column(key, Unit.COUNT) for key in ("members", "residents", *_KINDS, "plants")),
    Column("plant_power", Unit.W),
)


Places = Mapping[GridCell | None, frozenset[str]]
"""Ids of members by cell; None is an unknown place."""


@dataclass(slots=True)
class _Square:
    """Members and plants of a square: `owners` of plants, and `powers_w` of those whose power is registered."""

    members: list[MemberFacts] = field(default_factory=list)
    plants: int = 0
    owners: set[str] = field(default_factory=set)
    powers_w: list[int] = field(default_factory=list)


def community_map(asking: Asking) -> Widget:
    """Members, residents, plants and their power by square at the end of the range.

    What is too small to be shown stands in one row `elsewhere` with those whose position is not known, so that the
    rows sum to the card of the community.  Nothing is shown of a community of one or two members.
    """
    held = held_at_end(asking)
    with asking.database.read() as connection:
        if not has_positions(connection):
            return Widget("community_map", MAP, ())
        if asking.vault is None:
            return withheld("community_map", MAP, "no_key")
        found = Positions(connection, asking.vault).of({one.device_id for one in held})
    return _drawn(_squares(asking, held, {device_id: cell_of(position) for device_id, position in found.items()}))


def _drawn(squares: Mapping[GridCell | None, _Square]) -> Widget:
    members = {cell: frozenset(one.member_id for one in square.members) for cell, square in squares.items()}
    owners = {cell: frozenset(square.owners) for cell, square in squares.items()}
    if len(_together(members, members)) < LEAST_MEMBERS:
        return Widget("community_map", MAP, ())
    # One or two owners cannot hide among others: their plants stand on no square, and the card has the total.
    tells_plants = len(_together(owners, owners)) not in range(1, LEAST_MEMBERS)
    hidden = hidden_cells(members, owners) if tells_plants else hidden_cells(members)
    shown = sorted(cell for cell in squares if cell is not None and cell not in hidden)
    rows = [(cell.name, *_place(cell), *_figures([squares[cell]], tells_plants)) for cell in shown]
    if hidden:
        rows.append(("elsewhere", None, None, *_figures([squares[cell] for cell in hidden], tells_plants)))
    return Widget("community_map", MAP, tuple(rows), notes=(("map_elsewhere", ()),))


def hidden_cells(*groups: Places) -> frozenset[GridCell | None]:
    """The cells that are not shown, for groups that name the same cells; the unknown place is never shown.

    Each group has three ids or more in all.  Each is hidden by three at least or not at all: one or two would follow
    from the totals of the community.  Where fewer are left behind the hidden cells, the smallest shown one joins them.
    """
    hidden = {cell for group in groups for cell, ids in group.items() if cell is None or 0 < len(ids) < LEAST_MEMBERS}
    while short := next((group for group in groups if 0 < len(_together(group, hidden)) < LEAST_MEMBERS), None):
        sizes = [(len(ids), cell) for cell, ids in short.items() if cell is not None and cell not in hidden and ids]
        hidden.add(min(sizes)[1])
    return frozenset(hidden)


def _together(places: Places, cells: Collection[GridCell | None]) -> frozenset[str]:
    return frozenset().union(*(places[cell] for cell in cells))


def _squares(
    asking: Asking, held: Sequence[HeldChannel], cells: Mapping[int, GridCell]
) -> dict[GridCell | None, _Square]:
    """A member is where the first of the own devices with a position is, a plant where it is itself or its owner."""
    squares: dict[GridCell | None, _Square] = defaultdict(_Square)
    owner_of = {one.device_id: one.member_id for one in held}
    homes = {owner_of[device_id]: cells[device_id] for device_id in sorted(cells, reverse=True)}
    for member in asking.query.registry.members:
        if member.member_id in owner_of.values():
            squares[homes.get(member.member_id)].members.append(member)
    plants = {one.device_id for one in held if one.direction is Direction.PRODUCTION}
    powers = {device_id: one for device_id, one in plant_powers_w(asking).items() if device_id in owner_of}
    for device_id in sorted(plants | set(powers)):
        square = squares[cells.get(device_id, homes.get(owner_of[device_id]))]
        square.owners.add(owner_of[device_id])
        square.plants += device_id in plants
        square.powers_w += [powers[device_id]] if device_id in powers else []
    return dict(squares)


def _place(cell: GridCell) -> tuple[Cell, Cell]:
    return cell.centre.latitude_udeg, cell.centre.longitude_udeg


def _figures(squares: Sequence[_Square], tells_plants: bool) -> tuple[Cell, ...]:
    members = [one for square in squares for one in square.members]
    people = [one.people for one in members if one.people is not None]
    kinds = Counter(f"kind_{one.kind}" for one in members)
    powers = [power_w for square in squares for power_w in square.powers_w]
    return (
        len(members),
        sum(people) if people else None,
        *(kinds[key] for key in _KINDS),
        sum(square.plants for square in squares) if tells_plants else None,
        sum(powers) if powers and tells_plants else None,
    )
