"""Terms of agreements with the words they stand for, as members wrote them down."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select

from gettone.chain.agreement import Terms
from gettone.db.id_lists import among_digests
from gettone.db.tables import AgreementDraft
from gettone.economy.agreements import terms_document, terms_of


@dataclass(frozen=True, slots=True)
class DraftRow:
    """What a member wrote down [unix ms]."""

    agreement_id: bytes
    member_id: str
    terms: Terms
    text: str
    created_at: int


@dataclass(frozen=True, slots=True)
class AgreementDrafts:
    """Reads and writes the drafts of one community."""

    connection: Connection
    community_id: int

    def add(self, row: DraftRow) -> None:
        """Store a draft; its id follows from its terms."""
        terms = json.dumps(terms_document(row.terms), sort_keys=True)
        values = {"community_id": self.community_id, "agreement_id": row.agreement_id, "member_id": row.member_id}
        values |= {"terms": terms, "text": row.text, "created_at": row.created_at}
        self.connection.execute(insert(AgreementDraft).values(**values))

    def find(self, ids: Iterable[bytes]) -> dict[bytes, DraftRow]:
        """Drafts by agreement id."""
        query = _DRAFT.where(
            AgreementDraft.community_id == self.community_id,
            among_digests(self.connection, AgreementDraft.agreement_id, ids),
        )
        return {bytes(row.agreement_id): _draft(row) for row in self.connection.execute(query)}


_DRAFT: Select[*tuple[Any, ...]] = select(*AgreementDraft.__table__.columns)


def _draft(row: Row[Any]) -> DraftRow:
    terms = terms_of(json.loads(row.terms))
    return DraftRow(bytes(row.agreement_id), row.member_id, terms, row.text, row.created_at)
