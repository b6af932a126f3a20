"""What the chain would refuse of a proposal, said before anything is signed."""

from gettone.chain.contract_set import CommunityContracts
from gettone.chain.settlement_ledger import SettlementState
from gettone.db.repositories.settlement_rows import SettlementRow
from gettone.errors import Conflict


def require_room(contracts: CommunityContracts, settlement: SettlementRow) -> None:
    """Conflict `total_above_cap` when all revisions of a period together would pay more than its cap.

    The budget never exceeds the cap, but claims and corrections come on top of it.
    """
    computed, ledger = settlement.computed, contracts.ledger
    earlier = [ledger.settlement(computed.period_index, number) for number in range(computed.revision)]
    taken = sum(_taken_units(one.state, one.total_units, one.paid_units, one.skipped_units) for one in earlier)
    cap_units = ledger.caps().period_units
    if taken + computed.total_units > cap_units:
        raise Conflict(
            "total_above_cap",
            f"period {computed.period_index} revision {computed.revision} pays {computed.total_units} units on top of "
            f"{taken} of its earlier revisions, above the period cap of {cap_units}: the community admin schedules a "
            "higher cap (`SettlementLedger.scheduleCaps`), then run `gettone settle resume`",
        )


def _taken_units(state: SettlementState, total_units: int, paid_units: int, skipped_units: int) -> int:
    """What a revision takes of the cap: a voided rest frees it (ADR 0011)."""
    return paid_units + skipped_units if state is SettlementState.VOIDED else total_units
