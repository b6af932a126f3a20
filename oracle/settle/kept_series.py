"""Series whose values stayed since the revision before, found by building them under their first keys again (§4)."""

from sqlalchemy import Connection

from gettone.notary.keys import series_pid
from oracle.settle.member_series import MemberSeries
from oracle.settle.revision import RevisionBefore
from oracle.settle.sources import SeriesSource
from oracle.settle.trees import TreeBuilder
from oracle.settle.unchanged import is_unchanged, series_by_member


def kept_series(
    connection: Connection, builder: TreeBuilder, parts: tuple[MemberSeries, ...], before: RevisionBefore | None
) -> dict[tuple[str, int], SeriesSource]:
    """The sources of series whose values stayed, under the key with which they were committed first.

    Equal bytes give an equal data root, which proves to everybody whose data stayed.  Built with that key and that
    source, a series that stayed has the root that is stored.
    """
    if before is None:
        return {}
    committed = series_by_member(connection, before)
    kept = {}
    for part in parts:
        k_my = builder.member_key(part.member_id)
        pid = series_pid(k_my, int(part.channel.direction), part.pod)
        prior = committed.get((part.member_id, pid))
        if prior is not None and is_unchanged(builder.scope(), k_my, part, prior):
            source = SeriesSource(prior.source_class, prior.source_digest, prior.first_number, prior.first_revision)
            kept[part.member_id, part.channel.channel_id] = source
    return kept
