"""What a reconciliation finds: differences, each with what it is about, both sides, and where to look."""

from collections import Counter
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

LISTED_OF_A_KIND = 100


class Kind(StrEnum):
    """What can differ; the words are stable."""

    EVENT_MISSING = "event_missing"
    EVENT_CHANGED = "event_changed"
    EVENT_INVENTED = "event_invented"
    BLOCK = "block"
    EVENT_COUNT = "event_count"
    BALANCE = "balance"
    BALANCE_ON_CHAIN = "balance_on_chain"
    SUPPLY = "supply"
    FEES = "fees"
    ESCROW = "escrow"
    LEDGER_SUMS = "ledger_sums"
    SETTLEMENT_MISSING = "settlement_missing"
    SETTLEMENT_INVENTED = "settlement_invented"
    SETTLEMENT_VALUE = "settlement_value"
    SETTLEMENT_UNFINISHED = "settlement_unfinished"
    LEAF = "leaf"
    ROOT = "root"
    PAYOUT = "payout"
    PAYOUT_SUM = "payout_sum"
    CHUNK_MISSING = "chunk_missing"
    CHUNK_VALUE = "chunk_value"
    CHUNK_PAYOUTS = "chunk_payouts"
    RECEIPT = "receipt"
    TRANSACTION_MISSING = "transaction_missing"
    TRANSACTION_UNFINISHED = "transaction_unfinished"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: `expected` is what the chain, or what follows from it, says; `found` is what is stored."""

    kind: Kind
    what: str
    expected: str
    found: str
    where: str


class Findings:
    """Collects differences; of a kind that is found everywhere the first are listed and all are counted."""

    def __init__(self) -> None:
        self.listed: list[Difference] = []
        self.counts: Counter[Kind] = Counter()

    def differ(self, kind: Kind, what: str, expected: object, found: object, where: str) -> bool:
        """Note a difference unless both sides are equal; returns whether they differ."""
        if expected == found:
            return False
        self.counts[kind] += 1
        if self.counts[kind] <= LISTED_OF_A_KIND:
            self.listed.append(Difference(kind, what, _shown(expected), _shown(found), where))
        return True

    @property
    def count(self) -> int:
        """All differences, listed or not."""
        return self.counts.total()

    def to_document(self) -> dict[str, Any]:
        """The differences as JSON."""
        return {
            "difference_count": self.count,
            "counts": {str(kind): count for kind, count in sorted(self.counts.items())},
            "differences": [asdict(one) for one in self.listed],
        }


def _shown(value: object) -> str:
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return "nothing" if value is None else str(value)
