"""Any order of joins, transfers, openings, payments, revisions and voidings keeps the specification's invariants.

A model in Python predicts for every step whether the contracts accept it, and what it moves; after every step the
chain is compared with the model and with invariants I1 to I6, I13 and I14 (specification of the contracts, §10).
"""

from dataclasses import dataclass

import clock
import deployment
from hypothesis import strategies as st
from payouts import Payouts
from proposals import month
from refusal import is_accepted
from typed_data import sign_join

OPEN, PAID, VOIDED = 1, 2, 3
CITIZEN = 1
TOKEN = 10**18
WALLETS, JOINED_AT_FIRST = 5, 3
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


class Settlements:
    """Brownie's rules and invariants; the class is set up once, `setup` runs before each example."""

    # One of the wallets; the first three join before the first step, the others when a rule says so.
    st_wallet = st.integers(0, WALLETS - 1)
    st_other = st.integers(0, WALLETS - 1)
    # A transfer in thousandths of what the sender has, from nothing to a little too much.
    st_permille = st.integers(0, 1100)
    # Payouts by wallet in tokens: sums on both sides of the period cap of 1000, one just above the member cap.
    st_tokens = st.lists(st.sampled_from([150, 0, 1, 90, 400, 401]), min_size=WALLETS, max_size=WALLETS)
    # Payouts per chunk.
    st_chunk_size = st.integers(1, 3)
    # Which of the settlements so far, and which of its chunks.
    st_pick = st.integers(0, 2**16)
    st_chunk = st.integers(0, WALLETS)

    def __init__(self, community, wallets, desk, registrar, reached):
        self.token, self.members, self.ledger = community.token, community.members, community.ledger
        self.wallets, self.desk, self.registrar = wallets, desk, registrar
        self.reached = reached  # what happened in any example, so that the test can tell an empty run

    def setup(self):
        self.joined = set()
        self.balances = dict.fromkeys(self.wallets, 0)
        self.settlements: dict[tuple[int, int], Settlement] = {}
        self.paid_chunks = set()
        for number in range(JOINED_AT_FIRST):
            self.rule_join(number)

    # ------------------------------------------------------------------------------------------------- RULES

    def rule_join(self, st_wallet):
        """Joining with consent works once; a second call is accepted and changes nothing."""
        wallet = self.wallets[st_wallet]
        nonce, deadline = self.members.nonces(wallet), clock.now_s() + clock.DAY_S
        consent = sign_join(wallet, self.members, member_id(wallet), CITIZEN, nonce, deadline)
        receipt = self.members.join(member_id(wallet), wallet, CITIZEN, deadline, consent, {"from": self.registrar})
        assert ("MemberJoined" in receipt.events) is (wallet not in self.joined)
        self.joined.add(wallet)

    def rule_transfer(self, st_pick, st_other, st_permille):
        """Members send what they have to members; everything else is refused."""
        senders = [wallet for wallet in self.wallets if self.balances[wallet]] or self.wallets
        sender, receiver = senders[st_pick % len(senders)], self.wallets[st_other]
        units = (self.balances[sender] * st_permille + 999) // 1000
        allowed = {sender, receiver} <= self.joined and units <= self.balances[sender]
        accepted = is_accepted(lambda: self.token.transfer(receiver, units, {"from": sender, "allow_revert": False}))
        assert accepted is allowed
        if accepted:
            self.balances[sender] -= units
            self.balances[receiver] += units
            self.reached.add("transferred" if units and sender != receiver else "transferred nothing")

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
        closed = revisions[-1].state != OPEN
        self.try_to_open(index, len(revisions), st_tokens, st_chunk_size, room=room if closed else -1)

    def rule_open_again(self, st_pick):
        """An opened proposal may be opened again, at any time and in any state: nothing happens."""
        if chosen := self.pick(st_pick):
            assert len(self.desk.open(chosen.proposal).events) == 0

    def rule_pay_any(self, st_pick, st_chunk):
        """Any chunk: paid before is a no-op, the next is paid, a later one or a voided one is refused."""
        chosen = self.pick(st_pick)
        if chosen and chosen.amounts:
            self.try_to_pay(chosen, st_chunk % len(chosen.amounts))

    def rule_pay_next(self, st_pick):
        """The next chunk of an open settlement, so that runs get to paid ones."""
        waiting = [one for one in self.settlements.values() if one.state == OPEN]
        if waiting:
            chosen = waiting[st_pick % len(waiting)]
            self.try_to_pay(chosen, chosen.next_chunk)

    def rule_pay_again(self, st_pick):
        """A paid chunk of any settlement, so that runs repeat themselves."""
        if self.paid_chunks:
            index, revision, chunk = sorted(self.paid_chunks)[st_pick % len(self.paid_chunks)]
            self.try_to_pay(self.settlements[index, revision], chunk)

    def rule_pay_forged(self, st_pick, st_wallet):
        """A chunk with one unit more in it is never accepted, paid or not."""
        chosen = self.pick(st_pick)
        if chosen and chosen.amounts:
            forged = Payouts(*[[(wallet, units + 1) for wallet, units in chunk] for chunk in chosen.amounts])
            assert not is_accepted(lambda: self.desk.pay(chosen.proposal, forged, 0))

    def rule_void(self, st_pick):
        """Thirty days after opening the oracles may void an unpaid rest, never a paid settlement."""
        if not (chosen := self.pick(st_pick)):
            return
        clock.move_to(max(clock.now_s() + 1, chosen.opened_at_s + VOID_DELAY_S))
        assert is_accepted(lambda: self.desk.void(chosen.proposal)) is (chosen.state != PAID)
        if chosen.state == OPEN:
            chosen.state = VOIDED
            self.reached.add("voided")

    # ------------------------------------------------------------------------------------------ STEPS OF RULES

    def pick(self, number: int) -> Settlement | None:
        """One of the settlements so far."""
        keys = sorted(self.settlements)
        return self.settlements[keys[number % len(keys)]] if keys else None

    def try_to_open(self, index: int, revision: int, tokens: list[int], chunk_size: int, room: int) -> None:
        """Open payouts to the first wallets, ascending; the ledger must accept exactly up to `room` base units."""
        entries = [(wallet, units * TOKEN) for wallet, units in zip(self.wallets, tokens, strict=True) if units]
        amounts = [entries[at : at + chunk_size] for at in range(0, len(entries), chunk_size)]
        payouts = Payouts(*amounts)
        proposal = self.desk.proposal(payouts, index=index, revision=revision)
        assert is_accepted(lambda: self.desk.open(proposal)) is (payouts.total <= room)
        self.reached.add("opened" if payouts.total <= room else "refused while open" if room < 0 else "refused by cap")
        if payouts.total <= room:
            state = OPEN if amounts else PAID
            self.settlements[index, revision] = Settlement(proposal, payouts, amounts, state, clock.now_s())
            self.reached.add("revised" if revision else "first revision")

    def try_to_pay(self, chosen: Settlement, chunk: int) -> None:
        """Pay a chunk and follow the ledger in the model."""
        amounts = chosen.amounts[chunk]
        is_next = chosen.state == OPEN and chunk == chosen.next_chunk
        within_cap = all(units <= deployment.MEMBER_CAP for _, units in amounts)
        accepted = is_accepted(lambda: self.desk.pay(chosen.proposal, chosen.payouts, chunk))
        assert accepted is (chunk < chosen.next_chunk or (is_next and within_cap))
        if not accepted:
            self.reached.add("refused by member cap" if is_next else "refused chunk")
        elif not is_next:
            self.reached.add("paid again")
        if accepted and is_next:
            self.follow_payment(chosen, amounts)

    def follow_payment(self, chosen: Settlement, amounts: list[tuple]) -> None:
        """Credit members and count what is skipped, as the ledger must have done."""
        key = (chosen.proposal["periodIndex"], chosen.proposal["revision"], chosen.next_chunk)
        assert key not in self.paid_chunks  # I5
        self.paid_chunks.add(key)
        for wallet, units in amounts:
            if wallet in self.joined:
                self.balances[wallet] += units
                chosen.paid += units
            else:
                chosen.skipped += units
                self.reached.add("skipped")
        chosen.next_chunk += 1
        if chosen.next_chunk == len(chosen.amounts):
            chosen.state = PAID
            self.reached.add("paid in full")

    # ----------------------------------------------------------------------------------------------- INVARIANTS

    def invariant_balances_are_the_supply_and_the_paid(self):
        """I1, I2, I3, I5, I11: balances as predicted, none outside, their sum the supply and all that was paid."""
        balances = {wallet: self.token.balanceOf(wallet) for wallet in self.wallets}
        assert balances == self.balances
        assert all(balances[wallet] == 0 for wallet in set(self.wallets) - self.joined)
        paid = sum(self.ledger.settlement(*key)["paid"] for key in self.settlements)
        assert sum(balances.values()) == self.token.totalSupply() == paid

    def invariant_settlements_keep_total_and_caps(self):
        """I4, I6: paid and skipped within the total and equal to it when Paid; revisions together within the cap."""
        spent_units: dict[int, int] = {}
        for key, expected in self.settlements.items():
            stored = self.ledger.settlement(*key)
            settled = stored["paid"] + stored["skipped"]
            assert (stored["state"], stored["paid"], stored["skipped"]) == (
                expected.state,
                expected.paid,
                expected.skipped,
            )
            assert settled <= stored["total"]
            assert stored["state"] != PAID or settled == stored["total"]
            spent_units[key[0]] = spent_units.get(key[0], 0) + settled
        assert all(units <= deployment.PERIOD_CAP for units in spent_units.values())

    def invariant_periods_have_no_gap(self):
        """I13: numbers from 0 without a hole, each period starting where the one before ended."""
        periods = sorted(index for index, revision in self.settlements if revision == 0)
        assert periods == list(range(self.ledger.nextPeriodIndex()))
        stored = [self.ledger.settlement(index, 0) for index in periods]
        ends = [one["periodEnd"] for one in stored]
        assert [one["periodStart"] for one in stored[1:]] == ends[:-1]
        assert self.ledger.lastPeriodEnd() == (ends[-1] if ends else 0)

    def invariant_one_wallet_one_member(self):
        """I14: every member has the wallet it joined with, every wallet its member, and they are counted."""
        assert self.members.memberCount() == len(self.joined)
        for wallet in self.joined:
            assert bytes(self.members.memberOf(wallet)) == member_id(wallet)
            assert self.members.walletOf(member_id(wallet)) == wallet


def member_id(wallet) -> bytes:
    """A member id that is a function of the wallet, for tests only."""
    return b"\x01" * 12 + bytes.fromhex(wallet.address[2:])
