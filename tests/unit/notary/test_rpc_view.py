"""The chain read over JSON-RPC is the chain that was recorded, and a node that misbehaves is no evidence."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from gettone.errors import InputError, MissingInput, Unreachable
from gettone.notary.keccak import keccak256
from gettone.notary.verify.chain_view import ChainEvidence, collect_evidence
from gettone.notary.verify.report import Report
from gettone.notary.verify.rpc import RpcNode, http_transport
from gettone.notary.verify.rpc_view import CREDIT_SKIPPED, SETTLEMENT_OPENED, TRANSFER, RpcChainView
from gettone.notary.verify.run import verify_takeout
from gettone.verifier import GettoneRules
from tests.factories.recorded_node import RecordedNode
from tests.factories.synthetic_people import SCOPE, throw_away

pytestmark = pytest.mark.unit

KEYS = [(0, 0), (1, 0), (0, 1)]


def view_of(node: Callable[[bytes], bytes]) -> RpcChainView:
    return RpcChainView(RpcNode(node), SCOPE.genesis_hash, SCOPE.contract)


def test_rpc_view__recorded_node__same_evidence(evidence: ChainEvidence) -> None:
    assert collect_evidence(view_of(RecordedNode(evidence)), KEYS) == evidence


def test_rpc_view__node_with_short_log_range__same_evidence(evidence: ChainEvidence) -> None:
    assert collect_evidence(view_of(RecordedNode(evidence, max_range=5_000)), KEYS) == evidence
    with pytest.raises(Unreachable, match="block range"):
        collect_evidence(view_of(RecordedNode(evidence, max_range=10)), KEYS)


def test_rpc_view__full_takeout__ok(full: bytes, evidence: ChainEvidence) -> None:
    report: Report = verify_takeout(full, view_of(RecordedNode(evidence)), GettoneRules())
    assert report.verdict == "OK"


def test_rpc_view__two_settlements_paid_in_one_transaction__credits_kept_apart(evidence: ChainEvidence) -> None:
    same = throw_away("one transaction")
    payments = {
        key: replace(payment, credits=tuple(replace(credit, transaction=same) for credit in payment.credits))
        for key, payment in evidence.payments.items()
    }
    joined = replace(evidence, payments=payments)
    assert collect_evidence(view_of(RecordedNode(joined)), KEYS) == joined


def test_rpc_view__other_genesis__trust_input_missing(full: bytes, evidence: ChainEvidence) -> None:
    view = RpcChainView(RpcNode(RecordedNode(evidence)), throw_away("another genesis"), SCOPE.contract)
    with pytest.raises(MissingInput, match="another chain"):
        view.scope()
    report = verify_takeout(full, view, GettoneRules())
    assert (report.verdict, report.exit_status) == ("TRUST_INPUT_MISSING", 3)


def test_rpc_view__no_contract_there__missing(evidence: ChainEvidence) -> None:
    view = RpcChainView(RpcNode(RecordedNode(evidence)), SCOPE.genesis_hash, bytes(20))
    with pytest.raises(MissingInput, match="no contract"):
        view.scope()


class Broken(RecordedNode):
    """A node whose answer to one method is replaced."""

    method = ""
    answer: Any = None

    def __call__(self, body: bytes) -> bytes:
        if json.loads(body)["method"] == self.method:
            return json.dumps({"jsonrpc": "2.0", "id": 1, "result": self.answer}).encode()
        return super().__call__(body)


@pytest.mark.parametrize(
    ("method", "answer"),
    [
        ("eth_chainId", None),
        ("eth_chainId", "zz"),
        ("eth_call", "0x"),
        ("eth_call", "0x1234"),
        ("eth_call", 7),
        ("eth_getLogs", {}),
        ("eth_getLogs", ["x"]),
        ("eth_getLogs", [{}]),
        ("eth_getBlockByNumber", None),
        ("eth_getTransactionReceipt", None),
        ("eth_getTransactionReceipt", {"status": "0x0", "logs": []}),
        ("eth_blockNumber", "x"),
    ],
)
def test_rpc_view__node_answers_nonsense__trust_input_missing(
    method: str, answer: Any, full: bytes, evidence: ChainEvidence
) -> None:
    node = Broken(evidence)
    node.method, node.answer = method, answer
    report = verify_takeout(full, view_of(node), GettoneRules())
    assert report.verdict == "TRUST_INPUT_MISSING", report.to_document()


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"error": {"message": "no"}}'])
def test_rpc_node__no_result__unreachable(body: bytes) -> None:
    with pytest.raises(Unreachable):
        RpcNode(lambda _: body).request("eth_chainId")


def test_http_transport__no_http_address__refused() -> None:
    with pytest.raises(InputError, match="not an http"):
        http_transport("file:///etc/passwd")


def test_topics__known_events__known_hashes() -> None:
    assert TRANSFER.hex() == "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
    assert keccak256(b"CreditSkipped(address,uint256)") == CREDIT_SKIPPED
    assert len(SETTLEMENT_OPENED) == 32
