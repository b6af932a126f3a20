"""Second step of a settlement: the trees over what was computed, with the documents behind their digests."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from gettone.chain.contract_set import CommunityContracts
from gettone.db.repositories.keys import Keys
from gettone.db.repositories.settlement_rows import SettlementMemberRow
from gettone.errors import CheckFailed
from gettone.notary.commit import commit_settlement, commit_totals
from gettone.notary.commitments import (
    CommittedSeries,
    ErasedMember,
    MemberCommitment,
    PeriodScope,
    SettlementCommitment,
    TotalsCommitment,
)
from gettone.notary.digests import DeviceInput, MemberInputs, RosterSums, SettlementParams, model_document
from gettone.notary.keys import series_pid
from gettone.notary.leaves import ZERO_ADDRESS, ZERO_HASH
from gettone.notary.payouts import PayoutPlan, plan_payouts
from gettone.rewards import VECTORS_SHA256
from gettone.vault import Vault
from oracle.settle.documents import model_of, slot_totals_of
from oracle.settle.erased import tombstone
from oracle.settle.fees import named_fees
from oracle.settle.period_inputs import RosterMember
from oracle.settle.sources import SeriesSources
from oracle.settle.stored import StoredSettlement


@dataclass(frozen=True, slots=True)
class SettlementTrees:
    """The commitment of a settlement, the documents behind it, and the payouts it fixes."""

    totals: TotalsCommitment
    model: dict[str, Any]
    params: dict[str, Any]
    inputs: tuple[dict[str, Any] | None, ...]
    commitment: SettlementCommitment
    payouts: PayoutPlan


class TreeBuilder:
    """Builds the trees of a stored settlement; the same bytes every time, since keys and inputs are kept."""

    def __init__(
        self,
        contracts: CommunityContracts,
        vault: Vault,
        connection: Connection,
        stored: StoredSettlement,
        sources: SeriesSources,
        superseded: Mapping[str, bytes] = MappingProxyType({}),
    ) -> None:
        """`superseded` has the leaf hash of the revision before, by member id."""
        self._contracts = contracts
        self._stored = stored
        self._sources = sources
        self._superseded = superseded
        self._keys = Keys(connection, vault)

    def build(self, chunk_size: int) -> SettlementTrees:
        """All trees, with at most `chunk_size` payouts in a chunk.

        The sum of the payouts is checked against the sums over the roster.
        """
        scope, totals = self.scope(), self.totals()
        model, params = self.model_document(), self._params(totals)
        pairs = list(zip(self._stored.inputs.roster, self._stored.members, strict=True))
        inputs = tuple(None if on_roster.is_erased else self._inputs(row) for on_roster, row in pairs)
        members = [
            self._member(on_roster, row, document) for (on_roster, row), document in zip(pairs, inputs, strict=True)
        ]
        commitment = commit_settlement(scope, totals, model, params, members)
        return SettlementTrees(totals, model, params, inputs, commitment, self._payouts(chunk_size))

    def scope(self) -> PeriodScope:
        """Which revision of which period of which deployment."""
        computed = self._stored.row.computed
        return PeriodScope(
            deployment_id=self._contracts.ledger.deployment_id(),
            period_start_s=computed.period_start_s,
            period_end_s=computed.period_end_s,
            period_index=computed.period_index,
            revision=computed.revision,
            token=_raw(self._contracts.token.contract.address),
        )

    def totals(self) -> TotalsCommitment:
        """The committed slot totals of the community."""
        totals = slot_totals_of(self._stored.row)
        return commit_totals(
            self.community_key(),
            self.scope(),
            self._stored.community.slug,
            self._stored.model.sharing.slot_s,
            [one.withdrawn_wh for one in totals],
            [one.injected_wh for one in totals],
        )

    def member_key(self, member_id: str) -> bytes:
        """K_my of a member for the year of the period."""
        return self._keys.member_key(member_id, self._stored.key_year)

    def community_key(self) -> bytes:
        """K_cy of the community for the year of the period."""
        return self._keys.community_key(self._stored.community.community_id, self._stored.key_year)

    def series(self, member_id: str) -> tuple[CommittedSeries, ...]:
        """The series of one member as they are committed, in the order of the tables."""
        parts = self._stored.inputs.series_of(member_id)
        sources = [self._sources[member_id, part.channel.channel_id] for part in parts]
        return tuple(
            CommittedSeries(
                pod=part.pod,
                direction=int(part.channel.direction),
                slot_s=part.channel.step_s,
                values=part.values,
                source_class=source.source_class,
                source_digest=source.digest,
                first_number=source.first_number,
                first_revision=source.first_revision,
            )
            for part, source in zip(parts, sources, strict=True)
        )

    def model_document(self) -> dict[str, Any]:
        """The object behind the model digest."""
        computed = self._stored.row.computed
        models = _raw(self._contracts.models.contract.address)
        return model_document(models, computed.model_version, self._stored.model.kind, VECTORS_SHA256)

    def _params(self, totals: TotalsCommitment) -> dict[str, Any]:
        computed = self._stored.row.computed
        return SettlementParams(
            parameters=model_of(self._stored.row),
            timezone=computed.timezone,
            utc_offsets=self._stored.period.clock.points,
            netting=self._stored.community.netting,
            aggregates_root=totals.aggregates_root,
            allocations=json.loads(computed.allocations_json),
            carry_in_units=computed.carry_in_units,
            assignment_fee_bps=named_fees(computed),
            sums=roster_sums(self._stored.members),
            gate_report_sha256=computed.gate_report_sha256.hex(),
        ).to_document()

    def _inputs(self, row: SettlementMemberRow) -> dict[str, Any]:
        computed = row.computed
        k_my = self.member_key(computed.member_id)
        devices = tuple(
            DeviceInput(
                holding.from_s,
                holding.to_s,
                holding.contract_power_w,
                tuple(
                    (int(one.direction), holding.pod, series_pid(k_my, int(one.direction), holding.pod))
                    for one in holding.channels
                ),
            )
            for holding in self._stored.inputs.holdings_of(computed.member_id)
        )
        return MemberInputs(
            class_=computed.member_class,
            carried_before_units=computed.carried_before_units,
            skipped_units=computed.skipped_units,
            payout_units=computed.payout_units,
            carried_after_units=computed.carried_after_units,
            devices=devices,
        ).to_document()

    def _member(
        self, on_roster: RosterMember, row: SettlementMemberRow, inputs: dict[str, Any] | None
    ) -> MemberCommitment | ErasedMember:
        if on_roster.is_erased:
            line = next(one for one in self._stored.inputs.erased_lines if one.member_id == on_roster.member_id)
            return tombstone(line, row.computed.entitlement_units, self.community_key(), self.scope())
        return MemberCommitment(
            member_id=bytes.fromhex(on_roster.member_id),
            k_my=self.member_key(on_roster.member_id),
            wallet=ZERO_ADDRESS if row.computed.wallet is None else _raw(row.computed.wallet),
            member_from_s=on_roster.from_s,
            member_to_s=on_roster.to_s,
            series=self.series(on_roster.member_id),
            amount_units=row.computed.entitlement_units,
            inputs=inputs,
            trace=row.computed.trace,
            prev_leaf=self._superseded.get(on_roster.member_id, ZERO_HASH),
        )

    def _payouts(self, chunk_size: int) -> PayoutPlan:
        amounts = [
            (_raw(row.computed.wallet), row.computed.payout_units)
            for row in self._stored.members
            if row.computed.wallet is not None
        ]
        plan = plan_payouts(amounts, chunk_size)
        owed_units = roster_sums(self._stored.members).total_units
        if plan.total_units != owed_units:
            raise CheckFailed(
                "payout_sum", f"the payouts are {plan.total_units} units, the roster adds up to {owed_units}"
            )
        return plan


def roster_sums(members: tuple[SettlementMemberRow, ...]) -> RosterSums:
    """Sums over the roster that say where every unit went [base units]."""
    rows = [one.computed for one in members]
    return RosterSums(
        entitlement_units=sum(one.entitlement_units for one in rows),
        entitlement_before_units=sum(one.entitlement_before_units for one in rows),
        carried_before_units=sum(one.carried_before_units for one in rows),
        skipped_units=sum(one.skipped_units for one in rows),
        carried_after_units=sum(one.carried_after_units for one in rows),
    )


def _raw(address: str) -> bytes:
    return bytes.fromhex(address.removeprefix("0x"))
