"""A change of rules as the transaction that schedules it, and how long before it applies it must be public."""

from collections.abc import Callable, Mapping
from dataclasses import astuple
from typing import Any

from gettone.chain.contract import Call
from gettone.chain.contract_set import CommunityContracts
from gettone.chain.roles import Role
from gettone.chain.settlement_ledger import Caps
from gettone.errors import InputError
from gettone.rule_changes import ChangeKind, rule_of

SIGNERS: Mapping[ChangeKind, Role] = {
    ChangeKind.MODEL: Role.ORACLE_ADMIN,
    ChangeKind.FEE: Role.TOKEN_ADMIN,
    ChangeKind.INCENTIVE: Role.TOKEN_ADMIN,
    ChangeKind.BONUS: Role.TOKEN_ADMIN,
    ChangeKind.FACTOR: Role.TOKEN_ADMIN,
    ChangeKind.BUDGET: Role.COMMUNITY_ADMIN,
    ChangeKind.CAP: Role.COMMUNITY_ADMIN,
}
"""Whose key schedules a change on chain; the settings of the quality gate are not there."""


def notice_s(contracts: CommunityContracts, kind: ChangeKind) -> int:
    """Seconds that must lie between scheduling a change and its start."""
    if kind is ChangeKind.MODEL:
        return contracts.models.min_notice_s()
    if kind is ChangeKind.CAP:
        return contracts.ledger.min_notice_s()
    return contracts.policy.min_notice_s()


def scheduling_call(
    contracts: CommunityContracts, kind: ChangeKind, parameters: Mapping[str, Any], valid_from_s: int
) -> Call:
    """The call that schedules a change; InputError for one that is not on chain."""
    policy = contracts.policy
    if kind is ChangeKind.MODEL:
        return contracts.models.schedule(parameters, valid_from_s)
    if kind is ChangeKind.SETTINGS:
        raise InputError("change_kind", "the settings of the quality gate are not on chain")
    rule = rule_of(kind, parameters)
    if kind is ChangeKind.INCENTIVE:
        return policy.schedule_incentive(parameters["category"], parameters["kind"], rule, valid_from_s)
    if kind is ChangeKind.CAP:
        return contracts.ledger.schedule_caps(Caps(*astuple(rule)), valid_from_s)
    schedules: Mapping[ChangeKind, Callable[[Any, int], Call]] = {
        ChangeKind.FEE: policy.schedule_fees,
        ChangeKind.BONUS: policy.schedule_bonuses,
        ChangeKind.FACTOR: policy.schedule_rates,
        ChangeKind.BUDGET: policy.schedule_budgets,
    }
    return schedules[kind](rule, valid_from_s)
