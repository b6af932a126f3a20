"""A period looked at now: its model, the readings that count, and what the quality gate says of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from gettone.chain.contract_set import CommunityContracts
from gettone.chain.refusals.reward_models import RewardModelsNoneAt
from gettone.chain.reward_models import ModelVersion
from gettone.db.repositories.batches import Batches
from gettone.db.repositories.gates import Gates
from gettone.errors import Conflict
from gettone.metering.gate.report import GateReport
from gettone.periods import utc_text
from gettone.rewards.model import Model, parse_model
from gettone.types import SettlementPeriod
from oracle.settle.context import PeriodContext, PeriodKey
from oracle.settle.erased import with_erased
from oracle.settle.gate import GateQuestion, examine_gate
from oracle.settle.period_inputs import Cutoff, PeriodInputs, PeriodReader
from oracle.settle.revision import RevisionBefore
from oracle.settle.stored import clocked_period


@dataclass(frozen=True, slots=True)
class Examined:
    """Model in force, period with its clock, inputs as of `freeze_batch`, and the gate's report on them."""

    version: ModelVersion
    model: Model
    period: SettlementPeriod
    freeze_batch: int
    inputs: PeriodInputs
    report: GateReport


def model_in_force(contracts: CommunityContracts, period: SettlementPeriod) -> ModelVersion:
    """The reward model of a period as the chain has it; Conflict `no_model` where it has none."""
    try:
        return contracts.models.model_at(period.start_s)
    except RewardModelsNoneAt:
        raise Conflict(
            "no_model",
            f"the chain has no reward model that is valid at {utc_text(period.start_s)}, when the period begins: the "
            "oracle admin schedules one for a later period with `RewardModels.schedule`, and the first period to "
            "settle begins with it",
        ) from None


def examine_period(
    context: PeriodContext,
    connection: Connection,
    key: PeriodKey,
    owed: Iterable[str] = (),
    before_block: int | None = None,
    before: RevisionBefore | None = None,
) -> Examined:
    """Look at `key` on the readings of now; `owed` are members with a positive carried amount.  Stores nothing.

    `before` is the revision that this one supersedes: those erased since keep what was computed of them.

    With `before_block` a baseline is made of settlements opened before that block.

    Conflict `no_model` where the chain has no model for the period.
    """
    version = model_in_force(context.contracts, key.period)
    model = parse_model(version.document)
    period = clocked_period(key.period, model)
    in_force = Gates(connection).rules_at(key.community.community_id, key.period.start_s)
    cutoff = Cutoff(Batches(connection).highest(), in_force.rules.settlement_min_rank, before_block)
    reader = PeriodReader(connection, context.vault, key.community)
    inputs = reader.read(period, model, cutoff, owed)
    inputs = with_erased(connection, context.vault, reader, inputs, before, period, model)
    question = GateQuestion(key, version, in_force, context.contracts.client.now_s())
    report = examine_gate(connection, question, inputs, cutoff.freeze_batch)
    return Examined(version, model, period, cutoff.freeze_batch, inputs, report)
