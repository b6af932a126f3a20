"""An agreement as the model knows it: its parties, its state, and what of it is in escrow."""

from dataclasses import dataclass, field

from services import ACCEPTED, DELIVERED, DISPUTED, LENT, PROPOSED, RETURNED

COMMUNITY = "community"


@dataclass
class Deal:
    """An agreement as the model knows it; parties are slots or COMMUNITY."""

    terms: dict
    provider: int
    payers: list
    structure: int | None
    proposer: object
    state: int = PROPOSED
    consents: set = field(default_factory=set)
    confirmed: set = field(default_factory=set)
    accepted_at: int = 0
    stamp: int = 0
    stamp_paused: int = 0
    lent: bool = False

    @property
    def funders(self) -> list:
        return self.payers or [COMMUNITY]

    @property
    def parties(self) -> list:
        return [self.provider, *self.funders, *([] if self.structure is None else [self.structure])]

    @property
    def total(self) -> int:
        return sum(self.terms[name] for name in ("priceUnits", "compensationUnits", "depositUnits"))

    def share(self, party, units: int) -> int:
        """Part of a party in units that all funders bear together, the first ones with the remainder."""
        if party not in self.funders:
            return 0
        each, rest = divmod(units, len(self.funders))
        return each + (self.funders.index(party) < rest)

    @property
    def escrow(self) -> int:
        """I9: a function of terms, state and consents."""
        if self.state == PROPOSED:
            return sum(self.share(party, self.total) for party in self.consents)
        if self.state in {LENT, RETURNED} or (self.state == DISPUTED and self.lent):
            return self.terms["depositUnits"]
        return self.total if self.state in {ACCEPTED, DELIVERED, DISPUTED} else 0
