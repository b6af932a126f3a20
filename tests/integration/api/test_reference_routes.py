"""Reference rows: read by everybody, replaced as a whole by the platform; and prices."""

from typing import Any

import pytest
from httpx import Response
from sqlalchemy import insert

from gettone.db.tables import Price
from tests.factories.api_world import World

pytestmark = pytest.mark.database

PLACES = {name: f"/api/v1/reference/{name}" for name in ("holidays", "emission-factors", "household-norms")}
FACTOR = {"mg_per_wh": 250, "year": 2025, "source": "operator of the grid", "valid_from": 1_963_584, "valid_to": None}
HOLIDAY = {
    "month": 10, "day": 4, "easter_days": None, "name_en": "Saint Francis", "name_it": "San Francesco",
    "from_year": 2026, "to_year": None, "confirmed": False, "source": "law",
}  # fmt: skip
NORM = {"people": 3, "year_wh": 2_700_000, "source": "survey", "valid_from": 0, "valid_to": None}
ROWS = {"holidays": HOLIDAY, "emission-factors": FACTOR, "household-norms": NORM}


def replace(world: World, name: str, items: list[dict[str, Any]], etag: str | None = None) -> Response:
    etag = etag or world.call("GET", PLACES[name]).headers["etag"]
    return world.call("PUT", PLACES[name], "PA", json={"items": items}, headers={"If-Match": etag})


@pytest.mark.parametrize("name", PLACES)
def test_list_reference__shipped_rows__name_their_source(world: World, name: str) -> None:
    items = world.call("GET", PLACES[name]).json()["items"]
    assert items
    assert all(one["source"] for one in items)


@pytest.mark.parametrize("name", PLACES)
def test_replace_reference__other_rows__are_all_there_is(world: World, name: str) -> None:
    assert replace(world, name, [ROWS[name]]).json() == {"items": [ROWS[name]]}
    assert world.call("GET", PLACES[name]).json() == {"items": [ROWS[name]]}


@pytest.mark.parametrize("name", PLACES)
def test_replace_reference__of_an_older_state__is_refused(world: World, name: str) -> None:
    answer = replace(world, name, [], etag='"old"')
    assert (answer.status_code, answer.json()["code"]) == (412, "etag_mismatch")


def test_replace_reference__without_if_match__is_refused(world: World) -> None:
    answer = world.call("PUT", PLACES["holidays"], "PA", json={"items": []})
    assert (answer.status_code, answer.json()["code"]) == (428, "etag_required")


@pytest.mark.parametrize(
    ("name", "wrong", "field"),
    [
        ("holidays", {"easter_days": 1}, "month"),
        ("holidays", {"day": None}, "month"),
        ("holidays", {"to_year": 2025}, "to_year"),
        ("emission-factors", {"valid_to": 1_963_584}, "valid_to"),
        ("emission-factors", {"mg_per_wh": -1}, "mg_per_wh"),
        ("household-norms", {"people": 0}, "people"),
    ],
)
def test_replace_reference__unsound_row__is_named_and_nothing_changes(
    world: World, name: str, wrong: dict[str, Any], field: str
) -> None:
    before = world.call("GET", PLACES[name]).json()
    answer = replace(world, name, [{**ROWS[name], **wrong}])
    assert answer.json()["errors"][0]["pointer"] == f"/body/items/0/{field}"
    assert world.call("GET", PLACES[name]).json() == before


def prices(world: World, query: str) -> Response:
    return world.call("GET", f"/api/v1/prices?{query}")


def test_list_prices__of_a_zone_and_range__only_those(world: World) -> None:
    with world.database.write() as connection:
        rows = [
            {"zone": zone, "slot": slot, "step_s": 900, "ueur_mwh": 113_000_000, "kind": "actual"}
            for zone, slot in (("NORD", 1_963_584), ("NORD", 1_963_585), ("SUD", 1_963_584), ("NORD", 1_963_680))
        ]
        connection.execute(insert(Price), rows)
    found = prices(world, "zone=NORD&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z").json()
    assert [one["start"] for one in found["items"]] == ["2026-01-01T00:00:00.000Z", "2026-01-01T00:15:00.000Z"]
    assert {(one["ueur_mwh"], one["kind"]) for one in found["items"]} == {(113_000_000, "actual")}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("zone=NORD&from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "invalid"),
        ("zone=NORD&from=2024-01-01T00:00:00Z&to=2026-01-01T00:00:00Z", "range_too_large"),
        ("zone=NORD&from=2026-01-01T00:00:00&to=2026-01-02T00:00:00", "invalid"),
        ("zone=nowhere&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z", "invalid"),
    ],
)
def test_list_prices__wrong_question__is_refused(world: World, query: str, code: str) -> None:
    answer = prices(world, query)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
