"""Reports that only the oracle can make, as the API asks for them."""

from collections.abc import Mapping
from typing import Any, Protocol

from sqlalchemy import Connection

from gettone.db.repositories.communities import CommunityRow
from gettone.errors import MissingInput

Document = Mapping[str, Any]


class Reports(Protocol):
    """Makes reports of what is stored; figures are decimal strings, members are pseudonyms."""

    def completeness(
        self, connection: Connection, community: CommunityRow, period_index: int, revision: int
    ) -> Document:
        """The five levels of a settlement and who was left out; MissingInput for one that is not computed."""

    def quality(
        self, connection: Connection, community: str, period: str, member: str | None, channel_id: int | None
    ) -> Document:
        """Coverage, gaps, anomalies and quarantine by member and channel over a period, as people write it."""


class NullReports:
    """Makes none: what a server has that was started without the oracle's packages."""

    def completeness(self, *_asked: Any) -> Document:
        """MissingInput, always."""
        raise _none()

    def quality(self, *_asked: Any) -> Document:
        """MissingInput, always."""
        raise _none()


def _none() -> MissingInput:
    return MissingInput("no_reports", "this server makes no reports: start it with `gettone api serve`")
