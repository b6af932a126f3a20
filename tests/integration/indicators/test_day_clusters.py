"""Groups of similar days of the whole community on level 2: by month, and to whom."""

from datetime import date

import pytest
from sqlalchemy import delete

from gettone.db.columns import Base
from gettone.db.engine import Database
from gettone.db.repositories.clusters import ClusterRow, Clusters, GroupRow
from oracle.indicators.asking import Asking
from oracle.indicators.day_clusters import day_clusters
from oracle.indicators.query import IndicatorQuery
from oracle.indicators.viewer import Role, Viewer
from oracle.indicators.widget import Widget
from tests.factories.stored_energies import SEPTEMBER, SLUG, StoredCommunity

pytestmark = pytest.mark.database

CURVES = dict.fromkeys(("cluster_mean", "cluster_sd", "cluster_cv"), tuple(range(24)))


def store(homes: Database, idx: dict[str, str], *, stable: bool = True, one_member: bool = False) -> None:
    """A clustering of days with these labels."""
    labels = sorted(set(idx.values()))
    sizes = {label: list(idx.values()).count(label) for label in labels}
    clusters = tuple(ClusterRow(label, f"text {label}", CURVES, ()) for label in labels)
    config = {"mode": "days", "one_member": one_member}
    with homes.write() as connection:
        Clusters(connection).add(
            GroupRow(None, "days/shape/mean", "", 1, 1, config, {"idx": idx, "sizes": sizes}, stable, clusters)
        )


def days(numbers: range, label: str, month: int = 9) -> dict[str, str]:
    return {date(2016, month, day).isoformat(): label for day in numbers}


def shown(homes: Database, role: Role) -> Widget:
    return day_clusters(Asking(homes, IndicatorQuery(homes, SLUG), Viewer(role), SEPTEMBER))


def test_day_clusters__community__counts_the_days_of_the_range(homes: Database, fontana: StoredCommunity) -> None:
    store(homes, days(range(1, 21), "A") | days(range(21, 31), "B") | days(range(1, 6), "A", 10))
    assert shown(homes, Role.MEMBER).rows == (("2016-09", "A", "text A", 20, ""), ("2016-09", "B", "text B", 10, ""))


def test_day_clusters__fewer_than_five_days__are_for_admins(homes: Database, fontana: StoredCommunity) -> None:
    store(homes, days(range(1, 27), "A") | days(range(27, 31), "B"))
    assert [row[1] for row in shown(homes, Role.MEMBER).rows] == ["A"]
    assert [row[1] for row in shown(homes, Role.ADMIN).rows] == ["A", "B"]


def test_day_clusters__unstable__is_for_admins_with_a_warning(homes: Database, fontana: StoredCommunity) -> None:
    store(homes, days(range(1, 31), "A"))
    store(homes, days(range(1, 31), "Z"), stable=False)
    assert [(row[1], row[4]) for row in shown(homes, Role.MEMBER).rows] == [("A", "")]
    assert [(row[1], row[4]) for row in shown(homes, Role.ADMIN).rows] == [("Z", "unstable")]


def test_day_clusters__of_one_member__are_not_the_communitys(homes: Database, fontana: StoredCommunity) -> None:
    store(homes, days(range(1, 31), "A"), one_member=True)
    assert shown(homes, Role.ADMIN).rows == ()


def test_day_clusters__few_members__are_withheld_like_daily_totals(homes: Database, fontana: StoredCommunity) -> None:
    store(homes, days(range(1, 31), "A"))
    holders = Base.metadata.tables["device_members"]
    with homes.write() as connection:
        connection.execute(delete(holders).where(holders.c.member_id.in_(fontana.member_ids[7:])))
    assert shown(homes, Role.MEMBER).withheld == "too_few_members"
