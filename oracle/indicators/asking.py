"""What a dashboard is asked for, with everything its widgets share."""

from dataclasses import dataclass
from functools import cached_property

from gettone.db.columns import SLOT_S
from gettone.db.engine import Database
from gettone.db.repositories.consents import Consents, Purpose
from gettone.db.repositories.reference import Factor, Norm, Reference
from gettone.metering.indicators.comparison import DateRange
from gettone.metering.indicators.figures import Figures
from gettone.periods import period_of_dates
from gettone.vault import Vault
from oracle.indicators.query import IndicatorQuery, LoadCurve
from oracle.indicators.tokens import TokensOfRange, tokens_of
from oracle.indicators.viewer import Disclosure, Viewer, are_whole_months, disclosure, require_member


@dataclass(frozen=True)
class Asking:
    """One look at a community, or at one of its members, over local dates.

    member_id: whose figures; None for the community's.  vault: opens positions, None where there is no key.  Raises
    Refused where the viewer may not see the member.
    """

    database: Database
    query: IndicatorQuery
    viewer: Viewer
    asked: DateRange
    member_id: str | None = None
    vault: Vault | None = None

    def __post_init__(self) -> None:
        """Nobody sees another member's figures."""
        if self.member_id is not None:
            self.query.row_of(self.member_id)
            require_member(self.viewer, self.member_id)

    @property
    def community_id(self) -> int:
        """The community's number."""
        return self.query.registry.community.community_id

    @cached_property
    def figures(self) -> Figures:
        """The indicators of the range asked for."""
        return self.query.figures(self.asked, self.member_id)

    @cached_property
    def curve(self) -> LoadCurve:
        """The energies of the range asked for."""
        return self.query.curve(self.asked, self.member_id)

    @cached_property
    def consenting(self) -> frozenset[str]:
        """Members who agreed to show the totals of few."""
        with self.database.read() as connection:
            return Consents(connection).givers(self.community_id, Purpose.TOTALS)

    @cached_property
    def ranked(self) -> frozenset[str]:
        """Members who asked for their own place among the others."""
        with self.database.read() as connection:
            return Consents(connection).givers(self.community_id, Purpose.RANKING)

    def fine_reason(self, asked: DateRange) -> str | None:
        """Why slots, hours and days of a range are not shown, or None."""
        return None if self.member_id is not None or self._disclosure(asked).slots else "too_few_members"

    def whole_reason(self, asked: DateRange) -> str | None:
        """Why the total of a range is not shown, or None; whole months are shown to all members."""
        if self.member_id is not None:
            return None
        shown = self._disclosure(asked)
        return None if shown.slots or (shown.months and are_whole_months(asked)) else "too_few_members"

    def community_reason(self, asked: DateRange) -> str | None:
        """Why the community's total of a range may not stand beside a member's, or None."""
        shown = self._disclosure(asked)
        return None if shown.slots or (shown.months and are_whole_months(asked)) else "too_few_members"

    def slots_of(self, asked: DateRange) -> tuple[int, int]:
        """The slots of 900 s [first, end) of a range."""
        period = period_of_dates(asked.first, asked.end, self.query.registry.community.tz)
        return period.start_s // SLOT_S, period.end_s // SLOT_S

    def factor(self) -> Factor | None:
        """The emission factor in force at the start of the range."""
        with self.database.read() as connection:
            return Reference(connection).emission_factor(self.slots_of(self.asked)[0])

    def norms(self) -> tuple[Norm, ...]:
        """The household norms in force at the start of the range."""
        with self.database.read() as connection:
            return Reference(connection).norms(self.slots_of(self.asked)[0])

    def tokens(self) -> TokensOfRange:
        """Tokens of the settlements inside the range."""
        first, end = self.slots_of(self.asked)
        with self.database.read() as connection:
            return tokens_of(connection, self.community_id, first * SLOT_S, end * SLOT_S, self.member_id)

    def _disclosure(self, asked: DateRange) -> Disclosure:
        return disclosure(self.query, self.viewer, asked, self.consenting)
