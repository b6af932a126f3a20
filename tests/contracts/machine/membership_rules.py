"""Members come and go, are frozen, and change their wallets."""

import clock
import policies
import roles
from hypothesis import strategies as st
from machine.world import ACTIVE, FROZEN, JOINED_AT_FIRST, LEFT, LEFT_AND_FROZEN, NOBODY, SLOTS, World
from typed_data import sign_join

GRACE_S = 90 * clock.DAY_S
WELCOME = {1: policies.BONUSES["welcomeCitizenUnits"], 2: policies.BONUSES["welcomeStakeholderUnits"]}


class MembershipRules(World):
    """Joining pays the welcome bonus once ever; leaving, freezing and replacing lose nothing."""

    st_slot = st.integers(0, SLOTS - 1)
    # Rare events happen at 0 only; else an agreement goes on.
    st_rare = st.sampled_from([1, 2, 3, 0])
    st_deal = st.integers(0, 2**16)

    def start(self):
        self.granted: set[int] = set()
        self.owed: dict[int, int] = {}
        super().start()
        for slot in JOINED_AT_FIRST:
            self.rule_join(slot)

    def joining_consent(self, slot: int, wallet) -> tuple[int, bytes]:
        """Deadline and signature with which a wallet becomes the member's."""
        deadline = clock.now_s() + clock.DAY_S
        nonce = self.members.nonces(wallet)
        return deadline, sign_join(wallet, self.members, self.ids[slot], self.class_of(slot), nonce, deadline)

    def rule_join_the_absent(self, st_slot):
        """Somebody who is not here, if there is anybody."""
        left = [slot for slot in range(SLOTS) if self.status[slot] == LEFT]
        absent = left or [slot for slot in range(SLOTS) if self.status[slot] == NOBODY]
        self.rule_join(absent[st_slot % len(absent)] if absent else st_slot)

    def rule_join(self, st_slot):
        """Joining works for who is not here; who is here already changes nothing; the frozen cannot."""
        wallet, class_ = self.wallet[st_slot], self.class_of(st_slot)
        deadline, signature = self.joining_consent(st_slot, wallet)
        arguments = (self.ids[st_slot], wallet, class_, deadline, signature)
        receipt = self.send(self.members.join, *arguments, sender=self.as_role(roles.REGISTRAR))
        before = self.status[st_slot]
        assert (receipt is None) is (before == LEFT_AND_FROZEN)
        if receipt is None or before in {ACTIVE, FROZEN}:
            assert receipt is None or len(receipt.events) == 0
            return
        self.status[st_slot] = ACTIVE
        self.reached.add("joined again" if before == LEFT else "joined")
        self.grant_welcome(st_slot)

    def grant_welcome(self, slot: int) -> None:
        """I8: once ever per member id, at once if the Treasury can."""
        if slot in self.granted:
            return
        self.granted.add(slot)
        self.owed[slot] = WELCOME[self.class_of(slot)]
        if not self.is_paused and self.owed[slot] <= self.has(self.treasury):
            self.pay_welcome(slot)

    def pay_welcome(self, slot: int) -> None:
        self.move(self.treasury, self.wallet[slot], self.owed[slot])
        self.owed[slot] = 0
        self.reached.add("welcome bonus")

    def rule_claim_welcome(self, st_slot):
        """What stayed owed is paid by anybody's call, as soon as the Treasury can."""
        receipt = self.send(self.treasury.claimWelcomeBonus, self.ids[st_slot], sender=self.as_role(roles.AUDITOR))
        owed = self.owed.get(st_slot)
        possible = owed == 0 or (owed is not None and not self.is_paused and owed <= self.has(self.treasury))
        assert (receipt is not None) is possible
        if possible and owed:
            self.pay_welcome(st_slot)

    def rule_freeze_or_unfreeze(self, st_slot, st_rare, st_deal):
        """A freeze turns active and left into their frozen kinds, and back."""
        admin, status = self.as_role(roles.COMMUNITY_ADMIN), self.status[st_slot]
        if st_rare and status not in {FROZEN, LEFT_AND_FROZEN}:
            self.go_on(st_deal)
            return
        if status in {FROZEN, LEFT_AND_FROZEN}:
            assert self.send(self.members.unfreeze, self.ids[st_slot], sender=admin)
            self.status[st_slot] = ACTIVE if status == FROZEN else LEFT
            return
        receipt = self.send(self.members.freeze, self.ids[st_slot], sender=admin)
        assert (receipt is not None) is (status != NOBODY)
        if receipt:
            self.status[st_slot] = FROZEN if status == ACTIVE else LEFT_AND_FROZEN
            self.reached.add("frozen")

    def rule_leave_or_come_back(self, st_slot, st_rare, st_deal):
        """Who is here may leave at any time, frozen or paused, and come back; nobody else."""
        if st_rare > 1:
            self.go_on(st_deal)
            return
        if self.status[st_slot] == LEFT:
            self.rule_join(st_slot)
            return
        receipt = self.send(self.members.leave, self.ids[st_slot], 0, b"", sender=self.wallet[st_slot])
        status = self.status[st_slot]
        assert (receipt is not None) is (status in {ACTIVE, FROZEN})
        if receipt:
            self.status[st_slot] = LEFT if status == ACTIVE else LEFT_AND_FROZEN
            self.reached.add("left")

    def rule_sweep_after_grace(self, st_slot):
        """I11: the rest of a wallet that left goes to the Treasury after its grace, never before, never if frozen."""
        gone = [slot for slot in range(SLOTS) if self.status[slot] == LEFT]
        st_slot = gone[st_slot % len(gone)] if gone else st_slot
        wallet, sender = self.wallet[st_slot], self.as_role(roles.AUDITOR)
        if self.status[st_slot] == LEFT and self.members.graceOf(wallet)[1] > 0:
            assert self.send(self.members.sweep, wallet, sender=sender) is None
            self.wait(self.members.graceOf(wallet)[1] + 60)
        receipt = self.send(self.members.sweep, wallet, sender=sender)
        is_due = self.status[st_slot] == LEFT and self.members.graceOf(wallet)[1] == 0
        allowed = is_due and not (self.is_paused and self.has(wallet))
        assert (receipt is not None) is allowed
        if allowed and self.has(wallet):
            self.move(wallet, self.treasury, self.has(wallet))
            self.reached.add("swept")

    def rule_replace_wallet(self, st_slot, st_deal):
        """The old wallet sends it: everything moves to a fresh one; the frozen cannot, nor in a pause."""
        if not self.spares or self.status[st_slot] == NOBODY:
            self.go_on(st_deal)
            return
        old, new = self.wallet[st_slot], self.spares[-1]
        deadline, signature = self.joining_consent(st_slot, new)
        receipt = self.send(self.members.replaceWallet, self.ids[st_slot], new, deadline, b"", signature, sender=old)
        allowed = self.status[st_slot] in {ACTIVE, LEFT} and not self.is_paused
        assert (receipt is not None) is allowed
        if allowed:
            self.move(old, new, self.has(old))
            self.wallet[st_slot] = self.spares.pop()
            self.reached.add("wallet replaced")

    def invariant_one_wallet_one_member(self):
        """I14: every member has the wallet of the model, in its class and status, and every wallet its member."""
        assert self.members.memberCount() == len(self.granted)
        for slot in self.granted:
            wallet = self.wallet[slot]
            assert bytes(self.members.memberOf(wallet)) == self.ids[slot]
            assert self.token.accountOf(wallet)[1:] == (self.class_of(slot), self.status[slot])
