"""Rule V20 on a merged batch: rows for frozen periods open an anomaly, and their next revision is wanted."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from gettone.db.repositories.anomalies import Anomalies, Finding
from gettone.db.repositories.frozen_periods import FrozenPeriods
from gettone.metering.codes import Code
from gettone.metering.gate.late import LateRows, late_rows, wanted_revisions

SEVERITY = 2


def mark_late(
    connection: Connection, batch_id: int, channel_ids: Sequence[int], from_slot: int, to_slot: int, now_ms: int
) -> int:
    """Judge what a batch made current in [from_slot, to_slot) of these channels; returns how many rows were late.

    It belongs into the transaction of the merge, so that it runs once for a batch.
    """
    frozen = FrozenPeriods(connection, from_slot, to_slot)
    periods = frozen.periods()
    if not periods:
        return 0
    rows = frozen.accepted_rows(batch_id, channel_ids)
    late = late_rows(rows, periods, frozen.holdings(channel_ids))
    _open_anomalies(connection, late)
    for revision in wanted_revisions(late, now_ms // 1000):
        frozen.want(revision)
    return sum(one.count for one in late)


def _open_anomalies(connection: Connection, late: Iterable[LateRows]) -> None:
    """One open anomaly per channel and period: it grows with what comes later."""
    anomalies = Anomalies(connection)
    for one in late:
        span = (one.period.from_slot, one.period.to_slot - 1)
        known = [
            stored
            for stored in anomalies.overlapping([Code.L_LATE], *span, channel_ids=[one.channel_id])
            if stored.state == "open" and span[0] <= stored.finding.first_slot <= span[1]
        ]
        if not known:
            found = Finding(one.channel_id, None, Code.L_LATE, one.first_slot, one.last_slot, one.count)
            anomalies.add([found], {Code.L_LATE: SEVERITY})
            continue
        old = known[0].finding
        grown = old._replace(
            first_slot=min(old.first_slot, one.first_slot),
            last_slot=max(old.last_slot, one.last_slot),
            counted=old.counted + one.count,
        )
        anomalies.change([known[0]._replace(finding=grown)])
