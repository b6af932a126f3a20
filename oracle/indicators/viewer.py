"""Who looks at figures, and what the rules of disclosure let them see (metering specification §5, LECN-1 §1)."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import numpy as np

from gettone.errors import Refused
from gettone.metering.indicators.comparison import DateRange
from oracle.indicators.query import IndicatorQuery

DISCLOSURE_FLOOR = 8
"""Below eight members behind a total, the total less one's own part reveals the neighbours."""


class Role(StrEnum):
    """In what capacity somebody looks."""

    MEMBER = "member"
    ADMIN = "admin"
    AUDITOR = "auditor"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who looks: a member by pseudonym, or a role without one."""

    role: Role
    member_id: str | None = None

    def may_see_member(self, member_id: str) -> bool:
        """Members see themselves; admins and auditors every member, by pseudonym."""
        return self.role in (Role.ADMIN, Role.AUDITOR) or (self.role is Role.MEMBER and member_id == self.member_id)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Which of a community's totals over a range may be shown.

    slots: totals of slots, hours, days and of ranges that are not whole months.  months: totals of whole months.
    """

    slots: bool
    months: bool


def disclosure(query: IndicatorQuery, viewer: Viewer, asked: DateRange, consenting: frozenset[str]) -> Disclosure:
    """What `viewer` may see of the community over `asked`; `consenting` are the members who agreed to show totals.

    Totals are shown to everybody while at least eight members stand behind each of them; below that to auditors, and
    to members and admins while every member behind them consents.  Months are shown to all members in any case.
    """
    if viewer.role is Role.AUDITOR:
        return Disclosure(slots=True, months=True)
    groups = _behind(query, asked)
    hides_everybody = all(len(group) >= DISCLOSURE_FLOOR for group in groups)
    if viewer.role is Role.PUBLIC:
        return Disclosure(slots=hides_everybody, months=hides_everybody)
    agreed = all(group <= consenting for group in groups if len(group) < DISCLOSURE_FLOOR)
    return Disclosure(slots=hides_everybody or agreed, months=True)


def require_member(viewer: Viewer, member_id: str) -> None:
    """Refuse to show one member's figures to somebody else."""
    if not viewer.may_see_member(member_id):
        raise Refused("not_permitted", "these are the figures of another member: only that member may see them")


def are_whole_months(asked: DateRange) -> bool:
    """Whether a range begins and ends with months."""
    return asked.first.day == 1 and asked.end.day == 1


def last_days(asked: DateRange, days: int) -> DateRange:
    """The last days of a range, or those before its end where it is shorter."""
    return DateRange(asked.end - timedelta(days=days), asked.end)


def _behind(query: IndicatorQuery, asked: DateRange) -> tuple[frozenset[str], ...]:
    """Members with a part in the totals of what is withdrawn and injected; a total that is 0 has none behind it."""
    totals = query.days(asked).members.merged(np.array([0]))
    ids = np.array(query.registry.member_ids)
    flows = (totals.load_wh | totals.withdrawn_wh, totals.production_wh | totals.injected_wh)
    groups = (frozenset(ids[flow[:, 0] > 0].tolist()) for flow in flows)
    return tuple(group for group in groups if group)
