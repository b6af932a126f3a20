"""The state that the steps share: the bundle, the evidence, the report, and what an earlier step established."""

from dataclasses import dataclass, field

from gettone.notary.bundle import Bundle, BundleSettlement, Manifest, SettlementKey
from gettone.notary.leaves import AssignmentLeaf
from gettone.notary.takeout_format import settlement_label
from gettone.notary.verify.chain_view import ChainEvidence, Opening
from gettone.notary.verify.report import Report

MAX_PERIOD_S = 745 * 3600


@dataclass(slots=True)
class Case:
    """One verification.  `leaves` and `roots` are filled by steps 3 and 4, for the steps after them."""

    bundle: Bundle
    manifest: Manifest
    evidence: ChainEvidence | None
    report: Report
    leaves: dict[SettlementKey, AssignmentLeaf] = field(default_factory=dict)
    roots: dict[SettlementKey, bytes] = field(default_factory=dict)

    def settlements(self) -> list[BundleSettlement]:
        """The settlements of the bundle by period and revision."""
        return [self.bundle.settlements[key] for key in sorted(self.bundle.settlements)]

    def subjects(self) -> list[BundleSettlement]:
        """The settlements of the range the take-out is about; the others only support these."""
        return [one for one in self.settlements() if self._in_range(one)]

    def _in_range(self, one: BundleSettlement) -> bool:
        bounds = self.bounds(one)
        return bounds is not None and self.overlaps(*bounds)

    def overlaps(self, start_s: int, end_s: int) -> bool:
        """Whether a period reaches into the range the take-out is about."""
        return start_s < self.manifest.to_s and end_s > self.manifest.from_s

    def opening(self, one: BundleSettlement) -> Opening | None:
        """The opening of this very settlement on the chain.

        None where the chain has none, or has another one in its place: the root that the bundle states, or the
        deployment, differs.  Step 5 then says so, and no other step compares apples with pears.
        """
        opening = self.evidence.opening(one.key) if self.evidence else None
        if opening is None or self.evidence is None or one.assignment is None:
            return None
        fields = one.assignment.fields
        is_elsewhere = fields is not None and fields["deployment_id"] != self.evidence.scope.deployment_id
        is_other = one.assignment.proof.root != opening.proposal.assignment_root
        return None if is_elsewhere or is_other else opening

    def bounds(self, one: BundleSettlement) -> tuple[int, int] | None:
        """Bounds of the period: from the chain where it is known, else as the bundle states them.

        None where the bundle states bounds that no period has.
        """
        opening = self.opening(one)
        if opening:
            return opening.proposal.period_start_s, opening.proposal.period_end_s
        fields = one.assignment.fields if one.assignment else None
        bounds = (fields["period_start_s"], fields["period_end_s"]) if fields else (0, 0)
        return bounds if is_period(*bounds) else None


def is_period(start_s: int, end_s: int) -> bool:
    """Whether bounds can be those of a settlement period: no ledger allows more than 745 hours."""
    return 0 < end_s - start_s <= MAX_PERIOD_S


def label_of(one: BundleSettlement) -> str:
    """`<period>.r<revision>`, as differences name a settlement."""
    return settlement_label(*one.key)
