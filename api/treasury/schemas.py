"""Bodies of the Treasury; `*_units` are base units as decimal text."""

from typing import Literal

from api.schemas import MemberId, Strict, Units
from api.tokens.schemas import BlockBody


class BudgetsBody(Strict):
    """What may be given in a month of 30 days and issued in a year of 365, from a moment on."""

    valid_from: str
    incentives_per_month_units: Units
    member_per_month_units: Units
    pair_per_month_units: Units
    issue_per_year_units: Units


class CapsBody(Strict):
    """The most a period may pay, to all and to one member, from a moment on."""

    valid_from: str
    period_cap_units: Units
    member_cap_units: Units


class SpentBody(Strict):
    """What was given in the present month and issued in the present year of the policy."""

    month_start: str
    incentives_units: Units
    year_start: str
    issued_units: Units


class TreasuryBody(Strict):
    """The community's own tokens, the limits it keeps, and how far they are used."""

    balance_units: Units
    escrow_units: Units
    budgets: BudgetsBody | None
    scheduled_budgets: BudgetsBody | None
    caps: CapsBody | None
    scheduled_caps: CapsBody | None
    spent: SpentBody | None
    block: BlockBody


class WelcomeBonusBody(Strict):
    """The welcome bonus of a member id: once ever, owed while the Treasury was short or movements were stopped."""

    member_id: MemberId
    state: Literal["none", "owed", "paid"]
    granted_units: Units
    paid_units: Units
    granted_at: str | None
    paid_at: str | None
