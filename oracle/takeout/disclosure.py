"""What a take-out opens: the member's series, and the slot totals of the community where they hide everybody."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from gettone.db.repositories.settlement_rows import SettlementRow
from gettone.notary.commitments import SeriesCommitment, TotalsCommitment
from gettone.notary.keys import KeyKind, period_key
from gettone.notary.series import Reading
from gettone.notary.takeout import TakeoutSeries, TakeoutTotals, TotalsRoots
from gettone.notary.takeout_format import Level
from gettone.types import SettlementPeriod
from oracle.settle.documents import slot_totals_of
from oracle.settle.stored import StoredSettlement
from oracle.settle.trees import TreeBuilder

DISCLOSURE_FLOOR = 8
"""Below eight members behind a total, totals minus one's own data reveal the neighbours (LECN-1 §1)."""


@dataclass(frozen=True, slots=True)
class TakeoutRequest:
    """Whose take-out of which range: `member` is a wallet or the first digits of a member id."""

    community: str
    member: str
    period: SettlementPeriod
    level: Level = Level.FULL


def opened_series(
    builder: TreeBuilder, stored: StoredSettlement, committed: Sequence[SeriesCommitment], request: TakeoutRequest
) -> tuple[TakeoutSeries, ...]:
    """The member's committed series with their keys and values, ordered by pid."""
    member_id = stored.members[0].computed.member_id
    parts = {(one.pod, one.direction): one for one in builder.series(member_id)}
    k_my = builder.member_key(member_id)
    return tuple(
        _opened(one, parts[one.pod, one.header.direction].values, k_my, KeyKind.SERIES, stored, request)
        for one in committed
    )


def slot_totals(
    builder: TreeBuilder,
    stored: StoredSettlement,
    totals: TotalsCommitment,
    request: TakeoutRequest,
    *,
    holds_erased: bool,
) -> TakeoutTotals | TotalsRoots:
    """Slot totals from eight members on behind each of them; else their roots alone (LECN-1 §1).

    Where a member was erased they are for auditors only: less the others' readings they give the erased curve (§4).
    """
    both = (totals.withdrawn, totals.injected)
    if holds_erased or not totals_are_disclosed(stored.row):
        return TotalsRoots(*((one.root, one.tree_size) for one in both))
    slots = slot_totals_of(stored.row)
    values = ([(one.withdrawn_wh, 1) for one in slots], [(-one.injected_wh, 1) for one in slots])
    return TakeoutTotals(
        *(
            _opened(one, signed, builder.community_key(), KeyKind.TOTALS, stored, request)
            for one, signed in zip(both, values, strict=True)
        )
    )


def totals_are_disclosed(settlement: SettlementRow) -> bool:
    """Whether eight members or more stand behind each slot total."""
    behind = json.loads(settlement.computed.community_json)
    counts = (behind["members_withdrawing"], behind["members_injecting"])
    return all(count >= DISCLOSURE_FLOOR for count in counts)


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
