"""What a take-out opens: the member's series, and the slot totals of the community where they hide everybody."""

from collections.abc import Sequence
from dataclasses import dataclass

from gettone.notary.commitments import CommittedMember, SeriesCommitment
from gettone.notary.keys import KeyKind, period_key
from gettone.notary.series import Reading
from gettone.notary.takeout import TakeoutSeries, TakeoutTotals, TotalsRoots
from gettone.notary.takeout_format import Level
from gettone.types import SettlementPeriod
from oracle.settle.documents import slot_totals_of
from oracle.settle.stored import StoredSettlement
from oracle.settle.trees import SettlementTrees, TreeBuilder

DISCLOSURE_FLOOR = 8
"""Below eight members behind a total, totals minus one's own data reveal the neighbours (LECN-1 §1)."""


@dataclass(frozen=True, slots=True)
class TakeoutRequest:
    """Whose take-out of which range: `member` is a wallet or the first digits of a member id."""

    community: str
    member: str
    period: SettlementPeriod
    level: Level = Level.FULL


def member_series(
    builder: TreeBuilder, stored: StoredSettlement, committed: CommittedMember, k_my: bytes, request: TakeoutRequest
) -> tuple[TakeoutSeries, ...]:
    """The member's committed series with their keys and values, ordered by pid."""
    parts = {(one.pod, one.direction): one for one in builder.series(committed.member_id.hex())}
    return tuple(
        _opened(one, parts[one.pod, one.header.direction].values, k_my, KeyKind.SERIES, stored, request)
        for one in committed.series
    )


def slot_totals(
    builder: TreeBuilder, stored: StoredSettlement, trees: SettlementTrees, request: TakeoutRequest
) -> TakeoutTotals | TotalsRoots:
    """Slot totals from eight members on behind each of them; else their roots alone (LECN-1 §1)."""
    both = (trees.totals.withdrawn, trees.totals.injected)
    if not totals_are_disclosed(stored):
        return TotalsRoots(*((one.root, one.tree_size) for one in both))
    totals = slot_totals_of(stored.row)
    values = ([(one.withdrawn_wh, 1) for one in totals], [(-one.injected_wh, 1) for one in totals])
    return TakeoutTotals(
        *(
            _opened(one, signed, builder.community_key(), KeyKind.TOTALS, stored, request)
            for one, signed in zip(both, values, strict=True)
        )
    )


def totals_are_disclosed(stored: StoredSettlement) -> bool:
    """Whether eight members or more stand behind each slot total."""
    withdrawing, injecting = set(), set()
    for part in stored.inputs.parts:
        values = part.counted().values()
        if any(wh > 0 for wh in values):
            withdrawing.add(part.member_id)
        if any(wh < 0 for wh in values):
            injecting.add(part.member_id)
    groups = (stored.members, withdrawing, injecting)
    return all(len(group) >= DISCLOSURE_FLOOR for group in groups)


def _opened(
    one: SeriesCommitment,
    values: Sequence[Reading],
    yearly_key: bytes,
    kind: KeyKind,
    stored: StoredSettlement,
    request: TakeoutRequest,
) -> TakeoutSeries:
    k_p = period_key(yearly_key, kind, one.number, stored.row.computed.period_index, one.first_revision)
    slots = range(one.header.period_start_s, stored.period.end_s, one.header.slot_s)
    disclosed = frozenset(
        at for at, start_s in enumerate(slots) if request.period.start_s <= start_s < request.period.end_s
    )
    return TakeoutSeries(one.header, one.number, one.first_revision, k_p, values, disclosed)
