"""The bytes of the LECN-1 vectors come out: derivations, leaves, trees, paths, revision 1, payouts."""

import json
from pathlib import Path
from typing import Any

import pytest

from gettone.notary import keys, leaves, payouts, tree
from gettone.notary.commit import commit_settlement, commit_totals
from gettone.notary.commitments import CommittedSeries, MemberCommitment, PeriodScope, SettlementCommitment
from gettone.notary.digests import input_digest, input_salt, trace_digest, trace_salt
from gettone.notary.series import data_root, header_nonce, series_hashes

pytestmark = pytest.mark.unit

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[2] / "vectors" / "lecn1.json").read_text(encoding="utf-8"))
PERIOD = VECTORS["period"]
ASSIGNMENT = VECTORS["assignment"]
SCOPE = PeriodScope(
    bytes.fromhex(VECTORS["deployment"]["deployment_id"]),
    PERIOD["period_start"],
    PERIOD["period_end"],
    PERIOD["period_index"],
    PERIOD["revision"],
    bytes.fromhex(ASSIGNMENT["token"]),
)


def test_deployment_id__vector__same_bytes() -> None:
    given = VECTORS["deployment"]
    found = keys.deployment_id(
        given["chain_id"],
        bytes.fromhex(given["genesis_hash"]),
        bytes.fromhex(given["settlement_contract"]),
        given["community_id"],
    )
    assert found.hex() == given["deployment_id"]


@pytest.mark.parametrize("case", VECTORS["trees"], ids=lambda case: str(len(case["leaves"])))
def test_tree__vector__root_and_every_path(case: dict[str, Any]) -> None:
    hashes = [tree.leaf_hash(bytes.fromhex(leaf)) for leaf in case["leaves"]]
    root = tree.root_of_hashes(hashes)
    assert root.hex() == case["root"]
    for index, path in enumerate(tree.inclusion_paths(hashes, range(len(hashes)))):
        assert [node.hex() for node in path] == case["paths"][index]
        assert tree.verify_path(hashes[index], index, len(hashes), path, root)


def test_totals__vector__keys_roots_and_aggregates_root() -> None:
    given = VECTORS["totals"]
    withdrawn, injected = (series["values"] for series in given["series"])
    totals = commit_totals(
        bytes.fromhex(given["k_cy"]), SCOPE, "fontana", 900, withdrawn, [-value for value in injected]
    )
    assert totals.aggregates_root.hex() == given["aggregates_root"]
    for committed, series in zip((totals.withdrawn, totals.injected), given["series"], strict=True):
        assert committed.root.hex() == series["series_root"]
        assert committed.header.series_pid.hex() == series["series_pid"]
        k_p = keys.period_key(bytes.fromhex(given["k_cy"]), 3, series["direction"], 14, 0)
        assert k_p.hex() == series["k_p"]


MEMBER_SERIES = [(member, series) for member in VECTORS["members"] for series in member["series"]]


@pytest.mark.parametrize(
    ("member", "series"), MEMBER_SERIES, ids=lambda item: item.get("member_id", item.get("number"))
)
def test_series__vector__key_leaves_and_root(member: dict[str, Any], series: dict[str, Any]) -> None:
    k_my = bytes.fromhex(member["k_my"])
    k_p = keys.period_key(k_my, 1, series["number"], 14, 0)
    assert k_p.hex() == series["k_p"]
    header = leaves.SeriesHeader(
        header_nonce(k_p),
        keys.series_pid(k_my, series["direction"], series["pod"]),
        PERIOD["period_start"],
        900,
        92,
        0,
        series["direction"],
        series["source_class"],
        bytes.fromhex(series["source_digest"]),
    )
    assert header.encode().hex() == series["header_leaf"]
    assert leaves.decode_header(header.encode()) == header
    readings = [tuple(value) for value in series["values"]]
    hashes = series_hashes(k_p, header, readings)
    assert tree.root_of_hashes(hashes).hex() == series["series_root"]
    assert len(hashes) == series["tree_size"]
    for slot, name in ((0, "first_slot_leaf"), (3, "slot_3_leaf")):
        value, quality = readings[slot]
        leaf = leaves.SlotLeaf(keys.nonce(k_p, slot), slot, value or 0, quality).encode()
        assert leaf.hex() == series[name]
        assert tree.leaf_hash(leaf) == hashes[1 + slot]
        assert leaves.decode_slot(leaf).value == (value or 0)


@pytest.mark.parametrize("member", VECTORS["members"], ids=lambda member: member["member_id"])
def test_member__vector__keys_blinds_and_digests(member: dict[str, Any]) -> None:
    k_my = bytes.fromhex(member["k_my"])
    k_p, k_roster = keys.period_key(k_my, 2, 0, 14, 0), keys.period_key(k_my, 2, 1, 14, 0)
    assert k_p.hex() == member["k_p_assignment"]
    assert keys.blind(k_p).hex() == member["blind"]
    assert keys.blind(k_roster).hex() == member["roster_blind"]
    assert input_salt(k_p).hex() == member["input_salt"]
    assert trace_salt(k_p).hex() == member["trace_salt"]


def _members() -> list[MemberCommitment]:
    members = []
    for given in VECTORS["members"]:
        opened = given["input_digest"] != "00" * 32
        members.append(
            MemberCommitment(
                member_id=bytes.fromhex(given["member_id"]),
                k_my=bytes.fromhex(given["k_my"]),
                wallet=bytes.fromhex(given["wallet"]),
                member_from_s=given["member_from"],
                member_to_s=int(given["member_to"]),
                series=tuple(
                    CommittedSeries(
                        series["pod"],
                        series["direction"],
                        900,
                        [tuple(value) for value in series["values"]],
                        series["source_class"],
                        bytes.fromhex(series["source_digest"]),
                    )
                    for series in reversed(given["series"])
                ),
                amount_units=int(given["amount"]),
                inputs=json.loads(ASSIGNMENT["inputs_jcs"]) if opened else None,
                trace=ASSIGNMENT["trace"] if opened else None,
            )
        )
    return members


def _commit(monkeypatch: pytest.MonkeyPatch, scope: PeriodScope, members: Any) -> SettlementCommitment:
    # The two digests are arbitrary bytes in the vectors: no JSON object leads to them.
    for name in ("model_digest", "params_digest"):
        digest = bytes.fromhex(ASSIGNMENT[name])
        monkeypatch.setattr(f"gettone.notary.commit.{name}", lambda _, digest=digest: digest)
    totals = commit_totals(bytes(32), scope, "fontana", 900, [0] * 92, [0] * 92)
    return commit_settlement(scope, totals, {}, {"aggregates_root": totals.aggregates_root.hex()}, members)


def test_commit_settlement__vector__every_leaf_path_and_root(monkeypatch: pytest.MonkeyPatch) -> None:
    committed = _commit(monkeypatch, SCOPE, reversed(_members()))
    assert committed.assignment_root.hex() == ASSIGNMENT["assignment_root"]
    assert committed.roster_root.hex() == ASSIGNMENT["roster_root"]
    for given, member in zip(VECTORS["members"], committed.members, strict=True):
        leaf = member.assignment.encode()
        assert leaf.hex() == given["assignment_leaf"]
        assert member.assignment_hash.hex() == given["assignment_leaf_hash"]
        assert leaves.decode_assignment(leaf) == member.assignment
        assert member.roster.encode().hex() == given["roster_leaf"]
        assert leaves.decode_roster(member.roster.encode()) == member.roster
        assert member.assignment.data_root.hex() == given["data_root"]
        path = committed.assignment_path(member.assignment.leaf_index)
        assert [node.hex() for node in path] == given["assignment_path"]


def test_digests__vector__inputs_and_trace() -> None:
    member = VECTORS["members"][0]
    salts = bytes.fromhex(member["input_salt"]), bytes.fromhex(member["trace_salt"])
    assert input_digest(salts[0], json.loads(ASSIGNMENT["inputs_jcs"])).hex() == member["input_digest"]
    assert trace_digest(salts[1], ASSIGNMENT["trace"]).hex() == member["trace_digest"]


def test_revision__vector__keys_series_and_leaf(monkeypatch: pytest.MonkeyPatch) -> None:
    given, member = VECTORS["revision_1"], _members()[1]
    series = member.series[0]
    values = [(given["new_value"], given["quality"]), *series.values[1:]]
    scope = PeriodScope(**{name: getattr(SCOPE, name) for name in PeriodScope.__slots__} | {"revision": 1})
    changed = MemberCommitment(
        **{name: getattr(member, name) for name in MemberCommitment.__slots__}
        | {
            "series": (CommittedSeries(series.pod, 1, 900, values, 1, series.source_digest),),
            "amount_units": int(given["amount"]),
            "prev_leaf": bytes.fromhex(given["prev_leaf"]),
        }
    )
    others = [other for other in _members() if other.member_id != member.member_id]
    committed = _commit(monkeypatch, scope, [changed, *others]).members[1]
    assert keys.period_key(member.k_my, 1, 0, 14, 1).hex() == given["k_p"]
    assert keys.period_key(member.k_my, 2, 0, 14, 1).hex() == given["k_p_assignment"]
    assert committed.series[0].root.hex() == given["series_root"]
    assert committed.assignment.data_root.hex() == given["data_root"]
    assert committed.assignment.flags == given["flags"]
    assert committed.assignment.encode().hex() == given["assignment_leaf"]


def test_revision__untouched_series__same_root_under_first_key(monkeypatch: pytest.MonkeyPatch) -> None:
    member = _members()[1]
    series = member.series[0]
    kept = CommittedSeries(series.pod, 1, 900, series.values, 1, series.source_digest, 0, 0)
    scope = PeriodScope(**{name: getattr(SCOPE, name) for name in PeriodScope.__slots__} | {"revision": 1})
    again = MemberCommitment(
        **{name: getattr(member, name) for name in MemberCommitment.__slots__} | {"series": (kept,)}
    )
    committed = _commit(monkeypatch, scope, [again]).members[0]
    assert committed.assignment.data_root.hex() == VECTORS["members"][1]["data_root"]


def test_payouts__vector__root_and_proofs() -> None:
    given = VECTORS["payouts"]
    amounts = [payouts.split_word(bytes.fromhex(word)) for chunk in reversed(given["chunks"]) for word in chunk]
    plan = payouts.plan_payouts(amounts, 1)
    assert [[word.hex() for word in chunk] for chunk in plan.chunks] == given["chunks"]
    assert plan.root.hex() == given["payouts_root"]
    assert [[node.hex() for node in proof] for proof in plan.proofs] == given["paths"]
    assert payouts.payouts_root([]).hex() == given["no_chunks"]


def test_data_root__no_series__zero() -> None:
    assert data_root([]) == bytes(32)
