"""Where homes that nobody lives in stand: hamlets of ten around a place, so that a map has squares to show."""

from math import isqrt

from gettone.generator.draws import draw_below
from gettone.metering.map_grid import Position

HOMES_PER_HAMLET = 10
# A thousandth of a degree is 111 m to the north, and less to the east.
_AROUND_HAMLET_UDEG = 1_000
_BETWEEN_HAMLETS_UDEG = 5_000


def place_of(seed: str, around: Position, number: int) -> Position:
    """The point of home `number`, from 1; the same whatever the number of homes, and farther out for later hamlets."""
    hamlet = (number - 1) // HOMES_PER_HAMLET
    reach_udeg = _BETWEEN_HAMLETS_UDEG * (isqrt(hamlet) + 1) if hamlet else 0
    moves = (
        _drawn_within(seed, f"hamlet/{hamlet}", axis, reach_udeg)
        + _drawn_within(seed, f"place/{number}", axis, _AROUND_HAMLET_UDEG)
        for axis in (0, 1)
    )
    return Position(around.latitude_udeg + next(moves), around.longitude_udeg + next(moves))


def _drawn_within(seed: str, label: str, axis: int, reach_udeg: int) -> int:
    return draw_below(seed, label, axis, 2 * reach_udeg + 1) - reach_udeg
