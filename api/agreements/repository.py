"""Agreements as the chain has them, with their words and the rules in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from api.refusals import NotFound
from api.tokens.repository import TokenRepository
from gettone.chain.agreement import Terms
from gettone.chain.consent import MemberClass
from gettone.db.repositories.agreement_drafts import AgreementDrafts, DraftRow
from gettone.db.repositories.policy_events import PolicyEvents
from gettone.db.repositories.token_book import TokenBookRows
from gettone.economy.agreements import AgreementRecord
from gettone.economy.policy import rules_at

_CLASSES = {"Citizen": MemberClass.CITIZEN, "Stakeholder": MemberClass.STAKEHOLDER}


@dataclass(frozen=True, slots=True)
class Known:
    """An agreement: on chain, written down here, or both."""

    agreement_id: bytes
    terms: Terms
    record: AgreementRecord | None
    draft: DraftRow | None

    @property
    def parties(self) -> tuple[str, ...]:
        """Every member it is with."""
        structure = () if self.terms.structure is None else (self.terms.structure,)
        return (self.terms.provider, *self.terms.payers, *structure)


@dataclass(frozen=True, slots=True)
class AgreementRepository:
    """Reads the agreements of one community."""

    connection: Connection
    community_id: int

    def now_s(self) -> int:
        """The time of the indexed block; Unavailable before the first."""
        return TokenRepository(self.connection, self.community_id).cursor().time_s

    def get(self, agreement: str) -> Known:
        """An agreement by its id (0x hex); NotFound for one that nobody wrote down or proposed."""
        agreement_id = bytes.fromhex(agreement[2:])
        record = TokenBookRows(self.connection, self.community_id).agreements([agreement_id]).get(agreement_id)
        draft = self._drafts.find([agreement_id]).get(agreement_id)
        if record is not None:
            return Known(agreement_id, record.terms, record, draft)
        if draft is not None:
            return Known(agreement_id, draft.terms, None, draft)
        raise NotFound("not_found", "there is no such agreement of yours")

    def on_chain(self, member: str | None, before: tuple[int, bytes] | None, limit: int) -> list[Known]:
        """Agreements of a member, or of everybody, the latest first."""
        holder = None if member is None else bytes.fromhex(member)
        records = TokenBookRows(self.connection, self.community_id).agreements_of(holder, before, limit)
        drafts = self._drafts.find([one.agreement_id for one in records])
        return [Known(one.agreement_id, one.terms, one, drafts.get(one.agreement_id)) for one in records]

    def add(self, row: DraftRow) -> None:
        """Write an agreement down."""
        self._drafts.add(row)

    def fees(self, at_s: int) -> Mapping[tuple[MemberClass, MemberClass], int]:
        """Service fees in force at a moment, by class of payer and receiver."""
        published = PolicyEvents(self.connection, self.community_id).published("FeesScheduled", "fees")
        current = rules_at(published, at_s).current
        given: Mapping[str, Any] = {} if current is None else current.value
        return {
            (payer_class, receiver_class): int(given.get(f"service{payer}To{receiver}", 0))
            for payer, payer_class in _CLASSES.items()
            for receiver, receiver_class in _CLASSES.items()
        }

    def incentive(self, terms: Terms, at_s: int) -> Mapping[str, int] | None:
        """The incentive in force at a moment for such an agreement."""
        published = PolicyEvents(self.connection, self.community_id).incentives(terms.category, int(terms.kind))
        current = rules_at(published, at_s).current
        return None if current is None else current.value

    @property
    def _drafts(self) -> AgreementDrafts:
        return AgreementDrafts(self.connection, self.community_id)


def places(found: Sequence[Known]) -> list[tuple[Any, ...]]:
    """The sort keys of a list of agreements on chain."""
    return [(one.record.proposed_block, one.agreement_id.hex()) for one in found if one.record is not None]
