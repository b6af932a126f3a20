"""Take-outs of settled periods: what they hold, and that the stand-alone verifier believes them."""

import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from gettone.db.repositories.settlement_states import SettlementState
from gettone.errors import CheckFailed, MissingInput
from gettone.notary.takeout_format import Level
from gettone.notary.verify.report import Report
from gettone.periods import parse_period
from gettone.verifier import TrustInputs, verify_file
from oracle.settle.job import run_settlement
from oracle.takeout.disclosure import TakeoutRequest
from oracle.takeout.export import TakeoutExporter
from tests.factories.community import member_id_of
from tests.factories.village import COMMUNITY, FIRST_DAY, POOL, TIMEZONE, Village, synthetic_wh
from tests.integration.settle.conftest import MakeVillage

pytestmark = pytest.mark.chain
SECOND_DAY = "2016-07-02"


def export(village: Village, member: int, dates: str = FIRST_DAY, level: Level = Level.FULL) -> bytes:
    exporter = TakeoutExporter(village.database, village.vault, village.on_chain.contracts)
    request = TakeoutRequest(COMMUNITY, member_id_of(member), parse_period(dates, TIMEZONE), level)
    return exporter.export(request)[1]


def trust(village: Village, **changes: str | None) -> TrustInputs:
    given = {
        "rpc": village.on_chain.chain.rpc_url,
        "genesis": "0x" + village.on_chain.client.genesis_hash.hex(),
        "contract": village.on_chain.contracts.ledger.address,
    }
    return TrustInputs(**(given | changes))  # type: ignore[arg-type]  # the names are those of the class


def verify(village: Village, content: bytes, **changes: str | None) -> Report:
    path = village.folder / "takeout.zip"
    path.write_bytes(content)
    return verify_file(path, trust(village, **changes))


@pytest.fixture
def settled(village: Village) -> Village:
    run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    return village


def test_export__every_member__verifies_to_the_last_unit(settled: Village) -> None:
    for member in range(settled.size):
        report = verify(settled, export(settled, member))
        assert (report.verdict, report.exit_status) == ("OK", 0)


def test_export__again__gives_the_same_bytes(settled: Village) -> None:
    assert export(settled, 0) == export(settled, 0)


def test_export__bundled_verifier__agrees_on_bare_python(settled: Village, tmp_path: Path) -> None:
    content = export(settled, 3)
    bundle, program = tmp_path / "takeout.zip", tmp_path / "verify.py"
    bundle.write_bytes(content)
    program.write_bytes(zipfile.ZipFile(BytesIO(content)).read("verify.py"))
    given = trust(settled)
    command = [sys.executable, "-I", "-S", str(program), str(bundle), "--rpc", given.rpc or ""]
    command += ["--genesis", given.genesis or "", "--contract", given.contract or ""]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=tmp_path)
    assert done.stdout.splitlines()[0] == "OK"
    assert done.returncode == 0


@pytest.mark.parametrize("level", [Level.PARTIAL, Level.PROOF_ONLY])
def test_export__less_than_full__is_partly_checkable(settled: Village, level: Level) -> None:
    assert verify(settled, export(settled, 1, level=level)).verdict == "OK_PARTIAL"


def test_export__proof_only__opens_no_reading(settled: Village) -> None:
    names = zipfile.ZipFile(BytesIO(export(settled, 1, level=Level.PROOF_ONLY))).namelist()
    assert not [name for name in names if name.startswith("readings/")]


def test_export__seven_members__keeps_the_slot_totals(new_village: MakeVillage) -> None:
    village = new_village(size=7)
    village.schedule(POOL)
    village.import_day(FIRST_DAY)
    run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    assert verify(village, export(village, 0)).verdict == "OK_PARTIAL"


def test_export__opened_and_not_paid__is_pending(village: Village) -> None:
    run_settlement(village.context(), COMMUNITY, FIRST_DAY, until=SettlementState.OPEN)
    assert verify(village, export(village, 0)).verdict == "PENDING"


def test_export__not_opened__is_refused(village: Village) -> None:
    run_settlement(village.context(), COMMUNITY, FIRST_DAY, until=SettlementState.ATTESTED)
    with pytest.raises(MissingInput, match="settle the period first"):
        export(village, 0)


def test_export__carried_amount__brings_the_settlement_before(new_village: MakeVillage) -> None:
    village = new_village(joined=8)
    village.schedule(POOL)
    village.import_day(FIRST_DAY)
    run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    village.on_chain.join(8)
    village.import_day(SECOND_DAY)
    run_settlement(village.context(), COMMUNITY, SECOND_DAY)
    content = export(village, 8, SECOND_DAY)
    names = zipfile.ZipFile(BytesIO(content)).namelist()
    assert [name for name in names if name.startswith("assignments/")] == [
        "assignments/0.r0.json",
        "assignments/1.r0.json",
    ]
    assert verify(village, content).verdict == "OK"


def test_export__percentile_baseline__brings_the_days_before(new_village: MakeVillage) -> None:
    village = new_village()
    model = {"kind": "no_peaks", "mode": "rate", "rate_units_per_day": "1000", "limit_mode": "percentile"}
    village.schedule(model)
    days = [f"2016-07-{day:02}" for day in range(1, 17)]
    for day in days:
        village.import_day(day)
        run_settlement(village.context(), COMMUNITY, day)
    content = export(village, 2, days[-1])
    names = zipfile.ZipFile(BytesIO(content)).namelist()
    assert len([name for name in names if name.startswith("assignments/")]) == len(days)
    assert verify(village, content).verdict == "OK"


def test_export__readings_altered_after_closing__is_refused(settled: Village) -> None:
    with settled.database.write() as connection:
        connection.exec_driver_sql("UPDATE readings SET wh = wh + 1 WHERE channel_id = 1 AND wh > 0")
    with pytest.raises(CheckFailed, match="would not verify"):
        export(settled, 0)


def test_export__corrected_reading_after_closing__shows_what_was_settled(settled: Village) -> None:
    before = export(settled, 0)
    settled.import_day(FIRST_DAY, lambda member, hour: synthetic_wh(member, hour) + 1, part="b")
    assert export(settled, 0) == before


def test_verify__another_ledger__is_unanchored(settled: Village) -> None:
    token = settled.on_chain.contracts.token.contract.address
    report = verify(settled, export(settled, 0), contract=token)
    assert report.verdict != "OK"
    assert report.exit_status in (1, 3)


def test_verify__another_genesis__misses_its_trust_input(settled: Village) -> None:
    report = verify(settled, export(settled, 0), genesis="0x" + "11" * 32)
    assert report.verdict != "OK"
    assert report.exit_status != 0


def test_verify__unreachable_node__still_runs_the_steps_without_chain(settled: Village) -> None:
    report = verify(settled, export(settled, 0), rpc="http://127.0.0.1:9")
    assert (report.verdict, report.exit_status) == ("TRUST_INPUT_MISSING", 3)
    states = {step.number: step.state.value for step in report.steps}
    assert {states[number] for number in (1, 2, 3, 4)} == {"ok"}
