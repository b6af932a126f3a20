"""Settlements open, are paid in chunks, revised and voided, whatever else happens meanwhile."""

from dataclasses import dataclass

import clock
import deployment
import roles
from hypothesis import strategies as st
from machine.agreement_rules import AgreementRules
from machine.world import TOKEN
from payouts import Payouts
from people import address_number
from proposals import month
from refusal import attempt

OPEN, PAID, VOIDED = 1, 2, 3
VOID_DELAY_S = 30 * clock.DAY_S


@dataclass
class Settlement:
    """What the model knows of a settlement; `amounts` holds base units by wallet, chunk by chunk."""

    proposal: dict
    payouts: Payouts
    amounts: list[list[tuple]]
    state: int
    opened_at_s: int
    next_chunk: int = 0
    paid: int = 0
    skipped: int = 0

    @property
    def counted_units(self) -> int:
        """What the settlement takes of the period cap: all of it, or after voiding what was settled."""
        return self.paid + self.skipped if self.state == VOIDED else self.payouts.total


class SettlementRules(AgreementRules):
    """The whole set: members, money, agreements, and settlements on top."""

    # Payouts by wallet in tokens: mostly within the caps of 1000 a period and 400 a member, now and then beyond one.
    st_tokens = st.one_of(
        st.lists(st.sampled_from([90, 0, 1, 20, 150]), min_size=7, max_size=7),
        st.lists(st.sampled_from([150, 0, 400, 401]), min_size=7, max_size=7),
    )
    st_chunk_size = st.integers(1, 3)
    st_pick = st.integers(0, 2**16)
    st_chunk = st.integers(0, 6)

    def start(self):
        self.settlements: dict[tuple[int, int], Settlement] = {}
        self.paid_chunks: set[tuple[int, int, int]] = set()
        super().start()
        self.rule_open_period([150, 90, 90, 20, 20, 20, 20], 2)
        self.propose_the_first()

    def rule_open_period(self, st_tokens, st_chunk_size):
        """The next period opens as soon as it is over, if its total is within the period cap."""
        index = 1 + max((index for index, _ in self.settlements), default=-1)
        clock.move_to(max(clock.now_s() + 1, month(index)[1]))
        self.try_to_open(index, 0, st_tokens, st_chunk_size, room=deployment.PERIOD_CAP)

    def rule_open_revision(self, st_pick, st_tokens, st_chunk_size):
        """A period is revised when its last revision is closed, within what the cap leaves."""
        if not self.settlements:
            return
        index = sorted(self.settlements)[st_pick % len(self.settlements)][0]
        revisions = [one for (period, _), one in sorted(self.settlements.items()) if period == index]
        room = deployment.PERIOD_CAP - sum(one.counted_units for one in revisions)
        room = room if revisions[-1].state != OPEN else -1
        self.try_to_open(index, len(revisions), st_tokens, st_chunk_size, room=room)

    def try_to_open(self, index: int, revision: int, tokens: list[int], chunk_size: int, room: int) -> None:
        """Payouts to the first wallets and a spare, ascending; accepted exactly up to `room` base units."""
        wallets = sorted([*self.wallet.values(), self.cast.spares[0]], key=address_number)
        wallets = sorted(set(wallets), key=address_number)
        entries = [(wallet, units * TOKEN) for wallet, units in zip(wallets, tokens, strict=False) if units]
        amounts = [entries[at : at + chunk_size] for at in range(0, len(entries), chunk_size)]
        payouts = Payouts(*amounts)
        proposal = self.cast.desk.proposal(payouts, index=index, revision=revision)
        receipt = attempt(lambda: self.cast.desk.open(proposal))
        assert (receipt is not None) is (payouts.total <= room and not self.is_paused)
        if receipt is None:
            self.reached.add("open refused while open" if room < 0 else "open refused")
            return
        state = OPEN if amounts else PAID
        self.settlements[index, revision] = Settlement(proposal, payouts, amounts, state, receipt.timestamp)
        self.reached.add("revised" if revision else "opened")

    def go_on(self, number: int) -> None:
        """Every third time a settlement that waits, else an agreement."""
        if number % 3 == 1 and any(one.state == OPEN for one in self.settlements.values()):
            self.rule_pay_next(number, number % 2)
        else:
            super().go_on(number)

    def rule_pay_next(self, st_pick, st_rare):
        """The next chunks of an open settlement, most of the time all of them."""
        waiting = [one for one in self.settlements.values() if one.state == OPEN]
        if not waiting:
            return
        chosen = waiting[st_pick % len(waiting)]
        for _ in range(len(chosen.amounts) if st_rare else 1):
            if chosen.state == OPEN:
                self.try_to_pay(chosen, chosen.next_chunk)

    def rule_pay_any(self, st_pick, st_chunk):
        """I5: paid before is a no-op, the next is paid, a later or a voided one is refused."""
        chosen = self.chosen(st_pick)
        if chosen and chosen.amounts:
            self.try_to_pay(chosen, st_chunk % len(chosen.amounts))

    def chosen(self, number: int) -> Settlement | None:
        keys = sorted(self.settlements)
        return self.settlements[keys[number % len(keys)]] if keys else None

    def try_to_pay(self, chosen: Settlement, chunk: int) -> None:
        """Pay a chunk and follow the ledger in the model."""
        is_next = chosen.state == OPEN and chunk == chosen.next_chunk
        within_cap = all(units <= deployment.MEMBER_CAP for _, units in chosen.amounts[chunk])
        receipt = attempt(lambda: self.cast.desk.pay(chosen.proposal, chosen.payouts, chunk))
        allowed = chunk < chosen.next_chunk or (is_next and within_cap and not self.is_paused)
        assert (receipt is not None) is allowed
        if receipt and is_next:
            self.follow_payment(chosen)
        else:
            self.reached.add("chunk refused" if receipt is None else "paid again")

    def follow_payment(self, chosen: Settlement) -> None:
        """Credit members less the fee at opening, count what is skipped."""
        key = (chosen.proposal["periodIndex"], chosen.proposal["revision"], chosen.next_chunk)
        assert key not in self.paid_chunks
        self.paid_chunks.add(key)
        for wallet, units in chosen.amounts[chosen.next_chunk]:
            if self.slot_of(wallet) is None:
                chosen.skipped += units
                self.reached.add("skipped")
                continue
            self.move(None, wallet, units)
            self.move_with_fee(wallet, wallet, units, self.fee_bps(chosen.opened_at_s))
            chosen.paid += units
            self.paid += units
        chosen.next_chunk += 1
        if chosen.next_chunk == len(chosen.amounts):
            chosen.state = PAID
            self.reached.add("paid in full")

    def rule_void(self, st_pick):
        """The oracles after thirty days, the community administrator in a pause; never a paid settlement."""
        if not (chosen := self.chosen(st_pick)):
            return
        if self.is_paused:
            key = (chosen.proposal["periodIndex"], chosen.proposal["revision"])
            receipt = self.send(self.ledger.voidRestInPause, *key, sender=self.as_role(roles.COMMUNITY_ADMIN))
        else:
            clock.move_to(max(clock.now_s() + 1, chosen.opened_at_s + VOID_DELAY_S))
            receipt = attempt(lambda: self.cast.desk.void(chosen.proposal))
        assert (receipt is not None) is (chosen.state != PAID)
        if chosen.state == OPEN:
            chosen.state = VOIDED
            self.reached.add("voided")

    def invariant_settlements_keep_total_and_caps(self):
        """I4, I6: paid and skipped within the total and equal to it when Paid; revisions together within the cap."""
        spent: dict[int, int] = {}
        for key, expected in self.settlements.items():
            stored = self.ledger.settlement(*key)
            found = (stored["state"], stored["paid"], stored["skipped"])
            assert found == (expected.state, expected.paid, expected.skipped)
            settled = stored["paid"] + stored["skipped"]
            assert settled == stored["total"] if stored["state"] == PAID else settled <= stored["total"]
            spent[key[0]] = spent.get(key[0], 0) + settled
        assert all(units <= deployment.PERIOD_CAP for units in spent.values())

    def invariant_periods_have_no_gap(self):
        """I13: numbers from 0 without a hole, each period starting where the one before ended."""
        periods = sorted(index for index, revision in self.settlements if revision == 0)
        assert periods == list(range(self.ledger.nextPeriodIndex()))
        if periods:
            assert self.ledger.lastPeriodEnd() == month(periods[-1])[1]
