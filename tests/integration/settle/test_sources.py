"""A settlement commits the ingest log, and each series names where it came from."""

import json
import zipfile
from io import BytesIO
from typing import Any

import pytest

from gettone.db.repositories.ingest_log import IngestLog
from gettone.db.repositories.settlement_rows import SettlementRow
from gettone.db.repositories.settlements import Settlements
from gettone.notary.ingest_leaf import Leaf, LeafKind, assembly_digest
from gettone.periods import parse_period, utc_text
from oracle.import_readings import import_readings
from oracle.intake import open_intake
from oracle.settle.job import run_settlement
from tests.factories.village import COMMUNITY, FIRST_DAY, FLOW, POOL, TIMEZONE, Village, synthetic_wh
from tests.integration.settle.conftest import MakeVillage
from tests.integration.settle.test_takeout import export, verify

pytestmark = pytest.mark.chain
OWN = 3


def import_own(village: Village, hours: range) -> None:
    """A file of one member alone, with some hours of the first day."""
    period = parse_period(FIRST_DAY, TIMEZONE)
    lines = ["device,timestamp_utc,interval_s,energy_wh"]
    lines += [f"meter{OWN},{utc_text(period.start_s + 3600 * hour)},3600,{100 + hour}" for hour in hours]
    path = village.folder / f"own-{hours.start}.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    intake = open_intake(village.database, village.vault, village.folder / "lake")
    import_readings(intake, path, FLOW, now_ms=village.on_chain.client.now_s() * 1000)


@pytest.fixture
def two_files(new_village: MakeVillage) -> Village:
    """Member OWN by two files of its own, all others by one file together."""
    made = new_village()
    made.schedule(POOL)
    made.import_day(FIRST_DAY, lambda member, hour: None if member == OWN else synthetic_wh(member, hour))
    import_own(made, range(12))
    import_own(made, range(12, 24))
    return made


def leaves_of(village: Village, member: int) -> list[dict[str, Any]]:
    archive = zipfile.ZipFile(BytesIO(export(village, member)))
    leaves: list[dict[str, Any]] = json.loads(archive.read("ingest/0.r0.json"))["leaves"]
    return leaves


def digests(village: Village, settlement: SettlementRow) -> dict[int, bytes]:
    with village.database.read() as connection:
        return {one.leaf_index: one.source_digest for one in Settlements(connection).series(settlement.settlement_id)}


def test_run_settlement__after_a_batch__root_and_size_of_the_log_on_chain(village: Village) -> None:
    run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    (event,) = village.on_chain.contracts.ledger.settlements_opened()
    with village.database.read() as connection:
        assert (event.proposal.ingest_root, event.proposal.ingest_size) == IngestLog(connection).head()
    assert event.proposal.ingest_size > 0


def test_run_settlement__one_batch__every_series_names_its_receipt(village: Village) -> None:
    settlement = run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    with village.database.read() as connection:
        (receipt,) = IngestLog(connection).of_kind(LeafKind.RECEIVED)
    assert set(digests(village, settlement).values()) == {receipt.leaf_hash}


def test_export__file_of_everybody__is_proved_by_its_hash_alone(village: Village) -> None:
    run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    (leaf,) = leaves_of(village, OWN)
    assert (leaf["leaf"], leaf["parts"]) == (None, [])


def test_export__files_of_the_member_alone__are_assembled_and_opened(two_files: Village) -> None:
    run_settlement(two_files.context(), COMMUNITY, FIRST_DAY)
    *batches, assembly = [Leaf.of_preimage(bytes.fromhex(one["leaf"])) for one in leaves_of(two_files, OWN)]
    assert [one.kind for one in batches] == [LeafKind.RECEIVED] * 2
    assert (assembly.kind, assembly.sha256) == (LeafKind.ASSEMBLY, assembly_digest(one.hash() for one in batches))
    report = verify(two_files, export(two_files, OWN))
    assert (report.verdict, report.steps[8].state.value) == ("OK", "ok")
