"""The verification of one take-out: its table of contents."""

from gettone.errors import InputError, MissingInput, Unreachable
from gettone.notary.archive import read_archive
from gettone.notary.bundle import Bundle
from gettone.notary.bundle_read import read_bundle
from gettone.notary.verify.case import Case
from gettone.notary.verify.chain_view import ChainEvidence, ChainView, collect_evidence
from gettone.notary.verify.report import Report
from gettone.notary.verify.reward_rules import RewardRules
from gettone.notary.verify.step_chain import check_chain, check_revisions
from gettone.notary.verify.step_files import check_completeness, check_files
from gettone.notary.verify.step_leaf import check_leaves, check_paths
from gettone.notary.verify.step_model import check_model
from gettone.notary.verify.step_payment import check_payments
from gettone.notary.verify.step_readings import check_readings
from gettone.notary.verify.step_sources import check_sources

NO_TRUST_INPUT = "give --rpc, --genesis and --contract, from a source you trust, to compare with the chain"


def verify_takeout(data: bytes, view: ChainView | None, rules: RewardRules) -> Report:
    """Run the nine steps on the bytes of a take-out (LECN-1 §3).

    `view` is the chain as the verifier chose it; None leaves steps 5, 6 and 8 without evidence.  Every step
    that can still run is run after a failure.  Nothing in `data` can make this raise.
    """
    report = Report()
    try:
        bundle = read_bundle(read_archive(data))
    except InputError as refusal:
        report.fail(1, "archive", refusal.message, expected="a take-out", found=f"[{refusal.code}] {refusal.message}")
        return report
    report.subject = bundle.manifest.subject if bundle.manifest else ""
    check_files(bundle, report)
    if bundle.manifest is None:
        return report
    evidence, missing = _evidence(bundle, view)
    case = Case(bundle, bundle.manifest, evidence, report)
    check_completeness(case)
    check_readings(case)
    check_leaves(case)
    check_paths(case)
    check_chain(case, missing)
    check_payments(case, missing)
    check_model(case, rules)
    check_revisions(case, missing)
    check_sources(case)
    return report


def _evidence(bundle: Bundle, view: ChainView | None) -> tuple[ChainEvidence | None, str]:
    if view is None:
        return None, NO_TRUST_INPUT
    try:
        return collect_evidence(view, bundle.settlements), ""
    except (Unreachable, MissingInput) as refusal:
        return None, refusal.message
