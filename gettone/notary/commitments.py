"""What goes into the commitment of a settlement and what comes out of it; `commit` computes the second."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gettone.notary.leaves import ZERO_HASH, AssignmentLeaf, RosterLeaf, SeriesHeader
from gettone.notary.payouts import PayoutPlan
from gettone.notary.proposal import SettlementProposal
from gettone.notary.series import Reading
from gettone.notary.tree import inclusion_path


@dataclass(frozen=True, slots=True)
class PeriodScope:
    """Which revision of which period of which deployment; [start, end) in unix seconds, token 20 bytes."""

    deployment_id: bytes
    period_start_s: int
    period_end_s: int
    period_index: int
    revision: int
    token: bytes


@dataclass(frozen=True, slots=True)
class CommittedSeries:
    """The readings of one member at one POD in one direction, one per slot of the period.

    `first_number` and `first_revision` are given for a series whose values were committed by an earlier
    revision of the period; both None commits them now.
    """

    pod: str
    direction: int
    slot_s: int
    values: Sequence[Reading]
    source_class: int
    source_digest: bytes = ZERO_HASH
    first_number: int | None = None
    first_revision: int | None = None


@dataclass(frozen=True, slots=True)
class MemberCommitment:
    """What one member contributes; `prev_leaf` is the leaf hash of the revision before, zero if none.

    `inputs` is the object of `digests.inputs_document`, `trace` the text of the reward calculation; None
    commits a zero digest.  `wallet` is 20 zero bytes while the member has none.
    """

    member_id: bytes
    k_my: bytes
    wallet: bytes
    member_from_s: int
    member_to_s: int
    series: tuple[CommittedSeries, ...]
    amount_units: int
    inputs: Mapping[str, Any] | None
    trace: str | None
    prev_leaf: bytes = ZERO_HASH


@dataclass(frozen=True, slots=True)
class ErasedMember:
    """A member erased after the revision before: leaves of that revision, two new 32-byte blinds.

    The blinds of the leaves before are gone, so that the hash of the assignment leaf superseded is given beside it.
    """

    member_id: bytes
    assignment_before: AssignmentLeaf
    roster_before: RosterLeaf
    prev_leaf: bytes
    amount_units: int
    blind: bytes
    roster_blind: bytes


@dataclass(frozen=True, slots=True)
class SeriesCommitment:
    """One committed series; its K_p is that of (number, first_revision), its place in the tuple is j."""

    pod: str
    number: int
    first_revision: int
    header: SeriesHeader
    root: bytes
    tree_size: int


@dataclass(frozen=True, slots=True)
class TotalsCommitment:
    """The committed slot totals of the community."""

    withdrawn: SeriesCommitment
    injected: SeriesCommitment
    aggregates_root: bytes


@dataclass(frozen=True, slots=True)
class CommittedMember:
    """Leaves of one member, the series ordered by pid."""

    member_id: bytes
    assignment: AssignmentLeaf
    roster: RosterLeaf
    series: tuple[SeriesCommitment, ...]
    assignment_hash: bytes
    roster_hash: bytes


@dataclass(frozen=True, slots=True)
class SettlementCommitment:
    """Roots of one revision; members in roster order, `leaf_index` is the position."""

    scope: PeriodScope
    members: tuple[CommittedMember, ...]
    assignment_root: bytes
    roster_root: bytes
    aggregates_root: bytes
    model_digest: bytes
    params_digest: bytes

    @property
    def leaf_count(self) -> int:
        """Number of members on the roster."""
        return len(self.members)

    def assignment_path(self, leaf_index: int) -> list[bytes]:
        """Inclusion path of an assignment leaf."""
        return inclusion_path([member.assignment_hash for member in self.members], leaf_index)

    def roster_path(self, leaf_index: int) -> list[bytes]:
        """Inclusion path of a roster leaf."""
        return inclusion_path([member.roster_hash for member in self.members], leaf_index)

    def proposal(
        self,
        *,
        model_version: int,
        payouts: PayoutPlan,
        previous_settlement: bytes = ZERO_HASH,
        ingest_root: bytes = ZERO_HASH,
        ingest_size: int = 0,
    ) -> SettlementProposal:
        """The proposal to sign and open; `previous_settlement`: struct hash of the one opened before."""
        return SettlementProposal(
            deployment_id=self.scope.deployment_id,
            period_index=self.scope.period_index,
            revision=self.scope.revision,
            period_start_s=self.scope.period_start_s,
            period_end_s=self.scope.period_end_s,
            model_version=model_version,
            params_digest=self.params_digest,
            assignment_root=self.assignment_root,
            leaf_count=self.leaf_count,
            roster_root=self.roster_root,
            aggregates_root=self.aggregates_root,
            ingest_root=ingest_root,
            ingest_size=ingest_size,
            total_units=payouts.total_units,
            payouts_root=payouts.root,
            chunk_count=len(payouts.chunks),
            previous_settlement=previous_settlement,
        )
