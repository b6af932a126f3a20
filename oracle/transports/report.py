"""What a sender reads about a file: counts, codes and row numbers; no name of a device and no value."""

import re
from datetime import UTC, datetime
from typing import Any

from gettone.errors import GettoneError, InputError
from gettone.intake_port import Outcome, Receipt

_CODE = re.compile(r"\[([A-Z]_[A-Z_]+)\]$")


def sender_report(note: dict[str, Any], outcome: Outcome) -> dict[str, Any]:
    """The report of a batch that was judged; with its receipt the sender can prove what was delivered."""
    return _head(note, outcome.state) | {
        "batch_id": note["batch_id"],
        "receipt": note["receipt"],
        "counters": dict(outcome.counters),
        "codes": {str(code): count for code, count in sorted(outcome.codes.items())},
        "rows": [[one.row, str(one.code), one.field] for one in outcome.errors],
    }


def refusal_report(note: dict[str, Any], refusal: InputError) -> dict[str, Any]:
    """The report of a file that was refused before it became a batch."""
    return _head(note, "rejected") | {"codes": {code_of(refusal): 1}, "reason": refusal.message}


def receipt_of(receipt: Receipt) -> dict[str, Any]:
    """The receipt as a sender keeps it: digest, leaf, and its place in the ingest log."""
    return {
        "leaf_hash": receipt.leaf_hash.hex(),
        "leaf_index": receipt.leaf_index,
        "sha256": receipt.sha256.hex(),
    }


def code_of(refusal: GettoneError) -> str:
    """The metering code at the end of a refusal, else its own code."""
    found = _CODE.search(refusal.message)
    return refusal.code if found is None else found[1]


def _head(note: dict[str, Any], state: str) -> dict[str, Any]:
    taken = datetime.fromtimestamp(note["taken_at_ms"] / 1000, UTC).isoformat(timespec="milliseconds")
    return {"file": note["name"], "received_at": taken, "state": state}
