"""First step of a settlement: from readings and the model on chain to entitlements and payouts."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection
from web3.types import BlockIdentifier

from gettone.chain.client import LATEST
from gettone.chain.consent import MemberClass
from gettone.chain.reward_models import ModelVersion
from gettone.db.repositories.approvals import Act, Approvals
from gettone.db.repositories.communities import Communities, MemberKind
from gettone.db.repositories.gates import Gates
from gettone.db.repositories.settlement_rows import Computed, ComputedMember
from gettone.db.repositories.settlements import Settlements
from gettone.metering.gate.report import GateReport
from gettone.notary.payouts import settle_dues
from gettone.rewards.document import canonical_document
from gettone.rewards.engine import compute
from gettone.rewards.erased import traces_beside
from gettone.rewards.run import RewardRun
from oracle.settle.claims import Claim, claims_of
from oracle.settle.context import PeriodKey, SettlementContext, place_of
from oracle.settle.documents import digest_of, slot_totals_text, to_text
from oracle.settle.erased import erased_row
from oracle.settle.examination import examine_period
from oracle.settle.fees import FeesBps, fees_in_force
from oracle.settle.gate import GateHeld, store_gate
from oracle.settle.member_series import behind_totals
from oracle.settle.payees import payees_of
from oracle.settle.period_inputs import PeriodInputs, is_due
from oracle.settle.revision import entitlements_of, revision_before


@dataclass(frozen=True, slots=True)
class Calculation:
    """A settlement computed and not yet stored."""

    key: PeriodKey
    computed: Computed
    members: tuple[ComputedMember, ...]
    report: GateReport

    def agrees_with(self, computed: Computed, members: Iterable[ComputedMember]) -> bool:
        """Whether it says the same as an earlier one, the time of computing apart."""
        mine = replace(self.computed, computed_at=computed.computed_at, freeze_batch=computed.freeze_batch)
        return mine == computed and self.members == tuple(members)


def calculate(
    context: SettlementContext, connection: Connection, key: PeriodKey, *, opened_block: int | None = None
) -> Calculation:
    """Compute the settlement of `key` from model, caps and wallets on chain and the readings of now.

    With `opened_block` one that the chain opened in that block: on caps, fees, wallets and claims of then, and
    without asking the gate.

    Raises GateHeld while the quality gate does not pass, InputError as the rules do, and Conflict `no_model` where
    the chain has no model for the period.
    """
    claims = claims_of(connection, context.contracts, key, opened_block)
    before = revision_before(connection, key)
    entitled = entitlements_of(before)
    owed = [
        member_id
        for member_id, claim in claims.items()
        if is_due(claim.carried_before_units + claim.skipped_units, entitled.get(member_id, 0))
    ]
    examined = examine_period(context, connection, key, owed, opened_block, before)
    inputs, report = examined.inputs, examined.report
    if opened_block is None and not report.passes:
        raise GateHeld(report)
    carry_in_units = carry_in_units_of(connection, key, examined.version.version, opened_block)
    at_s = None if opened_block is None else int(context.contracts.client.block(opened_block)["timestamp"])
    fees_bps = fees_in_force(context.contracts, at_s)
    basis = _Basis(examined.version, examined.freeze_batch, carry_in_units, fees_bps)
    at = LATEST if opened_block is None else opened_block
    caps = context.contracts.ledger.caps(block_identifier=at)
    run = compute(
        inputs.community,
        examined.model,
        examined.period,
        carry_in_units=basis.carry_in_units,
        period_cap_units=caps.period_units,
        erased=inputs.erased,
    )
    kinds = {one.member_id: one.kind for one in Communities(connection).members(key.community.community_id)}
    members = _members(context, inputs, run, _Accounts(claims, entitled, caps.member_units, at), kinds)
    return Calculation(key, _computed(key, basis, run, inputs, members, report), members, report)


def record_calculation(connection: Connection, calculation: Calculation) -> int:
    """Store a calculation with its gate; returns the settlement's id."""
    computed = calculation.computed
    store_gate(connection, calculation.key, calculation.report, computed.freeze_batch)
    return Settlements(connection).record_computed(computed, calculation.members)


def withdraw_calculation(connection: Connection, key: PeriodKey, settlement_id: int) -> None:
    """Take back what is not open on chain, signatures included, and its freeze of the readings."""
    Settlements(connection).withdraw(settlement_id)
    Approvals(connection).forget(place_of(key), Act.APPROVE)
    Gates(connection).reopen(key.community.community_id, key.period_index, key.revision)


@dataclass(frozen=True, slots=True)
class _Basis:
    """What a calculation starts from: the model's version, the cut-off batch, the pool carried in [u], the fees."""

    version: ModelVersion
    freeze_batch: int
    carry_in_units: int
    fees_bps: FeesBps


@dataclass(frozen=True, slots=True)
class _Accounts:
    """What members are owed, their entitlements before, and the cap of a payout [units], as of the block `at`."""

    claims: dict[str, Claim]
    entitled: dict[str, int]
    member_cap_units: int
    at: BlockIdentifier


def carry_in_units_of(connection: Connection, key: PeriodKey, version: int, opened_block: int | None = None) -> int:
    """What the pool of the period before carried over, while the same version applies; fixed at revision 0."""
    settlements = Settlements(connection).of_community(key.community.community_id)
    first = [one for one in settlements if one.computed.period_index == key.period_index and not one.computed.revision]
    if key.revision and first:
        return first[0].computed.carry_in_units
    before = [
        one
        for one in settlements
        if one.computed.period_index == key.period_index - 1
        and (opened_block is None or (one.opened_block or 0) < opened_block)
    ]
    if not before or before[-1].computed.model_version != version:
        return 0
    return before[-1].computed.carried_over_units


def _members(
    context: SettlementContext,
    inputs: PeriodInputs,
    run: RewardRun,
    accounts: _Accounts,
    kinds: Mapping[str, MemberKind],
) -> tuple[ComputedMember, ...]:
    rows, traces = [], traces_beside(inputs.community, run, inputs.erased)
    erased = {one.member_id: one for one in inputs.erased_lines}
    payees = payees_of(
        context, [one.member_id for one in run.members if one.member_id not in erased], kinds, accounts.at
    )
    for position, reward in enumerate(run.members):
        if reward.member_id in erased:
            rows.append(erased_row(position, reward, erased[reward.member_id]))
            continue
        payee = payees[reward.member_id]
        claim = accounts.claims.get(reward.member_id, Claim())
        before_units = accounts.entitled.get(reward.member_id, 0)
        dues = settle_dues(
            entitlement_units=reward.reward_units,
            entitlement_before_units=before_units,
            carried_before_units=claim.carried_before_units,
            skipped_units=claim.skipped_units,
            member_cap_units=accounts.member_cap_units,
            has_wallet=payee.wallet is not None,
        )
        rows.append(
            ComputedMember(
                leaf_index=position,
                member_id=reward.member_id,
                member_class=payee.member_class,
                wallet=payee.wallet,
                entitlement_units=reward.reward_units,
                entitlement_before_units=before_units,
                carried_before_units=claim.carried_before_units,
                skipped_units=claim.skipped_units,
                payout_units=dues.payout_units,
                carried_after_units=dues.carried_after_units,
                scores_json=to_text({name: str(score) for name, score in reward.scores.items()}),
                trace=traces[reward.member_id],
            )
        )
    return tuple(rows)


def _computed(
    key: PeriodKey,
    basis: _Basis,
    run: RewardRun,
    inputs: PeriodInputs,
    members: tuple[ComputedMember, ...],
    report: GateReport,
) -> Computed:
    document: dict[str, Any] = run.to_document()
    gate_text = to_text(report.to_document())
    return Computed(
        community_id=key.community.community_id,
        period_index=key.period_index,
        revision=key.revision,
        period_start_s=run.period.start_s,
        period_end_s=run.period.end_s,
        timezone=run.period.timezone,
        freeze_batch=basis.freeze_batch,
        model_version=basis.version.version,
        model_json=_rewards_text(document["model"]),
        carry_in_units=basis.carry_in_units,
        carried_over_units=run.carried_over_units,
        entitlement_units=run.total_units,
        total_units=sum(one.payout_units for one in members),
        allocations_json=_rewards_text(document["allocations"]),
        slot_totals_json=slot_totals_text(run.slot_totals),
        community_json=_rewards_text(document["community"] | behind_totals(inputs.parts)),
        result_digest=document["result_digest"],
        gate_report_json=gate_text,
        gate_report_sha256=digest_of(gate_text),
        citizen_fee_bps=basis.fees_bps[MemberClass.CITIZEN],
        stakeholder_fee_bps=basis.fees_bps[MemberClass.STAKEHOLDER],
        computed_at=time.time_ns() // 1_000_000,
    )


def _rewards_text(value: Any) -> str:
    """Canonical JSON of a part of the reward document, integers above 2^53 as strings."""
    return canonical_document(value).decode()
