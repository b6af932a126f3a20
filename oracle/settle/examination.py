"""A period looked at now: its model, the readings that count, and what the quality gate says of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from gettone.chain.reward_models import ModelVersion
from gettone.db.repositories.batches import Batches
from gettone.db.repositories.gates import Gates
from gettone.metering.gate.report import GateReport
from gettone.rewards.model import Model, parse_model
from gettone.types import SettlementPeriod
from oracle.settle.context import PeriodContext, PeriodKey
from oracle.settle.gate import GateQuestion, examine_gate
from oracle.settle.period_inputs import Cutoff, PeriodInputs, PeriodReader
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


def examine_period(
    context: PeriodContext, connection: Connection, key: PeriodKey, owed: Iterable[str] = ()
) -> Examined:
    """Look at `key` on the readings of now; `owed` are members with a positive carried amount.  Stores nothing.

    Raises ContractRefused `RewardModelsNoModel` where the chain has no model for the period.
    """
    version = context.contracts.models.model_at(key.period.start_s)
    model = parse_model(version.document)
    period = clocked_period(key.period, model)
    in_force = Gates(connection).rules_at(key.community.community_id, key.period.start_s)
    cutoff = Cutoff(Batches(connection).highest(), in_force.rules.settlement_min_rank)
    inputs = PeriodReader(connection, context.vault, key.community).read(period, model, cutoff, owed)
    question = GateQuestion(key, version, in_force, context.contracts.client.now_s())
    report = examine_gate(connection, question, inputs, cutoff.freeze_batch)
    return Examined(version, model, period, cutoff.freeze_batch, inputs, report)
