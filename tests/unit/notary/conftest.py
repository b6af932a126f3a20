"""The synthetic community, settled once for all tests of take-outs and their verification."""

from collections.abc import Callable

import pytest

from gettone.notary.takeout_format import Level
from gettone.notary.takeout_write import write_takeout
from gettone.notary.verify.chain_view import ChainEvidence
from gettone.notary.verify.report import Report
from gettone.notary.verify.run import verify_takeout
from gettone.verifier import GettoneRules
from tests.factories.synthetic_ledger import SyntheticLedger, settled_community
from tests.factories.takeouts import RecordedChain, evidence_of, takeout_of

PROGRAM = b"# the program is not part of these tests\n"


@pytest.fixture(scope="session")
def ledger() -> SyntheticLedger:
    return settled_community()


@pytest.fixture(scope="session")
def evidence(ledger: SyntheticLedger) -> ChainEvidence:
    return evidence_of(ledger)


@pytest.fixture(scope="session")
def bundles(ledger: SyntheticLedger) -> dict[Level, bytes]:
    return {level: write_takeout(takeout_of(ledger, level=level), verifier=PROGRAM) for level in Level}


@pytest.fixture(scope="session")
def full(bundles: dict[Level, bytes]) -> bytes:
    return bundles[Level.FULL]


@pytest.fixture(scope="session")
def judge(evidence: ChainEvidence) -> Callable[..., Report]:
    """Verifies bytes against the recorded chain, or against another evidence, or against none."""

    def verify(data: bytes, chain: ChainEvidence | None = evidence) -> Report:
        return verify_takeout(data, None if chain is None else RecordedChain(chain), GettoneRules())

    return verify
