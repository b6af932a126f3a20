"""The golden take-outs: their bytes do not change, and each verifies against its recorded chain."""

from hashlib import sha256
from pathlib import Path

import pytest

from gettone.notary.takeout_write import write_takeout
from gettone.notary.verify.chain_view import ChainEvidence
from gettone.notary.verify.run import verify_takeout
from gettone.verifier import GettoneRules
from tests.factories.evidence_file import read_evidence, write_evidence
from tests.factories.synthetic_ledger import SyntheticLedger
from tests.factories.synthetic_people import CHARGED
from tests.factories.takeouts import RecordedChain, charged_community, evidence_of, logged_community, takeout_of
from tests.factories.tampering import open_entries

pytestmark = pytest.mark.unit

FOLDER = Path(__file__).parents[2] / "vectors" / "takeouts"
GOLDEN_SHA256 = {
    "full.zip": "2047d1af9a4efc01a1be25669299ee8492c49fc0bedc6cea93ce4cb87ba21dab",
    "fees.zip": "a0e8475ca8adfd474f71a5b7c198ed93b853f1dfd3d3c7bb5123f7f859ca336a",
    "sources.zip": "c8165a956a83906d8b599d37cffe29a0e03d466cc47bcf0acdab19477a28a34d",
}

RECORDED = {"full.zip": "chain.json", "fees.zip": "fees.json", "sources.zip": "sources.json"}


@pytest.mark.parametrize("name", GOLDEN_SHA256)
def test_golden__bytes__never_change(name: str) -> None:
    assert sha256((FOLDER / name).read_bytes()).hexdigest() == GOLDEN_SHA256[name]


def test_golden__made_again__same_bytes(ledger: SyntheticLedger, evidence: ChainEvidence) -> None:
    program = open_entries((FOLDER / "full.zip").read_bytes())["verify.py"]
    assert write_takeout(takeout_of(ledger), verifier=program) == (FOLDER / "full.zip").read_bytes()
    assert write_evidence(evidence) == (FOLDER / "chain.json").read_bytes()


def test_golden_with_fees__made_again__same_bytes() -> None:
    charged = charged_community()
    program = open_entries((FOLDER / "fees.zip").read_bytes())["verify.py"]
    assert write_takeout(takeout_of(charged, CHARGED), verifier=program) == (FOLDER / "fees.zip").read_bytes()
    assert write_evidence(evidence_of(charged)) == (FOLDER / "fees.json").read_bytes()


def test_golden_with_sources__made_again__same_bytes() -> None:
    logged = logged_community()
    program = open_entries((FOLDER / "sources.zip").read_bytes())["verify.py"]
    assert write_takeout(takeout_of(logged), verifier=program) == (FOLDER / "sources.zip").read_bytes()
    assert write_evidence(evidence_of(logged)) == (FOLDER / "sources.json").read_bytes()


@pytest.mark.parametrize(("bundle", "recorded"), RECORDED.items())
def test_golden__against_its_recorded_chain__ok(bundle: str, recorded: str) -> None:
    chain = read_evidence((FOLDER / recorded).read_bytes())
    report = verify_takeout((FOLDER / bundle).read_bytes(), RecordedChain(chain), GettoneRules())
    assert (report.verdict, report.exit_status) == ("OK", 0)


def test_golden_with_fees__against_its_recorded_chain__a_fee_was_charged() -> None:
    chain = read_evidence((FOLDER / "fees.json").read_bytes())
    report = verify_takeout((FOLDER / "fees.zip").read_bytes(), RecordedChain(chain), GettoneRules())
    assert report.steps[5].details[0].startswith("0.r0: 138615001 units after a fee of 34653750 moved to 0x")
