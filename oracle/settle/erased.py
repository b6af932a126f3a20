"""Members erased since the revision before, as a revision counts them: their scores, and their share of the totals.

Nobody's secret is needed.  The share follows from the stored totals less the readings of everybody else as they were
settled, so it holds only while those still give what was committed.
"""

import hmac
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256

from sqlalchemy import Connection

from gettone.db.repositories.keys import Keys
from gettone.db.repositories.settlement_rows import ComputedMember
from gettone.errors import Conflict
from gettone.notary.commitments import ErasedMember, PeriodScope
from gettone.notary.keys import series_pid
from gettone.periods import local_date
from gettone.rewards.engine import slot_totals
from gettone.rewards.erased import Erased, erased_figures
from gettone.rewards.inputs import SlotTotal
from gettone.rewards.member_slots import member_slots
from gettone.rewards.model import POOL, Model
from gettone.rewards.run import MemberReward
from gettone.types import SettlementPeriod
from gettone.vault import Vault
from oracle.settle.documents import slot_totals_of, to_text
from oracle.settle.member_series import MemberSeries
from oracle.settle.period_inputs import PeriodInputs, PeriodReader, RosterMember, cutoff_of
from oracle.settle.revision import ErasedLine, RevisionBefore, erased_lines
from oracle.settle.unchanged import is_unchanged, series_by_member


def with_erased(
    connection: Connection,
    vault: Vault,
    reader: PeriodReader,
    inputs: PeriodInputs,
    before: RevisionBefore | None,
    period: SettlementPeriod,
    model: Model,
) -> PeriodInputs:
    """The inputs of a revision with those members of the revision before that were erased.

    Conflict `erased_share_unknown` when the others' readings of then no longer give what was committed.
    """
    lines = erased_lines(before)
    if before is None or not lines:
        return inputs
    then = reader.read(period, model, cutoff_of(before.row))
    _require_as_committed(connection, Keys(connection, vault), before, then.parts, period)
    slot_s = model.sharing.slot_s
    slots = (member_slots(own, period.start_s, period.end_s, slot_s) for own in then.community.by_member().values())
    others = slot_totals(slots, range(period.start_s, period.end_s, slot_s))
    figures = tuple(
        erased_figures(one.member_id, one.scores, 0 if model.mode == POOL else one.entitlement_units) for one in lines
    )
    roster = [RosterMember(one.member_id, one.roster.member_from_s, one.roster.member_to_s, True) for one in lines]
    return replace(
        inputs,
        roster=tuple(sorted((*inputs.roster, *roster), key=lambda one: one.member_id)),
        erased=Erased(figures, tuple(_shares(slot_totals_of(before.row), others, before))),
        erased_lines=lines,
    )


def erased_row(position: int, reward: MemberReward, line: ErasedLine) -> ComputedMember:
    """The line of an erased member: a difference is neither paid nor claimed by anybody, it is written off."""
    return ComputedMember(
        leaf_index=position,
        member_id=line.member_id,
        member_class=line.member_class,
        wallet=None,
        entitlement_units=reward.reward_units,
        entitlement_before_units=line.entitlement_units,
        carried_before_units=0,
        skipped_units=0,
        payout_units=0,
        carried_after_units=reward.reward_units - line.entitlement_units,
        scores_json=to_text({name: str(score) for name, score in line.scores.items()}),
        trace="",
    )


def tombstone(line: ErasedLine, amount_units: int, k_cy: bytes, scope: PeriodScope) -> ErasedMember:
    """What is committed of an erased member, with an entitlement [base units].

    The blinds follow from the community's key of the year, so that every operator commits the same; without it they
    are as good as random.
    """
    return ErasedMember(
        bytes.fromhex(line.member_id),
        line.assignment,
        line.roster,
        line.prev_leaf,
        amount_units,
        *(_blind(k_cy, scope, number, line.prev_leaf) for number in (0, 1)),
    )


def _blind(k_cy: bytes, scope: PeriodScope, number: int, prev_leaf: bytes) -> bytes:
    place = bytes([number]) + scope.period_index.to_bytes(4, "big") + scope.revision.to_bytes(4, "big")
    return hmac.new(k_cy, b"lecn.tmb" + place + prev_leaf, sha256).digest()


def _shares(stored: Iterable[SlotTotal], others: Iterable[SlotTotal], before: RevisionBefore) -> Iterable[SlotTotal]:
    for total, rest in zip(stored, others, strict=True):
        share = SlotTotal(total.start_s, total.withdrawn_wh - rest.withdrawn_wh, total.injected_wh - rest.injected_wh)
        if min(share.withdrawn_wh, share.injected_wh) < 0:
            raise _unknown(before)
        yield share


def _require_as_committed(
    connection: Connection, keys: Keys, before: RevisionBefore, parts: Iterable[MemberSeries], period: SettlementPeriod
) -> None:
    """Every series of the others is still the one that was committed, and none is missing."""
    computed = before.row.computed
    scope = PeriodScope(bytes(32), period.start_s, period.end_s, computed.period_index, computed.revision, bytes(20))
    year = local_date(period.start_s, period.timezone).year
    committed = dict(series_by_member(connection, before))
    for part in parts:
        k_my = keys.member_key(part.member_id, year)
        prior = committed.pop((part.member_id, series_pid(k_my, int(part.channel.direction), part.pod)), None)
        if prior is None or not is_unchanged(scope, k_my, part, prior):
            raise _unknown(before)
    if committed:
        raise _unknown(before)


def _unknown(before: RevisionBefore) -> Conflict:
    computed = before.row.computed
    return Conflict(
        "erased_share_unknown",
        f"period {computed.period_index} holds an erased member, whose share of its totals is known only while "
        f"registry and readings of the others still give what revision {computed.revision} committed, and they do "
        "not: take back what was changed of that time in the registry, then run `gettone settle resume`",
    )
