"""A change of rules tried on a past period with the settlement code: old and new per pseudonym, nothing minted."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from gettone.chain.reward_models import ModelVersion
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.gates import Gates
from gettone.metering.gate.report import examine
from gettone.notary.payouts import assignment_fee
from gettone.rewards.run import RewardRun
from gettone.rule_changes import ChangeKind, rule_of
from oracle.settle.context import PeriodContext, PeriodKey
from oracle.settle.examination import examine_period, model_in_force
from oracle.settle.fees import FeesBps, fees_by_class, fees_in_force
from oracle.settle.periods import find_period
from oracle.settle.shadow import compare

DRAFT_VERSION = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """By what a period is paid: the model, the caps [base units] and the assignment fees."""

    version: ModelVersion
    period_cap_units: int
    member_cap_units: int
    fees_bps: FeesBps

    def net_units(self, run: RewardRun, classes: Mapping[str, int]) -> dict[str, int]:
        """What each member would get of the period alone: the reward, capped, less the assignment fee."""
        capped = {one.member_id: min(one.reward_units, self.member_cap_units) for one in run.members}
        return {
            member_id: units - assignment_fee(units, self.fees_bps[classes[member_id]])
            for member_id, units in capped.items()
        }


def preview_change(
    context: PeriodContext, community: str, period: str, kind: ChangeKind, parameters: Mapping[str, Any]
) -> dict[str, Any]:
    """What a change would have done to `period` (as people write it), as one JSON object; nothing is stored.

    Incentives, bonuses, the factor and budgets do not touch settlements: their lines are equal, which is said.
    Refusals as in `shadow_run`.
    """
    key = find_period(context.database, context.contracts, community, period)
    old = _terms_in_force(context, key)
    new = _changed(old, kind, parameters)
    runs = compare(context, key, [(one.version, one.period_cap_units) for one in (old, new)])
    with context.database.read() as connection:
        members = Communities(connection).members(key.community.community_id)
    classes = {one.member_id: one.kind.chain_class for one in members}
    sides = [terms.net_units(run, classes) for terms, run in zip((old, new), runs.runs, strict=True)]
    lines = [
        {"member_id": one, "old_units": str(sides[0].get(one, 0)), "new_units": str(sides[1].get(one, 0))}
        for one in sorted(set(sides[0]) | set(sides[1]))
    ]
    return {
        "period": period,
        "readings": "settled" if runs.settled else "now",
        "changes_settlements": kind in (ChangeKind.MODEL, ChangeKind.FEE, ChangeKind.CAP),
        "members": lines,
        "old_units": str(sum(sides[0].values())),
        "new_units": str(sum(sides[1].values())),
        "gate": _gates(context, key, parameters) if kind is ChangeKind.SETTINGS else None,
    }


def _terms_in_force(context: PeriodContext, key: PeriodKey) -> Terms:
    caps = context.contracts.ledger.caps()
    version = model_in_force(context.contracts, key.period)
    return Terms(version, caps.period_units, caps.member_units, fees_in_force(context.contracts))


def _changed(old: Terms, kind: ChangeKind, parameters: Mapping[str, Any]) -> Terms:
    if kind is ChangeKind.MODEL:
        return replace(old, version=ModelVersion(DRAFT_VERSION, 0, 0, dict(parameters)))
    if kind is ChangeKind.FEE:
        fees = rule_of(kind, parameters)
        named = fees_by_class(fees.assignment_to_citizen_bps, fees.assignment_to_stakeholder_bps)
        return replace(old, fees_bps=named)
    if kind is ChangeKind.CAP:
        caps = rule_of(kind, parameters)
        return replace(old, period_cap_units=caps.period_units, member_cap_units=caps.member_units)
    return old


def _gates(context: PeriodContext, key: PeriodKey, parameters: Mapping[str, Any]) -> dict[str, str]:
    """The state of the period's gate by the thresholds in force and by the new ones, on the readings of now."""
    with context.database.write() as connection:
        report = examine_period(context, connection, key).report
        in_force = Gates(connection).rules_at(key.community.community_id, key.period.start_s).rules
        connection.rollback()
    states = [examine(report.facts, one).state.value for one in (in_force, rule_of(ChangeKind.SETTINGS, parameters))]
    return {"old": states[0], "new": states[1]}
