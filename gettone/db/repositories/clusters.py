"""Groupings of load curves: each run with its clusters, their members and their derived series."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from gettone.db.tables import (
    Cluster,
    ClusterDerivedSeries,
    ClusterDevice,
    ClusterGroup,
    ClusterUser,
    DerivedSeries,
    DerivedSeriesData,
)
from gettone.errors import MissingInput
from gettone.jcs import canonical

SERIES_TYPES = ("cluster_mean", "cluster_sd", "cluster_cv")
_FREQUENCY = {900: "quarter_hour", 3600: "hour"}
_UNIT = {"cluster_mean": ("active_power", "W"), "cluster_sd": ("active_power", "W"), "cluster_cv": ("ratio", "bp")}


@dataclass(frozen=True, slots=True)
class MemberCurve:
    """A curve of a member, or of a device by the flow that speaks for it; from_slot is None for a mean curve."""

    member_id: str | None = None
    device_id: int | None = None
    flow_id: int | None = None
    from_slot: int | None = None


@dataclass(frozen=True, slots=True)
class ClusterRow:
    """A cluster: its letter or value, its text, its curves by series type [W, W, bp], and whose curves it holds."""

    label: str
    description: str
    curves: Mapping[str, tuple[int, ...]]
    members: tuple[MemberCurve, ...]


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A run; `group_id` is None for one that is not stored yet.  config and result are JSON without floats."""

    group_id: int | None
    name: str
    description: str
    community_id: int
    updated_at_ms: int
    config: Mapping[str, Any]
    result: Mapping[str, Any]
    stable: bool
    clusters: tuple[ClusterRow, ...] = ()


class Clusters:
    """Reads and writes `cluster_groups`, `clusters`, their memberships and their derived series."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, group: GroupRow) -> int:
        """Store a run with everything in it; returns its id."""
        group_id: int = self._connection.execute(
            insert(ClusterGroup)
            .values(
                name=group.name,
                description=group.description,
                updated_at=group.updated_at_ms,
                community_id=group.community_id,
                config=canonical(group.config).decode(),
                result=canonical(group.result).decode(),
                stable=group.stable,
            )
            .returning(ClusterGroup.group_id)
        ).scalar_one()
        for cluster in group.clusters:
            self._add_cluster(group, group_id, cluster)
        return group_id

    def all(self, community_id: int) -> tuple[GroupRow, ...]:
        """The runs of a community without their clusters, newest first."""
        query = _GROUP.where(ClusterGroup.community_id == community_id).order_by(ClusterGroup.group_id.desc())
        return tuple(_group(row) for row in self._connection.execute(query))

    def latest(self, community_id: int, name: str) -> GroupRow | None:
        """The newest run of a name, without its clusters."""
        return next((one for one in self.all(community_id) if one.name == name), None)

    def get(self, group_id: int) -> GroupRow:
        """A run with everything in it; MissingInput when there is none."""
        row = self._connection.execute(_GROUP.where(ClusterGroup.group_id == group_id)).one_or_none()
        if row is None:
            raise MissingInput(
                "cluster_group_unknown", f"there is no grouping {group_id}: `gettone cluster list` shows all"
            )
        query = select(Cluster.cluster_id, Cluster.label, Cluster.description).where(Cluster.group_id == group_id)
        clusters = tuple(
            ClusterRow(label, description, self._curves(cluster_id), self._members(cluster_id))
            for cluster_id, label, description in self._connection.execute(query.order_by(Cluster.cluster_id))
        )
        return _group(row, clusters)

    def _add_cluster(self, group: GroupRow, group_id: int, cluster: ClusterRow) -> None:
        cluster_id: int = self._connection.execute(
            insert(Cluster)
            .values(
                group_id=group_id,
                description=cluster.description,
                community_id=group.community_id,
                label=cluster.label,
            )
            .returning(Cluster.cluster_id)
        ).scalar_one()
        for series_type in SERIES_TYPES:
            series_id = self._add_series(group, group_id, cluster, series_type)
            self._connection.execute(insert(ClusterDerivedSeries).values(cluster_id=cluster_id, series_id=series_id))
        self._add_members(cluster_id, cluster.members)

    def _add_series(self, group: GroupRow, group_id: int, cluster: ClusterRow, series_type: str) -> int:
        entity, unit = _UNIT[series_type]
        values = cluster.curves[series_type]
        series_id: int = self._connection.execute(
            insert(DerivedSeries)
            .values(
                name=f"{group.name} {cluster.label} {series_type}"[:128],
                population=f"group {group_id}, cluster {cluster.label}, {len(cluster.members)} curves"[:255],
                type=series_type,
                community_id=group.community_id,
                period_type="day" if group.config["mode"] == "days" else "work_day",
                description=cluster.description[:256],
                frequency=_FREQUENCY[86_400 // len(values)],
                entity=entity,
                unit=unit,
                x_format="label",
                measurement_type="mean",
                updated_at=group.updated_at_ms,
            )
            .returning(DerivedSeries.series_id)
        ).scalar_one()
        rows = [
            {"series_id": series_id, "y": y, "x": _time_label(at, len(values)), "x_order": at}
            for at, y in enumerate(values)
        ]
        self._connection.execute(insert(DerivedSeriesData), rows)
        return series_id

    def _add_members(self, cluster_id: int, members: Sequence[MemberCurve]) -> None:
        users = [
            {"cluster_id": cluster_id, "member_id": one.member_id, "from_slot": one.from_slot}
            for one in members
            if one.member_id is not None
        ]
        devices = [
            {"cluster_id": cluster_id, "device_id": one.device_id, "flow_id": one.flow_id, "from_slot": one.from_slot}
            for one in members
            if one.device_id is not None
        ]
        if users:
            self._connection.execute(insert(ClusterUser), users)
        if devices:
            self._connection.execute(insert(ClusterDevice), devices)

    def _curves(self, cluster_id: int) -> dict[str, tuple[int, ...]]:
        query = (
            select(DerivedSeries.type, DerivedSeriesData.y)
            .join(ClusterDerivedSeries, ClusterDerivedSeries.series_id == DerivedSeries.series_id)
            .join(DerivedSeriesData, DerivedSeriesData.series_id == DerivedSeries.series_id)
            .where(ClusterDerivedSeries.cluster_id == cluster_id)
            .order_by(DerivedSeries.series_id, DerivedSeriesData.x_order)
        )
        found: dict[str, list[int]] = {}
        for series_type, y in self._connection.execute(query):
            found.setdefault(series_type, []).append(y)
        return {series_type: tuple(values) for series_type, values in found.items()}

    def _members(self, cluster_id: int) -> tuple[MemberCurve, ...]:
        users = select(ClusterUser.member_id, ClusterUser.from_slot).where(ClusterUser.cluster_id == cluster_id)
        devices = select(ClusterDevice.device_id, ClusterDevice.flow_id, ClusterDevice.from_slot)
        devices = devices.where(ClusterDevice.cluster_id == cluster_id)
        return (
            *(
                MemberCurve(row[0], from_slot=row[1])
                for row in self._connection.execute(users.order_by(ClusterUser.id))
            ),
            *(
                MemberCurve(None, row[0], row[1], row[2])
                for row in self._connection.execute(devices.order_by(ClusterDevice.id))
            ),
        )


_GROUP = select(
    ClusterGroup.group_id,
    ClusterGroup.name,
    ClusterGroup.description,
    ClusterGroup.community_id,
    ClusterGroup.updated_at,
    ClusterGroup.config,
    ClusterGroup.result,
    ClusterGroup.stable,
)


def _group(row: tuple[Any, ...], clusters: tuple[ClusterRow, ...] = ()) -> GroupRow:
    group_id, name, description, community_id, updated_at, config, result, stable = row
    return GroupRow(
        group_id,
        name or "",
        description,
        community_id,
        updated_at,
        json.loads(config),
        json.loads(result),
        stable,
        clusters,
    )


def _time_label(at: int, columns: int) -> str:
    minutes = at * 1440 // columns
    return f"{minutes // 60:02}:{minutes % 60:02}"
