"""The counter of the exchange: terms of agreements, and members who act on them with their wallets or signatures."""

import clock
from membership import member_id
from typed_data import sign_act, sign_permit, terms_hash

SERVICE, TIME_BANK, USED_GOODS, LOAN, NEW_GOODS = range(5)
NONE, PROPOSED, ACCEPTED, DELIVERED, SETTLED, CANCELLED, DISPUTED, RESOLVED, EXPIRED, LENT, RETURNED = range(11)
SUSTAINABILITY, SOCIAL_VALUE = 1, 2
NO_PERMIT = (0, 0, 0, bytes(32), bytes(32))
NOTHING = bytes(32)
SIGNED_UNTIL_S = clock.unix_s(2034, 1, 1)  # far behind every test


def states(*numbers: int) -> int:
    """The states as bits, as refusals name those that a call needs."""
    return sum(1 << number for number in numbers)


def terms_of(category: int, provider, *payers, structure=None, kind: int = SERVICE, price: int = 0, **changes) -> dict:
    """Terms as the struct's fields; parties are wallets of members, amounts base units.

    The deadline is ten days from now, a loan is to be returned ten days later.
    """
    deadline = clock.now_s() + 10 * clock.DAY_S
    fields = {
        "category": category,
        "kind": kind,
        "provider": member_id(provider),
        "payers": sorted(member_id(payer) for payer in payers),
        "structure": member_id(structure) if structure else NOTHING,
        "priceUnits": price,
        "compensationUnits": 0,
        "depositUnits": 0,
        "durationMinutes": 0,
        "deadline": deadline,
        "returnBy": deadline + 10 * clock.DAY_S if kind == LOAN else 0,
        "contentHash": b"\x0c" * 32,
        "salt": NOTHING,
    }
    assert changes.keys() <= fields.keys()
    return fields | changes


class Counter:
    """Where members act; `courier` carries what is signed, and whatever anybody may do.

    `sending` are options of Brownie for every transaction.
    """

    def __init__(self, exchange, token, courier, **sending) -> None:
        self.exchange, self.token, self.courier, self.sending = exchange, token, courier, sending

    def id_of(self, terms: dict) -> bytes:
        """Id of the agreement as this side computes it."""
        return terms_hash(self.exchange, terms)

    def state(self, terms: dict) -> int:
        return self.exchange.agreement(self.id_of(terms))["state"]

    # --------------------------------------------------------------------------------------------------- MEMBERS

    def propose(self, terms: dict, who, permit: tuple = NO_PERMIT, signature: bytes | None = None):
        return self._act("propose", terms, who, permit, signature=signature)

    def accept(self, terms: dict, who, permit: tuple = NO_PERMIT, signature: bytes | None = None):
        return self._act("accept", terms, who, permit, signature=signature)

    def cancel(self, terms: dict, who, signature: bytes | None = None):
        return self._act("cancel", terms, who, signature=signature)

    def deliver(self, terms: dict, who, signature: bytes | None = None):
        return self._act("deliver", terms, who, signature=signature)

    def confirm(self, terms: dict, who, signature: bytes | None = None):
        return self._act("confirm", terms, who, signature=signature)

    def declare_return(self, terms: dict, who, signature: bytes | None = None):
        return self._act("declareReturn", terms, who, signature=signature)

    def confirm_return(self, terms: dict, who, signature: bytes | None = None):
        return self._act("confirmReturn", terms, who, signature=signature)

    def dispute(self, terms: dict, who, reason: bytes = NOTHING, signature: bytes | None = None):
        return self._act("dispute", terms, who, before=(reason,), signature=signature)

    def feedback(self, terms: dict, who, rating: int, text: bytes = NOTHING, signature: bytes | None = None):
        return self._act("giveFeedback", terms, who, before=(rating, text), signature=signature)

    def _act(self, function: str, terms: dict, who, *after, before: tuple = (), signature: bytes | None):
        """Without a signature the wallet itself sends, else the courier carries it."""
        sender = who if signature is None else self.courier
        deadline = 0 if signature is None else SIGNED_UNTIL_S
        authorization = (member_id(who), deadline, signature or b"")
        call = getattr(self.exchange, function)
        return call(tuple(terms.values()), *before, authorization, *after, {"from": sender} | self.sending)

    def sign(self, act: str, terms: dict, who, *, detail: bytes = NOTHING, **falsified) -> bytes:
        """The wallet's signature over an act; keyword arguments falsify `nonce`, `deadline`, `member`, `chain_id`."""
        chain = {"chain_id": falsified.pop("chain_id")} if "chain_id" in falsified else {}
        values = {
            "act": act,
            "terms": terms,
            "member": member_id(who),
            "detail": detail,
            "nonce": self.exchange.nonces(who),
            "deadline": SIGNED_UNTIL_S,
        }
        assert falsified.keys() <= values.keys()
        return sign_act(who, self.exchange, values | falsified, **chain)

    def permit(self, who, units: int, deadline: int | None = None) -> tuple:
        """The wallet's permit for the exchange over this many base units, valid for an hour."""
        until = clock.now_s() + clock.HOUR_S if deadline is None else deadline
        parts = sign_permit(who, self.token, self.exchange, units, self.token.nonces(who), until)
        return units, until, *parts

    # -------------------------------------------------------------------------------------------------- ANYBODY

    def anybody(self, function: str, terms: dict):
        """`release`, `expire`, `releaseDeposit`, `refundUndecided` or `payIncentive`, sent by the courier."""
        return self.as_role(function, terms, sender=self.courier)

    def as_role(self, function: str, terms: dict, *arguments, sender):
        """A function for a role, sent by its holder."""
        return getattr(self.exchange, function)(tuple(terms.values()), *arguments, {"from": sender} | self.sending)

    # --------------------------------------------------------------------------------------------------- COURSES

    def agree(self, terms: dict, first, *others):
        """The first proposes and the others accept; returns the last receipt."""
        receipt = self.propose(terms, first)
        for other in others:
            receipt = self.accept(terms, other)
        return receipt

    def settle(self, terms: dict, provider, *payers, structure=None):
        """From the proposal to the last confirmation of an agreement between members; returns the last receipt."""
        self.agree(terms, provider, *payers, *([structure] if structure else []))
        self.deliver(terms, provider)
        receipts = [self.confirm(terms, payer) for payer in payers]
        return receipts[-1]
