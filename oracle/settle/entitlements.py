"""From the entitlement of a period to what is paid now and what is carried (LECN-1 §2)."""

from dataclasses import dataclass

PAYOUT_LIMIT_UNITS = 2**96 - 1
"""The largest amount a payout word holds."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one member brings into a settlement, in token base units.

    Attributes:
        entitlement_units: reward of the period by the model, >= 0.
        entitlement_before_units: entitlement of the same period in the revision before; 0 at revision 0.
        carried_before_units: rest of the member's settlement before, of either sign.
        skipped_units: earlier payouts that the chain skipped or that were voided, not yet claimed again.
        has_wallet: without a wallet nothing is paid and everything is carried.
    """

    entitlement_units: int
    entitlement_before_units: int
    carried_before_units: int
    skipped_units: int
    has_wallet: bool


@dataclass(frozen=True, slots=True)
class Payout:
    """What is paid now (0 .. cap) and what is carried into the member's next settlement (either sign)."""

    payout_units: int
    carried_after_units: int


def pay_out(claim: Claim, member_cap_units: int) -> Payout:
    """Limit what is due to 0 .. the member cap and carry the rest.

    A negative difference is offset against future rewards and never taken from a wallet.

    >>> pay_out(Claim(500, 0, -80, 0, True), 10**6)
    Payout(payout_units=420, carried_after_units=0)
    >>> pay_out(Claim(500, 600, 0, 0, True), 10**6)
    Payout(payout_units=0, carried_after_units=-100)
    """
    due_units = (
        claim.entitlement_units
        - claim.entitlement_before_units
        + claim.carried_before_units
        + claim.skipped_units
    )
    limit_units = min(member_cap_units, PAYOUT_LIMIT_UNITS) if claim.has_wallet else 0
    payout_units = max(0, min(due_units, limit_units))
    return Payout(payout_units, due_units - payout_units)
