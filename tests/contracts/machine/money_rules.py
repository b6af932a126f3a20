"""Tokens move between members, come from and go to the Treasury; fees change with notice; the guardian pauses."""

import clock
import deployment
import policies
import roles
from hypothesis import strategies as st
from machine.world import ACTIVE, CITIZENS, FROZEN, LEFT, SLOTS, TOKEN, World

ISSUE_PER_YEAR = policies.BUDGETS["issuePerYearUnits"]


class MoneyRules(World):
    """Every movement that is no agreement and no settlement."""

    st_other = st.integers(0, SLOTS - 1)
    st_permille = st.integers(0, 1100)  # of what the sender has, from nothing to a little too much
    st_issue = st.sampled_from([500 * TOKEN, 77, 9_600 * TOKEN])
    st_bps = st.sampled_from([0, 333, 2000])
    st_reference = st.integers(1, 3)

    def start(self):
        self.issued_in_year: dict[int, int] = {}
        self.used_references: set[int] = set()
        self.rule_issue(500 * TOKEN)
        super().start()

    def rule_transfer(self, st_slot, st_other, st_permille):
        """Members send what they have to members, less the fee in force; everything else is refused."""
        sender, receiver = self.wallet[st_slot], self.wallet[st_other]
        units = (self.has(sender) * st_permille + 999) // 1000
        receipt = self.send(self.token.transfer, receiver, units, sender=sender)
        may_send = self.status[st_slot] in {ACTIVE, LEFT} and not self.is_paused and units <= self.has(sender)
        assert (receipt is not None) is (may_send and self.status[st_other] in {ACTIVE, FROZEN})
        if receipt:
            self.move_with_fee(sender, receiver, units, self.fee_bps(receipt.timestamp))
            self.reached.add("transferred" if units else "transferred nothing")

    def rule_return_to_treasury(self, st_slot, st_permille):
        """Tokens may be returned, without a fee, also by who left."""
        sender = self.wallet[st_slot]
        units = self.has(sender) * min(st_permille, 1000) // 1000
        receipt = self.send(self.token.transfer, self.treasury, units, sender=sender)
        assert (receipt is not None) is (self.status[st_slot] in {ACTIVE, LEFT} and not self.is_paused)
        if receipt:
            self.move(sender, self.treasury, units)

    def rule_issue(self, st_issue):
        """Within the budget of the year, and not in a pause."""
        receipt = self.send(self.treasury.issue, st_issue, sender=self.as_role(roles.TOKEN_ADMIN))
        instant = receipt.timestamp if receipt else clock.now_s()
        year = (instant - self.policy.start()) // policies.YEAR_S
        total = self.issued_in_year.get(year, 0) + st_issue
        assert (receipt is not None) is (total <= ISSUE_PER_YEAR and not self.is_paused)
        if receipt:
            self.issued_in_year[year] = total
            self.issued += st_issue
            self.move(None, self.treasury, st_issue)
        else:
            self.reached.add("issue refused")

    def rule_burn(self, st_permille):
        """Only what the Treasury has; most of the time little, so that it does not run dry at once."""
        units = self.has(self.treasury) * st_permille // 1000
        units = units if st_permille > 900 else units // 20
        receipt = self.send(self.treasury.burn, units, sender=self.as_role(roles.TOKEN_ADMIN))
        assert (receipt is not None) is (units <= self.has(self.treasury) and not self.is_paused)
        if receipt:
            self.burned += units
            self.move(self.treasury, None, units)

    def rule_sell(self, st_slot, st_reference):
        """To stakeholders who are here, for a payment that was never used."""
        cents, units = 1_000 * st_reference, st_reference * 10 * TOKEN
        arguments = (self.ids[st_slot], cents, st_reference.to_bytes(32, "big"))
        receipt = self.send(self.treasury.sell, *arguments, sender=self.as_role(roles.TOKEN_ADMIN))
        is_buyer = st_slot >= CITIZENS and self.status[st_slot] in {ACTIVE, FROZEN}
        is_possible = st_reference not in self.used_references and units <= self.has(self.treasury)
        assert (receipt is not None) is (is_buyer and is_possible and not self.is_paused)
        if receipt:
            self.used_references.add(st_reference)
            self.move(self.treasury, self.wallet[st_slot], units)
            self.reached.add("sold")

    def rule_pause_or_unpause(self, st_rare, st_deal):
        """The guardian pauses now and then, and then the next steps of agreements are taken in the pause."""
        if self.is_paused:
            self.unpause()
        elif st_rare:
            self.go_on(st_deal)
        else:
            self.paused_at = self.send(self.token.pause, sender=self.as_role(roles.GUARDIAN)).timestamp
            self.reached.add("paused")
            self.go_on(st_deal)

    def unpause(self) -> None:
        """The community administrator lets it go on, a day later."""
        self.wait(clock.DAY_S)
        receipt = self.send(self.token.unpause, sender=self.as_role(roles.COMMUNITY_ADMIN))
        self.paused_s += receipt.timestamp - self.paused_at
        self.paused_at = 0

    def rule_change_fees(self, st_bps):
        """I12: one rate for every class and flow from a day after the notice on, and not a second before."""
        admin, fees = self.as_role(roles.TOKEN_ADMIN), (st_bps,) * 10
        now = clock.now_s()
        assert self.send(self.policy.scheduleFees, fees, now + deployment.MIN_NOTICE_S, sender=admin) is None
        valid_from = now + deployment.MIN_NOTICE_S + clock.DAY_S
        assert self.send(self.policy.scheduleFees, fees, valid_from, sender=admin)
        if self.fees[-1][0] > now:
            self.fees.pop()  # a change that had not come is replaced
        self.fees.append((valid_from, st_bps))

    def rule_wait(self, st_permille):
        """Up to two weeks pass."""
        self.wait(1 + st_permille * clock.DAY_S // 80)

    def invariant_balances_are_the_supply(self):
        """I1, I2, I3, I11: balances as predicted, none outside, their sum what was paid and issued less the burned."""
        accounts = [*self.cast.wallets, *self.cast.spares, self.treasury, self.exchange]
        found = {str(account): self.token.balanceOf(account) for account in accounts}
        assert found == {account: self.units.get(account, 0) for account in found}
        supply = self.token.totalSupply()
        assert sum(found.values()) == supply == self.paid + self.issued - self.burned
        outside = [wallet for wallet in accounts[:-2] if self.slot_of(wallet) is None]
        assert not any(found[str(wallet)] for wallet in outside)

    def invariant_preview_agrees(self):
        """I7: what a transfer would do is what the model says, at the fee of this moment."""
        sender, receiver = self.wallet[0], self.wallet[1]
        can = self.status[0] in {ACTIVE, LEFT} and self.status[1] in {ACTIVE, FROZEN} and not self.is_paused
        if not can or any(self.is_near(valid_from) for valid_from, _ in self.fees):
            return
        units = self.has(sender)
        fee = units * self.fee_bps(clock.now_s()) // 10_000
        assert self.token.previewTransfer(sender, receiver, units) == (units - fee, fee)
