"""Groups of similar members, as the clustering of load curves stored them; only stable groups of five are shown."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from gettone.db.engine import Database
from gettone.db.tables import Cluster, ClusterGroup, ClusterUser

LEAST_MEMBERS = 5


@dataclass(frozen=True, slots=True)
class SimilarGroup:
    """One cluster of the latest clustering: its label, the text from facts, and how many curves it holds."""

    cluster_id: int
    label: str
    description: str
    stable: bool
    members: frozenset[str]


def similar_groups(database: Database, community_id: int) -> tuple[SimilarGroup, ...]:
    """The clusters of members of the community's latest clustering that has any."""
    with database.read() as connection:
        latest = _latest_group(connection, community_id)
        query = (
            select(Cluster.cluster_id, Cluster.label, Cluster.description, ClusterGroup.stable, ClusterUser.member_id)
            .join(ClusterGroup, ClusterGroup.group_id == Cluster.group_id)
            .join(ClusterUser, ClusterUser.cluster_id == Cluster.cluster_id)
            .where(Cluster.group_id == latest, ClusterUser.from_slot.is_(None))
            .order_by(Cluster.cluster_id)
        )
        rows = connection.execute(query).all()
    members: dict[tuple[int, str, str, bool], set[str]] = {}
    for cluster_id, label, description, stable, member_id in rows:
        members.setdefault((cluster_id, label, description, stable), set()).add(member_id)
    return tuple(SimilarGroup(*cluster, frozenset(ids)) for cluster, ids in members.items())


def similar_members(database: Database, community_id: int, member_id: str) -> frozenset[str]:
    """The members of the stable group of at least five that holds a member; empty where there is none."""
    for group in similar_groups(database, community_id):
        if group.stable and member_id in group.members and len(group.members) >= LEAST_MEMBERS:
            return group.members
    return frozenset()


def _latest_group(connection: Connection, community_id: int) -> int | None:
    query = (
        select(func.max(ClusterGroup.group_id))
        .join(Cluster, Cluster.group_id == ClusterGroup.group_id)
        .join(ClusterUser, ClusterUser.cluster_id == Cluster.cluster_id)
        .where(ClusterGroup.community_id == community_id, ClusterUser.from_slot.is_(None))
    )
    return connection.execute(query).scalar_one()
