"""The head of the ingest log on the chain: written once, continued, and never replaced."""

from pathlib import Path

import pytest
from sqlalchemy import text

from gettone.chain.client import ChainClient
from gettone.chain.local import LocalChain
from gettone.db.repositories.ingest_log import IngestLog
from gettone.errors import Conflict
from gettone.notary.ingest_leaf import LeafKind
from oracle.anchor_ingest import anchor_ingest
from tests.factories.village import Village, make_village

pytestmark = pytest.mark.chain


def append(village: Village, number: int) -> None:
    with village.database.write() as connection:
        IngestLog(connection).append(
            LeafKind.RECEIVED,
            nonce=bytes([number]) * 32,
            source_class=5,
            received_at=number,
            size_bytes=1,
            sha256=bytes(32),
        )


def test_anchor_ingest__log_that_grows_then_is_replaced__is_anchored_then_refused(
    local_chain: LocalChain, chain_client: ChainClient, tmp_path: Path, embedded_url: str
) -> None:
    village = make_village(local_chain, chain_client, tmp_path, embedded_url, size=1)
    ledger, sender = village.on_chain.contracts.ledger, village.context().sender
    assert not anchor_ingest(village.database, ledger, sender).sent
    append(village, 1)
    first = anchor_ingest(village.database, ledger, sender)
    assert (first.size, first.sent, ledger.ingest()) == (1, True, (first.root, 1))
    assert not anchor_ingest(village.database, ledger, sender).sent
    append(village, 2)
    assert anchor_ingest(village.database, ledger, sender).size == 2
    with village.database.write() as connection:
        connection.execute(text("DROP TRIGGER ingest_log_no_update"))
        connection.execute(text("UPDATE ingest_log SET leaf_hash = zeroblob(32) WHERE leaf_index = 0"))
    with pytest.raises(Conflict) as refusal:
        anchor_ingest(village.database, ledger, sender)
    assert refusal.value.code == "ingest_diverged"
