"""Settles the synthetic community as oracle and contracts together would, without a chain."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gettone.notary.commit import commit_settlement, commit_totals
from gettone.notary.commitments import (
    CommittedSeries,
    MemberCommitment,
    PeriodScope,
    TotalsCommitment,
)
from gettone.notary.digests import DeviceInput, MemberInputs, RosterSums, SettlementParams, model_document
from gettone.notary.keys import series_pid
from gettone.notary.leaves import OPEN_END, ZERO_HASH
from gettone.notary.payouts import Dues, plan_payouts, settle_dues
from gettone.notary.verify.chain_view import Opening
from gettone.rewards.engine import compute
from gettone.rewards.model import parse_model
from gettone.rewards.own import traces_of
from gettone.rewards.run import RewardRun
from gettone.types import SettlementPeriod
from tests.factories.synthetic_log import SyntheticLog
from tests.factories.synthetic_people import (
    COMMUNITY,
    K_CY,
    MEMBER_CAP_UNITS,
    MODELS,
    PEOPLE,
    PERIOD_CAP_UNITS,
    SCOPE,
    SKIPPED,
    SLOT_S,
    SUBJECT,
    Person,
    Readings,
    class_of,
    community_of,
    period,
    throw_away,
    values_of,
)
from tests.factories.synthetic_settled import Settled, payment_of


@dataclass
class SyntheticLedger:
    """Settles period after period as oracle and contracts together would; meters read every `interval_s`.

    `fees_bps` are the assignment fees by class; all members are citizens but the numbers in `stakeholders`.
    """

    settled: list[Settled] = field(default_factory=list)
    skips_of: Mapping[tuple[int, int], frozenset[int]] = field(default_factory=dict)
    periods: Callable[[int], SettlementPeriod] = period
    interval_s: int = SLOT_S
    fees_bps: Mapping[int, int] = field(default_factory=lambda: {1: 0, 2: 0})
    stakeholders: frozenset[int] = frozenset()
    log: SyntheticLog | None = None

    def settle(
        self, key: tuple[int, int], version: int, changes: Mapping[tuple[int, int], tuple[int, int]] | None = None
    ) -> Settled:
        """Settle a revision; `changes` maps (member number, slot) to a corrected reading."""
        when = self.periods(key[0])
        values = {one.number: values_of(one, when, changes or {}, self.interval_s) for one in PEOPLE}
        community = community_of([*self._baseline(key), (when, values)], self.interval_s)
        run = compute(community, parse_model(MODELS[version]), when, period_cap_units=PERIOD_CAP_UNITS)
        scope = PeriodScope(SCOPE.deployment_id, when.start_s, when.end_s, *key, SCOPE.token)
        totals = commit_totals(
            K_CY,
            scope,
            COMMUNITY,
            SLOT_S,
            [one.withdrawn_wh for one in run.slot_totals],
            [one.injected_wh for one in run.slot_totals],
        )
        dues, befores = self._dues(key, run)
        model, params = self._documents(version, run, totals, dues, befores)
        inputs = {one.member_id: self._inputs(one, dues[one.member_id], befores[one.member_id]) for one in PEOPLE}
        by_name = traces_of(community, run)
        traces = {one.member_id: by_name[one.member_id.hex()] for one in PEOPLE}
        first = {one.number: self._first(key, one, values[one.number]) for one in PEOPLE}
        members = [self._member(one, key, values, first, run, inputs, traces) for one in PEOPLE]
        commitment = commit_settlement(scope, totals, model, params, members)
        plan = plan_payouts(((one.wallet, dues[one.member_id].payout_units) for one in PEOPLE if any(one.wallet)), 5)
        previous = self.settled[-1].opening.proposal_hash if self.settled else ZERO_HASH
        head = self.log.head if self.log else (ZERO_HASH, 0)
        proposal = commitment.proposal(
            model_version=version,
            payouts=plan,
            previous_settlement=previous,
            ingest_root=head[0],
            ingest_size=head[1],
        )
        number = 100 + 10 * len(self.settled)
        opening = Opening(
            proposal, proposal.struct_hash(), throw_away(f"open {key}"), number, throw_away(f"block {number}")
        )
        skips = self.skips_of.get(key, frozenset())
        payment = payment_of(key, when, dues, skips, self.fees_bps, self.stakeholders)
        self.settled.append(
            Settled(
                key,
                when,
                run,
                values,
                first,
                dues,
                inputs,
                traces,
                model,
                params,
                totals,
                commitment,
                plan,
                opening,
                payment,
            )
        )
        return self.settled[-1]

    def _baseline(self, key: tuple[int, int]) -> list[tuple[SettlementPeriod, Mapping[int, Readings]]]:
        """The period before in the revision opened last: enough for the fifteen days of period 0."""
        earlier = [settled for settled in self.settled if settled.key[0] == key[0] - 1]
        return [(earlier[-1].period, earlier[-1].values)] if earlier else []

    def _dues(
        self, key: tuple[int, int], run: RewardRun
    ) -> tuple[dict[bytes, Dues], dict[bytes, tuple[int, int, int]]]:
        dues, befores = {}, {}
        for one, reward in zip(PEOPLE, run.members, strict=True):
            revised = [settled for settled in self.settled if settled.key == (key[0], key[1] - 1)]
            entitled = revised[0].run.members[PEOPLE.index(one)].reward_units if revised else 0
            carried = self.carried_before(one)
            skipped = self._claim(one)
            befores[one.member_id] = (entitled, carried, skipped)
            dues[one.member_id] = settle_dues(
                entitlement_units=reward.reward_units,
                entitlement_before_units=entitled,
                carried_before_units=carried,
                skipped_units=skipped,
                member_cap_units=MEMBER_CAP_UNITS,
                has_wallet=any(one.wallet),
            )
        return dues, befores

    def carried_before(self, one: Person) -> int:
        """What the settlement before left over for a member."""
        return self.settled[-1].dues[one.member_id].carried_after_units if self.settled else 0

    def _claim(self, one: Person) -> int:
        skipped = sum(
            settled.dues[one.member_id].payout_units
            for settled in self.settled
            if one.number in self.skips_of.get(settled.key, frozenset())
        )
        return skipped - sum(int(settled.inputs[one.member_id]["skipped_units"]) for settled in self.settled)

    def _documents(
        self,
        version: int,
        run: RewardRun,
        totals: TotalsCommitment,
        dues: Mapping[bytes, Dues],
        befores: Mapping[bytes, tuple[int, int, int]],
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        sums = RosterSums(
            run.total_units,
            *(sum(column) for column in zip(*befores.values(), strict=True)),
            sum(one.carried_after_units for one in dues.values()),
        )
        params = SettlementParams(
            parameters=run.model.to_document(),
            timezone=run.period.timezone,
            utc_offsets=run.period.clock.points,
            netting="none",
            aggregates_root=totals.aggregates_root,
            allocations=[
                {
                    "of": one.of,
                    "budget_units": one.budget_units,
                    "total_score": one.total_score,
                    "cut_remainder": one.cut_remainder,
                    "cut_position": one.cut_position,
                }
                for one in run.allocations
            ],
            carry_in_units=0,
            assignment_fee_bps=self.fees_bps,
            sums=sums,
            gate_report_sha256="00" * 32,
        )
        return model_document(SCOPE.models, version, run.model.kind, "11" * 32), params.to_document()

    def _inputs(self, one: Person, due: Dues, before: tuple[int, int, int]) -> dict[str, Any]:
        device = DeviceInput(None, None, 3000, ((0, one.pod, series_pid(one.k_my, 0, one.pod)),))
        _, carried, skipped = before
        class_ = class_of(one, self.stakeholders)
        return MemberInputs(
            class_, carried, skipped, due.payout_units, due.carried_after_units, (device,)
        ).to_document()

    def _first(self, key: tuple[int, int], one: Person, values: Readings) -> tuple[int | None, int | None]:
        same = [
            settled for settled in self.settled if settled.key[0] == key[0] and settled.values[one.number] == values
        ]
        return (0, same[0].key[1]) if same else (None, None)

    def series_of(
        self,
        one: Person,
        values: Mapping[int, Readings],
        first: Mapping[int, tuple[int | None, int | None]],
    ) -> CommittedSeries:
        digest = self.log.digest_of(one.number) if self.log else ZERO_HASH
        return CommittedSeries(one.pod, 0, self.interval_s, values[one.number], 0, digest, *first[one.number])

    def _member(
        self,
        one: Person,
        key: tuple[int, int],
        values: Mapping[int, Readings],
        first: Mapping[int, tuple[int | None, int | None]],
        run: RewardRun,
        inputs: Mapping[bytes, dict[str, Any]],
        traces: Mapping[bytes, str],
    ) -> MemberCommitment:
        revised = [settled for settled in self.settled if settled.key == (key[0], key[1] - 1)]
        position = PEOPLE.index(one)
        return MemberCommitment(
            one.member_id,
            one.k_my,
            one.wallet,
            self.periods(0).start_s,
            OPEN_END,
            (self.series_of(one, values, first),),
            run.members[position].reward_units,
            inputs[one.member_id],
            traces[one.member_id],
            revised[0].commitment.members[position].assignment_hash if revised else ZERO_HASH,
        )


def settled_community() -> SyntheticLedger:
    """The community after period 0, period 1 and the correction of period 0.

    The subject's payout of period 0 is skipped and claimed in period 1.  The correction raises twenty hours of the
    subject so much that, as a baseline, it would move the subject's percentile.
    """
    ledger = SyntheticLedger(skips_of={(0, 0): frozenset({SKIPPED})})
    ledger.settle((0, 0), 1)
    ledger.settle((1, 0), 2)
    ledger.settle((0, 1), 1, {(SUBJECT, slot): (3000 + slot, 3) for slot in range(30, 50)} | {(5, 40): (1, 3)})
    return ledger
