"""The stand-alone program against a node on loopback that answers from recorded evidence."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from gettone.notary.verify.chain_view import STATE_OPEN, ChainEvidence
from gettone.notary.verify_bundle import verifier_source
from tests.factories.evidence_file import read_evidence
from tests.factories.loopback_server import served
from tests.factories.recorded_node import RecordedNode
from tests.factories.tampering import edit_json, open_entries, pack

VECTORS = Path(__file__).parents[2] / "vectors" / "takeouts"
GOLDEN = (VECTORS / "full.zip").read_bytes()
EVIDENCE = read_evidence((VECTORS / "chain.json").read_bytes())
WITH_FEES = (VECTORS / "fees.zip").read_bytes()
FEES_EVIDENCE = read_evidence((VECTORS / "fees.json").read_bytes())


class Node:
    """A node on a free port of loopback; `evidence` can be changed while it runs."""

    def __init__(self) -> None:
        self.evidence: ChainEvidence = EVIDENCE
        node = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                answer = RecordedNode(node.evidence)(body)
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *arguments: Any) -> None:
                """Stay silent."""

        self.handler, self.url = Handler, ""


@pytest.fixture
def node() -> Iterator[Node]:
    one = Node()
    with served(one.handler) as one.url:
        yield one


def run(folder: Path, bundle: bytes, url: str, **trust: str) -> tuple[int, dict[str, Any]]:
    (folder / "bundle.zip").write_bytes(bundle)
    (folder / "verify.py").write_bytes(verifier_source())
    given = {"genesis": "0x" + EVIDENCE.scope.genesis_hash.hex(), "contract": "0x" + EVIDENCE.scope.contract.hex()}
    options = [part for name, value in (given | trust).items() for part in (f"--{name}", value)]
    command = [sys.executable, "-I", "-S", "verify.py", "bundle.zip", "--json", "--rpc", url, *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)


def test_program__golden_takeout__ok(tmp_path: Path, node: Node) -> None:
    status, report = run(tmp_path, GOLDEN, node.url)
    assert (status, report["verdict"], report["differences"]) == (0, "OK", [])
    assert [step["state"] for step in report["steps"]] == ["ok"] * 9


def test_program__path_changed__invalid(tmp_path: Path, node: Node) -> None:
    entries = open_entries(GOLDEN)
    edit_json(entries, "assignments/1.r0.json", lambda one: one["proof"]["path"].reverse())
    status, report = run(tmp_path, pack(entries), node.url)
    assert (status, report["verdict"]) == (1, "INVALID:path")


def test_program__not_yet_paid__pending(tmp_path: Path, node: Node) -> None:
    unpaid = replace(EVIDENCE.payments[1, 0], state=STATE_OPEN, paid_units=0, credits=())
    node.evidence = replace(EVIDENCE, payments={**EVIDENCE.payments, (1, 0): unpaid})
    status, report = run(tmp_path, GOLDEN, node.url)
    assert (status, report["verdict"]) == (3, "PENDING")


def test_program__empty_ledger__unanchored(tmp_path: Path, node: Node) -> None:
    node.evidence = replace(EVIDENCE, openings=(), last_settlement_hash=bytes(32))
    status, report = run(tmp_path, GOLDEN, node.url)
    assert (status, report["verdict"]) == (3, "UNANCHORED")


def test_program__model_of_the_chain_changed__invalid(tmp_path: Path, node: Node) -> None:
    model = EVIDENCE.models[1]
    other = replace(model, parameters=(*model.parameters[:3], 5, *model.parameters[4:]))
    node.evidence = replace(EVIDENCE, models={**EVIDENCE.models, 1: other})
    status, report = run(tmp_path, GOLDEN, node.url)
    assert (status, report["verdict"], report["differences"][0]["expected"]) == (1, "INVALID:model", "budget_units 5")


def test_program__payout_less_its_fee__ok(tmp_path: Path, node: Node) -> None:
    node.evidence = FEES_EVIDENCE
    status, report = run(tmp_path, WITH_FEES, node.url)
    assert (status, report["verdict"]) == (0, "OK")
    assert "after a fee of 34653750" in report["steps"][5]["detail"]


def test_program__policy_had_another_fee__invalid_and_named(tmp_path: Path, node: Node) -> None:
    payment = replace(FEES_EVIDENCE.payments[0, 0], assignment_fee_bps={1: 126, 2: 2_000})
    node.evidence = replace(FEES_EVIDENCE, payments={(0, 0): payment})
    status, report = run(tmp_path, WITH_FEES, node.url)
    assert (status, report["verdict"]) == (1, "INVALID:fee")
    assert report["differences"][0]["expected"] == "assignment_fee_bps of class 1 126"


@pytest.mark.parametrize("trust", [{"genesis": "0x" + "11" * 32}, {"contract": "0x" + "22" * 20}])
def test_program__another_chain_or_contract__trust_input_missing(
    trust: dict[str, str], tmp_path: Path, node: Node
) -> None:
    status, report = run(tmp_path, GOLDEN, node.url, **trust)
    assert (status, report["verdict"]) == (3, "TRUST_INPUT_MISSING")


def test_program__nobody_listens__trust_input_missing(tmp_path: Path) -> None:
    with served(Node().handler) as url:
        pass
    status, report = run(tmp_path, GOLDEN, url)
    assert (status, report["verdict"]) == (3, "TRUST_INPUT_MISSING")
    assert "does not answer" in report["steps"][4]["detail"]
