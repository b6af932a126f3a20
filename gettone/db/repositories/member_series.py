"""Readings in another form: derived series, clusters and runs of a clustering that stand for one member alone."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select, update

from gettone.db.tables import (
    Cluster,
    ClusterDerivedSeries,
    ClusterDevice,
    ClusterGroup,
    ClusterUser,
    DerivedSeriesDevice,
    DerivedSeriesUser,
)
from gettone.jcs import canonical

_Model = type[ClusterUser | ClusterDevice | DerivedSeriesUser | DerivedSeriesDevice]


@dataclass(frozen=True, slots=True)
class OwnFigures:
    """Ids of what goes with a member, by the column that names them in every table."""

    series_id: frozenset[int]
    cluster_id: frozenset[int]
    group_id: frozenset[int]


class MemberFigures:
    """Finds the figures of one member alone, and takes what documents say of them."""

    def __init__(self, connection: Connection, member_id: str, own_devices: Collection[int]) -> None:
        self._connection = connection
        self._member_id = member_id
        self._own_devices = own_devices

    def own(self) -> OwnFigures:
        """Series and clusters that nobody else has a part in, with the runs that hold nothing else."""
        clusters = self._alone("cluster_id", ClusterUser, ClusterDevice)
        series = self._alone("series_id", DerivedSeriesUser, DerivedSeriesDevice)
        query = select(ClusterDerivedSeries.series_id).where(ClusterDerivedSeries.cluster_id.in_(clusters))
        series |= set(self._connection.execute(query).scalars())
        groups = {group_id for group_id, ids in self._clusters_of(clusters).items() if set(ids) <= clusters}
        return OwnFigures(frozenset(series), frozenset(clusters), frozenset(groups))

    def prune_results(self, own: OwnFigures) -> None:
        """Take the own clusters out of the results of runs that stay."""
        for group_id, labels in self._clusters_of(own.cluster_id).items():
            if group_id not in own.group_id:
                gone = {label for cluster_id, label in labels.items() if cluster_id in own.cluster_id}
                this = ClusterGroup.group_id == group_id
                result = self._connection.execute(select(ClusterGroup.result).where(this)).scalar_one()
                self._connection.execute(update(ClusterGroup).where(this).values(result=_without(result, gone)))

    def _clusters_of(self, clusters: Collection[int]) -> dict[int, dict[int, str]]:
        """All clusters of the runs that hold one of these: label by cluster, by run."""
        runs = select(Cluster.group_id).where(Cluster.cluster_id.in_(clusters))
        query = select(Cluster.group_id, Cluster.cluster_id, Cluster.label).where(Cluster.group_id.in_(runs))
        found: dict[int, dict[int, str]] = defaultdict(dict)
        for group_id, cluster_id, label in self._connection.execute(query):
            found[group_id][cluster_id] = label
        return found

    def _alone(self, key: str, by_member: _Model, by_device: _Model) -> set[int]:
        """What names this member or an own device, and nobody else."""
        members, devices = by_member.__table__.c, by_device.__table__.c
        mine = self._keys(select(members[key]).where(members.member_id == self._member_id))
        mine |= self._keys(select(devices[key]).where(devices.device_id.in_(self._own_devices)))
        others = self._keys(select(members[key]).where(members[key].in_(mine), members.member_id != self._member_id))
        elsewhere = devices.device_id.not_in(self._own_devices)
        return mine - others - self._keys(select(devices[key]).where(devices[key].in_(mine), elsewhere))

    def _keys(self, query: Select[Any]) -> set[int]:
        return set(self._connection.execute(query).scalars())


def _without(result: str, labels: Collection[str]) -> str:
    """A result in which no table by label names one of these clusters."""
    document: Mapping[str, object] = json.loads(result)
    kept = {
        name: {label: one for label, one in value.items() if label not in labels} if isinstance(value, dict) else value
        for name, value in document.items()
    }
    return canonical(kept).decode()
