"""What the rules of agreements are made of: acts, the time that an agreement has, and what leaves the escrow."""

import clock
import deployment
import roles
from machine.deal import COMMUNITY, Deal
from machine.incentives import Incentives
from machine.world import ACTIVE
from services import ACCEPTED, DISPUTED, LENT, LOAN, PROPOSED, SETTLED

SIXTY_DAYS_S = 60 * clock.DAY_S


class AgreementSteps(Incentives):
    """Steps that follow the contracts in the model; the rules decide which, and what must be refused."""

    def start(self):
        self.deals: list[Deal] = []
        for wallet in (*self.cast.wallets, *self.cast.spares):
            self.token.approve(self.exchange, 2**256 - 1, {"from": wallet})
        super().start()

    def pick(self, number: int, *states: int) -> Deal | None:
        """One of the deals in these states, or in any."""
        chosen = [deal for deal in self.deals if not states or deal.state in states]
        return chosen[number % len(chosen)] if chosen else None

    def account(self, party):
        """Where a party's tokens are."""
        return self.treasury if party == COMMUNITY else self.wallet[party]

    def act(self, name: str, deal: Deal, party, *before, permit: bool = False):
        """A member acts with its wallet; returns the receipt or None."""
        tail = [(0, 0, 0, bytes(32), bytes(32))] if permit else []
        arguments = (tuple(deal.terms.values()), *before, (self.ids[party], 0, b""), *tail)
        return self.send(getattr(self.exchange, name), *arguments, sender=self.wallet[party])

    def role_act(self, name: str, deal: Deal, role: int, *arguments):
        return self.send(
            getattr(self.exchange, name), tuple(deal.terms.values()), *arguments, sender=self.as_role(role)
        )

    def consent(self, name: str, deal: Deal, party):
        """Propose or accept; returns the receipt or None."""
        if party == COMMUNITY:
            return self.role_act(f"{name}ForCommunity", deal, roles.COMMUNITY_ADMIN)
        return self.act(name, deal, party, permit=True)

    def may_consent(self, deal: Deal, party) -> bool:
        active = party == COMMUNITY or self.status[party] == ACTIVE
        return active and not self.is_paused and deal.share(party, deal.total) <= self.has(self.account(party))

    def enter(self, deal: Deal, state: int, instant_s: int) -> None:
        deal.state, deal.stamp, deal.stamp_paused = state, instant_s, self.paused_until(instant_s)
        self.reached.add(f"agreement {state}")

    def due(self, deal: Deal) -> int:
        """Last second of the parties in the present state; pauses move it on."""
        period = SIXTY_DAYS_S if deal.state == DISPUTED else deployment.CONFIRMATION_PERIOD_S
        base = deal.terms["deadline"] if deal.state in {PROPOSED, ACCEPTED} else deal.stamp + period
        return base + self.paused_until(clock.now_s()) - deal.stamp_paused

    def pass_due(self, deal: Deal) -> None:
        """Let the time of the present state pass."""
        clock.move_to(max(clock.now_s() + 1, self.due(deal) + 60))

    def refund(self, deal: Deal, parties, units: int) -> None:
        for party in deal.funders:
            if party in parties:
                self.move(self.exchange, self.account(party), deal.share(party, units))

    def pay_parties(self, deal: Deal, receiver: int, feeable: int, structure: int) -> None:
        """What was earned, less the service fee of the acceptance; the community pays none."""
        bps = 0 if deal.funders == [COMMUNITY] else self.fee_bps(deal.accepted_at)
        self.move_with_fee(self.exchange, self.wallet[deal.provider], feeable, bps)
        self.move(self.exchange, self.wallet[deal.provider], receiver - feeable)
        if deal.structure is not None:
            self.move_with_fee(self.exchange, self.wallet[deal.structure], structure, bps)

    def release_price(self, deal: Deal, instant_s: int) -> None:
        price = deal.terms["priceUnits"]
        deal.lent = deal.terms["kind"] == LOAN
        self.enter(deal, LENT if deal.lent else SETTLED, instant_s)
        self.pay_parties(deal, price, price, deal.terms["compensationUnits"])
        if not deal.lent:
            self.pay_incentive(deal, instant_s)
