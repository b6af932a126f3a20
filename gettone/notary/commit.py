"""From computed amounts to the roots of a settlement: what the settlement job calls.

Two steps, since the params object holds the root of the community's totals:
`commit_totals` -> `SettlementParams.to_document` -> `commit_settlement` -> `SettlementCommitment.proposal`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from gettone.errors import InputError
from gettone.notary import keys
from gettone.notary.commitments import (
    CommittedMember,
    CommittedSeries,
    ErasedMember,
    MemberCommitment,
    PeriodScope,
    SeriesCommitment,
    SettlementCommitment,
    TotalsCommitment,
)
from gettone.notary.digests import (
    input_digest,
    input_salt,
    model_digest,
    params_digest,
    trace_digest,
    trace_salt,
)
from gettone.notary.keys import ASSIGNMENT_NUMBER, MAX_SERIES, ROSTER_NUMBER, KeyKind
from gettone.notary.leaves import (
    TOMBSTONE,
    ZERO_HASH,
    AssignmentLeaf,
    RosterLeaf,
    SeriesHeader,
    leaf_flags,
)
from gettone.notary.series import data_root, header_nonce, series_hashes
from gettone.notary.tree import leaf_hash, root_of_hashes

WITHDRAWN, INJECTED = 1, 2


def commit_totals(
    k_cy: bytes,
    scope: PeriodScope,
    community_id: str,
    slot_s: int,
    withdrawn_wh: Sequence[int],
    injected_wh: Sequence[int],
) -> TotalsCommitment:
    """Commit the slot totals [Wh, both not negative] of the whole period under the community's yearly key."""
    if min((*withdrawn_wh, *injected_wh), default=0) < 0:
        raise InputError("totals_sign", "slot totals are never negative: injection has its own list")
    both = []
    for direction, signed in ((WITHDRAWN, withdrawn_wh), (INJECTED, [-value for value in injected_wh])):
        k_p = keys.period_key(k_cy, KeyKind.TOTALS, direction, scope.period_index, scope.revision)
        pid = keys.series_pid(k_cy, direction, community_id)
        series = CommittedSeries(community_id, direction, slot_s, [(value, 1) for value in signed], 0)
        both.append(_commit_series(scope, series, pid, k_p, direction, scope.revision))
    root = data_root((series.root, series.tree_size) for series in both)
    return TotalsCommitment(both[0], both[1], root)


def commit_settlement(
    scope: PeriodScope,
    totals: TotalsCommitment,
    model: Mapping[str, Any],
    params: Mapping[str, Any],
    members: Sequence[MemberCommitment | ErasedMember],
) -> SettlementCommitment:
    """Commit one revision of one period: every member of the roster, in bytewise order of member ids.

    `model` and `params` are the objects of `digests`.  InputError for a member given twice, a params object
    with another aggregates root, or anything a leaf cannot hold.
    """
    roster = sorted(members, key=lambda member: member.member_id)
    if len({member.member_id for member in roster}) != len(roster):
        raise InputError("roster_twice", "a member comes twice on the roster: give each member once")
    if params.get("aggregates_root") != totals.aggregates_root.hex():
        raise InputError("aggregates_root", "the params object names another aggregates root than the totals")
    digests = model_digest(model), params_digest(params)
    committed = tuple(_committed_member(scope, index, member, digests) for index, member in enumerate(roster))
    return SettlementCommitment(
        scope,
        committed,
        root_of_hashes([member.assignment_hash for member in committed]),
        root_of_hashes([member.roster_hash for member in committed]),
        totals.aggregates_root,
        *digests,
    )


def member_series(scope: PeriodScope, k_my: bytes, series: Sequence[CommittedSeries]) -> tuple[SeriesCommitment, ...]:
    """Commit the series of one member, ordered by pid; a key position given as first is kept."""
    by_pid = {keys.series_pid(k_my, one.direction, one.pod): one for one in series}
    if len(by_pid) != len(series):
        raise InputError("series_twice", "a member has two series of one direction at one POD")
    if len(series) > MAX_SERIES:
        raise InputError("series_count", f"a member has {len(series)} series, above {MAX_SERIES}")
    return tuple(_keyed_series(scope, k_my, at, pid, by_pid[pid]) for at, pid in enumerate(sorted(by_pid)))


def _keyed_series(
    scope: PeriodScope, k_my: bytes, position: int, pid: bytes, series: CommittedSeries
) -> SeriesCommitment:
    number = position if series.first_number is None else series.first_number
    revision = scope.revision if series.first_revision is None else series.first_revision
    k_p = keys.period_key(k_my, KeyKind.SERIES, number, scope.period_index, revision)
    return _commit_series(scope, series, pid, k_p, number, revision)


def _commit_series(
    scope: PeriodScope, series: CommittedSeries, pid: bytes, k_p: bytes, number: int, revision: int
) -> SeriesCommitment:
    slot_count, rest = divmod(scope.period_end_s - scope.period_start_s, series.slot_s)
    if rest:
        raise InputError("slot_length", f"slots of {series.slot_s} s do not fill the period")
    header = SeriesHeader(
        header_nonce(k_p),
        pid,
        scope.period_start_s,
        series.slot_s,
        slot_count,
        0,
        series.direction,
        series.source_class,
        series.source_digest,
    )
    hashes = series_hashes(k_p, header, series.values)
    return SeriesCommitment(series.pod, number, revision, header, root_of_hashes(hashes), len(hashes))


def _committed_member(
    scope: PeriodScope, index: int, member: MemberCommitment | ErasedMember, digests: tuple[bytes, bytes]
) -> CommittedMember:
    if isinstance(member, ErasedMember):
        return _tombstone(scope, index, member, digests)
    series = member_series(scope, member.k_my, member.series)
    k_p = keys.period_key(member.k_my, KeyKind.MEMBER, ASSIGNMENT_NUMBER, scope.period_index, scope.revision)
    k_roster = keys.period_key(member.k_my, KeyKind.MEMBER, ROSTER_NUMBER, scope.period_index, scope.revision)
    assignment = AssignmentLeaf(
        flags=leaf_flags(member.prev_leaf, member.amount_units),
        deployment_id=scope.deployment_id,
        period_start_s=scope.period_start_s,
        period_end_s=scope.period_end_s,
        period_index=scope.period_index,
        revision=scope.revision,
        leaf_index=index,
        wallet=member.wallet,
        token=scope.token,
        amount_units=member.amount_units,
        model_digest=digests[0],
        params_digest=digests[1],
        data_root=data_root((one.root, one.tree_size) for one in series),
        series_count=len(series),
        input_digest=ZERO_HASH if member.inputs is None else input_digest(input_salt(k_p), member.inputs),
        trace_digest=ZERO_HASH if member.trace is None else trace_digest(trace_salt(k_p), member.trace),
        prev_leaf=member.prev_leaf,
        blind=keys.blind(k_p),
    )
    roster = RosterLeaf(
        keys.blind(k_roster), index, member.wallet, member.member_from_s, member.member_to_s, len(series)
    )
    return _committed(member.member_id, assignment, roster, series)


def _tombstone(scope: PeriodScope, index: int, member: ErasedMember, digests: tuple[bytes, bytes]) -> CommittedMember:
    assignment = replace(
        member.assignment_before,
        flags=leaf_flags(member.prev_leaf, member.amount_units) | TOMBSTONE,
        revision=scope.revision,
        leaf_index=index,
        amount_units=member.amount_units,
        model_digest=digests[0],
        params_digest=digests[1],
        prev_leaf=member.prev_leaf,
        blind=member.blind,
    )
    roster = replace(member.roster_before, blind=member.roster_blind, leaf_index=index)
    return _committed(member.member_id, assignment, roster, ())


def _committed(
    member_id: bytes, assignment: AssignmentLeaf, roster: RosterLeaf, series: tuple[SeriesCommitment, ...]
) -> CommittedMember:
    return CommittedMember(
        member_id, assignment, roster, series, leaf_hash(assignment.encode()), leaf_hash(roster.encode())
    )
