"""Agreements between members and for the community, to each of their ends."""

import clock
import roles
from hypothesis import strategies as st
from machine.agreement_steps import AgreementSteps
from machine.deal import COMMUNITY, Deal
from machine.world import FROZEN, LEFT_AND_FROZEN, NOBODY, TOKEN
from services import (
    ACCEPTED,
    CANCELLED,
    DELIVERED,
    DISPUTED,
    EXPIRED,
    LENT,
    LOAN,
    PROPOSED,
    RESOLVED,
    RETURNED,
    SETTLED,
    terms_of,
)

OPEN_STATES = (PROPOSED, ACCEPTED, DELIVERED, LENT, RETURNED, DISPUTED)
# category, kind, provider, payers, structure: slots 0 to 3 are citizens, 4 and 5 stakeholders.
SHAPES = [
    (1, 0, 0, (1,), None),
    (1, 0, 1, (0,), None),
    (1, LOAN, 2, (0,), None),
    (2, 0, 0, (1, 2), 4),
    (4, 0, 4, (5,), None),
    (5, 0, 1, (4,), None),
    (6, 0, 2, (), None),
]


class AgreementRules(AgreementSteps):
    """Rules pick one of the deals so far and let one of its parties act; the model says what must happen."""

    st_shape = st.sampled_from(SHAPES)
    st_price = st.sampled_from([0, 7, 3 * TOKEN, 60 * TOKEN])
    st_party = st.integers(0, 3)

    def propose_the_first(self) -> None:
        """Three deals that wait from the beginning."""
        for number, shape in enumerate((SHAPES[0], SHAPES[2], SHAPES[3])):
            self.rule_propose(shape, 3 * TOKEN, number)

    def go_on(self, number: int) -> None:
        """The natural next step of one of the open deals."""
        if deal := self.pick(number, *OPEN_STATES):
            self.step(deal, number)

    def step(self, deal: Deal, number: int) -> None:
        """What comes next in an open deal."""
        steps = {PROPOSED: self.accept, ACCEPTED: self.deliver, DELIVERED: self.confirm}
        steps |= dict.fromkeys((LENT, RETURNED), self.give_back) | {DISPUTED: self.resolve}
        steps[deal.state](deal, number)

    def rule_go_on(self, st_deal, st_rare):
        """Some steps of agreements, most of the time after the end of a pause."""
        if self.is_paused and st_rare:
            self.unpause()
        for _ in range(1 + st_rare):
            self.go_on(st_deal)

    def rule_finish_the_latest(self, st_rare):
        """As many steps of the deal that was proposed last, so that some reach their end soon."""
        if self.is_paused and st_rare:
            self.unpause()
        for _ in range(2 + st_rare):
            if self.deals and self.deals[-1].state in OPEN_STATES:
                self.step(self.deals[-1], st_rare)

    def rule_propose(self, st_shape, st_price, st_party):
        category, kind, provider, payers, structure = st_shape
        wallets = self.cast.wallets
        changes = {"compensationUnits": st_price // 3} if structure is not None else {}
        changes |= {"depositUnits": 5 * TOKEN} if kind == LOAN else {}
        terms = terms_of(
            category,
            wallets[provider],
            *[wallets[payer] for payer in payers],
            structure=None if structure is None else wallets[structure],
            kind=kind,
            price=st_price,
            salt=len(self.deals).to_bytes(32, "big"),
            **changes,
        )
        ordered = sorted(payers, key=self.ids.get)
        deal = Deal(terms, provider, ordered, structure, None)
        deal.proposer = deal.parties[st_party % len(deal.parties)]
        receipt = self.consent("propose", deal, deal.proposer)
        everybody = all(party == COMMUNITY or self.status[party] != NOBODY for party in deal.parties)
        assert (receipt is not None) is (everybody and self.may_consent(deal, deal.proposer))
        if receipt:
            self.move(self.account(deal.proposer), self.exchange, deal.share(deal.proposer, deal.total))
            deal.consents.add(deal.proposer)
            self.enter(deal, PROPOSED, receipt.timestamp)
            self.deals.append(deal)

    def accept(self, deal: Deal, _number: int) -> None:
        """By the next party that has not consented."""
        if self.is_near(self.due(deal)):
            return
        party = next(one for one in deal.parties if one not in deal.consents)
        in_time = clock.now_s() <= self.due(deal)
        receipt = self.consent("accept", deal, party)
        assert (receipt is not None) is (in_time and self.may_consent(deal, party))
        if receipt:
            self.move(self.account(party), self.exchange, deal.share(party, deal.total))
            deal.consents.add(party)
            if len(deal.consents) == len(deal.parties):
                deal.state, deal.accepted_at = ACCEPTED, receipt.timestamp
                self.reached.add("agreement 2")

    def rule_cancel(self, st_deal, st_party):
        """The proposer alone before acceptance, all together after it; another takes back its own."""
        if (deal := self.pick(st_deal, PROPOSED, ACCEPTED, DELIVERED)) is None:
            return
        party = deal.parties[st_party % len(deal.parties)]
        is_over = party == deal.proposer if deal.state == PROPOSED else deal.consents == {party}
        back = deal.consents if deal.state == PROPOSED else set(deal.parties)
        back = back if is_over else ({party} if deal.state == PROPOSED else set())
        moved = sum(deal.share(one, deal.total) for one in back)
        if party == COMMUNITY:
            receipt = self.role_act("cancelForCommunity", deal, roles.COMMUNITY_ADMIN)
        else:
            receipt = self.act("cancel", deal, party)
        assert (receipt is not None) is (party in deal.consents and not (self.is_paused and moved))
        if receipt:
            self.refund(deal, back, deal.total)
            deal.consents.discard(party)
            if is_over:
                self.enter(deal, CANCELLED, receipt.timestamp)

    def deliver(self, deal: Deal, _number: int) -> None:
        """By the provider, in time, in a pause too."""
        if self.is_near(self.due(deal)):
            return
        in_time = clock.now_s() <= self.due(deal)
        receipt = self.act("deliver", deal, deal.provider)
        assert (receipt is not None) is in_time
        if receipt:
            deal.consents.add(deal.provider)
            self.enter(deal, DELIVERED, receipt.timestamp)

    def confirm(self, deal: Deal, _number: int) -> None:
        """By the next payer, or the verifier for the community; who is frozen cannot."""
        if not deal.payers:
            receipt = self.role_act("recordCheck", deal, roles.VERIFIER, 3)
            allowed, is_last = True, True
        else:
            payer = next(one for one in deal.payers if one not in deal.confirmed)
            is_last = len(deal.confirmed) + 1 == len(deal.payers)
            receipt = self.act("confirm", deal, payer)
            allowed = self.status[payer] not in {FROZEN, LEFT_AND_FROZEN}
        moves = is_last and deal.terms["priceUnits"] + deal.terms["compensationUnits"] != 0
        assert (receipt is not None) is (allowed and not (moves and self.is_paused))
        if receipt and deal.payers:
            deal.confirmed.add(payer)
        if receipt and is_last:
            self.release_price(deal, receipt.timestamp)

    def rule_after_silence(self, st_deal):
        """Whatever time opens to anybody: release, the deposit, the undecided, the expired."""
        names = {PROPOSED: "expire", ACCEPTED: "expire", DELIVERED: "release", RETURNED: "releaseDeposit"}
        names |= {DISPUTED: "refundUndecided"}
        deal = self.pick(st_deal, *names)
        if deal is None or self.is_paused:
            return
        function = names[deal.state]
        if clock.now_s() < self.due(deal) - 600:
            assert self.role_act(function, deal, roles.AUDITOR) is None
        self.pass_due(deal)
        receipt = self.role_act(function, deal, roles.AUDITOR)
        assert receipt
        self.follow_silence(deal, receipt.timestamp)

    def follow_silence(self, deal: Deal, instant_s: int) -> None:
        if deal.state == DELIVERED:
            self.release_price(deal, instant_s)
            return
        end = {DISPUTED: RESOLVED, RETURNED: SETTLED}.get(deal.state, EXPIRED)
        back = deal.consents if deal.state == PROPOSED else deal.parties
        units = deal.total if deal.state == PROPOSED else deal.escrow
        self.refund(deal, back, units)
        self.enter(deal, end, instant_s)
        if end == SETTLED:
            self.pay_incentive(deal, instant_s)

    def give_back(self, deal: Deal, number: int) -> None:
        """The borrower declares, the lender confirms."""
        if deal.state == LENT and number % 3 != 1:
            self.enter(deal, RETURNED, self.act("declareReturn", deal, deal.payers[0]).timestamp)
            return
        receipt = self.act("confirmReturn", deal, deal.provider)
        can = self.status[deal.provider] not in {FROZEN, LEFT_AND_FROZEN} and not self.is_paused
        assert (receipt is not None) is can
        if receipt:
            self.refund(deal, deal.parties, deal.escrow)
            self.enter(deal, SETTLED, receipt.timestamp)
            self.pay_incentive(deal, receipt.timestamp)

    def rule_dispute(self, st_deal, st_rare):
        """The provider stops the escrow, also in a pause."""
        deal = self.pick(st_deal, ACCEPTED, DELIVERED, LENT, RETURNED)
        if deal and st_rare < 2:
            receipt = self.act("dispute", deal, deal.provider, bytes(32))
            self.enter(deal, DISPUTED, receipt.timestamp)

    def resolve(self, deal: Deal, number: int) -> None:
        """Who is named for it splits the escrow, and never more than it."""
        escrow = deal.escrow
        receiver = (escrow * (number % 1100) + 999) // 1000
        structure = 0 if deal.structure is None else (escrow - receiver) // 2 if receiver <= escrow else 0
        name, role = (
            ("resolve", roles.COMMUNITY_ADMIN) if deal.payers else ("resolveForCommunity", roles.PLATFORM_ADMIN)
        )
        receipt = self.role_act(name, deal, role, receiver, structure)
        assert (receipt is not None) is (receiver <= escrow and not (self.is_paused and escrow))
        if receipt:
            price = 0 if deal.lent else deal.terms["priceUnits"]
            self.pay_parties(deal, receiver, min(receiver, price), structure)
            self.refund(deal, deal.parties, escrow - receiver - structure)
            self.enter(deal, RESOLVED, receipt.timestamp)

    # ------------------------------------------------------------------------------------------- INVARIANTS

    def invariant_escrow_is_the_open_agreements(self):
        """I9: what the exchange holds is the sum over the agreements."""
        assert self.token.balanceOf(self.exchange) == sum(deal.escrow for deal in self.deals)

    def invariant_states_are_the_models(self):
        """The last three deals, so that a long run stays quick."""
        for deal in self.deals[-3:]:
            assert self.cast.counter.state(deal.terms) == deal.state
            assert self.exchange.escrowOf(tuple(deal.terms.values())) == deal.escrow
