"""Step 9: every source of a series is proved in the ingest log that the settlement carries."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from gettone.notary.ingest_leaf import Leaf, LeafKind
from gettone.notary.leaves import ZERO_HASH
from gettone.notary.takeout_format import Level
from gettone.notary.takeout_write import write_takeout
from gettone.notary.tree import leaf_hash
from gettone.notary.verify.chain_view import ChainEvidence
from gettone.notary.verify.report import Report
from gettone.notary.verify.run import verify_takeout
from gettone.verifier import GettoneRules
from tests.factories.synthetic_ledger import SyntheticLedger
from tests.factories.synthetic_people import SUBJECT
from tests.factories.takeouts import RecordedChain, evidence_of, logged_community, takeout_of
from tests.factories.tampering import Entries, edit_json, open_entries, other_digit, pack

pytestmark = pytest.mark.unit

NAME = "ingest/0.r0.json"
OTHER = 7


@pytest.fixture(scope="module")
def logged() -> SyntheticLedger:
    return logged_community()


@pytest.fixture(scope="module")
def chain(logged: SyntheticLedger) -> ChainEvidence:
    return evidence_of(logged)


@pytest.fixture(scope="module")
def entries(logged: SyntheticLedger) -> Entries:
    return open_entries(write_takeout(takeout_of(logged), verifier=b""))


def verify(entries: Entries, chain: ChainEvidence | None) -> Report:
    return verify_takeout(pack(entries), None if chain is None else RecordedChain(chain), GettoneRules())


def leaves_of(data: bytes) -> list[dict[str, Any]]:
    leaves: list[dict[str, Any]] = json.loads(open_entries(data)[NAME])["leaves"]
    return leaves


def test_verify__sources_proved__ok(entries: Entries, chain: ChainEvidence) -> None:
    report = verify(entries, chain)
    assert report.verdict == "OK"
    assert report.steps[8].details == ["0.r0: 3 leaves of a log of 6, 1 of them by hash alone"]


@pytest.mark.parametrize("number", [SUBJECT, OTHER])
def test_verify__one_source_or_several__ok(number: int, logged: SyntheticLedger, chain: ChainEvidence) -> None:
    data = write_takeout(takeout_of(logged, number), verifier=b"")
    assert verify(open_entries(data), chain).verdict == "OK"


@pytest.mark.parametrize("level", [Level.PARTIAL, Level.PROOF_ONLY])
def test_verify__less_than_full__sources_still_proved(
    level: Level, logged: SyntheticLedger, chain: ChainEvidence
) -> None:
    report = verify(open_entries(write_takeout(takeout_of(logged, level=level), verifier=b"")), chain)
    assert (report.verdict, report.steps[8].state.value) == ("OK_PARTIAL", "ok")


def test_write_takeout__log__second_version_of_the_format(entries: Entries) -> None:
    assert json.loads(entries["manifest.json"])["format"] == "gettone.takeout/2"


def test_write_takeout__full__opens_the_own_batch_and_the_assembly_alone(logged: SyntheticLedger) -> None:
    leaves = leaves_of(write_takeout(takeout_of(logged), verifier=b""))
    assert [one["leaf"] is not None for one in leaves] == [False, True, True]


def test_write_takeout__less_than_full__opens_no_batch(logged: SyntheticLedger) -> None:
    leaves = leaves_of(write_takeout(takeout_of(logged, level=Level.PARTIAL), verifier=b""))
    assert [one["leaf"] is not None for one in leaves] == [False, False, True]


def change_leaf_hash(ingest: dict[str, Any]) -> None:
    ingest["leaves"][0]["leaf_hash"] = other_digit(ingest["leaves"][0]["leaf_hash"])


def change_leaf(ingest: dict[str, Any]) -> None:
    """Another size of the file, with a hash that fits: the series no longer names it."""
    leaf = replace(Leaf.of_preimage(bytes.fromhex(ingest["leaves"][1]["leaf"])), size_bytes=412)
    ingest["leaves"][1].update(leaf=leaf.preimage().hex(), leaf_hash=leaf.hash().hex())


def change_leaf_bytes(ingest: dict[str, Any]) -> None:
    ingest["leaves"][1]["leaf"] = ingest["leaves"][1]["leaf"][:-2] + "01"


def change_leaf_tag(ingest: dict[str, Any]) -> None:
    ingest["leaves"][1]["leaf"] = "00" * 128


def change_kind(ingest: dict[str, Any]) -> None:
    leaf = replace(Leaf.of_preimage(bytes.fromhex(ingest["leaves"][1]["leaf"])), kind=LeafKind.OUTCOME)
    ingest["leaves"][1]["leaf"] = leaf.preimage().hex()


def change_index(ingest: dict[str, Any]) -> None:
    ingest["leaves"][1]["leaf_index"] = 3


def change_path(ingest: dict[str, Any]) -> None:
    path = ingest["leaves"][2]["path"]
    path[0] = other_digit(path[0])


def shorten_path(ingest: dict[str, Any]) -> None:
    ingest["leaves"][0]["path"].pop()


def change_root(ingest: dict[str, Any]) -> None:
    ingest["root"] = other_digit(ingest["root"])


def change_size(ingest: dict[str, Any]) -> None:
    ingest["size"] = 5


def drop_part(ingest: dict[str, Any]) -> None:
    ingest["leaves"][2]["parts"].pop()


def drop_assembly(ingest: dict[str, Any]) -> None:
    ingest["leaves"].pop(2)


def drop_batch(ingest: dict[str, Any]) -> None:
    ingest["leaves"].pop(0)


def close_assembly(ingest: dict[str, Any]) -> None:
    ingest["leaves"][2]["leaf"] = None


def hide_parts(ingest: dict[str, Any]) -> None:
    ingest["leaves"][2]["parts"] = []


def turn_parts(ingest: dict[str, Any]) -> None:
    ingest["leaves"][2]["parts"].reverse()


def repeat_leaf(ingest: dict[str, Any]) -> None:
    ingest["leaves"].append(ingest["leaves"][0])


TAMPERINGS: list[tuple[Callable[[dict[str, Any]], None], str]] = [
    (change_leaf_hash, "source"),
    (change_leaf, "source"),
    (change_leaf_bytes, "source"),
    (change_leaf_tag, "source"),
    (change_kind, "source"),
    (drop_part, "source"),
    (drop_assembly, "source"),
    (drop_batch, "source"),
    (close_assembly, "source"),
    (hide_parts, "source"),
    (turn_parts, "source"),
    (repeat_leaf, "source"),
    (change_index, "ingest_path"),
    (change_path, "ingest_path"),
    (shorten_path, "ingest_path"),
    (change_root, "ingest_root"),
    (change_size, "ingest_root"),
]


@pytest.mark.parametrize(("change", "reason"), TAMPERINGS, ids=lambda one: getattr(one, "__name__", one))
def test_verify__proof_tampered__invalid(
    change: Callable[[dict[str, Any]], None], reason: str, entries: Entries, chain: ChainEvidence
) -> None:
    changed = dict(entries)
    edit_json(changed, NAME, change)
    report = verify(changed, chain)
    assert (report.verdict, report.exit_status) == (f"INVALID:{reason}", 1)
    assert next(one.period for one in report.differences) == "0.r0"


def test_verify__proofs_missing__incomplete(entries: Entries, chain: ChainEvidence) -> None:
    changed = {name: content for name, content in entries.items() if name != NAME}
    assert verify(changed, chain).verdict == "INVALID:incomplete"


def test_verify__proofs_in_a_takeout_of_version_1__invalid(entries: Entries, chain: ChainEvidence) -> None:
    changed = dict(entries)
    edit_json(changed, "manifest.json", lambda one: one.update(format="gettone.takeout/1"))
    assert verify(changed, chain).verdict == "INVALID:format"


def test_verify__version_1_of_a_logged_settlement__partial(entries: Entries, chain: ChainEvidence) -> None:
    changed = {name: content for name, content in entries.items() if name != NAME}
    edit_json(changed, "manifest.json", lambda one: one.update(format="gettone.takeout/1"))
    report = verify(changed, chain)
    assert (report.verdict, report.steps[8].state.value) == ("OK_PARTIAL", "partial")


def test_verify__root_of_another_log_on_chain__invalid(entries: Entries, chain: ChainEvidence) -> None:
    opening = chain.openings[0]
    other = replace(opening, proposal=replace(opening.proposal, ingest_root=leaf_hash(b"another log")))
    report = verify(entries, replace(chain, openings=(other,)))
    assert "ingest_root" in report.steps[8].reasons
    assert "ingest_path" in report.steps[8].reasons


def test_verify__no_log_on_chain__invalid(entries: Entries, chain: ChainEvidence) -> None:
    opening = chain.openings[0]
    other = replace(opening, proposal=replace(opening.proposal, ingest_root=ZERO_HASH, ingest_size=0))
    report = verify(entries, replace(chain, openings=(other,)))
    assert "ingest_root" in report.steps[8].reasons


def test_verify__no_chain__the_stated_log_is_checked(entries: Entries) -> None:
    report = verify(entries, None)
    assert (report.verdict, report.steps[8].state.value) == ("TRUST_INPUT_MISSING", "ok")


def test_verify__values_without_a_source__partial(logged: SyntheticLedger, chain: ChainEvidence) -> None:
    """A ledger whose series name nothing, though there is a log: right as far as it goes, and said."""
    unnamed = SyntheticLedger(periods=logged.periods)
    unnamed.settle((0, 0), 1)
    settled = unnamed.settled[0]
    head = {"ingest_root": chain.openings[0].proposal.ingest_root, "ingest_size": 6}
    proposal = replace(settled.opening.proposal, **head)
    opening = replace(settled.opening, proposal=proposal, proposal_hash=proposal.struct_hash())
    evidence = replace(evidence_of(unnamed), openings=(opening,), last_settlement_hash=opening.proposal_hash)
    takeout = takeout_of(unnamed)
    assert logged.log is not None
    sources = replace(logged.log.sources_of(SUBJECT), leaves=())
    takeout = replace(takeout, settlements=(replace(takeout.settlements[0], sources=sources),))
    report = verify(open_entries(write_takeout(takeout, verifier=b"")), evidence)
    assert report.verdict == "OK_PARTIAL"
    assert "0.r0 series 0: its values name no source in the log" in report.steps[8].details
