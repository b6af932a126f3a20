"""The alarm about batches that failed ten times: one open A_DEAD for each flow that has any (§3.1)."""

from sqlalchemy import Connection, func, insert, select, update

from gettone.db.columns import SLOT_S
from gettone.db.tables import Anomaly, Batch
from gettone.metering.codes import Code

SEVERITY = 3
SLOT_MS = SLOT_S * 1000


def mark_dead(connection: Connection) -> None:
    """Let A_DEAD of each flow count its dead batches, from the receipt of the first to that of the last.

    It closes once they run again or two persons dismissed them.
    """
    query = select(Batch.flow_id, func.min(Batch.received_at), func.max(Batch.received_at), func.count())
    found = connection.execute(query.where(Batch.state == "dead").group_by(Batch.flow_id)).all()
    is_open = (Anomaly.code == Code.A_DEAD, Anomaly.state == "open")
    known = set(connection.execute(select(Anomaly.flow_id).where(*is_open)).scalars())
    for flow_id, first_ms, last_ms, count in found:
        extent = {"first_slot": first_ms // SLOT_MS, "last_slot": last_ms // SLOT_MS, "count": count}
        if flow_id in known:
            connection.execute(update(Anomaly).where(*is_open, Anomaly.flow_id == flow_id).values(**extent))
        else:
            values = {"flow_id": flow_id, "code": Code.A_DEAD, "severity": SEVERITY, "state": "open"}
            connection.execute(insert(Anomaly).values(**values, **extent))
    cured = known - {row[0] for row in found}
    if cured:
        connection.execute(update(Anomaly).where(*is_open, Anomaly.flow_id.in_(cured)).values(state="closed"))
