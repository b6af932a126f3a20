"""Figures of what is stored, as objects for programs: the port of the API."""

from typing import Any

from sqlalchemy import Connection

from gettone.db.engine import Database
from gettone.db.repositories.clusters import Clusters
from gettone.errors import Refused
from gettone.figure_port import FiguresAsked
from gettone.metering.calendar.slots import Resolution
from gettone.metering.indicators.comparison import DateRange
from gettone.vault import Vault
from oracle.clustering.shown import Audience, shown_to
from oracle.exports.export_kpi import export_month
from oracle.indicators.asking import Asking
from oracle.indicators.dashboard import dashboard
from oracle.indicators.query import IndicatorQuery
from oracle.indicators.summary import series, summary
from oracle.indicators.viewer import Role, Viewer

SHOWN_GROUPS = 20


class StoredFigures:
    """Computes figures from the database."""

    def widgets(self, database: Database, vault: Vault, asked: FiguresAsked) -> list[dict[str, Any]]:
        """The indicators of a range, the same over time, or a dashboard."""
        viewer = Viewer(Role(asked.viewer), asked.own_member)
        query, days = IndicatorQuery(database, asked.community), DateRange(asked.first, asked.end)
        asking = Asking(database, query, viewer, days, asked.member, vault)
        if asked.level is not None:
            return [one.to_document() for one in dashboard(asking, asked.level)]
        resolution = Resolution(asked.resolution)
        widget = summary(asking) if resolution is Resolution.WHOLE else series(asking, resolution)
        return [widget.to_document()]

    def month_dataset(self, database: Database, community: str, month: str, *, producer: str, made_at_s: int) -> bytes:
        """A month as UrbanDataset, with its hours from eight members on."""
        return export_month(database, community, month, producer=producer, made_at_s=made_at_s)

    def groups(self, connection: Connection, community_id: int, *, is_admin: bool) -> list[dict[str, Any]]:
        """The newest groups of curves; members see stable ones, and of those the large clusters."""
        clusters, found = Clusters(connection), []
        for one in clusters.all(community_id)[:SHOWN_GROUPS]:
            assert one.group_id is not None  # noqa: S101 - it is stored
            try:
                shown = shown_to(clusters.get(one.group_id), Audience.ADMIN if is_admin else Audience.MEMBER)
            except Refused:
                continue
            found.append({**shown.to_document(), "warning": shown.warning})
        return found
