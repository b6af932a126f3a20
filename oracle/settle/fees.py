"""The assignment fees of a settlement: the chain takes those in force when it opens, the oracles sign them before."""

from collections.abc import Mapping

from gettone.chain.consent import MemberClass
from gettone.chain.contract_set import CommunityContracts
from gettone.db.repositories.settlement_rows import Computed
from gettone.errors import Held
from gettone.periods import utc_text

FeesBps = Mapping[int, int]
"""Assignment fee [bps] by the class of the member."""

CERTAIN_S = 3600
"""What the fees will be within an hour is known: no community may change them with a shorter notice."""


def fees_in_force(contracts: CommunityContracts, instant_s: int | None = None) -> FeesBps:
    """The assignment fees at an instant (unix seconds), without one at the chain's present."""
    fees = contracts.policy.assignment_fees_at(contracts.client.now_s() if instant_s is None else instant_s)
    return fees_by_class(fees.citizen_bps, fees.stakeholder_bps)


def fees_by_class(citizen_bps: int, stakeholder_bps: int) -> FeesBps:
    """The fees as the params object of a settlement names them."""
    return {int(MemberClass.CITIZEN): citizen_bps, int(MemberClass.STAKEHOLDER): stakeholder_bps}


def named_fees(computed: Computed) -> FeesBps:
    """The fees that a stored settlement names."""
    return fees_by_class(computed.citizen_fee_bps, computed.stakeholder_fee_bps)


def require_certain_fees(contracts: CommunityContracts) -> None:
    """Held `fee_changes_soon` while a change is so near that a settlement sent now could open under either fee."""
    now_s = contracts.client.now_s()
    before, after = fees_in_force(contracts, now_s), fees_in_force(contracts, now_s + CERTAIN_S)
    if before != after:
        change = contracts.policy.scheduled_fees()
        when = utc_text(change.valid_from_s if change else now_s + CERTAIN_S)
        raise Held(
            "fee_changes_soon",
            f"the assignment fees change from {fees_text(before)} to {fees_text(after)} at {when}, and a settlement "
            "opened about then could take either: run it again after that time",
        )


def fees_text(fees: FeesBps) -> str:
    """The fees in words."""
    return f"{fees[MemberClass.CITIZEN]} bps (citizen) and {fees[MemberClass.STAKEHOLDER]} bps (stakeholder)"
