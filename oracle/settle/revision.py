"""What a revision takes over from the revision before: entitlements, leaves superseded, and untouched series (§4)."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from gettone.db.repositories.settled_lines import HASH_BYTES, hash_of_stored
from gettone.db.repositories.settlement_rows import CommittedSeriesRow, SettlementMemberRow, SettlementRow
from gettone.db.repositories.settlements import Settlements
from gettone.errors import Conflict
from gettone.notary.commit import member_series
from gettone.notary.commitments import CommittedSeries
from gettone.notary.keys import series_pid
from oracle.settle.context import PeriodKey
from oracle.settle.member_series import MemberSeries
from oracle.settle.sources import SeriesSource
from oracle.settle.trees import TreeBuilder


class RevisionBefore(NamedTuple):
    """The revision that one supersedes, with the lines of its members."""

    row: SettlementRow
    members: tuple[SettlementMemberRow, ...]


def revision_before(connection: Connection, key: PeriodKey) -> RevisionBefore | None:
    """What the revision of `key` supersedes; None for the first one.

    Conflict `revision_missing` when it is not in this database, `revision_erased` when a member of it was erased:
    what that member's readings said cannot be computed again.
    """
    if not key.revision:
        return None
    repository = Settlements(connection)
    row = repository.find(key.community.community_id, key.period_index, key.revision - 1)
    if row is None or row.committed is None:
        raise Conflict(
            "revision_missing",
            f"revision {key.revision - 1} of period {key.period_index} has no leaves in this database, so it cannot "
            "be corrected here: restore it from a backup",
        )
    members = repository.members(row.settlement_id)
    if any(one.committed and len(one.committed.assignment_leaf) == HASH_BYTES for one in members):
        raise Conflict(
            "revision_erased",
            f"period {key.period_index} holds an erased member whose readings are gone, so it cannot be computed "
            "again: correct the others by hand, in a later period",
        )
    return RevisionBefore(row, members)


def entitlements_of(before: RevisionBefore | None) -> dict[str, int]:
    """Entitlement [base units] by member id in the revision before."""
    return {one.computed.member_id: one.computed.entitlement_units for one in before.members} if before else {}


def superseded_leaves(before: RevisionBefore | None) -> dict[str, bytes]:
    """Hash of the assignment leaf by member id in the revision before."""
    return {
        one.computed.member_id: hash_of_stored(one.committed.assignment_leaf)
        for one in (before.members if before else ())
        if one.committed is not None
    }


def kept_series(
    connection: Connection, builder: TreeBuilder, parts: tuple[MemberSeries, ...], before: RevisionBefore | None
) -> dict[tuple[str, int], SeriesSource]:
    """The sources of series whose values stayed, under the key with which they were committed first.

    Equal bytes give an equal data root, which proves to everybody whose data stayed.  Built with that key and that
    source, a series that stayed has the root that is stored.
    """
    if before is None:
        return {}
    committed = _by_member(connection, before)
    kept = {}
    for part in parts:
        k_my = builder.member_key(part.member_id)
        pid = series_pid(k_my, int(part.channel.direction), part.pod)
        prior = committed.get((part.member_id, pid))
        if prior is not None and _stayed(builder, k_my, part, prior):
            source = SeriesSource(prior.source_class, prior.source_digest, prior.first_number, prior.first_revision)
            kept[part.member_id, part.channel.channel_id] = source
    return kept


def _by_member(connection: Connection, before: RevisionBefore) -> Mapping[tuple[str, bytes], CommittedSeriesRow]:
    members = {one.computed.leaf_index: one.computed.member_id for one in before.members}
    rows = Settlements(connection).series(before.row.settlement_id)
    return {(members[one.leaf_index], bytes(one.pid)): one for one in rows}


def _stayed(builder: TreeBuilder, k_my: bytes, part: MemberSeries, prior: CommittedSeriesRow) -> bool:
    candidate = CommittedSeries(
        pod=part.pod,
        direction=int(part.channel.direction),
        slot_s=part.channel.step_s,
        values=part.values,
        source_class=prior.source_class,
        source_digest=prior.source_digest,
        first_number=prior.first_number,
        first_revision=prior.first_revision,
    )
    (built,) = member_series(builder.scope(), k_my, [candidate])
    return (built.root, built.tree_size) == (prior.root, prior.tree_size)
