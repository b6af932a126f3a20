"""A member's own receipt of a settlement: what was measured, by which parameters it was rewarded, and how rounded."""

import json
from typing import Any

from api.access import Access
from api.context import ApiContext
from api.refusals import NotFound
from api.settlements import repository, service
from api.settlements.schemas import ReceiptBody
from gettone.db.repositories.settlement_rows import SettlementRow

CITIZEN = 1


def read_receipt(context: ApiContext, access: Access, period_index: int, revision: int | None) -> ReceiptBody:
    """The own receipt; NotFound for who was not on the roster."""
    with context.database.read() as connection:
        settlement = service.visible(connection, access, period_index, revision)
        own = repository.line(connection, settlement, access.own_member_id or "") if access.own_member_id else None
        if own is None:
            raise NotFound("not_found", f"you were not on the roster of period {period_index}")
        whole = repository.whole(connection, settlement)
    withdrawn_wh, injected_wh = own_energy_wh(own.computed.trace)
    return ReceiptBody(
        settlement=service.body_of(settlement, access),
        line=service.line_of(own, access),
        withdrawn_wh=withdrawn_wh,
        injected_wh=injected_wh,
        model=json.loads(whole.computed.model_json),
        params=None if whole.committed is None else json.loads(whole.committed.params_json),
        allocations=_texts(json.loads(whole.computed.allocations_json)),
        fee_bps=_fee_bps(whole, own.computed.member_class),
    )


def own_energy_wh(trace: str) -> tuple[int, int]:
    """Withdrawn and injected energy of a member, summed from the slots of the calculation's trace.

    >>> own_energy_wh("slot,0,1467324000,250,0,900,100,100,27,0\\nslot,1,1467327600,300,5,800,90,90,33,0\\n")
    (550, 5)
    """
    slots = [line.split(",") for line in trace.splitlines() if line.startswith("slot,")]
    return sum(int(one[3]) for one in slots), sum(int(one[4]) for one in slots)


def _fee_bps(whole: SettlementRow, member_class: int) -> int:
    computed = whole.computed
    return computed.citizen_fee_bps if member_class == CITIZEN else computed.stakeholder_fee_bps


def _texts(allocations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Numbers as decimal text: totals of scores are larger than what JSON readers keep exact."""
    return [{name: str(value) for name, value in one.items()} for one in allocations]
