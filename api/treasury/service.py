"""The Treasury as of the indexed block."""

from collections.abc import Mapping
from typing import Any

from fastapi import Response

from api.access import Access
from api.context import ApiContext
from api.instants import instant_text
from api.pages import Page, Paging
from api.tokens.service import block_body
from api.treasury.repository import GRANTED, PAID, TreasuryRepository
from api.treasury.schemas import BudgetsBody, CapsBody, SpentBody, TreasuryBody, WelcomeBonusBody
from gettone.economy.policy import Published, rules_at

MONTH_S, YEAR_S = 30 * 86_400, 365 * 86_400
Rule = Published[Mapping[str, Any]] | None


def read_treasury(context: ApiContext, access: Access) -> TreasuryBody:
    """What the Treasury holds, the limits in force and to come, and how far they are used."""
    with context.database.read() as connection:
        repository = TreasuryRepository(connection, access.where.community_id)
        cursor, (held, escrow) = repository.cursor(), repository.held_units()
        budgets, caps = repository.budgets(), repository.caps()
        spent = _spent(repository, budgets[0].valid_from_s, cursor.time_s) if budgets else None
    budget_rules, cap_rules = rules_at(budgets, cursor.time_s), rules_at(caps, cursor.time_s)
    return TreasuryBody(
        balance_units=held,
        escrow_units=escrow,
        budgets=_budgets(budget_rules.current),
        scheduled_budgets=_budgets(budget_rules.scheduled),
        caps=_caps(cap_rules.current),
        scheduled_caps=_caps(cap_rules.scheduled),
        spent=spent,
        block=block_body(cursor),
    )


def list_welcome_bonuses(
    context: ApiContext, access: Access, paging: Paging, response: Response
) -> Page[WelcomeBonusBody]:
    """The welcome bonus of every member id that ever joined, by member id."""
    after = None if paging.after is None else str(paging.after[0])
    with context.database.read() as connection:
        repository = TreasuryRepository(connection, access.where.community_id)
        repository.cursor()
        members = repository.members(after, paging.fetch)
        bonuses = repository.bonuses(members)
    items = [_bonus(member, bonuses.get(member, {})) for member in members]
    return paging.page(response, items, [(member,) for member in members])


def _spent(repository: TreasuryRepository, start_s: int, now_s: int) -> SpentBody:
    """Months of 30 and years of 365 days run from the start of the policy, as the contract counts them."""
    year = (now_s - start_s) // YEAR_S
    month_start_s = start_s + (now_s - start_s) // MONTH_S * MONTH_S
    return SpentBody(
        month_start=instant_text(month_start_s * 1000),
        incentives_units=repository.incentives_units(month_start_s),
        year_start=instant_text((start_s + year * YEAR_S) * 1000),
        issued_units=repository.issued_units(year),
    )


def _budgets(rule: Rule) -> BudgetsBody | None:
    if rule is None:
        return None
    return BudgetsBody(
        valid_from=instant_text(rule.valid_from_s * 1000),
        incentives_per_month_units=int(rule.value["incentivesPerMonthUnits"]),
        member_per_month_units=int(rule.value["memberPerMonthUnits"]),
        pair_per_month_units=int(rule.value["pairPerMonthUnits"]),
        issue_per_year_units=int(rule.value["issuePerYearUnits"]),
    )


def _caps(rule: Rule) -> CapsBody | None:
    if rule is None:
        return None
    return CapsBody(
        valid_from=instant_text(rule.valid_from_s * 1000),
        period_cap_units=int(rule.value["periodCap"]),
        member_cap_units=int(rule.value["memberCap"]),
    )


def _bonus(member: str, said: Mapping[str, tuple[int, int]]) -> WelcomeBonusBody:
    granted, paid = said.get(GRANTED), said.get(PAID)
    is_owed = granted is not None and granted[0] > 0 and paid is None
    return WelcomeBonusBody(
        member_id=member,
        state="paid" if paid else "owed" if is_owed else "none",
        granted_units=granted[0] if granted else 0,
        paid_units=paid[0] if paid else 0,
        granted_at=instant_text(granted[1] * 1000) if granted else None,
        paid_at=instant_text(paid[1] * 1000) if paid else None,
    )
