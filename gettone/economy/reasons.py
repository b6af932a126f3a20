"""Why a token moved: read from the events around each `Transfer` of a transaction (contracts.md §5, §8, §9).

The contracts write an event before or behind every movement that is more than a transfer, always in the same place.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from gettone.chain import service_exchange
from gettone.chain.index.events import ChainEvent

NOBODY = "0x" + "00" * 20


class Reason(StrEnum):
    """The reason of a movement; `unexplained` is one that no event of the contracts goes with."""

    REWARD = "reward"
    TRANSFER = "transfer"
    FEE = "fee"
    INCENTIVE = "incentive"
    WELCOME_BONUS = "welcome_bonus"
    ENERGY_BONUS = "energy_bonus"
    ESCROW = "agreement_escrow"
    PAYMENT = "agreement_payment"
    REFUND = "agreement_refund"
    SALE = "fiat_sale"
    ISSUE = "issue"
    BURN = "burn"
    SWEEP = "sweep"
    REPLACEMENT = "wallet_replacement"
    UNEXPLAINED = "unexplained"


class Why(NamedTuple):
    """A reason with what it is about, and the base units of the flow that went to the Treasury as its fee.

    `subject` is `period.revision` of a reward, the id of an agreement, the reference of a payment, or the GSE period of
    an energy bonus.  `is_fee` marks the fee itself, which its payer sees with the flow and not as another movement.
    """

    reason: Reason
    subject: str | None = None
    fee_units: int = 0
    is_fee: bool = False


@dataclass(frozen=True, slots=True)
class SystemWallets:
    """The community's own wallets (EIP-55): the Treasury, and the escrow of agreements."""

    treasury: str
    exchange: str


_UNEXPLAINED = Why(Reason.UNEXPLAINED)
# What the Treasury says just before it gives, with the argument that names the subject.
_GIVEN: Mapping[str, tuple[Reason, str | None]] = {
    "WelcomeBonusPaid": (Reason.WELCOME_BONUS, None),
    "EnergyBonusPaid": (Reason.ENERGY_BONUS, "gsePeriod"),
    "IncentivePaid": (Reason.INCENTIVE, "agreementId"),
    "Sold": (Reason.SALE, "paymentReference"),
}


class TransactionEvents:
    """The events of one transaction, in their order."""

    def __init__(self, events: Sequence[ChainEvent], system: SystemWallets) -> None:
        self._events, self._system = events, system
        self._chunks = [place for place, one in enumerate(events) if one.event == "ChunkPaid"]
        self._rewards = [Why(Reason.REWARD, _period(events[place])) for place in self._chunks]

    def why(self, place: int, is_refund: bool | None = None) -> Why:
        """Why the transfer at `place` moved; `is_refund` tells it of what leaves the escrow of an agreement."""
        sender, receiver, _units = self._events[place].args.values()
        if sender == NOBODY:
            return self._created(place, receiver)
        if receiver == NOBODY:
            return Why(Reason.BURN)
        if sender == self._system.treasury:
            return self._given(place)
        if receiver == self._system.treasury and (found := self._taken(place, sender)):
            return found
        return self._between(place, sender, receiver, is_refund)

    def _between(self, place: int, sender: str, receiver: str, is_refund: bool | None) -> Why:
        if self._system.exchange in (sender, receiver):
            reason = Reason.ESCROW if receiver == self._system.exchange else Reason.PAYMENT
            return Why(Reason.REFUND if is_refund else reason, self.agreement(place), self._fee(place, sender))
        replaced = self._find_before(place, "WalletReplaced")
        if replaced and (replaced.args["oldWallet"], replaced.args["newWallet"]) == (sender, receiver):
            return Why(Reason.REPLACEMENT)
        return Why(Reason.TRANSFER, None, self._fee(place, sender))

    def agreement(self, place: int) -> str | None:
        """The agreement that the movement at `place` belongs to: the exchange names it before it moves anything."""
        for one in reversed(self._events[:place]):
            if one.contract == service_exchange.NAME and "agreementId" in one.args:
                return str(one.args["agreementId"])
        return None

    def _created(self, place: int, receiver: str) -> Why:
        if receiver == self._system.treasury and (before := self._at(place - 1)) and before.event == "Issued":
            return Why(Reason.ISSUE)
        number = bisect_right(self._chunks, place)
        if number == len(self._chunks):
            return _UNEXPLAINED
        reward = self._rewards[number]
        if receiver == self._system.treasury and self._chunks[number] == place + 1 and self._has_fees(place):
            return Why(Reason.FEE, reward.subject, is_fee=True)
        charged = self._events[place + 1]
        return reward._replace(fee_units=int(charged.args["fee"])) if charged.event == "FeeCharged" else reward

    def _given(self, place: int) -> Why:
        before = self._at(place - 1)
        if before is not None and before.event == "ServiceFunded":
            return Why(Reason.ESCROW, self.agreement(place))
        if before is None or before.event is None or before.event not in _GIVEN:
            return _UNEXPLAINED
        reason, name = _GIVEN[before.event]
        return Why(reason, None if name is None else str(before.args[name]))

    def _taken(self, place: int, sender: str) -> Why | None:
        """What goes to the Treasury as a fee or from a wallet that left; None for a gift or a refund."""
        after = self._at(place + 1)
        if after is not None and after.event == "FeeCharged" and after.args["from"] == sender:
            return Why(Reason.FEE, self.agreement(place) if sender == self._system.exchange else None, is_fee=True)
        if after is not None and after.event == "WalletSwept" and after.args["wallet"] == sender:
            return Why(Reason.SWEEP)
        return None

    def _fee(self, place: int, sender: str) -> int:
        """The fee of the flow whose net part moved at `place`: the part of the Treasury follows, then the event."""
        charged = self._at(place + 2)
        is_charged = charged is not None and charged.event == "FeeCharged" and charged.args["from"] == sender
        return int(charged.args["fee"]) if is_charged and charged is not None else 0

    def _has_fees(self, place: int) -> bool:
        first = max((one for one in self._chunks if one < place), default=-1)
        return any(one.event == "FeeCharged" for one in self._events[first + 1 : place])

    def _find_before(self, place: int, event: str) -> ChainEvent | None:
        return next((one for one in reversed(self._events[:place]) if one.event == event), None)

    def _at(self, place: int) -> ChainEvent | None:
        return self._events[place] if 0 <= place < len(self._events) else None


def _period(chunk_paid: ChainEvent) -> str:
    return f"{chunk_paid.args['periodIndex']}.{chunk_paid.args['revision']}"
