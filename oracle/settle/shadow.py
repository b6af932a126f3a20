"""A model computed beside a settlement: the same code and readings, nothing stored, nothing minted."""

from gettone.db.repositories.batches import Batches
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.gates import Gates
from gettone.periods import parse_period
from gettone.rewards.engine import compute
from gettone.rewards.model import parse_model
from gettone.rewards.run import RewardRun
from oracle.settle.context import SettlementContext
from oracle.settle.period_inputs import Cutoff, PeriodReader
from oracle.settle.stored import clocked_period


def shadow_run(context: SettlementContext, community: str, period: str, model_version: int) -> RewardRun:
    """What version `model_version` of the models on chain would pay for `period`, on the readings of today."""
    model = parse_model(context.contracts.models.version(model_version).document)
    # The lookup key of an empty database is made on first use, so this is a write transaction.
    with context.database.write() as connection:
        found = Communities(connection).get(community)
        wanted = clocked_period(parse_period(period, found.tz), model)
        reader = PeriodReader(connection, context.vault, found)
        rules = Gates(connection).rules_at(found.community_id, wanted.start_s).rules
        cutoff = Cutoff(Batches(connection).highest(), rules.settlement_min_rank)
        inputs = reader.read(wanted, model, cutoff)
    return compute(inputs.community, model, wanted)
