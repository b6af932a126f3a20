"""The states of a member and the ways between them; before them a request is requested, then approved."""

from enum import StrEnum

from gettone.errors import Conflict


class MemberState(StrEnum):
    """Awaiting_fee → wallet_pending → active ⇄ suspended → leaving → left; `frozen` is suspended by older imports."""

    AWAITING_FEE = "awaiting_fee"
    WALLET_PENDING = "wallet_pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    FROZEN = "frozen"
    LEAVING = "leaving"
    LEFT = "left"


_WAYS: dict[MemberState, tuple[MemberState, ...]] = {
    MemberState.AWAITING_FEE: (MemberState.WALLET_PENDING, MemberState.LEFT),
    MemberState.WALLET_PENDING: (MemberState.ACTIVE, MemberState.LEFT),
    MemberState.ACTIVE: (MemberState.SUSPENDED, MemberState.LEAVING),
    MemberState.SUSPENDED: (MemberState.ACTIVE, MemberState.LEAVING),
    MemberState.FROZEN: (MemberState.ACTIVE, MemberState.LEAVING),
    MemberState.LEAVING: (MemberState.LEFT,),
    # Who left may join again, under the same member id.
    MemberState.LEFT: (MemberState.AWAITING_FEE, MemberState.WALLET_PENDING),
}


def require_way(before: MemberState, after: MemberState) -> None:
    """Conflict `conflict` where there is no way from one state to the other."""
    if after not in _WAYS[before]:
        raise Conflict("conflict", f"a member who is {before} cannot become {after}: see the states of a member")
