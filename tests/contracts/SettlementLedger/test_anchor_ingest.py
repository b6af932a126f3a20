"""anchorIngest: the append-only log of what was imported."""

import pytest
from proposals import digest
from refusal import refused

ROOT, OTHER = digest("ingest 10"), digest("ingest 20")


@pytest.fixture
def anchored(ledger, oracles):
    return ledger.anchorIngest(ROOT, 10, {"from": oracles[0]})


def test_anchor_ingest__first__is_read_back(ledger, anchored):
    root, size = ledger.ingest()
    assert (bytes(root), size) == (ROOT, 10)


def test_anchor_ingest__first__emits_root_and_size(anchored):
    event = anchored.events["IngestAnchored"]
    assert (bytes(event["root"]), event["size"]) == (ROOT, 10)


def test_anchor_ingest__larger__replaces(ledger, anchored, oracles):
    ledger.anchorIngest(OTHER, 20, {"from": oracles[1]})
    assert ledger.ingest()[1] == 20


def test_anchor_ingest__same_again__does_nothing(ledger, anchored, oracles):
    assert len(ledger.anchorIngest(ROOT, 10, {"from": oracles[1]}).events) == 0


@pytest.mark.parametrize("size", [0, 9, 10])
def test_anchor_ingest__smaller_or_another_root_of_the_size__names_both(ledger, anchored, oracles, size):
    with refused("SettlementLedgerIngestConflict", OTHER, size, ROOT, 10):
        ledger.anchorIngest(OTHER, size, {"from": oracles[0]})


def test_anchor_ingest__by_a_stranger__is_refused(ledger, outsider):
    with refused("AccessManagedUnauthorized", outsider):
        ledger.anchorIngest(ROOT, 10, {"from": outsider})
