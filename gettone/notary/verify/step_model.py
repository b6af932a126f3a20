"""Step 7: the model of the chain, run again on the opened data, gives the entitlement to the last unit."""

from collections.abc import Iterable, Mapping
from typing import Any

from gettone.errors import GettoneError
from gettone.notary.bundle import BundleSettlement
from gettone.notary.digests import SettlementParams
from gettone.notary.leaves import TOMBSTONE, AssignmentLeaf
from gettone.notary.takeout_format import Level, settlement_label
from gettone.notary.verify.case import Case, is_period, label_of
from gettone.notary.verify.documents import read_params
from gettone.notary.verify.own_data import baseline_openings, own_data, was_member
from gettone.notary.verify.report import State
from gettone.notary.verify.reward_rules import RewardRules


def check_model(case: Case, rules: RewardRules) -> None:
    """Step 7 for every settlement of the range whose openings allow it."""
    for one in case.subjects():
        leaf = case.leaves.get(one.key)
        params = read_params(case.bundle.params.get(leaf.params_digest)) if leaf else None
        if leaf is None or one.is_erased or leaf.flags & TOMBSTONE:
            case.report.note(7, State.ERASED, f"{label_of(one)}: data erased")
        elif not is_period(leaf.period_start_s, leaf.period_end_s):
            case.report.fail(7, "leaf", f"{label_of(one)}: the bounds are those of no period", period=label_of(one))
        elif params is None:
            case.report.fail(
                7, "params", f"{label_of(one)}: the params object is missing or malformed", period=label_of(one)
            )
        else:
            try:
                _check_settlement(case, rules, one, leaf, params)
            except GettoneError as refusal:
                case.report.fail(
                    7, "model", f"{label_of(one)}: the rules refuse the data: {refusal.message}", period=label_of(one)
                )


def _check_settlement(
    case: Case, rules: RewardRules, one: BundleSettlement, leaf: AssignmentLeaf, params: SettlementParams
) -> None:
    parameters = rules.stated(params.parameters)
    _check_registered(case, rules, one, leaf, parameters)
    caps = _caps(case, one)
    if problem := rules.budget_problem(params, caps):
        _fail(case, one, "budget", problem, "the budget of model, carry-in and cap", "another budget")
    if not _is_open(case, rules, one, leaf, params):
        return
    baseline_start_s = rules.baseline_start_s(params, leaf.period_start_s, leaf.period_end_s)
    own = own_data(case, one, leaf, params, parameters, baseline_start_s)
    if own is None:
        return
    amount_units, trace = rules.recompute(own)
    if amount_units != leaf.amount_units:
        _fail(
            case, one, "amount", "the model gives another amount", f"{amount_units} units", f"{leaf.amount_units} units"
        )
    if one.trace is not None and one.trace != trace:
        _fail(case, one, "trace", "the calculation differs from the trace", *_first_difference(trace, one.trace))
    case.report.note(7, State.OK, f"{label_of(one)}: {amount_units} units computed again")


def _fail(case: Case, one: BundleSettlement, reason: str, detail: str, expected: object, found: object) -> None:
    case.report.fail(7, reason, f"{label_of(one)}: {detail}", period=label_of(one), expected=expected, found=found)


def _first_difference(expected: str, found: str) -> tuple[str, str]:
    pairs = zip(expected.split("\n"), found.split("\n"), strict=False)
    return next(((ours, theirs) for ours, theirs in pairs if ours != theirs), ("its length", "another length"))


def _caps(case: Case, one: BundleSettlement) -> int | None:
    evidence = case.evidence
    payment = evidence.payments.get(one.key) if evidence and case.opening(one) else None
    caps = evidence.caps_at(payment.opened_at_s) if evidence and payment else None
    return caps.period_cap_units if caps else None


def _check_registered(
    case: Case, rules: RewardRules, one: BundleSettlement, leaf: AssignmentLeaf, parameters: Mapping[str, Any]
) -> None:
    """The model of the bundle is, parameter by parameter, the one registered before the period began."""
    model, opening = case.bundle.models.get(leaf.model_digest), case.opening(one)
    if model is not None and model.get("kind") != parameters.get("kind"):
        _fail(case, one, "model", "the model object is of another kind", parameters.get("kind"), model.get("kind"))
    if case.evidence is None or opening is None:
        case.report.note(7, State.OK, f"{label_of(one)}: parameters of the take-out, not compared with the chain")
        return
    version = case.evidence.models[opening.proposal.model_version]
    registered = rules.on_chain(version)
    for name, expected, found in _parameter_differences("", registered, parameters):
        _fail(case, one, "model", f"parameter {name} is not that of the chain", f"{name} {expected}", f"{name} {found}")
    if not version.scheduled_at_s < version.valid_from_s <= leaf.period_start_s:
        _fail(
            case,
            one,
            "model",
            "the model was not registered before the period",
            leaf.period_start_s,
            f"scheduled {version.scheduled_at_s}, valid from {version.valid_from_s}",
        )
    if model is not None:
        place = (case.evidence.scope.models.hex(), str(version.version))
        stated = (model.get("id"), model.get("version"))
        if place != stated:
            _fail(case, one, "model", "the model object names another contract or version", place, stated)


def _parameter_differences(
    prefix: str, expected: Mapping[str, Any], found: Mapping[str, Any]
) -> Iterable[tuple[str, Any, Any]]:
    for name in sorted(set(expected) | set(found)):
        left, right = expected.get(name), found.get(name)
        if isinstance(left, Mapping) and isinstance(right, Mapping):
            yield from _parameter_differences(f"{prefix}{name}.", left, right)
        elif left != right:
            yield prefix + name, left, right


def _is_open(
    case: Case, rules: RewardRules, one: BundleSettlement, leaf: AssignmentLeaf, params: SettlementParams
) -> bool:
    """Whether the take-out discloses all that the model reads; what lacks is noted."""
    label = label_of(one)
    if case.manifest.level != Level.FULL:
        case.report.note(7, State.PARTIAL, f"{label}: not all readings are disclosed")
        return False
    if one.totals is None or one.aggregates is None or one.aggregates.withdrawn is None:
        case.report.note(7, State.PARTIAL, f"{label}: slot totals are for auditors in a community this small")
        return False
    start_s = rules.baseline_start_s(params, leaf.period_start_s, leaf.period_end_s)
    for opening in baseline_openings(case, one, start_s, leaf.period_start_s):
        if was_member(one, opening) and opening.key not in case.bundle.settlements:
            case.report.note(7, State.PARTIAL, f"{label}: the baseline needs {settlement_label(*opening.key)}")
            return False
    return True
