"""The rules of the token that the stories are told under: round numbers, all of them on chain in clear."""

from gettone.chain.categories import Kind
from gettone.chain.policy_values import (
    CHECK_SOCIAL_VALUE,
    CHECK_SUSTAINABILITY,
    Bonuses,
    Budgets,
    Fees,
    IncentiveRule,
    InitialPolicy,
    Rates,
)

TOKEN_UNITS = 10**18

POLICY = InitialPolicy(
    Fees(
        service_citizen_to_citizen_bps=100,
        service_citizen_to_stakeholder_bps=200,
        service_stakeholder_to_citizen_bps=200,
        service_stakeholder_to_stakeholder_bps=500,
    ),
    Bonuses(
        welcome_citizen_units=20 * TOKEN_UNITS,
        welcome_stakeholder_units=50 * TOKEN_UNITS,
        energy_consumer_units=1 * TOKEN_UNITS,
        energy_prosumer_units=2 * TOKEN_UNITS,
        energy_prosumer_with_storage_units=3 * TOKEN_UNITS,
    ),
    Rates(units_per_cent=TOKEN_UNITS // 100, units_per_hour=2 * TOKEN_UNITS),
    Budgets(
        incentives_per_month_units=200 * TOKEN_UNITS,
        member_per_month_units=10 * TOKEN_UNITS,
        pair_per_month_units=5 * TOKEN_UNITS,
        issue_per_year_units=5_000 * TOKEN_UNITS,
    ),
)
"""In force from the deployment: transfers and payouts are free of fees, services are not."""

INCENTIVES: dict[tuple[int, Kind], IncentiveRule] = {
    (1, Kind.TIME_BANK): IncentiveRule(
        fixed_units=TOKEN_UNITS,
        price_bps=1_000,
        cap_units=3 * TOKEN_UNITS,
        provider_permille=600,
        required_checks=CHECK_SOCIAL_VALUE,
    ),
    (2, Kind.SERVICE): IncentiveRule(
        price_bps=2_000,
        cap_units=4 * TOKEN_UNITS,
        provider_permille=500,
        required_checks=CHECK_SUSTAINABILITY | CHECK_SOCIAL_VALUE,
    ),
    (5, Kind.SERVICE): IncentiveRule(fixed_units=TOKEN_UNITS, cap_units=TOKEN_UNITS, provider_permille=1_000),
}
"""Scheduled by the token admin with the notice of the community."""
