"""Steps 5 and 8: the chain holds these roots, and its settlements are an unbroken chain."""

from dataclasses import fields, is_dataclass
from typing import Any

from gettone.notary.bundle import BundleSettlement, ChainPlace
from gettone.notary.leaves import SUPERSEDES, ZERO_HASH
from gettone.notary.takeout_format import settlement_label
from gettone.notary.verify.case import Case, label_of
from gettone.notary.verify.chain_view import ChainEvidence, Opening
from gettone.notary.verify.report import State


def check_chain(case: Case, missing: str) -> None:
    """Step 5; `missing` says why there is no evidence, if there is none."""
    if case.evidence is None:
        case.report.note(5, State.MISSING, missing)
        return
    for one in case.settlements():
        opening = case.evidence.opening(one.key)
        leaf = case.leaves.get(one.key)
        if opening is None or (leaf and leaf.deployment_id != case.evidence.scope.deployment_id):
            case.report.note(5, State.UNANCHORED, f"{label_of(one)}: the ledger named has no such settlement")
        else:
            _check_opening(case, one, opening, case.evidence)


def _check_opening(case: Case, one: BundleSettlement, opening: Opening, evidence: ChainEvidence) -> None:
    proposal, leaf, root = opening.proposal, case.leaves.get(one.key), case.roots.get(one.key)
    if root != proposal.assignment_root:
        case.report.note(5, State.DIVERGED, f"{label_of(one)}: the chain holds another assignment root")
        case.report.differ(
            label_of(one), None, f"root {proposal.assignment_root.hex()}", root.hex() if root else "no root"
        )
        return
    if one.roster is not None:
        _require(case, one, "roster root", proposal.roster_root, one.roster.proof.root)
    _require(case, one, "deployment", evidence.scope.deployment_id, proposal.deployment_id)
    if leaf is not None:
        _require(case, one, "params digest", proposal.params_digest, leaf.params_digest)
        _require(case, one, "token", evidence.scope.token, leaf.token)
    params = case.bundle.params.get(proposal.params_digest)
    if params is not None:
        _require(case, one, "aggregates root", proposal.aggregates_root.hex(), params.get("aggregates_root"))
    if one.chain is not None:
        scope = evidence.scope
        found = ChainPlace(
            scope.chain_id,
            scope.genesis_hash,
            scope.contract,
            opening.transaction,
            opening.block_number,
            opening.block_hash,
        )
        _require(case, one, "place on the chain", found, one.chain)
    _require(case, one, "community", evidence.scope.community_id, case.manifest.community)
    case.report.note(5, State.OK, f"{label_of(one)}: opened in block {opening.block_number}")


def _require(case: Case, one: BundleSettlement, what: str, expected: Any, found: Any) -> None:
    if expected != found:
        case.report.fail(
            5,
            "chain",
            f"{label_of(one)}: {what} is not that of the chain",
            period=label_of(one),
            expected=f"{what} {_shown(expected)}",
            found=f"{what} {_shown(found)}",
        )


def _shown(value: Any) -> str:
    if is_dataclass(value) and not isinstance(value, type):
        return ", ".join(f"{field.name} {_shown(getattr(value, field.name))}" for field in fields(value))
    return value.hex() if isinstance(value, bytes) else str(value)


def check_revisions(case: Case, missing: str) -> None:
    """Step 8: every revision names the one before, and the ledger's settlements are one unbroken chain."""
    for one in case.settlements():
        _check_forerunner(case, one)
    if case.evidence is None:
        case.report.note(8, State.MISSING, missing)
        return
    _check_settlement_chain(case, case.evidence)
    _check_coverage(case, case.evidence)


def _check_forerunner(case: Case, one: BundleSettlement) -> None:
    leaf, period, revision = case.leaves.get(one.key), *one.key
    if leaf is None:
        return
    before = case.bundle.settlements.get((period, revision - 1))
    stated = before.assignment.proof.leaf_hash if before and before.assignment else None
    if leaf.flags & SUPERSEDES and stated is None:
        case.report.fail(
            8, "revision", f"{label_of(one)}: the revision that this one supersedes is missing", period=label_of(one)
        )
    elif (stated or ZERO_HASH) != leaf.prev_leaf:
        case.report.fail(
            8,
            "revision",
            f"{label_of(one)}: the leaf does not name the leaf of the revision before",
            period=label_of(one),
            expected=(stated or ZERO_HASH).hex(),
            found=leaf.prev_leaf.hex(),
        )


def _check_settlement_chain(case: Case, evidence: ChainEvidence) -> None:
    previous, ends = ZERO_HASH, [0]
    revisions: dict[int, int] = {}
    for opening in evidence.openings:
        proposal, label = opening.proposal, settlement_label(*opening.key)
        period, revision = opening.key
        is_next = revision == 0 and period == len(ends) - 1 and (period == 0 or proposal.period_start_s == ends[-1])
        is_revision = period in revisions and revision == revisions[period] + 1
        linked = proposal.previous_settlement == previous and proposal.struct_hash() == opening.proposal_hash
        if not linked or not (is_next or is_revision):
            case.report.fail(
                8,
                "settlement_chain",
                f"{label}: the chain of settlements is broken before this one",
                period=label,
                expected=previous.hex(),
                found=proposal.previous_settlement.hex(),
            )
        revisions[period] = revision
        ends += [proposal.period_end_s] if revision == 0 else []
        previous = opening.proposal_hash
    if previous != evidence.last_settlement_hash:
        case.report.fail(8, "settlement_chain", "the node does not show all settlements that the ledger counts")
    case.report.note(8, State.OK, f"{len(evidence.openings)} settlements in an unbroken chain")


def _check_coverage(case: Case, evidence: ChainEvidence) -> None:
    """Settlements on the chain that the take-out does not hold are reported, not failed.

    A later revision may be younger than the take-out, and a member need not be on every roster.
    """
    for opening in evidence.openings:
        in_range = case.overlaps(opening.proposal.period_start_s, opening.proposal.period_end_s)
        if in_range and opening.key not in case.bundle.settlements:
            label = settlement_label(*opening.key)
            case.report.note(8, State.PARTIAL, f"{label} is on the chain but not in this take-out")
