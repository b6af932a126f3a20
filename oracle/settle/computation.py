"""First step of a settlement: from readings and the model on chain to entitlements and payouts."""

import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from gettone.chain.reward_models import ModelVersion
from gettone.db.columns import SLOT_S
from gettone.db.repositories.batches import Batches
from gettone.db.repositories.communities import CommunityRow
from gettone.db.repositories.gates import GateRow, Gates
from gettone.db.repositories.readings import Readings
from gettone.db.repositories.settlement_rows import Computed, ComputedMember
from gettone.db.repositories.settlements import Settlements
from gettone.notary.payouts import settle_dues
from gettone.rewards.document import canonical as rewards_canonical
from gettone.rewards.engine import compute
from gettone.rewards.model import parse_model
from gettone.rewards.own import trace_of
from gettone.rewards.run import RewardRun
from gettone.types import SettlementPeriod
from oracle.settle.claims import Claim, claims_of
from oracle.settle.context import SettlementContext
from oracle.settle.documents import digest_of, slot_totals_text, to_text
from oracle.settle.gate import GateReport, examine
from oracle.settle.member_series import coverage
from oracle.settle.period_inputs import PeriodInputs, PeriodReader
from oracle.settle.stored import clocked_period


@dataclass(frozen=True, slots=True)
class PeriodKey:
    """A period of a community with its index on chain."""

    community: CommunityRow
    period: SettlementPeriod
    period_index: int
    revision: int = 0


def record_computation(context: SettlementContext, connection: Connection, key: PeriodKey) -> int:
    """Compute the settlement of `key` and store it; returns its id.

    Raises Held, MissingInput or InputError as the gate and the rules do, and ContractRefused
    `RewardModelsNoModel` where the chain has no model for the period.
    """
    version = context.contracts.models.model_at(key.period.start_s)
    model = parse_model(version.document)
    period = clocked_period(key.period, model)
    claims = claims_of(connection, context.contracts, key.community.community_id)
    owed = [member_id for member_id, claim in claims.items() if claim.carried_before_units + claim.skipped_units > 0]
    freeze_batch = Batches(connection).highest()
    inputs = PeriodReader(connection, context.vault, key.community).read(period, model, freeze_batch, owed)
    report = _examine(context, connection, key, inputs, freeze_batch)
    carry_in_units = _carry_in_units(connection, key, version.version)
    caps = context.contracts.ledger.caps()
    run = compute(inputs.community, model, period, carry_in_units=carry_in_units, period_cap_units=caps.period_units)
    members = _members(context, inputs, run, claims, caps.member_units)
    gate_text = to_text(report.to_document())
    computed = _computed(key, version, run, members, freeze_batch, carry_in_units, gate_text)
    _record_gate(connection, key, report, gate_text, freeze_batch)
    return Settlements(connection).record_computed(computed, members)


def _examine(
    context: SettlementContext, connection: Connection, key: PeriodKey, inputs: PeriodInputs, freeze_batch: int
) -> GateReport:
    slots = (key.period.start_s // SLOT_S, key.period.end_s // SLOT_S)
    held_back = Readings(connection).quarantined(key.community.community_id, *slots, freeze_batch)
    read = {channel.channel_id for holding in inputs.holdings for channel in holding.channels}
    return examine(
        coverage([one.member_id for one in inputs.roster], inputs.parts),
        period_end_s=key.period.end_s,
        now_s=context.contracts.client.now_s(),
        quarantined_slots=sum(len(found) for channel_id, found in held_back.items() if channel_id in read),
    )


def _carry_in_units(connection: Connection, key: PeriodKey, version: int) -> int:
    """What the pool of the period before carried over, while the same version applies (rewards §1)."""
    before = [
        one
        for one in Settlements(connection).of_community(key.community.community_id)
        if one.computed.period_index == key.period_index - 1
    ]
    if not before or before[-1].computed.model_version != version:
        return 0
    return before[-1].computed.carried_over_units


def _members(
    context: SettlementContext, inputs: PeriodInputs, run: RewardRun, claims: dict[str, Claim], member_cap_units: int
) -> list[ComputedMember]:
    rows = []
    for position, reward in enumerate(run.members):
        wallet = context.contracts.members.wallet_of(reward.member_id)
        claim = claims.get(reward.member_id, Claim())
        dues = settle_dues(
            entitlement_units=reward.reward_units,
            entitlement_before_units=0,
            carried_before_units=claim.carried_before_units,
            skipped_units=claim.skipped_units,
            member_cap_units=member_cap_units,
            has_wallet=wallet is not None,
        )
        rows.append(
            ComputedMember(
                leaf_index=position,
                member_id=reward.member_id,
                wallet=wallet,
                entitlement_units=reward.reward_units,
                entitlement_before_units=0,
                carried_before_units=claim.carried_before_units,
                skipped_units=claim.skipped_units,
                payout_units=dues.payout_units,
                carried_after_units=dues.carried_after_units,
                scores_json=to_text({name: str(score) for name, score in reward.scores.items()}),
                trace=trace_of(inputs.community, run, reward.member_id),
            )
        )
    return rows


def _computed(
    key: PeriodKey,
    version: ModelVersion,
    run: RewardRun,
    members: list[ComputedMember],
    freeze_batch: int,
    carry_in_units: int,
    gate_text: str,
) -> Computed:
    document: dict[str, Any] = run.to_document()
    return Computed(
        community_id=key.community.community_id,
        period_index=key.period_index,
        revision=key.revision,
        period_start_s=run.period.start_s,
        period_end_s=run.period.end_s,
        timezone=run.period.timezone,
        freeze_batch=freeze_batch,
        model_version=version.version,
        model_json=_rewards_text(document["model"]),
        carry_in_units=carry_in_units,
        carried_over_units=run.carried_over_units,
        entitlement_units=run.total_units,
        total_units=sum(one.payout_units for one in members),
        allocations_json=_rewards_text(document["allocations"]),
        slot_totals_json=slot_totals_text(run.slot_totals),
        community_json=_rewards_text(document["community"]),
        result_digest=document["result_digest"],
        gate_report_json=gate_text,
        gate_report_sha256=digest_of(gate_text),
        computed_at=time.time_ns() // 1_000_000,
    )


def _record_gate(connection: Connection, key: PeriodKey, report: GateReport, gate_text: str, freeze_batch: int) -> None:
    Gates(connection).put(
        GateRow(
            community_id=key.community.community_id,
            period_index=key.period_index,
            revision=key.revision,
            state="frozen",
            freeze_batch=freeze_batch,
            report=gate_text,
            report_sha256=digest_of(gate_text),
            reason=report.state,
        )
    )


def _rewards_text(value: Any) -> str:
    """Canonical JSON of a part of the reward document, integers above 2^53 as strings."""
    return rewards_canonical(value).decode()
