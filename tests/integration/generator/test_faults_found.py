"""Every fault, imported like any file, is found by the rule that its truth names."""

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from gettone.db.repositories.flows import Flows
from gettone.db.tables import Channel, Estimate, Gap, ReadingVersion
from gettone.generator.faults.catalogue import FAULTS, generate_faults
from gettone.registration.reading import read_registry
from oracle.intake_outcome import Outcome
from oracle.load_registry import load_registry_file
from tests.integration.generator.conftest import Platform

pytestmark = pytest.mark.database

NOW_MS = 1_790_000_000_000
FIRST = date(2026, 3, 2)


@pytest.fixture(scope="module")
def truths(platform: Platform) -> dict[str, dict[str, Any]]:
    """All faults, generated and registered; their truths by name."""
    folder = platform.folder / "faults"
    generate_faults(folder, (), seed="demo-1", first=FIRST)
    load_registry_file(platform.database, platform.vault, read_registry(folder / "registry.toml"))
    return {name: json.loads((folder / name / "truth.json").read_text(encoding="utf-8")) for name in FAULTS}


@pytest.fixture(scope="module")
def outcomes(platform: Platform, truths: dict[str, dict[str, Any]]) -> dict[str, list[Outcome]]:
    """What became of each file of each fault."""
    found: dict[str, list[Outcome]] = {}
    for name, truth in truths.items():
        found[name] = []
        for number, file in enumerate(truth["files"]):
            path = platform.folder / "faults" / name / file["file"]
            receipt = platform.intake.receive(truth["flow"], path, received_at_ms=NOW_MS + number)
            found[name].append(platform.intake.process(receipt.batch_id, now_ms=NOW_MS + number))
    return found


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_import__fault__ends_as_its_truth_says(
    truths: dict[str, dict[str, Any]], outcomes: dict[str, list[Outcome]], name: str
) -> None:
    for told, outcome in zip(truths[name]["files"], outcomes[name], strict=True):
        assert (told["file"], outcome.state) == (told["file"], told["state"])
        assert {code: outcome.codes.get(code, 0) for code in told["codes"]} == told["codes"]
        assert {counter: outcome.counters[counter] for counter in told["counters"]} == told["counters"]


@pytest.mark.parametrize("name", ["gap-long", "gap-short", "stuck"])
def test_check__fault_of_a_sequence__is_found_after_the_merge(
    platform: Platform, truths: dict[str, dict[str, Any]], outcomes: dict[str, list[Outcome]], name: str
) -> None:
    with platform.database.read() as connection:
        (device_id,) = Flows(connection).devices(Flows(connection).get(truths[name]["flow"]).flow_id)
        channel_id = connection.execute(select(Channel.channel_id).where(Channel.device_id == device_id)).scalar_one()
        stored = {
            "E_LINE": count(connection, Estimate, channel_id),
            "M_LONG": count(connection, Gap, channel_id, Gap.state == "long"),
            "S_STUCK": count(connection, ReadingVersion, channel_id, ReadingVersion.state == "quarantined"),
        }
    assert outcomes[name][0].state == "done"
    assert {code: stored[code] for code in truths[name]["after_merge"]} == truths[name]["after_merge"]


def count(connection: Connection, table: Any, channel_id: int, *conditions: Any) -> int:
    query = select(func.count()).select_from(table).where(table.channel_id == channel_id, *conditions)
    return connection.execute(query).scalar_one()
