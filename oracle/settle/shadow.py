"""A model computed beside a settlement: the same code and readings, nothing stored, nothing minted."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from gettone.chain.reward_models import ModelVersion
from gettone.db.repositories.batches import Batches
from gettone.db.repositories.gates import Gates
from gettone.db.repositories.settlements import Settlements
from gettone.errors import Conflict
from gettone.rewards.engine import compute
from gettone.rewards.model import Model, parse_model
from gettone.rewards.run import RewardRun
from gettone.types import SettlementPeriod
from oracle.settle.computation import carry_in_units_of
from oracle.settle.context import PeriodContext, PeriodKey, place_of
from oracle.settle.examination import model_in_force
from oracle.settle.period_inputs import Cutoff, PeriodReader, cutoff_of
from oracle.settle.periods import find_period
from oracle.settle.stored import clocked_period


@dataclass(frozen=True, slots=True)
class ShadowLine:
    """What one member gets [base units] by the model in force, and by the other one."""

    member_id: str
    in_force_units: int
    shadow_units: int

    @property
    def change_units(self) -> int:
        """What the other model would change."""
        return self.shadow_units - self.in_force_units


@dataclass(frozen=True, slots=True)
class Shadow:
    """Both models on the same readings; lines in bytewise order of member ids.

    `model_version_in_force` is that of the period, `model_version` the other one; `settled` says whether the readings
    are those of a settlement or those of now.
    """

    key: PeriodKey
    model_version_in_force: int
    model_version: int
    settled: bool
    lines: tuple[ShadowLine, ...]
    in_force: RewardRun
    shadow: RewardRun


def shadow_run(context: PeriodContext, community: str, period: str, model_version: int) -> Shadow:
    """What version `model_version` of the models on chain would pay for `period`, beside the one in force.

    A settled period is looked at with the readings it was settled on, another one with those of now.  Conflict
    `model_not_yet_valid` for the version in force itself, as there is nothing to compare.
    """
    key = find_period(context.database, context.contracts, community, period)
    in_force = model_in_force(context.contracts, key.period)
    if in_force.version == model_version:
        raise Conflict(
            "same_model", f"version {model_version} is the one in force in period {period}: give another with --model"
        )
    other = context.contracts.models.version(model_version)
    cap_units = context.contracts.ledger.caps().period_units
    found = compare(context, key, [(one, cap_units) for one in (in_force, other)])
    runs = found.runs
    return Shadow(key, in_force.version, model_version, found.settled, _lines(*runs), *runs)


@dataclass(frozen=True, slots=True)
class Compared:
    """Calculations of one period on the same readings; `settled` says whether those are the ones of a settlement."""

    settled: bool
    runs: tuple[RewardRun, ...]


def compare(context: PeriodContext, key: PeriodKey, terms: Sequence[tuple[ModelVersion, int]]) -> Compared:
    """Compute a period by several models, each with a cap of the period [base units]; nothing is stored.

    A model that is not on chain has a version of which no settlement was paid, so that nothing is carried into it.
    """
    # The lookup key of an empty database is made on first use, so this is a write transaction that is taken back.
    with context.database.write() as connection:
        cutoff, settled = _cutoff(connection, key)
        reader = PeriodReader(connection, context.vault, key.community)
        runs = tuple(
            _run(reader, key.period, one, cutoff, (carry_in_units_of(connection, key, one.version), cap_units))
            for one, cap_units in terms
        )
        connection.rollback()
    return Compared(settled, runs)


def _run(
    reader: PeriodReader, period: SettlementPeriod, version: ModelVersion, cutoff: Cutoff, pool: tuple[int, int]
) -> RewardRun:
    """`pool`: what the pool of the period before carried over, and the cap of the period [units]."""
    model: Model = parse_model(version.document)
    clocked = clocked_period(period, model)
    community = reader.read(clocked, model, cutoff).community
    return compute(community, model, clocked, carry_in_units=pool[0], period_cap_units=pool[1])


def _cutoff(connection: Connection, key: PeriodKey) -> tuple[Cutoff, bool]:
    settled = Settlements(connection).find(*place_of(key))
    if settled is not None:
        return cutoff_of(settled), True
    rules = Gates(connection).rules_at(key.community.community_id, key.period.start_s).rules
    return Cutoff(Batches(connection).highest(), rules.settlement_min_rank), False


def _lines(in_force: RewardRun, shadow: RewardRun) -> tuple[ShadowLine, ...]:
    units = [{one.member_id: one.reward_units for one in run.members} for run in (in_force, shadow)]
    members = sorted(set(units[0]) | set(units[1]))
    return tuple(ShadowLine(one, units[0].get(one, 0), units[1].get(one, 0)) for one in members)
