"""Gateway of ServiceExchange: agreements of the eight categories, from the proposal to the feedback."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Self

from web3.types import BlockIdentifier

from gettone.chain.agreement import Authorization, Terms
from gettone.chain.authorization import NO_PERMIT, Permit
from gettone.chain.client import LATEST, ChainClient
from gettone.chain.consent import member_id_bytes
from gettone.chain.contract import Call, Contract, checksum_address

NAME = "ServiceExchange"


class AgreementState(IntEnum):
    """State of an agreement on chain."""

    NONE = 0
    PROPOSED = 1
    ACCEPTED = 2
    DELIVERED = 3
    SETTLED = 4
    CANCELLED = 5
    DISPUTED = 6
    RESOLVED = 7
    EXPIRED = 8
    LENT = 9
    RETURNED = 10


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the exchange remembers of an agreement, in the field order of the contract.

    Bits of parties: payers 0 to 31, provider 32, structure 33, community 34; times unix seconds.
    """

    state: AgreementState
    proposer: int
    checks: int
    checked: bool
    incentive_closed: bool
    lent: bool
    consents: int
    marks: int
    accepted_at_s: int
    stamp_s: int
    stamp_paused_s: int


@dataclass(frozen=True, slots=True)
class AgreementProposed:
    """A proposal with its terms in clear; `proposer` None is the community."""

    agreement_id: bytes
    proposer: str | None
    terms: Terms
    block_number: int
    tx_hash: str


@dataclass(frozen=True, slots=True)
class FeedbackGiven:
    """One party's rating (1 to 5) of an agreement and the SHA-256 of its words; `member_id` None: the community."""

    agreement_id: bytes
    member_id: str | None
    rating: int
    text_hash: bytes
    block_number: int
    tx_hash: str


@dataclass(frozen=True, slots=True)
class ServiceExchange:
    """Reads and calls of one community's ServiceExchange.

    Every act of a member takes an Authorization: without a signature the member's wallet sends it itself.
    """

    contract: Contract

    @classmethod
    def at(cls, client: ChainClient, address: str) -> Self:
        """The exchange deployed at `address`."""
        return cls(Contract(client, NAME, checksum_address(address)))

    @property
    def address(self) -> str:
        """EIP-55 address of the exchange, the spender of permits and the verifying contract of acts."""
        return self.contract.address

    def agreement(self, agreement_id: bytes, *, block_identifier: BlockIdentifier = LATEST) -> Agreement:
        """What is remembered of an agreement; state NONE if there is none."""
        state, *rest = self.contract.read("agreement", agreement_id, block_identifier=block_identifier)
        return Agreement(AgreementState(state), *rest)

    def agreement_id(self, terms: Terms, *, block_identifier: BlockIdentifier = LATEST) -> bytes:
        """The contract's own struct hash of the terms; equal to `terms.agreement_id()`."""
        return bytes(self.contract.read("agreementId", terms.to_chain(), block_identifier=block_identifier))

    def escrow_of(self, terms: Terms, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """Base units the agreement holds in escrow now."""
        return int(self.contract.read("escrowOf", terms.to_chain(), block_identifier=block_identifier))

    def funding_of(self, terms: Terms, member_id: str | None, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """Base units a party (None: the community) puts into escrow with its consent."""
        member = bytes(32) if member_id is None else member_id_bytes(member_id)
        return int(self.contract.read("fundingOf", terms.to_chain(), member, block_identifier=block_identifier))

    def due_at_s(self, terms: Terms, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """Last second at which its parties alone can leave the present state; 0 where time does not matter."""
        return int(self.contract.read("dueAt", terms.to_chain(), block_identifier=block_identifier))

    def nonces(self, wallet: str, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """The nonce the next signed act of `wallet` must carry."""
        return int(self.contract.read("nonces", checksum_address(wallet), block_identifier=block_identifier))

    def confirmation_period_s(self, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """Seconds for which payers and lenders may be silent."""
        return int(self.contract.read("confirmationPeriod", block_identifier=block_identifier))

    def agreements_proposed(
        self, agreement_id: bytes | None = None, *, from_block: int = 0, to_block: int | None = None
    ) -> list[AgreementProposed]:
        """Proposals in chain order, of one agreement where named."""
        events = self.contract.events("AgreementProposed", agreement_id, from_block=from_block, to_block=to_block)
        return [
            AgreementProposed(
                bytes(event["args"]["agreementId"]),
                _member(event["args"]["proposer"]),
                Terms.of_chain(list(event["args"]["terms"].values())),
                int(event["blockNumber"]),
                "0x" + bytes(event["transactionHash"]).hex(),
            )
            for event in events
        ]

    def feedback_given(
        self, agreement_id: bytes | None = None, *, from_block: int = 0, to_block: int | None = None
    ) -> list[FeedbackGiven]:
        """Feedback in chain order, of one agreement where named."""
        events = self.contract.events("FeedbackGiven", agreement_id, from_block=from_block, to_block=to_block)
        return [
            FeedbackGiven(
                bytes(event["args"]["agreementId"]),
                _member(event["args"]["memberId"]),
                int(event["args"]["rating"]),
                bytes(event["args"]["textHash"]),
                int(event["blockNumber"]),
                "0x" + bytes(event["transactionHash"]).hex(),
            )
            for event in events
        ]

    def propose(self, terms: Terms, authorization: Authorization, permit: Permit = NO_PERMIT) -> Call:
        """Propose terms and consent to them, as any party."""
        return self._act("propose", terms, authorization.to_chain(), permit.to_chain())

    def accept(self, terms: Terms, authorization: Authorization, permit: Permit = NO_PERMIT) -> Call:
        """Consent as another party."""
        return self._act("accept", terms, authorization.to_chain(), permit.to_chain())

    def cancel(self, terms: Terms, authorization: Authorization) -> Call:
        """Withdraw a party's consent."""
        return self._act("cancel", terms, authorization.to_chain())

    def deliver(self, terms: Terms, authorization: Authorization) -> Call:
        """Declare the delivery, as the provider."""
        return self._act("deliver", terms, authorization.to_chain())

    def confirm(self, terms: Terms, authorization: Authorization) -> Call:
        """Confirm the delivery, as a payer (new goods: as the buyer)."""
        return self._act("confirm", terms, authorization.to_chain())

    def dispute(self, terms: Terms, reason_hash: bytes, authorization: Authorization) -> Call:
        """Stop the agreement until it is resolved, as any party; the reason (SHA-256) stays off chain."""
        return self._act("dispute", terms, reason_hash, authorization.to_chain())

    def declare_return(self, terms: Terms, authorization: Authorization) -> Call:
        """Declare the goods returned, as the borrower."""
        return self._act("declareReturn", terms, authorization.to_chain())

    def confirm_return(self, terms: Terms, authorization: Authorization) -> Call:
        """Confirm the return, as the lender."""
        return self._act("confirmReturn", terms, authorization.to_chain())

    def give_feedback(self, terms: Terms, rating: int, text_hash: bytes, authorization: Authorization) -> Call:
        """Rate a settled or resolved agreement, as any party, once."""
        return self._act("giveFeedback", terms, rating, text_hash, authorization.to_chain())

    def release(self, terms: Terms) -> Call:
        """Release after the confirmation period; anybody may send it."""
        return self._act("release", terms)

    def expire(self, terms: Terms) -> Call:
        """Refund an agreement whose deadline passed; anybody may send it."""
        return self._act("expire", terms)

    def refund_undecided(self, terms: Terms) -> Call:
        """Refund a dispute nobody resolved within 60 days; anybody may send it."""
        return self._act("refundUndecided", terms)

    def release_deposit(self, terms: Terms) -> Call:
        """Give a deposit back after the confirmation period; anybody may send it."""
        return self._act("releaseDeposit", terms)

    def pay_incentive(self, terms: Terms) -> Call:
        """Pay an incentive that did not come with the settlement; anybody may send it."""
        return self._act("payIncentive", terms)

    def propose_for_community(self, terms: Terms) -> Call:
        """Propose terms that the community pays (role COMMUNITY_ADMIN)."""
        return self._act("proposeForCommunity", terms)

    def accept_for_community(self, terms: Terms) -> Call:
        """Accept terms that the community pays (role COMMUNITY_ADMIN)."""
        return self._act("acceptForCommunity", terms)

    def cancel_for_community(self, terms: Terms) -> Call:
        """Cancel for the community (role COMMUNITY_ADMIN)."""
        return self._act("cancelForCommunity", terms)

    def dispute_for_community(self, terms: Terms, reason_hash: bytes) -> Call:
        """Dispute for the community (role COMMUNITY_ADMIN)."""
        return self._act("disputeForCommunity", terms, reason_hash)

    def resolve(self, terms: Terms, to_receiver_units: int, to_structure_units: int = 0) -> Call:
        """Split a disputed escrow between members (role COMMUNITY_ADMIN); the rest goes back to the payers."""
        return self._act("resolve", terms, to_receiver_units, to_structure_units)

    def resolve_for_community(self, terms: Terms, to_receiver_units: int, to_structure_units: int = 0) -> Call:
        """Split a disputed escrow of the community (role PLATFORM_ADMIN, announced with the notice)."""
        return self._act("resolveForCommunity", terms, to_receiver_units, to_structure_units)

    def record_check(self, terms: Terms, checks: int) -> Call:
        """Record what the verifier found (role VERIFIER): bits 1 sustainability, 2 social value."""
        return self._act("recordCheck", terms, checks)

    def _act(self, function: str, terms: Terms, *rest: object) -> Call:
        return self.contract.call(function, terms.to_chain(), *rest)


def _member(member_id: bytes) -> str | None:
    return bytes(member_id).hex() if any(member_id) else None
