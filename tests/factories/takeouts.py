"""Take-outs of the synthetic community, and the chain that a verifier would find: evidence, and its view."""

from dataclasses import dataclass

from gettone.chain.model_parameters import parameters_to_chain
from gettone.notary.commit import member_series
from gettone.notary.keys import KeyKind, period_key
from gettone.notary.leaves import ZERO_HASH
from gettone.notary.takeout import (
    ChainReference,
    Takeout,
    TakeoutSeries,
    TakeoutSettlement,
    TakeoutTotals,
    TotalsRoots,
    TreeProof,
)
from gettone.notary.takeout_format import Level
from gettone.notary.verify.chain_view import (
    CapChange,
    ChainEvidence,
    ChainScope,
    ModelVersion,
    Opening,
    Payment,
)
from tests.factories.synthetic_ledger import SyntheticLedger
from tests.factories.synthetic_log import synthetic_log
from tests.factories.synthetic_people import (
    CHARGED,
    COMMUNITY,
    K_CY,
    MEMBER_CAP_UNITS,
    MODELS,
    PEOPLE,
    PERIOD_CAP_UNITS,
    SCOPE,
    SUBJECT,
    Person,
    period,
    person,
)
from tests.factories.synthetic_settled import Settled


def charged_community() -> SyntheticLedger:
    """The community after two days with assignment fees; member CHARGED is a stakeholder, all others citizens."""
    ledger = SyntheticLedger(
        periods=lambda _: period(1), fees_bps={1: 125, 2: 2_000}, stakeholders=frozenset({CHARGED})
    )
    ledger.settle((0, 0), 1)
    return ledger


def logged_community() -> SyntheticLedger:
    """The community after two days whose readings came by the files of its ingest log."""
    ledger = SyntheticLedger(periods=lambda _: period(1), log=synthetic_log())
    ledger.settle((0, 0), 1)
    return ledger


def evidence_of(ledger: SyntheticLedger) -> ChainEvidence:
    """The chain after all settlements so far."""
    start_s = ledger.periods(0).start_s
    models = {
        version: ModelVersion(version, start_s - 86400 + version, start_s - 10 * 86400, parameters_to_chain(model))
        for version, model in MODELS.items()
    }
    return ChainEvidence(
        SCOPE,
        tuple(settled.opening for settled in ledger.settled),
        ledger.settled[-1].opening.proposal_hash if ledger.settled else ZERO_HASH,
        (CapChange(PERIOD_CAP_UNITS, MEMBER_CAP_UNITS, 0),),
        {settled.key: settled.payment for settled in ledger.settled},
        models,
    )


def takeout_of(
    ledger: SyntheticLedger, number: int = SUBJECT, level: Level = Level.FULL, *, discloses_totals: bool = True
) -> Takeout:
    """The take-out of one member over both periods."""
    settlements = tuple(_settlement(ledger, settled, person(number), discloses_totals) for settled in ledger.settled)
    bounds = (ledger.periods(0).start_s, max(settled.period.end_s for settled in ledger.settled))
    return Takeout(COMMUNITY, person(number).member_id.hex(), *bounds, level, settlements)


def _settlement(ledger: SyntheticLedger, settled: Settled, one: Person, discloses_totals: bool) -> TakeoutSettlement:
    commitment, position = settled.commitment, PEOPLE.index(one)
    member = commitment.members[position]
    count = commitment.leaf_count
    committed = ledger.series_of(one, settled.values, settled.first)
    (series,) = member_series(commitment.scope, one.k_my, [committed])
    k_p = period_key(one.k_my, KeyKind.SERIES, series.number, settled.key[0], series.first_revision)
    both = (settled.totals.withdrawn, settled.totals.injected)
    signed = (
        [(row.withdrawn_wh, 1) for row in settled.run.slot_totals],
        [(-row.injected_wh, 1) for row in settled.run.slot_totals],
    )
    totals: TakeoutTotals | TotalsRoots = TotalsRoots(*((tree.root, tree.tree_size) for tree in both))
    if discloses_totals:
        totals = TakeoutTotals(
            *(
                TakeoutSeries(
                    tree.header,
                    tree.number,
                    settled.key[1],
                    period_key(K_CY, KeyKind.TOTALS, tree.number, *settled.key),
                    values,
                )
                for tree, values in zip(both, signed, strict=True)
            )
        )
    return TakeoutSettlement(
        *settled.key,
        member.assignment,
        TreeProof(
            member.assignment_hash, position, count, commitment.assignment_path(position), commitment.assignment_root
        ),
        member.roster,
        TreeProof(member.roster_hash, position, count, commitment.roster_path(position), commitment.roster_root),
        period_key(one.k_my, KeyKind.MEMBER, 0, *settled.key),
        period_key(one.k_my, KeyKind.MEMBER, 1, *settled.key),
        (
            TakeoutSeries(
                series.header,
                series.number,
                series.first_revision,
                k_p,
                settled.values[one.number],
                frozenset(range(24)),
            ),
        ),
        settled.inputs[one.member_id],
        settled.traces[one.member_id],
        settled.model,
        settled.params,
        totals,
        ChainReference(
            SCOPE.chain_id,
            SCOPE.genesis_hash,
            SCOPE.contract,
            settled.opening.transaction,
            settled.opening.block_number,
            settled.opening.block_hash,
        ),
        sources=ledger.log.sources_of(one.number) if ledger.log else None,
    )


@dataclass
class RecordedChain:
    """A `ChainView` that answers from evidence: the twin of a node."""

    evidence: ChainEvidence

    def scope(self) -> ChainScope:
        return self.evidence.scope

    def openings(self) -> tuple[Opening, ...]:
        return self.evidence.openings

    def last_settlement_hash(self) -> bytes:
        return self.evidence.last_settlement_hash

    def caps(self) -> tuple[CapChange, ...]:
        return self.evidence.caps

    def payment(self, key: tuple[int, int]) -> Payment:
        return self.evidence.payments[key]

    def model(self, version: int) -> ModelVersion:
        return self.evidence.models[version]
