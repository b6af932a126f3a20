"""What the routes read and write of quality."""

from sqlalchemy import Connection

from api.access import Access
from gettone.db.repositories.anomaly_pages import AnomalyPages, ListedAnomaly
from gettone.db.repositories.proposals import Proposals


def anomalies(connection: Connection, access: Access) -> AnomalyPages:
    """The anomalies of the route's community."""
    return AnomalyPages(connection, access.where.community_id)


def newest(connection: Connection, access: Access, before: int | None, limit: int) -> list[ListedAnomaly]:
    """Anomalies within the caller's ranges; those of the own devices where the rights reach no further."""
    ranges = [(one.data_from, one.data_to) for one in access.rights]
    member_id = None if access.sees_everybody else access.own_member_id
    return anomalies(connection, access).newest(ranges, member_id, before, limit)


def proposals(connection: Connection, access: Access) -> Proposals:
    """What one person of the community proposed and another one decides."""
    return Proposals(connection, access.where.community_id)
