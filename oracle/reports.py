"""Reports of what is stored, as objects for programs: the port of the API, and the JSON of the commands."""

from typing import Any

from sqlalchemy import Connection

from gettone.db.repositories.communities import CommunityRow
from gettone.db.repositories.settlement_heads import SettlementHeads
from gettone.errors import MissingInput
from oracle.quality.report import report_quality
from oracle.settle.completeness import Completeness, completeness_of
from oracle.settle.periods import key_of


class StoredReports:
    """Makes reports from the database."""

    def completeness(
        self, connection: Connection, community: CommunityRow, period_index: int, revision: int
    ) -> dict[str, Any]:
        """The five levels of a settlement and who was left out; MissingInput for one that is not computed."""
        head = SettlementHeads(connection).find(community.community_id, period_index, revision)
        if head is None:
            raise MissingInput("settlement_unknown", f"period {period_index} has no revision {revision} here")
        return completeness_document(completeness_of(connection, key_of(community, head.bounds)))

    def quality(
        self, connection: Connection, community: str, period: str, member: str | None, channel_id: int | None
    ) -> dict[str, Any]:
        """Coverage, gaps, anomalies and quarantine by member and channel over a period, as people write it."""
        return report_quality(connection, community, period, member=member, channel_id=channel_id).to_document()


def completeness_document(report: Completeness) -> dict[str, Any]:
    """The report of a settlement as one JSON object; figures are decimal strings."""
    computed = report.row.computed
    return {
        "period_index": computed.period_index,
        "revision": computed.revision,
        "state": str(report.row.state),
        "levels": [
            {
                "level": one.name,
                "state": str(one.state),
                "figures": {name: str(value) for name, value in one.figures.items()},
            }
            for one in report.levels
        ],
        "left_out": [{"member_id": one.member_id, "why": one.why} for one in report.left_out],
    }
