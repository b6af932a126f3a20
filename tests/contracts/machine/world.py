"""The model beside the chain: who is a member, who has how much, what time and fees it is."""

from dataclasses import dataclass

import clock
import policies
from membership import CITIZEN, STAKEHOLDER, member_id
from refusal import attempt

NOBODY, ACTIVE, FROZEN, LEFT, LEFT_AND_FROZEN = range(5)
CITIZENS, STAKEHOLDERS = 4, 2
SLOTS = CITIZENS + STAKEHOLDERS
JOINED_AT_FIRST = (0, 1, 2, 4, 5)
TOKEN = 10**18
BPS = 10_000
FIRST_BPS = 100  # of every flow, from deployment
MARGIN_S = 600  # of the clock, which goes on by itself a little between two steps


@dataclass(frozen=True)
class Cast:
    """Who acts: wallets of six members (four citizens first), spare wallets, desks, and holders of roles."""

    wallets: list
    spares: list
    desk: object
    counter: object
    holders: dict


class World:
    """State of the model. Members are slots 0 to 5; their wallets may change."""

    def __init__(self, community, cast: Cast, reached: set):
        self.community, self.cast, self.reached = community, cast, reached
        self.token, self.members, self.policy = community.token, community.members, community.policy
        self.treasury, self.exchange, self.ledger = community.treasury, community.exchange, community.ledger

    def setup(self):
        """Before each example: nobody but the first five, nothing but what they will be given."""
        self.wallet = dict(enumerate(self.cast.wallets))
        self.ids = {slot: member_id(wallet) for slot, wallet in self.wallet.items()}
        self.spares = list(self.cast.spares)
        self.status = dict.fromkeys(range(SLOTS), NOBODY)
        self.units: dict[str, int] = {}
        self.issued = self.burned = self.paid = 0
        self.paused_at = self.paused_s = 0
        self.fees = [(0, FIRST_BPS)]  # (valid from, the one rate of all ten in bps)
        self.start()

    def start(self):
        """What the parts of the machine begin with; each calls the next."""

    def go_on(self, number: int) -> None:
        """What a machine does most of the time, so that rare events do not empty the village; see AgreementRules."""

    # --------------------------------------------------------------------------------------------------- SENDING

    def send(self, function, *arguments, sender):
        """The receipt of a transaction, or None if the contracts refuse it."""
        return attempt(lambda: function(*arguments, {"from": sender, "allow_revert": False}))

    def as_role(self, role: int):
        """A holder of a role."""
        return self.cast.holders[role][0]

    # -------------------------------------------------------------------------------------------------- BALANCES

    def has(self, account) -> int:
        """Base units of a wallet or contract."""
        return self.units.get(str(account), 0)

    def move(self, source, target, units: int) -> None:
        """Move base units; None stands for the supply that comes or goes."""
        for account, change in ((source, -units), (target, units)):
            if account is not None:
                self.units[str(account)] = self.has(account) + change

    def move_with_fee(self, source, target, units: int, bps: int) -> None:
        """I7: what arrives and the fee are the amount, and the fee is a fifth at most."""
        fee = units * bps // BPS
        assert 5 * fee <= units
        self.move(source, target, units - fee)
        self.move(source, self.treasury, fee)
        if fee:
            self.reached.add("fee charged")

    # ------------------------------------------------------------------------------------------------------ TIME

    def fee_bps(self, instant_s: int) -> int:
        """The rate in force at a moment: I12, none before its date."""
        return next(bps for valid_from, bps in reversed(self.fees) if valid_from <= instant_s)

    @property
    def is_paused(self) -> bool:
        return self.paused_at != 0

    def paused_until(self, instant_s: int) -> int:
        """Seconds of all pauses up to a moment."""
        return self.paused_s + (instant_s - self.paused_at if self.is_paused else 0)

    def wait(self, seconds: int) -> None:
        clock.move_to(clock.now_s() + seconds)

    def is_near(self, instant_s: int) -> bool:
        """Whether a moment is too near to tell on which side of it the next block lies."""
        return abs(clock.now_s() - instant_s) < MARGIN_S

    # --------------------------------------------------------------------------------------------------- MEMBERS

    @staticmethod
    def class_of(slot: int) -> int:
        return CITIZEN if slot < CITIZENS else STAKEHOLDER

    def slot_of(self, wallet) -> int | None:
        """The member whose present wallet this is."""
        return next((slot for slot, own in self.wallet.items() if own == wallet and self.status[slot]), None)

    def month(self, instant_s: int) -> int:
        """Index of the policy's month of 30 days."""
        return (instant_s - self.policy.start()) // policies.MONTH_S
