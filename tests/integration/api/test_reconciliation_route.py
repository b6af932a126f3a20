"""Stored reconciliations go out, the newest first."""

import pytest

from gettone.db.repositories.reconciliations import ReconciliationRow, Reconciliations
from gettone.db.tables import RoleGrant
from tests.factories.api_world import HERE, NOW_MS, THERE, World

pytestmark = pytest.mark.database

LISTED = "/api/v1/communities/fontana/reconciliation"


@pytest.fixture
def reconciled(world: World) -> World:
    with world.database.write() as connection:
        for number, (slug, at_ms) in enumerate([(HERE, NOW_MS), (THERE, NOW_MS), (HERE, NOW_MS + 900_000)]):
            place = (world.community_ids[slug], number, "worker", at_ms - 1000, at_ms, number)
            Reconciliations(connection).add(ReconciliationRow(*place, '{"difference_count": 1}'))
    return world


def blocks(world: World, role: str) -> list[int]:
    return [one["block_number"] for one in world.call("GET", LISTED, role).json()["items"]]


def test_list_reconciliations__admin__gets_those_of_the_community_newest_first(reconciled: World) -> None:
    assert blocks(reconciled, "CA") == [2, 0]


def test_list_reconciliations__auditor__gets_those_of_the_granted_range(reconciled: World) -> None:
    with reconciled.database.write() as connection:
        mine = RoleGrant.user_id == reconciled.user_ids[("AU", HERE)]
        connection.execute(RoleGrant.__table__.update().where(mine).values(data_to=NOW_MS // 900_000 + 1))
    assert blocks(reconciled, "AU") == [0]


def test_list_reconciliations__each__holds_its_report(reconciled: World) -> None:
    newest = reconciled.call("GET", LISTED, "CA").json()["items"][0]
    assert (newest["report"], newest["differences"]) == ({"difference_count": 1}, 2)
