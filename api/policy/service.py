"""The rules of a community's tokens at an instant, from the chain."""

from datetime import datetime

from api.access import Access
from api.chain_reading import asked, contracts_of, instant_s
from api.context import ApiContext
from api.policy import repository
from api.policy.repository import Rule
from api.policy.schemas import PolicyBody, RuleBody, ScheduledBody
from gettone.periods import utc_text
from gettone.rule_changes import shown_parameters


def policy_at(context: ApiContext, access: Access, at: datetime | None) -> PolicyBody:
    """All rules, with what is scheduled."""
    contracts = contracts_of(context, access)
    at_s = asked(lambda: instant_s(contracts, at))
    rules = asked(lambda: repository.rules_at(contracts, at_s))
    incentives = asked(lambda: list(repository.incentives_at(contracts, at_s)))
    return PolicyBody(
        at=utc_text(at_s),
        min_notice_s=asked(lambda: repository.min_notice_s(contracts)),
        incentives=[_body(one) for one in incentives],
        **{name: _body(one) for name, one in rules.items()},
    )


def _body(rule: Rule) -> RuleBody:
    later = None
    if rule.scheduled is not None:
        later = ScheduledBody(valid_from=utc_text(rule.valid_from_s), parameters=shown_parameters(rule.scheduled))
    return RuleBody(parameters=shown_parameters(rule.parameters), scheduled=later)
