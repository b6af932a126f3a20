"""Builds the golden take-outs of `tests/vectors/takeouts`, each with the chain it belongs to.

`full.zip` with `chain.json` is version 1 of the format without fees, `fees.zip` with `fees.json` a payout less its
fee, `sources.zip` with `sources.json` version 2: the proofs of an ingest log.

    python scripts/build_takeout_vectors.py            writes them
    python scripts/build_takeout_vectors.py --check    exits 1 if they are not what the code makes

A changed byte is a change of the take-out format: a new format version and a decision record.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from gettone.notary.takeout_write import write_takeout  # noqa: E402 - the tests' factories lie beside the package
from tests.factories.evidence_file import write_evidence  # noqa: E402 - as above
from tests.factories.synthetic_ledger import settled_community  # noqa: E402 - as above
from tests.factories.synthetic_people import CHARGED  # noqa: E402 - as above
from tests.factories.takeouts import charged_community, evidence_of, logged_community, takeout_of  # noqa: E402 - as above

FOLDER = ROOT / "tests" / "vectors" / "takeouts"
PROGRAM = b"# The golden take-out carries no program: the vectors must not change with it.\n"


def build() -> dict[str, bytes]:
    """The golden files by name."""
    ledger, charged, logged = settled_community(), charged_community(), logged_community()
    return {
        "full.zip": write_takeout(takeout_of(ledger), verifier=PROGRAM),
        "chain.json": write_evidence(evidence_of(ledger)),
        "fees.zip": write_takeout(takeout_of(charged, CHARGED), verifier=PROGRAM),
        "fees.json": write_evidence(evidence_of(charged)),
        "sources.zip": write_takeout(takeout_of(logged), verifier=PROGRAM),
        "sources.json": write_evidence(evidence_of(logged)),
    }


def main() -> int:
    """Write the files, or with --check compare them."""
    stale = 0
    for name, content in build().items():
        path = FOLDER / name
        if "--check" not in sys.argv[1:]:
            path.write_bytes(content)
        elif not path.is_file() or path.read_bytes() != content:
            print(f"{path.relative_to(ROOT)} is not what the code makes", file=sys.stderr)
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main())
