"""The eight categories of services: who provides, who pays, and which kinds there are (contracts.md §9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from gettone.chain.consent import MemberClass

PAYERS_MAX = 32


class Kind(IntEnum):
    """What an agreement is about."""

    SERVICE = 0
    TIME_BANK = 1
    USED_GOODS = 2
    LOAN = 3
    NEW_GOODS = 4


@dataclass(frozen=True, slots=True)
class Category:
    """One category: classes of provider and payers (None: the community pays), and what else it needs."""

    provider: MemberClass
    payer: MemberClass | None
    payers_max: int
    has_structure: bool
    kinds: tuple[Kind, ...]

    @property
    def is_paid_by_community(self) -> bool:
        """Whether the Treasury funds, a verifier confirms and the platform admin resolves."""
        return self.payer is None


_CITIZEN, _STAKEHOLDER = MemberClass.CITIZEN, MemberClass.STAKEHOLDER
_HOURS = (Kind.SERVICE, Kind.TIME_BANK)
_GOODS = (Kind.USED_GOODS, Kind.LOAN)

CATEGORIES: Mapping[int, Category] = {
    1: Category(_CITIZEN, _CITIZEN, 1, False, (*_HOURS, *_GOODS)),
    2: Category(_CITIZEN, _CITIZEN, PAYERS_MAX, True, _HOURS),
    3: Category(_STAKEHOLDER, _CITIZEN, 1, False, (Kind.SERVICE, Kind.NEW_GOODS)),
    4: Category(_STAKEHOLDER, _STAKEHOLDER, 1, False, (Kind.SERVICE, *_GOODS)),
    5: Category(_CITIZEN, _STAKEHOLDER, 1, False, (Kind.SERVICE,)),
    6: Category(_CITIZEN, None, 0, False, _HOURS),
    7: Category(_STAKEHOLDER, None, 0, False, (Kind.SERVICE,)),
    8: Category(_CITIZEN, None, 0, True, _HOURS),
}
INCENTIVE_KINDS = tuple(
    (number, kind) for number, category in CATEGORIES.items() if category.payer for kind in category.kinds
)
"""Every (category, kind) that a policy may give an incentive."""
