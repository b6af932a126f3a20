"""The job that writes the root of the ingest log to the chain, so that no entry can be taken back unseen (§2)."""

from dataclasses import dataclass

from gettone.chain.settlement_ledger import SettlementLedger
from gettone.chain.transactions import Sender
from gettone.db.engine import Database
from gettone.db.repositories.ingest_log import IngestLog
from gettone.errors import CheckFailed, Conflict


@dataclass(frozen=True, slots=True)
class Anchored:
    """The head of the log on the chain; `sent` says whether this call changed it."""

    root: bytes
    size: int
    sent: bool


def anchor_ingest(database: Database, ledger: SettlementLedger, sender: Sender) -> Anchored:
    """Anchor the present head of the log, once; nothing new sends nothing.

    1. what the chain holds must be a head of this log   2. the present head   3. the signed transaction is stored,
    then sent (a crash sends the same bytes again)       4. the chain is asked whether it holds that head

    Raises Conflict `ingest_diverged` when the log does not continue what is anchored: one of the two was replaced.
    """
    anchored_root, anchored_size = ledger.ingest()
    with database.read() as connection:
        log = IngestLog(connection)
        root, size = log.head()
        continued = log.head(anchored_size) == (anchored_root, anchored_size)
    if not continued:
        raise Conflict(
            "ingest_diverged",
            f"the chain holds the root of {anchored_size} entries, and the log of {size} entries has another one: "
            "restore the log, or find out who replaced it",
        )
    if size == anchored_size:
        return Anchored(root, size, sent=False)
    sender.send(ledger.anchor_ingest(root, size), f"anchor/{ledger.contract.address}/{size}")
    if ledger.ingest() != (root, size):
        raise CheckFailed("anchor_missing", f"the chain does not hold the head of {size} entries after it was sent")
    return Anchored(root, size, sent=True)
