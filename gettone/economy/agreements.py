"""What the events of the ServiceExchange make of an agreement (contracts.md §9)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gettone.chain.agreement import Terms
from gettone.chain.categories import CATEGORIES, Kind
from gettone.chain.index.events import ChainEvent
from gettone.chain.service_exchange import AgreementState

_NOBODY = "00" * 32
_STATES: Mapping[str, AgreementState] = {
    "AgreementAccepted": AgreementState.ACCEPTED,
    "AgreementDelivered": AgreementState.DELIVERED,
    "AgreementLent": AgreementState.LENT,
    "ReturnDeclared": AgreementState.RETURNED,
    "AgreementSettled": AgreementState.SETTLED,
    "AgreementCancelled": AgreementState.CANCELLED,
    "AgreementDisputed": AgreementState.DISPUTED,
    "AgreementResolved": AgreementState.RESOLVED,
    "AgreementExpired": AgreementState.EXPIRED,
}


@dataclass(slots=True)
class AgreementRecord:
    """An agreement as of the last event: its terms, its state since which block, and who has consented.

    Parties are member ids; the community itself is None.  `checks` are the bits a verifier found, None before.
    """

    agreement_id: bytes
    terms: Terms
    proposer: str | None
    proposed_block: int
    state: AgreementState
    state_block: int
    consents: list[str | None] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)
    checks: int | None = None

    @property
    def funders(self) -> tuple[str | None, ...]:
        """Whose tokens are in escrow: the payers', the provider's for new goods, or the community's (None)."""
        if CATEGORIES[self.terms.category].is_paid_by_community:
            return (None,)
        return (self.terms.provider,) if self.terms.kind is Kind.NEW_GOODS else self.terms.payers

    @property
    def parties(self) -> tuple[str, ...]:
        """Every member the agreement is with."""
        structure = () if self.terms.structure is None else (self.terms.structure,)
        return (self.terms.provider, *self.terms.payers, *structure)


def proposed(event: ChainEvent) -> AgreementRecord:
    """The agreement that an `AgreementProposed` begins."""
    args = event.args
    agreement_id = bytes.fromhex(args["agreementId"][2:])
    member, block = _member(args["proposer"]), event.block_number
    return AgreementRecord(agreement_id, terms_of(args["terms"]), member, block, AgreementState.PROPOSED, block)


def follow(record: AgreementRecord, event: ChainEvent) -> None:
    """Change the record as an event of its agreement says; others leave it as it is."""
    state = _STATES.get(event.event or "")
    if state is not None:
        record.state, record.state_block = state, event.block_number
        if record.state is AgreementState.DELIVERED and record.terms.provider not in record.consents:
            # Who delivers takes a withdrawn consent back.
            record.consents.append(record.terms.provider)
    elif event.event == "ConsentGiven":
        record.consents.append(_member(event.args["memberId"]))
    elif event.event == "ConsentWithdrawn":
        member = _member(event.args["memberId"])
        record.consents = [one for one in record.consents if one != member]
    elif event.event == "DeliveryConfirmed":
        record.confirmed.append(event.args["memberId"][2:])
    elif event.event == "CheckRecorded":
        record.checks = int(event.args["checks"])


def terms_of(args: Mapping[str, Any]) -> Terms:
    """The terms in the arguments of an event of the index."""
    return Terms(
        category=int(args["category"]),
        kind=Kind(int(args["kind"])),
        provider=args["provider"][2:],
        payers=tuple(one[2:] for one in args["payers"]),
        price_units=int(args["priceUnits"]),
        deadline_s=int(args["deadline"]),
        content_hash=bytes.fromhex(args["contentHash"][2:]),
        salt=bytes.fromhex(args["salt"][2:]),
        structure=_member(args["structure"]),
        compensation_units=int(args["compensationUnits"]),
        deposit_units=int(args["depositUnits"]),
        duration_minutes=int(args["durationMinutes"]),
        return_by_s=int(args["returnBy"]),
    )


def terms_document(terms: Terms) -> dict[str, Any]:
    """The terms as `terms_of` reads them."""
    return {
        "category": terms.category,
        "kind": int(terms.kind),
        "provider": "0x" + terms.provider,
        "payers": ["0x" + one for one in terms.payers],
        "structure": "0x" + (terms.structure or _NOBODY),
        "priceUnits": str(terms.price_units),
        "compensationUnits": str(terms.compensation_units),
        "depositUnits": str(terms.deposit_units),
        "durationMinutes": terms.duration_minutes,
        "deadline": str(terms.deadline_s),
        "returnBy": str(terms.return_by_s),
        "contentHash": "0x" + terms.content_hash.hex(),
        "salt": "0x" + terms.salt.hex(),
    }


def _member(word: str) -> str | None:
    member = word[2:]
    return None if member == _NOBODY else member
