"""Where generated homes stand: alike every time, and enough of them in a square to be shown."""

from collections import Counter

import pytest

from gettone.generator.places import place_of
from gettone.metering.map_grid import Position, cell_of

pytestmark = pytest.mark.unit

ROME = Position(41_900_000, 12_500_000)


def test_place__of_a_home__is_the_same_every_time() -> None:
    assert place_of("demo-1", ROME, 1) == place_of("demo-1", ROME, 1) != place_of("demo-2", ROME, 1)


def test_places__of_twenty_homes__mostly_share_a_square_with_two_others() -> None:
    squares = Counter(cell_of(place_of("demo-1", ROME, number)) for number in range(1, 21))
    assert sum(count for count in squares.values() if count >= 3) >= 15
