"""A stored grouping as people may see it: admins all of it, members only what is stable and large enough."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gettone.clustering.outcome import SHOWN_TO_MEMBERS
from gettone.db.repositories.clusters import ClusterRow, GroupRow
from gettone.errors import Refused


class Audience(StrEnum):
    """Who looks."""

    ADMIN = "admin"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Shown:
    """A grouping for somebody; `warning` is for admins where it is unstable."""

    group: GroupRow
    clusters: tuple[ClusterRow, ...]
    warning: str | None

    def size(self, cluster: ClusterRow) -> int:
        """How many curves a cluster holds."""
        return _size(self.group, cluster)

    def text(self, cluster: ClusterRow, language: str) -> str:
        """What is said of a cluster, in `en` or `it`."""
        text: str = self.group.result["texts"][cluster.label][language]
        return text

    def to_document(self) -> dict[str, Any]:
        """Everything but whose curves they are."""
        return {
            "group_id": self.group.group_id,
            "name": self.group.name,
            "config": self.group.config,
            "stable": self.group.stable,
            "index_micro": self.group.result["index_micro"],
            "silhouettes_micro": self.group.result["silhouettes_micro"],
            "left_out": self.group.result["left_out"],
            "clusters": [
                {
                    "label": one.label,
                    "curves": self.size(one),
                    "text": self.group.result["texts"][one.label],
                    "mean_w": list(one.curves["cluster_mean"]),
                    "sd_w": list(one.curves["cluster_sd"]),
                    "cv_bp": list(one.curves["cluster_cv"]),
                }
                for one in self.clusters
            ],
        }


def shown_to(group: GroupRow, audience: Audience) -> Shown:
    """What `audience` may see; Refused for members where the grouping is unstable or all its groups are too small."""
    if audience is Audience.ADMIN:
        warning = None if group.stable else "this grouping is unstable (index below 0.8): it is not shown to members"
        return Shown(group, group.clusters, warning)
    large = tuple(one for one in group.clusters if _size(group, one) >= SHOWN_TO_MEMBERS)
    if not group.stable or not large:
        raise Refused(
            "cluster_withheld",
            f"grouping {group.group_id} is not shown to members: it is unstable, or its groups have fewer than "
            f"{SHOWN_TO_MEMBERS} curves",
        )
    return Shown(group, large, None)


def _size(group: GroupRow, cluster: ClusterRow) -> int:
    size: int = group.result["sizes"][cluster.label]
    return size
