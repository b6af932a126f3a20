"""The book of a community's token: an entry for everybody whose tokens moved, with the balance after it.

A holder is a member, whatever wallets they had, as the 32 bytes of the member id; a wallet without a member (the
Treasury, the escrow of agreements) is the 20 bytes of its address.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from gettone.chain import community_token, member_registry, service_exchange
from gettone.chain.index.events import ChainEvent
from gettone.economy.agreements import AgreementRecord, follow, proposed
from gettone.economy.reasons import NOBODY, Reason, SystemWallets, TransactionEvents, Why


class Entry(NamedTuple):
    """One line of a holder's statement, base units; `change_units` has a sign and holds the fee that was paid.

    `fee_units` is the fee of the flow, whoever bore it; `counterparty` is the other wallet (EIP-55), None for tokens
    that were made or destroyed.
    """

    holder: bytes
    block_number: int
    log_index: int
    tx_hash: str
    reason: Reason
    change_units: int
    fee_units: int
    balance_units: int
    counterparty: str | None
    subject: str | None


@dataclass(frozen=True, slots=True)
class WalletRecord:
    """Whose a wallet is, its class and status, and the block that said so last."""

    holder: bytes
    member_class: int
    status: int
    block_number: int


@dataclass
class TokenBook:
    """Where a community's tokens are after the last event, and the entries of the events applied since.

    wallets, agreements: what is known of them, at least of those that the events name.
    units: base units of holders, at least of those whose tokens the events move.
    """

    system: SystemWallets
    wallets: dict[str, WalletRecord]
    agreements: dict[bytes, AgreementRecord]
    units: dict[bytes, int]
    entries: list[Entry] = field(default_factory=list)
    changed_wallets: set[str] = field(default_factory=set)
    changed_agreements: set[bytes] = field(default_factory=set)

    def apply(self, events: Iterable[ChainEvent]) -> None:
        """Enter events in chain order."""
        for of_transaction in _transactions(events):
            found = TransactionEvents(of_transaction, self.system)
            for place, event in enumerate(of_transaction):
                if event.event == "Transfer" and event.contract == community_token.NAME:
                    self._move(found, place, event)
                elif event.contract == service_exchange.NAME:
                    self._agree(event)
                else:
                    self._know(event)

    def holder_of(self, wallet: str) -> bytes:
        """The member of a wallet, or the wallet itself."""
        known = self.wallets.get(wallet)
        return bytes.fromhex(wallet[2:]) if known is None else known.holder

    def _move(self, found: TransactionEvents, place: int, event: ChainEvent) -> None:
        sender, receiver, value = event.args.values()
        units, is_refund = int(value), None
        if sender == self.system.exchange:
            is_refund = self._is_funder(found.agreement(place), receiver)
        why = found.why(place, is_refund)
        if sender == NOBODY:
            self._enter(self.holder_of(receiver), event, why, units, None)
            return
        giver = self.holder_of(sender)
        taker = None if receiver == NOBODY else self.holder_of(receiver)
        given = units + why.fee_units
        if giver == taker:
            self._enter(giver, event, why, units - given, receiver)
            return
        if not why.is_fee:
            self._enter(giver, event, why, -given, None if taker is None else receiver)
        if taker is not None:
            self._enter(taker, event, why, units, sender)

    def _enter(self, holder: bytes, event: ChainEvent, why: Why, change: int, counterparty: str | None) -> None:
        balance = self.units[holder] = self.units.get(holder, 0) + change
        self.entries.append(
            Entry(
                holder,
                event.block_number,
                event.log_index,
                event.tx_hash,
                why.reason,
                change,
                why.fee_units,
                balance,
                counterparty,
                why.subject,
            )
        )

    def _is_funder(self, agreement: str | None, wallet: str) -> bool:
        known = None if agreement is None else self.agreements.get(bytes.fromhex(agreement[2:]))
        if known is None:
            return False
        treasury = bytes.fromhex(self.system.treasury[2:])
        return self.holder_of(wallet) in [treasury if one is None else bytes.fromhex(one) for one in known.funders]

    def _agree(self, event: ChainEvent) -> None:
        if "agreementId" not in event.args:
            return
        agreement_id = bytes.fromhex(event.args["agreementId"][2:])
        if event.event == "AgreementProposed":
            self.agreements[agreement_id] = proposed(event)
        else:
            follow(self.agreements[agreement_id], event)
        self.changed_agreements.add(agreement_id)

    def _know(self, event: ChainEvent) -> None:
        """Whose a wallet is, from the registry; its class and status, from the token."""
        args = event.args
        if event.event == "AccountSet":
            holder = self.holder_of(args["wallet"])
            self._set(args["wallet"], WalletRecord(holder, args["class"], args["status"], event.block_number))
        elif event.contract == member_registry.NAME and event.event in ("MemberJoined", "WalletReplaced"):
            wallet = args["wallet" if event.event == "MemberJoined" else "newWallet"]
            before = self.wallets.get(wallet) or WalletRecord(b"", 0, 0, 0)
            holder = bytes.fromhex(args["memberId"][2:])
            self._set(wallet, WalletRecord(holder, before.member_class, before.status, event.block_number))

    def _set(self, wallet: str, record: WalletRecord) -> None:
        self.wallets[wallet] = record
        self.changed_wallets.add(wallet)


class Named(NamedTuple):
    """What events name, so that what is known of it can be read before they are entered."""

    wallets: frozenset[str]
    agreements: frozenset[bytes]


def named_in(events: Iterable[ChainEvent]) -> Named:
    """The wallets whose tokens or accounts events change, and the agreements they are about."""
    wallets: set[str] = set()
    agreements: set[bytes] = set()
    for event in events:
        if event.event == "Transfer" and event.contract == community_token.NAME:
            sender, receiver, _ = event.args.values()
            wallets.add(sender)
            wallets.add(receiver)
        elif event.contract == service_exchange.NAME and "agreementId" in event.args:
            agreements.add(bytes.fromhex(event.args["agreementId"][2:]))
        elif event.event in ("AccountSet", "MemberJoined"):
            wallets.add(event.args["wallet"])
        elif event.event == "WalletReplaced":
            wallets |= {event.args["oldWallet"], event.args["newWallet"]}
    return Named(frozenset(wallets - {NOBODY}), frozenset(agreements))


def units_by_holder(wallets: Mapping[str, WalletRecord], units: Mapping[str, int]) -> dict[bytes, int]:
    """Base units of holders, from those of their wallets."""
    found: dict[bytes, int] = {}
    for wallet, held in units.items():
        known = wallets.get(wallet)
        holder = bytes.fromhex(wallet[2:]) if known is None else known.holder
        found[holder] = found.get(holder, 0) + held
    return found


def _transactions(events: Iterable[ChainEvent]) -> Iterator[Sequence[ChainEvent]]:
    for _tx_hash, found in groupby(events, attrgetter("tx_hash")):
        yield list(found)
