"""Chain evidence as JSON: what a verifier read of a chain, kept so that a take-out can be judged without it."""

import json
from dataclasses import asdict
from typing import Any

from gettone.notary.proposal import proposal_of_words
from gettone.notary.verify.chain_view import (
    CapChange,
    ChainEvidence,
    ChainScope,
    Credit,
    ModelVersion,
    Opening,
    Payment,
)


def write_evidence(evidence: ChainEvidence) -> bytes:
    """JSON of the evidence: bytes in hex, proposals as their ABI words, amounts as strings."""
    document = {
        "scope": _plain(asdict(evidence.scope)),
        "openings": [
            _plain(asdict(one) | {"proposal": [word.hex() for word in one.proposal.words()]})
            for one in evidence.openings
        ],
        "last_settlement_hash": evidence.last_settlement_hash.hex(),
        "caps": [_plain(asdict(one)) for one in evidence.caps],
        "payments": [
            {"period": key[0], "revision": key[1]} | _payment_document(one) for key, one in evidence.payments.items()
        ],
        "models": [_plain(asdict(one)) for one in evidence.models.values()],
    }
    return (json.dumps(document, indent=1, sort_keys=True) + "\n").encode()


def _payment_document(payment: Payment) -> dict[str, Any]:
    """A payment as recorded; fees are written only where there are any, as they were not always there."""
    document: dict[str, Any] = _plain(asdict(payment))
    fees_bps = document.pop("assignment_fee_bps")
    document |= {"assignment_fee_bps": fees_bps} if any(fees_bps.values()) else {}
    document["credits"] = [
        {name: value for name, value in one.items() if value or name != "fee_units"} for one in document["credits"]
    ]
    return document


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def read_evidence(content: bytes) -> ChainEvidence:
    """The evidence of `write_evidence`."""
    document = json.loads(content)
    return ChainEvidence(
        _scope(document["scope"]),
        tuple(_opening(one) for one in document["openings"]),
        bytes.fromhex(document["last_settlement_hash"]),
        tuple(CapChange(**one) for one in document["caps"]),
        {(one.pop("period"), one.pop("revision")): _payment(one) for one in document["payments"]},
        {
            one["version"]: ModelVersion(**one | {"parameters": _tuples(one["parameters"])})
            for one in document["models"]
        },
    )


def _scope(one: dict[str, Any]) -> ChainScope:
    names = ("genesis_hash", "contract", "token", "models")
    return ChainScope(**one | {name: bytes.fromhex(one[name]) for name in names})


def _opening(one: dict[str, Any]) -> Opening:
    names = ("proposal_hash", "transaction", "block_hash")
    proposal = proposal_of_words([bytes.fromhex(word) for word in one["proposal"]])
    return Opening(**one | {name: bytes.fromhex(one[name]) for name in names} | {"proposal": proposal})


def _payment(one: dict[str, Any]) -> Payment:
    own = tuple(
        Credit(**each | {"wallet": bytes.fromhex(each["wallet"]), "transaction": bytes.fromhex(each["transaction"])})
        for each in one["credits"]
    )
    fees_bps = {int(class_): bps for class_, bps in one.get("assignment_fee_bps", {1: 0, 2: 0}).items()}
    return Payment(**one | {"credits": own, "assignment_fee_bps": fees_bps})


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value
