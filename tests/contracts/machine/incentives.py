"""What the Treasury adds to a settled trade, computed a second time from the manual of ITreasury."""

import policies
from machine.membership_rules import MembershipRules
from machine.money_rules import MoneyRules
from machine.world import BPS, TOKEN

RULE = {
    "fixedUnits": 45 * TOKEN,
    "priceBps": 5000,
    "capUnits": 60 * TOKEN,
    "providerPermille": 300,
    "requiredChecks": 0,
}
BUDGET, MEMBER, PAIR = (policies.BUDGETS[f"{name}PerMonthUnits"] for name in ("incentives", "member", "pair"))


class Incentives(MembershipRules, MoneyRules):
    """Rules of categories 1 and 2 for services are in force; no check is asked for."""

    def start(self):
        self.spent: dict[tuple, int] = {}  # (month, who) → base units; who is a slot, a pair of them, or "all"
        super().start()

    def left(self, month: int, who, limit: int) -> int:
        return max(limit - self.spent.get((month, who), 0), 0)

    def spend(self, month: int, who, units: int) -> None:
        self.spent[month, who] = self.spent.get((month, who), 0) + units

    def pay_incentive(self, deal, instant_s: int) -> None:
        """I10: leg by leg, each cut to what pair, month and Treasury leave, each part to what its member has left."""
        terms = deal.terms
        if terms["category"] > 2 or terms["kind"] != 0 or self.is_paused:
            return
        total = min(RULE["fixedUnits"] + terms["priceUnits"] * RULE["priceBps"] // BPS, RULE["capUnits"])
        month, provider, parts = self.month(instant_s), deal.provider, []
        room = min(self.left(month, "all", BUDGET), self.has(self.treasury))
        for payer in deal.payers:
            pair = frozenset((provider, payer))
            leg = min(deal.share(payer, total), self.left(month, pair, PAIR), room)
            for_provider = leg * RULE["providerPermille"] // 1000
            for slot, units in ((provider, for_provider), (payer, leg - for_provider)):
                given = min(units, self.left(month, slot, MEMBER))
                for who in (slot, pair, "all"):
                    self.spend(month, who, given)
                parts.append((slot, given))
                room -= given
        for slot, units in parts:
            self.move(self.treasury, self.wallet[slot], units)
        paid = sum(units for _, units in parts)
        self.reached.add("incentive" if paid == total else "incentive reduced")

    def invariant_incentives_within_the_budget(self):
        """I10: what the Treasury counts for this month is the model's, and within the budget."""
        found = self.treasury.incentivesInMonth()
        assert found == self.spent.get((self.treasury.month(), "all"), 0)
        assert found <= BUDGET
