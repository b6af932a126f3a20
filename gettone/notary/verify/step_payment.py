"""Step 6: the payout follows from entitlement, carried and skipped amounts, and the token moved exactly that."""

from gettone.notary.bundle import BundleSettlement
from gettone.notary.digests import MemberInputs, RosterSums
from gettone.notary.leaves import SUPERSEDES, ZERO_ADDRESS, AssignmentLeaf
from gettone.notary.payouts import MAX_PAYOUT_UNITS, assignment_fee, settle_dues
from gettone.notary.verify.case import Case, label_of
from gettone.notary.verify.chain_view import STATE_OPEN, STATE_PAID, STATE_VOIDED, ChainEvidence, Payment
from gettone.notary.verify.documents import read_inputs, read_params
from gettone.notary.verify.report import State


def check_payments(case: Case, missing: str) -> None:
    """Step 6 for every settlement of the range that the chain opened."""
    if case.evidence is None:
        case.report.note(6, State.MISSING, missing)
        return
    for one in case.subjects():
        leaf, payment = case.leaves.get(one.key), case.evidence.payments.get(one.key)
        if payment is None or case.opening(one) is None:
            continue
        _check_fees(case, one, leaf, payment)
        if leaf is None or one.is_erased:
            case.report.note(6, State.ERASED, f"{label_of(one)}: amount erased")
        elif one.inputs is None:
            case.report.note(6, State.PARTIAL, f"{label_of(one)}: the payout is not disclosed")
        else:
            _check_payment(case, one, leaf, payment, case.evidence)


def _check_payment(
    case: Case, one: BundleSettlement, leaf: AssignmentLeaf, payment: Payment, evidence: ChainEvidence
) -> None:
    account = read_inputs(one.inputs)
    params = read_params(case.bundle.params.get(leaf.params_digest))
    if account is None or params is None:
        case.report.fail(
            6, "inputs", f"{label_of(one)}: inputs or params lack the amounts of the settlement", period=label_of(one)
        )
        return
    _check_dues(case, one, leaf, account, payment, evidence)
    _check_carried(case, one, account, evidence)
    _check_sums(case, one, params.sums, payment, evidence)
    _check_credit(case, one, leaf, account, payment)


def _check_fees(case: Case, one: BundleSettlement, leaf: AssignmentLeaf | None, payment: Payment) -> None:
    """The params name, class by class, the assignment fees that the token policy had at the opening."""
    params = read_params(case.bundle.params.get(leaf.params_digest)) if leaf else None
    if params is None:
        return
    named, in_force = params.assignment_fee_bps, payment.assignment_fee_bps
    for class_ in sorted(set(named) | set(in_force)):
        if named.get(class_) != in_force.get(class_):
            detail = "the assignment fee is not that of the token policy when the settlement opened"
            expected, found = (
                f"assignment_fee_bps of class {class_} {bps.get(class_, 'none')}" for bps in (in_force, named)
            )
            _fail(case, one, "fee", detail, expected, found)


def _fail(case: Case, one: BundleSettlement, reason: str, detail: str, expected: object, found: object) -> None:
    case.report.fail(6, reason, f"{label_of(one)}: {detail}", period=label_of(one), expected=expected, found=found)


def _check_dues(
    case: Case,
    one: BundleSettlement,
    leaf: AssignmentLeaf,
    account: MemberInputs,
    payment: Payment,
    evidence: ChainEvidence,
) -> None:
    before = case.leaves.get((one.key[0], one.key[1] - 1))
    if before is None and leaf.flags & SUPERSEDES:
        return  # Step 8 reports the missing revision; without it nothing can be said of the difference.
    caps = evidence.caps_at(payment.opened_at_s)
    dues = settle_dues(
        entitlement_units=leaf.amount_units,
        entitlement_before_units=before.amount_units if before else 0,
        carried_before_units=account.carried_before_units,
        skipped_units=account.skipped_units,
        member_cap_units=caps.member_cap_units if caps else MAX_PAYOUT_UNITS,
        has_wallet=leaf.wallet != ZERO_ADDRESS,
    )
    expected = (dues.payout_units, dues.carried_after_units)
    found = (account.payout_units, account.carried_after_units)
    if expected != found:
        detail = "payout and carried amount do not follow from the entitlement"
        _fail(
            case,
            one,
            "payout",
            detail,
            "payout {}, carried {}".format(*expected),
            "payout {}, carried {}".format(*found),
        )


def _check_carried(case: Case, one: BundleSettlement, account: MemberInputs, evidence: ChainEvidence) -> None:
    """The carried amount is that after the settlement before; a claim of skipped payouts is one on the chain."""
    before, gap = _settlement_before(case, one, evidence)
    if before is None and account.carried_before_units:
        expected, found = "the settlement opened before", f"carried {account.carried_before_units}"
        _fail(case, one, "carried", "a carried amount needs the leaf before, which is missing", expected, found)
    elif before is not None and before.carried_after_units != account.carried_before_units:
        expected, found = f"carried {before.carried_after_units}", f"carried {account.carried_before_units}"
        _fail(case, one, "carried", "the carried amount is not that of the leaf before", expected, found)
    if before is not None and gap and account.carried_before_units:
        case.report.note(6, State.PARTIAL, f"{label_of(one)}: not every settlement since the leaf before is here")
    unclaimed = _unclaimed_units(case, one, evidence)
    if not 0 <= account.skipped_units <= unclaimed:
        expected, found = f"at most {unclaimed} skipped", f"{account.skipped_units} skipped"
        _fail(case, one, "skipped", "more skipped payouts are claimed than the chain shows", expected, found)
    elif account.skipped_units < unclaimed:
        # The skip may be younger than the calculation of this settlement: a later one has to claim it.
        rest = unclaimed - account.skipped_units
        case.report.note(6, State.OK, f"{label_of(one)}: {rest} units skipped before are not claimed yet")


def _settlement_before(case: Case, one: BundleSettlement, evidence: ChainEvidence) -> tuple[MemberInputs | None, int]:
    """The member's inputs in the last settlement before that the take-out holds, and how many it leaves out.

    Settlements are in the order in which they were opened; those without the member are not in a take-out.
    """
    for gap, opening in enumerate(reversed(evidence.openings[: evidence.place(one.key)])):
        held = case.bundle.settlements.get(opening.key)
        if held is not None and (inputs := read_inputs(held.inputs)) is not None:
            return inputs, gap
    return None, 0


def _unclaimed_units(case: Case, one: BundleSettlement, evidence: ChainEvidence) -> int:
    """Payouts of the member that the chain skipped or voided before this settlement, less earlier claims."""
    unclaimed = 0
    for opening in evidence.openings[: evidence.place(one.key)]:
        earlier, payment = case.bundle.settlements.get(opening.key), evidence.payments.get(opening.key)
        leaf, account = case.leaves.get(opening.key), read_inputs(earlier.inputs) if earlier else None
        if leaf is None or account is None or payment is None:
            continue
        own = [credit for credit in payment.credits if credit.wallet == leaf.wallet]
        was_voided = not own and payment.state == STATE_VOIDED
        if was_voided or any(credit.is_skipped for credit in own):
            unclaimed += account.payout_units
        unclaimed -= account.skipped_units
    return unclaimed


def _check_sums(case: Case, one: BundleSettlement, sums: RosterSums, payment: Payment, evidence: ChainEvidence) -> None:
    opening = evidence.opening(one.key)
    total = opening.proposal.total_units if opening else 0
    if sums.total_units != total:
        _fail(case, one, "totals", "the sums over the roster do not add up to the total", total, sums.total_units)
    moved = payment.paid_units + payment.skipped_units
    if payment.state == STATE_PAID and moved != total:
        _fail(case, one, "totals", "what was moved and skipped is not the total", total, moved)


def _check_credit(
    case: Case, one: BundleSettlement, leaf: AssignmentLeaf, account: MemberInputs, payment: Payment
) -> None:
    label, payout_units = label_of(one), account.payout_units
    fee_bps = payment.assignment_fee_bps.get(account.class_)
    if fee_bps is None:
        _fail(case, one, "inputs", "no member has this class", "class 1 or 2", f"class {account.class_}")
        return
    fee_units = assignment_fee(payout_units, fee_bps)
    own = [credit for credit in payment.credits if credit.wallet == leaf.wallet]
    outcomes = [(credit.amount_units, credit.fee_units, credit.is_skipped) for credit in own]
    if not own and payout_units == 0:
        case.report.note(6, State.OK, f"{label}: nothing due")
    elif not own and payment.state == STATE_OPEN:
        case.report.note(6, State.PENDING, f"{label}: {payout_units} units not yet paid")
    elif not own and payment.state == STATE_VOIDED:
        case.report.note(6, State.OK, f"{label}: {payout_units} units voided, a claim on a later settlement")
    elif outcomes == [(payout_units, 0, True)]:
        case.report.note(6, State.OK, f"{label}: {payout_units} units skipped, a claim on a later settlement")
    elif outcomes == [(payout_units - fee_units, fee_units, False)]:
        moved = _moved(payout_units - fee_units, fee_units)
        case.report.note(6, State.OK, f"{label}: {moved} moved to 0x{leaf.wallet.hex()}")
    else:
        found = ", ".join(_moved(credit.amount_units, credit.fee_units) for credit in own) or "nothing units"
        expected = _moved(payout_units - fee_units, fee_units)
        _fail(case, one, "payment", "the token moved another amount", expected, found)


def _moved(net_units: int, fee_units: int) -> str:
    return f"{net_units} units after a fee of {fee_units}" if fee_units else f"{net_units} units"
