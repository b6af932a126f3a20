"""Indicators, totals and groups of curves, which only the oracle computes, as the API asks for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from sqlalchemy import Connection

from gettone.db.engine import Database
from gettone.errors import MissingInput
from gettone.vault import Vault

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FiguresAsked:
    """Figures of a community, or of one `member`, over the local days [first, end).

    viewer: member, admin, auditor or public; own_member: who looks, of a member.  resolution: slot, hour, day, week,
    month, year, or whole for all indicators at once.  level: a dashboard instead, 1 essential, 2 detail.
    """

    community: str
    first: date
    end: date
    viewer: str
    own_member: str | None = None
    member: str | None = None
    resolution: str = "whole"
    level: int | None = None


class Figures(Protocol):
    """Computes what people see of energy; the rules of disclosure are kept by whoever computes."""

    def widgets(self, database: Database, vault: Vault, asked: FiguresAsked) -> Sequence[Document]:
        """Tables with coverage; one that may not be shown says why in `withheld` and has no rows."""

    def month_dataset(self, database: Database, community: str, month: str, *, producer: str, made_at_s: int) -> bytes:
        """A month as UrbanDataset; MissingInput for one without readings, InputError for what is no month."""

    def groups(self, connection: Connection, community_id: int, *, is_admin: bool) -> Sequence[Document]:
        """The groups of curves that admins or members may see, the newest first."""


class NullFigures:
    """Computes none: what a server has that was started without the oracle's packages."""

    def widgets(self, *_asked: Any) -> Sequence[Document]:
        """MissingInput, always."""
        raise _none()

    def month_dataset(self, *_asked: Any, **_more: Any) -> bytes:
        """MissingInput, always."""
        raise _none()

    def groups(self, *_asked: Any, **_more: Any) -> Sequence[Document]:
        """MissingInput, always."""
        raise _none()


def _none() -> MissingInput:
    return MissingInput("no_figures", "this server computes no figures: start it with `gettone api serve`")
