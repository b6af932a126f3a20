"""Steps 3 and 4: the leaves are rebuilt from what they commit, and lead by their paths to the roots."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from gettone.errors import InputError
from gettone.notary.bundle import BundleSettlement, MemberKeys, MemberLeaf
from gettone.notary.digests import input_digest, model_digest, params_digest, trace_digest
from gettone.notary.keys import INPUT_SALT_INDEX, TRACE_SALT_INDEX, blind, nonce
from gettone.notary.leaves import (
    TOMBSTONE,
    ZERO_HASH,
    AssignmentLeaf,
    RosterLeaf,
    decode_assignment,
    decode_roster,
)
from gettone.notary.series import data_root
from gettone.notary.tree import leaf_hash, root_from_path
from gettone.notary.verify.case import Case, is_period, label_of
from gettone.notary.verify.report import State


def check_leaves(case: Case) -> None:
    """Step 3 for every settlement; fills `case.leaves`."""
    for one in case.settlements():
        if one.assignment is None:
            continue
        if one.assignment.leaf is None:
            case.report.note(3, State.ERASED, f"{label_of(one)}: leaf known by its hash, opening erased")
            continue
        leaf = _decoded(case, one, one.assignment, decode_assignment)
        if not isinstance(leaf, AssignmentLeaf):
            continue
        case.leaves[one.key] = leaf
        _check_place(case, one, leaf)
        if leaf.flags & TOMBSTONE:
            case.report.note(3, State.ERASED, f"{label_of(one)}: tombstone leaf")
        else:
            _check_digests(case, one, leaf)
        _check_roster(case, one, leaf)
        case.report.note(3, State.OK, f"{label_of(one)}: leaf rebuilt")


def _decoded(case: Case, one: BundleSettlement, given: MemberLeaf, decode: Any) -> AssignmentLeaf | RosterLeaf | None:
    try:
        leaf: AssignmentLeaf | RosterLeaf = decode(given.leaf)
    except InputError as refusal:
        case.report.fail(3, "leaf", f"{label_of(one)}: {refusal.message}", period=label_of(one))
        return None
    _compare_fields(case, one, given.fields or {}, asdict(leaf))
    if leaf_hash(given.leaf or b"") != given.proof.leaf_hash:
        case.report.fail(
            3,
            "leaf",
            f"{label_of(one)}: the leaf has another hash than the one in its proof",
            period=label_of(one),
            expected=given.proof.leaf_hash.hex(),
            found=leaf_hash(given.leaf or b"").hex(),
        )
    return leaf


def _compare_fields(case: Case, one: BundleSettlement, stated: Mapping[str, Any], read: Mapping[str, Any]) -> None:
    for name, value in read.items():
        if stated.get(name) != value:
            case.report.fail(
                3,
                "leaf",
                f"{label_of(one)}: field {name} is not that of the leaf bytes",
                period=label_of(one),
                expected=f"{name} {_shown(value)}",
                found=f"{name} {_shown(stated.get(name))}",
            )


def _shown(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def _require(case: Case, one: BundleSettlement, reason: str, what: str, expected: Any, found: Any) -> None:
    """Fail step 3 with `reason` unless both are equal."""
    if expected != found:
        case.report.fail(
            3,
            reason,
            f"{label_of(one)}: {what} differs",
            period=label_of(one),
            expected=f"{what} {_shown(expected)}",
            found=f"{what} {_shown(found)}",
        )


def _check_place(case: Case, one: BundleSettlement, leaf: AssignmentLeaf) -> None:
    _require(case, one, "leaf", "period index and revision", one.key, (leaf.period_index, leaf.revision))
    bounds = (leaf.period_start_s, leaf.period_end_s)
    _require(case, one, "leaf", "bounds of the period", case.bounds(one), bounds if is_period(*bounds) else None)
    k_p = one.keys.assignment if one.keys else None
    if k_p is not None:
        _require(case, one, "leaf", "blind of the leaf", blind(k_p), leaf.blind)


def _check_digests(case: Case, one: BundleSettlement, leaf: AssignmentLeaf) -> None:
    """The four digests open to the files of the bundle, as far as the level discloses them."""
    if leaf.model_digest not in case.bundle.models:
        stated = ", ".join(model_digest(model).hex() for model in case.bundle.models.values())
        _require(case, one, "model", "model digest", leaf.model_digest, stated or "no model file")
    params = case.bundle.params.get(leaf.params_digest)
    if params is not None:
        _require(case, one, "params", "params digest", leaf.params_digest, params_digest(params))
        if one.aggregates is not None:
            root = data_root(one.aggregates.roots)
            _require(case, one, "totals", "aggregates root", params.get("aggregates_root"), root.hex())
    if one.keys is not None:
        _check_opening(case, one, one.keys, leaf)


def _check_opening(case: Case, one: BundleSettlement, keys: MemberKeys, leaf: AssignmentLeaf) -> None:
    """Inputs and trace open their digests under the salts of keys.json, which follow from the key if it is given."""
    salts = keys.input_salt, keys.trace_salt
    inputs = None if salts[0] is None or one.inputs is None else input_digest(salts[0], one.inputs)
    trace = None if salts[1] is None or one.trace is None else trace_digest(salts[1], one.trace)
    parts = (
        ("inputs", INPUT_SALT_INDEX, salts[0], leaf.input_digest, one.inputs, inputs),
        ("trace", TRACE_SALT_INDEX, salts[1], leaf.trace_digest, one.trace, trace),
    )
    for name, index, salt, digest, document, found in parts:
        if keys.assignment is not None:
            derived = None if digest == ZERO_HASH else nonce(keys.assignment, index)
            _require(case, one, "key", f"salt of {name}", derived, salt)
        if document is not None:
            _require(case, one, name, f"{name} digest", digest, found)


def _check_roster(case: Case, one: BundleSettlement, leaf: AssignmentLeaf) -> None:
    if one.roster is None or one.roster.leaf is None:
        return
    roster = _decoded(case, one, one.roster, decode_roster)
    if not isinstance(roster, RosterLeaf):
        return
    expected = (leaf.leaf_index, leaf.wallet.hex(), leaf.series_count)
    found = (roster.leaf_index, roster.wallet.hex(), roster.series_count)
    _require(case, one, "roster", "index, wallet and series count on the roster", expected, found)
    k_p = one.keys.roster if one.keys else None
    if k_p is not None:
        _require(case, one, "roster", "blind of the roster leaf", blind(k_p), roster.blind)


def check_paths(case: Case) -> None:
    """Step 4: recompute both roots from leaf hash, index and size; fills `case.roots`.

    The size comes from the chain where it is known.  The root that the bundle states only tells a bundle that
    contradicts itself from one that contradicts the chain.
    """
    for one in case.settlements():
        opening = case.opening(one)
        for kind, given in (("assignment", one.assignment), ("roster", one.roster)):
            if given is None:
                continue
            proof, leaf = given.proof, case.leaves.get(one.key)
            size = opening.proposal.leaf_count if opening else proof.leaf_count
            index = leaf.leaf_index if leaf else proof.leaf_index
            root = root_from_path(proof.leaf_hash, index, size, proof.path)
            if root is not None and kind == "assignment":
                case.roots[one.key] = root
            if (index, size) != (proof.leaf_index, proof.leaf_count) or root != proof.root:
                case.report.fail(4, "path", f"{label_of(one)}: leaf, index and path do not lead to the {kind} root")
                found = f"{kind} root {_shown(root)}, member {index} of {size}"
                stated = f"{kind} root {proof.root.hex()}, member {proof.leaf_index} of {proof.leaf_count}"
                case.report.differ(label_of(one), None, stated, found)
        if one.assignment is not None:
            case.report.note(4, State.OK, f"{label_of(one)}: member {one.assignment.proof.leaf_index} of the roster")
