"""What an agreement will move when it is settled: legs between parties, fees, and the incentive at most."""

from collections.abc import Mapping
from dataclasses import dataclass

from gettone.chain.agreement import Terms
from gettone.chain.categories import CATEGORIES, Kind
from gettone.chain.consent import MemberClass

BPS, PERMILLE = 10_000, 1_000
COMMUNITY = "community"


@dataclass(frozen=True, slots=True)
class Leg:
    """Base units that go to one party, the fee of it apart; `receiver` is a member id or the community."""

    receiver: str
    net_units: int
    fee_units: int
    what: str


@dataclass(frozen=True, slots=True)
class Incentive:
    """What a settled agreement earns at most; budgets, caps and required checks may leave less."""

    provider_units: int
    payers_units: int
    required_checks: int


def legs_of(terms: Terms, fee_bps: Mapping[tuple[MemberClass, MemberClass], int]) -> tuple[Leg, ...]:
    """The legs of the settlement; `fee_bps` is the service fee by class of payer and receiver.

    The sum of nets and fees is what was put into escrow.
    """
    category, is_reversed = CATEGORIES[terms.category], terms.kind is Kind.NEW_GOODS
    payer, receiver = (category.provider, category.payer) if is_reversed else (category.payer, category.provider)
    price_to = terms.payers[0] if is_reversed else terms.provider
    found = [_leg(price_to, terms.price_units, _bps(fee_bps, payer, receiver), "price")]
    if terms.structure is not None and terms.compensation_units:
        bps = _bps(fee_bps, payer, MemberClass.STAKEHOLDER)
        found.append(_leg(terms.structure, terms.compensation_units, bps, "compensation"))
    if terms.deposit_units:
        shares = shares_of(terms.deposit_units, len(terms.payers))
        found += [Leg(one, share, 0, "deposit") for one, share in zip(terms.payers, shares, strict=True)]
    total = terms.price_units + terms.compensation_units + terms.deposit_units
    if sum(one.net_units + one.fee_units for one in found) != total:
        raise AssertionError(f"the legs of an agreement sum to something else than {total}")
    return tuple(found)


def shares_of(units: int, count: int) -> tuple[int, ...]:
    """Equal shares; the first ones have one more where it does not divide.

    >>> shares_of(10, 3)
    (4, 3, 3)
    """
    share, more = divmod(units, count)
    return tuple(share + (place < more) for place in range(count))


def funding_of(terms: Terms) -> Mapping[str, int]:
    """Base units that each funder puts into escrow with their consent; the community by its name."""
    total = terms.price_units + terms.compensation_units + terms.deposit_units
    if CATEGORIES[terms.category].is_paid_by_community:
        return {COMMUNITY: total}
    if terms.kind is Kind.NEW_GOODS:
        return {terms.provider: total}
    return dict(zip(terms.payers, shares_of(total, len(terms.payers)), strict=True))


def incentive_of(terms: Terms, rule: Mapping[str, int] | None) -> Incentive:
    """The incentive by a rule of the policy (its fields in the words of the contract), 0 without one."""
    if rule is None or not terms.payers:
        return Incentive(0, 0, 0)
    by_price = terms.price_units * int(rule["priceBps"]) // BPS
    total = min(int(rule["fixedUnits"]) + by_price, int(rule["capUnits"]))
    provider = total * int(rule["providerPermille"]) // PERMILLE
    return Incentive(provider, total - provider, int(rule["requiredChecks"]))


def _leg(receiver: str, units: int, bps: int, what: str) -> Leg:
    fee = units * bps // BPS
    return Leg(receiver, units - fee, fee, what)


def _bps(
    fees: Mapping[tuple[MemberClass, MemberClass], int], payer: MemberClass | None, receiver: MemberClass | None
) -> int:
    """No fee where the community pays."""
    return 0 if payer is None or receiver is None else fees.get((payer, receiver), 0)
