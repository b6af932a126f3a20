"""The rules of a community's token on chain against those on file, and what is scheduled to come.

The file records the rules under `policy` of the community: at first those of the community file, later those that
somebody reviewed and wrote there, incentives under "<category>/<kind>".
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from gettone.chain.categories import INCENTIVE_KINDS
from gettone.chain.client import ChainClient
from gettone.chain.contract import plain
from gettone.chain.deployment_file import ContractSet, load_deployment, save_deployment
from gettone.chain.difference import Difference
from gettone.chain.policy_values import IncentiveRule, InitialPolicy
from gettone.chain.token_policy import NAME, TokenPolicy

INCENTIVES = "incentives"


@dataclass(frozen=True, slots=True)
class PendingChange:
    """A scheduled rule: what comes into force at `valid_from_s` (unix seconds), and what is in force until then."""

    community_id: str
    what: str
    now: str
    then: str
    valid_from_s: int

    def __str__(self) -> str:
        return f"{self.community_id}: {self.what} is {self.now} and will be {self.then} from {self.valid_from_s} on"


def policy_of(client: ChainClient, contracts: ContractSet) -> dict[str, Any]:
    """All rules in force at the latest block, as the deployment file records them; without incentives of 0."""
    policy, now_s = TokenPolicy.at(client, contracts.address(NAME)), client.now_s()
    rules: dict[str, Any] = asdict(
        InitialPolicy(policy.fees_at(now_s), policy.bonuses_at(now_s), policy.rates_at(now_s), policy.budgets_at(now_s))
    )
    incentives = {_place(*one): policy.incentive_at(*one, now_s) for one in INCENTIVE_KINDS}
    rules[INCENTIVES] = {place: asdict(rule) for place, rule in incentives.items() if rule != IncentiveRule()}
    return _as_json(rules)


def record_policy(client: ChainClient, path: Path, community_id: str) -> list[Difference]:
    """Write the rules in force into the deployment file, and return what that changed there.

    For whoever has reviewed them: from then on they are the ones expected.  Raises what load_deployment raises.
    """
    deployment = load_deployment(path)
    contracts = deployment.community(community_id)
    changed = list(verify_policy(client, contracts))
    recorded = replace(contracts, policy=policy_of(client, contracts))
    save_deployment(path, replace(deployment, communities={**deployment.communities, community_id: recorded}))
    return changed


def verify_policy(client: ChainClient, contracts: ContractSet) -> Iterator[Difference]:
    """Each rule in force at the latest block that is not the one on file."""
    found = _flat(policy_of(client, contracts))
    expected = _flat(contracts.policy)
    for rule in sorted(found.keys() | expected.keys()):
        # What neither side names is 0: no fee, no bonus, no incentive.
        if found.get(rule, 0) != expected.get(rule, 0):
            yield Difference(NAME, rule, str(expected.get(rule, 0)), str(found.get(rule, 0)))


def pending_changes(client: ChainClient, community_id: str, contracts: ContractSet) -> list[PendingChange]:
    """Every rule that a scheduled change will alter, by time."""
    policy = TokenPolicy.at(client, contracts.address(NAME))
    now = _flat(policy_of(client, contracts))
    scheduled: dict[str, Any] = {
        "fees": policy.scheduled_fees(),
        "bonuses": policy.scheduled_bonuses(),
        "rates": policy.scheduled_rates(),
        "budgets": policy.scheduled_budgets(),
    }
    scheduled |= {f"{INCENTIVES}.{_place(*one)}": policy.scheduled_incentive(*one) for one in INCENTIVE_KINDS}
    changes = [
        PendingChange(community_id, rule, str(now.get(rule, 0)), str(then), one.valid_from_s)
        for subject, one in scheduled.items()
        if one is not None
        for rule, then in _flat({subject: _as_json(asdict(one.value))}).items()
        if now.get(rule, 0) != then
    ]
    return sorted(changes, key=lambda one: (one.valid_from_s, one.what))


def _place(category: int, kind: int) -> str:
    return f"{category}/{int(kind)}"


def _as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _as_json(one) if isinstance(one, Mapping) else plain(one) for name, one in values.items()}


def _flat(values: Mapping[str, Any], within: str = "") -> dict[str, Any]:
    """Every number under its dotted name."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        place = f"{within}.{name}" if within else name
        found |= _flat(value, place) if isinstance(value, Mapping) else {place: value}
    return found
