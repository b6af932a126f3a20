"""K22: tokens that settlements of a range brought, and those not paid yet."""

from dataclasses import dataclass

from sqlalchemy import Connection

from gettone.db.repositories.settlement_rows import SettlementRow
from gettone.db.repositories.settlement_states import SettlementState
from gettone.db.repositories.settlements import Settlements

_PAID = (SettlementState.PAID, SettlementState.CLOSED)


@dataclass(frozen=True, slots=True)
class TokensOfRange:
    """Base units of the token: earned by settlements that are paid out, and by those still on their way."""

    earned_units: int
    pending_units: int


def tokens_of(
    connection: Connection, community_id: int, start_s: int, end_s: int, member_id: str | None
) -> TokensOfRange:
    """Payouts, before the assignment fee, of the settlements whose period lies in [start_s, end_s) [unix s].

    Every revision pays only its difference, so revisions add up.  A payout that the chain skipped or voided counts
    once: of the community where it is paid at last, of a member where it was due.
    """
    settlements = Settlements(connection)
    earned = pending = 0
    for one in settlements.of_community(community_id):
        if one.computed.period_start_s < start_s or one.computed.period_end_s > end_s:
            continue
        units = _units(settlements, one, member_id)
        if one.state in _PAID:
            earned += units
        else:
            pending += units
    return TokensOfRange(earned, pending)


def _units(settlements: Settlements, settlement: SettlementRow, member_id: str | None) -> int:
    if member_id is None:
        return settlement.computed.total_units - (settlement.skipped_units or 0) - (settlement.voided_units or 0)
    line = settlements.line(settlement.settlement_id, member_id)
    return 0 if line is None else line.computed.payout_units - line.computed.skipped_units
