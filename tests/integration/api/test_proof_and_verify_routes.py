"""Proofs go out to anybody, and take-outs are verified for anybody."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.factories.api_world import HERE, World
from tests.factories.stored_settlements import add_settlement

pytestmark = pytest.mark.database

LISTED = "/api/v1/communities/fontana/proofs"
ROOTS = ("assignment_root", "roster_root", "aggregates_root", "ingest_root", "payouts_root", "params_digest")
PROPOSAL = {
    **dict.fromkeys((*ROOTS, "previous_settlement"), "ab" * 32),
    "leaf_count": "3",
    "ingest_size": "5",
    "chunk_count": "1",
    "total_units": "10",
    "model_version": "1",
}
TAKEOUTS = sorted((Path(__file__).parents[2] / "vectors" / "takeouts").glob("**/*.zip"))


@pytest.fixture
def opened(world: World) -> World:
    more: dict[str, Any] = {"proposal_json": json.dumps(PROPOSAL), "proposal_hash": b"\x05" * 32}
    with world.database.write() as connection:
        here = world.community_ids[HERE]
        for index, block in enumerate((7, 8, None)):
            add_settlement(connection, here, index, "closed" if block else "proposed", opened_block=block, **more)
    return world


def test_list_proofs__anybody__sees_what_is_on_chain_newest_first(opened: World) -> None:
    items = opened.call("GET", LISTED).json()["items"]
    assert [(one["period_index"], one["block_number"], one["size"]) for one in items] == [(1, 8, 3), (0, 7, 3)]
    assert (items[0]["root"], items[0]["total_units"]) == ("0x" + "ab" * 32, "10")


@pytest.mark.parametrize("path", ["/2", "/9", "/0?revision=1"], ids=["proposed only", "unknown", "other revision"])
def test_get_proof__not_on_chain__is_404(opened: World, path: str) -> None:
    assert opened.call("GET", LISTED + path).status_code == 404


def verify(world: World, content: bytes, media_type: str = "application/zip", **more: Any) -> Any:
    return world.call("POST", "/api/v1/verify", content=content, headers={"content-type": media_type}, **more)


@pytest.mark.parametrize("path", TAKEOUTS[:3], ids=lambda path: path.stem)
def test_verify_bundle__golden_take_out__gets_the_verdict_of_the_verifier(world: World, path: Path) -> None:
    verdict = verify(world, path.read_bytes()).json()
    assert verdict["verdict"] == "TRUST_INPUT_MISSING" or verdict["verdict"].startswith("INVALID")
    assert len(verdict["steps"]) == 9


def test_verify_bundle__something_else__is_invalid_or_refused(world: World) -> None:
    found = verify(world, b"no zip")
    assert found.status_code == 422 or found.json()["verdict"].startswith("INVALID")
    assert verify(world, b"{}", "application/json").status_code == 415


def test_verify_bundle__more_than_64_mib__is_413(world: World) -> None:
    refused = verify(world, bytes((64 << 20) + 1))
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")


def test_verify_bundle__seventh_in_a_minute__is_429(world: World) -> None:
    assert [verify(world, b"no zip").status_code == 429 for _ in range(7)] == [False] * 6 + [True]
