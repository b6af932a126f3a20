"""The energy bonus of GSE is shared to the cent, once a period, among members of the community."""

from typing import Any

import pytest

from tests.factories.api_world import HERE, THERE, World

pytestmark = pytest.mark.database

LISTED = "/api/v1/communities/fontana/gse-shares"


def document(world: World, community: str = HERE) -> dict[str, Any]:
    members = [
        {"member_id": world.member_ids[f"MB {HERE}"], "shared_withdrawn_wh": 900},
        {"member_id": world.member_ids[f"VF {community}"], "shared_withdrawn_wh": 600, "enterprise": True},
    ]
    return {
        "premium_cents": 100_000,
        "valorisation_cents": 0,
        "threshold_permille": 550,
        "cost_permille": 100,
        "incentivised_shared_wh": 60_000_000,
        "incentivised_injected_wh": 100_000_000,
        "producer_permille": 0,
        "producer_key": "equal",
        "consumer_key": "shared_energy",
        "members": members,
    }


def share(world: World, given: dict[str, Any], period: str = "2026", key: str = "k1") -> Any:
    return world.call("POST", LISTED, "CA", json={"period": period, "input": given}, headers={"Idempotency-Key": key})


def test_share_gse_bonus__whole__sums_to_what_came_in(world: World) -> None:
    made = share(world, document(world))
    assert made.status_code == 201, made.text
    lines = made.json()["result"]["lines"]
    assert (lines["total_cents"], lines["excess_cents"]) == (100_000, 8_333)
    found = world.call("GET", made.headers["location"], "CA").json()
    assert found == world.call("GET", LISTED, "CA").json()["items"][0] == made.json()


def test_share_gse_bonus__same_period_again__is_409(world: World) -> None:
    share(world, document(world))
    assert share(world, document(world), key="k2").json()["code"] == "exists"
    assert share(world, document(world), "2027", "k3").status_code == 201


def test_share_gse_bonus__member_of_another_community__is_422(world: World) -> None:
    refused = share(world, document(world, THERE))
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "member_unknown")


def test_share_gse_bonus__wrong_field__is_422_and_named(world: World) -> None:
    refused = share(world, document(world) | {"cost_permille": 1001})
    assert refused.status_code == 422
    assert "cost_permille" in refused.json()["detail"]


def test_get_gse_share__unknown__is_404(world: World) -> None:
    assert world.call("GET", f"{LISTED}/gse_none", "CA").status_code == 404
