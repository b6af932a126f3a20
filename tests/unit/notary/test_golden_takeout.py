"""The golden take-out: its bytes do not change, and it verifies against its recorded chain."""

from hashlib import sha256
from pathlib import Path

import pytest

from gettone.notary.takeout_write import write_takeout
from gettone.notary.verify.chain_view import ChainEvidence
from gettone.notary.verify.run import verify_takeout
from gettone.verifier import GettoneRules
from tests.factories.evidence_file import read_evidence, write_evidence
from tests.factories.synthetic_ledger import SyntheticLedger
from tests.factories.takeouts import RecordedChain, takeout_of
from tests.factories.tampering import open_entries

pytestmark = pytest.mark.unit

FOLDER = Path(__file__).parents[2] / "vectors" / "takeouts"
GOLDEN_SHA256 = "2047d1af9a4efc01a1be25669299ee8492c49fc0bedc6cea93ce4cb87ba21dab"


def test_golden__bytes__never_change() -> None:
    assert sha256((FOLDER / "full.zip").read_bytes()).hexdigest() == GOLDEN_SHA256


def test_golden__made_again__same_bytes(ledger: SyntheticLedger, evidence: ChainEvidence) -> None:
    program = open_entries((FOLDER / "full.zip").read_bytes())["verify.py"]
    assert write_takeout(takeout_of(ledger), verifier=program) == (FOLDER / "full.zip").read_bytes()
    assert write_evidence(evidence) == (FOLDER / "chain.json").read_bytes()


def test_golden__against_its_recorded_chain__ok() -> None:
    chain = read_evidence((FOLDER / "chain.json").read_bytes())
    report = verify_takeout((FOLDER / "full.zip").read_bytes(), RecordedChain(chain), GettoneRules())
    assert (report.verdict, report.exit_status) == ("OK", 0)
