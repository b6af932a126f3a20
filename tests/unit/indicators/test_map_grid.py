"""The European grid of 500 m: the vector of its projection, cells and back, and which cells are hidden."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gettone.errors import InputError
from gettone.metering.map_grid import CELL_M, GridCell, Position, cell_of, projected_m
from oracle.indicators.community_map import hidden_cells

pytestmark = pytest.mark.unit

EUROPE = st.builds(Position, st.integers(28_000_000, 71_000_000), st.integers(-25_000_000, 45_000_000))
CELLS = st.one_of(st.none(), st.builds(GridCell, st.integers(0, 2), st.integers(0, 2)))
PLACES = st.dictionaries(st.integers(0, 40).map(str), CELLS, min_size=3, max_size=40)


def test_projected__point_of_the_guidance_note__is_its_vector() -> None:
    # IOGP guidance note 7-2, method 9820: 50 N 5 E is 2,999,718.85 N 3,962,799.45 E.
    assert [round(one, 2) for one in projected_m(Position(50_000_000, 5_000_000))] == [2_999_718.85, 3_962_799.45]


def test_cell__rome__has_the_name_of_the_european_grid() -> None:
    assert cell_of(Position.parse("41.9028, 12.4964")).name == "CRS3035RES500mN2092000E4528500"


@settings(max_examples=200, deadline=None)
@given(EUROPE)
def test_cell__any_point__lies_in_the_cell_that_its_centre_names(point: Position) -> None:
    cell = cell_of(point)
    north_m, east_m = projected_m(point)
    assert 0 <= north_m - cell.north_m < CELL_M
    assert 0 <= east_m - cell.east_m < CELL_M
    assert cell_of(cell.centre) == cell


@given(st.integers(-90_000_000, 90_000_000), st.integers(-180_000_000, 180_000_000))
def test_position__written_and_read__is_the_same(latitude: int, longitude: int) -> None:
    assert Position.parse(str(Position(latitude, longitude))) == Position(latitude, longitude)


def test_position__more_digits_than_a_millionth__are_rounded_half_even() -> None:
    assert Position.parse("0.0000005,0.0000015") == Position(0, 2)


@pytest.mark.parametrize("text", ["", "41.9", "41,9;12,5", "N41.9,E12.5", "90.1,0", "0,180.5", "4_1,1", "1e1,1"])
def test_position__anything_else__is_refused(text: str) -> None:
    with pytest.raises(InputError, match="latitude"):
        Position.parse(text)


@settings(max_examples=300)
@given(PLACES, st.integers(3, 40))
def test_hidden_cells__any_community__shows_and_hides_three_or_none(
    homes: dict[str, GridCell | None], with_plants: int
) -> None:
    def by_cell(ids: list[str]) -> dict[GridCell | None, frozenset[str]]:
        return {cell: frozenset(one for one in ids if homes[one] == cell) for cell in set(homes.values())}

    groups = [by_cell(sorted(homes)), by_cell(sorted(homes)[:with_plants])]
    hidden = hidden_cells(*groups)
    for group in groups:
        shown = [len(ids) for cell, ids in group.items() if cell not in hidden]
        assert all(number not in (1, 2) for number in shown)
        assert sum(len(group[cell]) for cell in hidden) not in (1, 2)


def test_hidden_cells__none_too_small__hides_nothing() -> None:
    cells = {GridCell(0, east): frozenset(f"{east}/{number}" for number in range(3)) for east in range(2)}
    assert hidden_cells(cells) == frozenset()
