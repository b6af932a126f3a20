"""A generated community from its files to readings: every kind of file says the same."""

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from gettone.db.tables import Reading
from gettone.generator.community import Plan
from gettone.generator.generation import generate_community
from gettone.registration.reading import read_registry
from oracle.intake_outcome import Outcome
from oracle.load_registry import load_registry_file
from tests.integration.generator.conftest import Platform

pytestmark = pytest.mark.database

NOW_MS = 1_790_000_000_000
# Both changeover days would be two months; here the one that spring shortens.
PLAN = Plan(4, date(2026, 3, 28), 2, "demo-1", pv_permille=600)


@pytest.fixture(scope="module")
def manifest(platform: Platform) -> dict[str, Any]:
    folder = platform.folder / "community"
    generate_community(PLAN, folder)
    load_registry_file(platform.database, platform.vault, read_registry(folder / "registry.toml"))
    document: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return document


@pytest.fixture(scope="module")
def outcomes(platform: Platform, manifest: dict[str, Any]) -> dict[str, Outcome]:
    """The outcome of each file, in the order of the list."""
    found = {}
    for number, file in enumerate(manifest["files"]):
        path = platform.folder / "community" / file["file"]
        receipt = platform.intake.receive(file["flow"], path, received_at_ms=NOW_MS + number)
        found[file["flow"]] = platform.intake.process(receipt.batch_id, now_ms=NOW_MS + number)
    return found


def test_import__first_file__is_all_new(manifest: dict[str, Any], outcomes: dict[str, Outcome]) -> None:
    first = manifest["files"][0]
    assert outcomes[first["flow"]].counters["rows_new"] == first["values"]


def test_import__every_other_kind_of_file__is_equal(manifest: dict[str, Any], outcomes: dict[str, Outcome]) -> None:
    for file in manifest["files"][1:]:
        outcome = outcomes[file["flow"]]
        assert (file["flow"], outcome.state, outcome.counters["rows_equal"]) == (file["flow"], "done", file["values"])


def test_import__readings__sum_to_the_list_and_never_earn(
    platform: Platform, manifest: dict[str, Any], outcomes: dict[str, Outcome]
) -> None:
    query = select(func.sum(Reading.wh), func.count(), func.max(Reading.rank))
    with platform.database.read() as connection:
        total, count, rank = connection.execute(query).one()
    assert (int(total), count) == (manifest["files"][0]["wh"], manifest["files"][0]["values"])
    # Rank 1 is below the rank of 10 from which a settlement counts.
    assert rank == 1
    assert len(outcomes) == len(manifest["files"])
