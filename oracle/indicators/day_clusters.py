"""Level 2 of the dashboard: groups of similar days by month, of a member or of the whole community (§6)."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import select

from gettone.db.repositories.clusters import Clusters, GroupRow
from gettone.db.tables import Cluster, ClusterGroup, ClusterUser
from gettone.errors import Refused
from gettone.metering.indicators.comparison import DateRange
from oracle.clustering.request import Mode
from oracle.clustering.shown import Audience, Shown, shown_to
from oracle.indicators.asking import Asking
from oracle.indicators.summary import slot_text
from oracle.indicators.viewer import Role
from oracle.indicators.widget import Column, Unit, Widget, withheld

DAY_CLUSTERS = (
    Column("period", Unit.LABEL),
    Column("cluster", Unit.TEXT),
    Column("description", Unit.TEXT),
    Column("days", Unit.COUNT),
    Column("note", Unit.TEXT),
)


def day_clusters(asking: Asking) -> Widget:
    """Days of each cluster by month, of the latest clustering of the member's days, or of the community's.

    Members see stable clusterings, and of the community's clusters those of at least five days; admins and auditors
    see all of the community's, with a warning.  The days of few members are withheld like their daily totals.
    """
    if asking.member_id is not None:
        return _widget(_own_days(asking, asking.member_id), "")
    reason = asking.fine_reason(asking.asked)
    if reason:
        return withheld("day_clusters", DAY_CLUSTERS, reason)
    shown = _latest(asking)
    if shown is None:
        return _widget((), "")
    texts = {one.label: one.description for one in shown.clusters}
    days = ((day, label, texts[label]) for day, label in _days(shown.group, asking.asked).items() if label in texts)
    return _widget(days, "" if shown.group.stable else "unstable")


def _widget(days: Iterable[tuple[str, str, str]], note: str) -> Widget:
    counted = Counter((day[:7], label, text) for day, label, text in days)
    return Widget("day_clusters", DAY_CLUSTERS, tuple((*key, number, note) for key, number in sorted(counted.items())))


def _own_days(asking: Asking, member_id: str) -> list[tuple[str, str, str]]:
    from_slot, to_slot = asking.slots_of(asking.asked)
    own = (ClusterUser.member_id == member_id, ClusterUser.from_slot.is_not(None), ClusterGroup.stable.is_(True))
    days = (
        select(Cluster.group_id, Cluster.label, Cluster.description, ClusterUser.from_slot)
        .join(Cluster, Cluster.cluster_id == ClusterUser.cluster_id)
        .join(ClusterGroup, ClusterGroup.group_id == Cluster.group_id)
        .where(*own, ClusterUser.from_slot >= from_slot, ClusterUser.from_slot < to_slot)
    )
    with asking.database.read() as connection:
        found = connection.execute(days).all()
    latest = max((row[0] for row in found), default=None)
    return [(slot_text(asking, slot or 0), label, text) for group, label, text, slot in found if group == latest]


def _latest(asking: Asking) -> Shown | None:
    """The newest clustering of the community's days that has days of the range and that the viewer may see."""
    audience = Audience.ADMIN if asking.viewer.role in (Role.ADMIN, Role.AUDITOR) else Audience.MEMBER
    with asking.database.read() as connection:
        clusters = Clusters(connection)
        for one in clusters.all(asking.community_id):
            of_days = one.config["mode"] == Mode.DAYS and not one.config["one_member"]
            if of_days and one.group_id is not None and _days(one, asking.asked):
                try:
                    return shown_to(clusters.get(one.group_id), audience)
                except Refused:
                    continue
    return None


def _days(group: GroupRow, asked: DateRange) -> dict[str, str]:
    """The label of each local day of the range that the clustering knows."""
    first, end = asked.first.isoformat(), asked.end.isoformat()
    return {day: label for day, label in group.result["idx"].items() if first <= day < end}
