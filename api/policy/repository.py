"""What the route reads of the rules of tokens: policy and ledger on chain."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, NamedTuple

from gettone.chain.categories import INCENTIVE_KINDS
from gettone.chain.contract_set import CommunityContracts
from gettone.chain.policy_values import IncentiveRule, Scheduled


class Rule(NamedTuple):
    """A rule in force, and what replaces it at an instant [unix s]."""

    parameters: dict[str, Any]
    scheduled: dict[str, Any] | None
    valid_from_s: int


def rules_at(contracts: CommunityContracts, at_s: int) -> dict[str, Rule]:
    """Fees, bonuses, factor and budgets in force at an instant, with what is scheduled."""
    policy = contracts.policy
    return {
        "fee": _rule(policy.fees_at(at_s), policy.scheduled_fees()),
        "bonus": _rule(policy.bonuses_at(at_s), policy.scheduled_bonuses()),
        "factor": _rule(policy.rates_at(at_s), policy.scheduled_rates()),
        "budget": _rule(policy.budgets_at(at_s), policy.scheduled_budgets()),
        "cap": _caps(contracts, at_s),
    }


def incentives_at(contracts: CommunityContracts, at_s: int) -> Iterator[Rule]:
    """The incentives that are or will be in force, by category and kind."""
    for category, kind in INCENTIVE_KINDS:
        place = {"category": category, "kind": int(kind)}
        found = _rule(
            contracts.policy.incentive_at(category, kind, at_s), contracts.policy.scheduled_incentive(category, kind)
        )
        if found.scheduled or found.parameters != asdict(IncentiveRule()):
            later = None if found.scheduled is None else place | found.scheduled
            yield Rule(place | found.parameters, later, found.valid_from_s)


def min_notice_s(contracts: CommunityContracts) -> int:
    """Seconds between scheduling a change and the earliest moment it applies."""
    return contracts.policy.min_notice_s()


def _rule(now: Any, later: Scheduled[Any] | None) -> Rule:
    return Rule(asdict(now), None if later is None else asdict(later.value), 0 if later is None else later.valid_from_s)


def _caps(contracts: CommunityContracts, at_s: int) -> Rule:
    """Caps: the ledger tells those of now and those scheduled last, and keeps no past."""
    later = contracts.ledger.scheduled_caps()
    if later.valid_from_s <= at_s:
        return Rule(asdict(later.value), None, 0)
    return _rule(contracts.ledger.caps(), later)
