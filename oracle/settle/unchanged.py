"""Whether a series has the values that an earlier revision committed."""

from collections.abc import Mapping

from sqlalchemy import Connection

from gettone.db.repositories.settlement_rows import CommittedSeriesRow
from gettone.db.repositories.settlements import Settlements
from gettone.notary.commit import member_series
from gettone.notary.commitments import CommittedSeries, PeriodScope
from oracle.settle.member_series import MemberSeries
from oracle.settle.revision import RevisionBefore


def series_by_member(connection: Connection, before: RevisionBefore) -> Mapping[tuple[str, bytes], CommittedSeriesRow]:
    """The committed series of a revision by member id and pid."""
    members = {one.computed.leaf_index: one.computed.member_id for one in before.members}
    rows = Settlements(connection).series(before.row.settlement_id)
    return {(members[one.leaf_index], bytes(one.pid)): one for one in rows}


def is_unchanged(scope: PeriodScope, k_my: bytes, part: MemberSeries, prior: CommittedSeriesRow) -> bool:
    """Whether a series, built under the key and source of its first commitment, has the committed root."""
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
    (built,) = member_series(scope, k_my, [candidate])
    return (built.root, built.tree_size) == (prior.root, prior.tree_size)
