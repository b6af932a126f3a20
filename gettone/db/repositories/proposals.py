"""Changes that wait for a second person."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from gettone.db.tables import Proposal
from gettone.row_ids import fresh_id

OPEN, APPROVED, WITHDRAWN = "open", "approved", "withdrawn"


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """An open proposal; `proposed_by` is a name of the audit trail, `proposed_at` in unix ms."""

    proposal_id: str
    document: Mapping[str, Any]
    proposed_by: str
    proposed_at: int


class Proposals:
    """Reads and writes `proposals` of one community; at most one is open for a kind and subject."""

    def __init__(self, connection: Connection, community_id: int) -> None:
        self._connection, self._community_id = connection, community_id

    def open(self, kind: str, subject: str) -> ProposalRow | None:
        """The open proposal of this kind for this subject, or None."""
        query = select(Proposal.proposal_id, Proposal.document, Proposal.proposed_by, Proposal.proposed_at).where(
            Proposal.community_id == self._community_id,
            Proposal.kind == kind,
            Proposal.subject == subject,
            Proposal.state == OPEN,
        )
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        return ProposalRow(row.proposal_id, json.loads(row.document), row.proposed_by, row.proposed_at)

    def add(self, kind: str, subject: str, document: Mapping[str, Any], proposed_by: str, now_ms: int) -> str:
        """Propose a change; its id."""
        proposal_id = fresh_id("prp")
        values = {"proposal_id": proposal_id, "community_id": self._community_id, "kind": kind, "subject": subject}
        values |= {"document": json.dumps(document, sort_keys=True), "state": OPEN}
        self._connection.execute(insert(Proposal).values(**values, proposed_by=proposed_by, proposed_at=now_ms))
        return proposal_id

    def decide(self, proposal_id: str, state: str, decided_by: str, now_ms: int) -> None:
        """Approve or withdraw an open proposal."""
        mine = Proposal.proposal_id == proposal_id, Proposal.state == OPEN
        values = {"state": state, "decided_by": decided_by, "decided_at": now_ms}
        self._connection.execute(update(Proposal).where(*mine).values(**values))
