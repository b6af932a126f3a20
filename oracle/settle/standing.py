"""Where every settlement of a community stands, and what each of them still lacks, in words (English and Italian)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from gettone.chain.contract_set import CommunityContracts
from gettone.db.repositories.approvals import Act, Approvals
from gettone.db.repositories.attestations import Attestations
from gettone.db.repositories.communities import CommunityRow
from gettone.db.repositories.gates import Gates
from gettone.db.repositories.settlement_heads import SettlementHead, SettlementHeads
from gettone.db.repositories.settlement_states import ChunkState, Origin, SettlementState
from gettone.db.repositories.settlements import Settlements
from gettone.metering.gate.report import findings_in
from gettone.metering.gate.words import in_words
from oracle.settle.revise import REVISING_PERSONS
from oracle.settle.standing_words import LANGUAGES, say


@dataclass(frozen=True, slots=True)
class Standing:
    """One settlement, or a revision that is asked for, with what is missing in each language."""

    head: SettlementHead
    missing: Mapping[str, str]
    wanted_revision: Mapping[str, str] | None


def standings(connection: Connection, contracts: CommunityContracts, community: CommunityRow) -> tuple[Standing, ...]:
    """Every settlement of a community by period and revision; asks the chain how many signatures it wants."""
    needed = contracts.ledger.required_signatures()
    heads = SettlementHeads(connection).of_community(community.community_id)
    latest = {head.bounds.period_index: head.bounds.revision for head in heads}
    return tuple(
        Standing(
            head,
            _missing(connection, head, needed),
            _wanted(connection, head) if latest[head.bounds.period_index] == head.bounds.revision else None,
        )
        for head in heads
    )


def _missing(connection: Connection, head: SettlementHead, needed: int) -> Mapping[str, str]:
    state = head.state
    if state is SettlementState.HELD:
        return _gate_words(connection, head)
    if state is SettlementState.FAILED:
        return say("failed", reason=head.reason or "")
    if state is SettlementState.PROPOSED:
        return say("signatures", there=len(Attestations(connection).of(head.settlement_id)), needed=needed)
    if state in (SettlementState.OPEN, SettlementState.PAYING):
        return _chunk_words(connection, head)
    if state is SettlementState.CLOSED:
        return say("nothing" if head.has_calculation else "lines")
    words = {
        SettlementState.COMPUTING: "trees",
        SettlementState.ATTESTED: "opening",
        SettlementState.PAID: "comparison",
    }
    return say(words[state])


def _gate_words(connection: Connection, head: SettlementHead) -> Mapping[str, str]:
    """The gate's findings; the sentence of the refusal where they are not stored."""
    bounds = head.bounds
    gate = Gates(connection).find(bounds.community_id, bounds.period_index, bounds.revision)
    findings = findings_in(json.loads(gate.report)) if gate is not None else ()
    if not findings:
        return dict.fromkeys(LANGUAGES, head.reason or "")
    return {lang: "; ".join(in_words(one, lang) for one in findings) for lang in LANGUAGES}


def _chunk_words(connection: Connection, head: SettlementHead) -> Mapping[str, str]:
    chunks = Settlements(connection).chunks(head.settlement_id)
    count = int(json.loads(head.proposal_json or "{}").get("chunk_count", len(chunks)))
    paid = sum(one.state is ChunkState.PAID for one in chunks)
    lacks_file = head.origin is Origin.CHAIN and len(chunks) < count
    return say("file" if lacks_file else "chunks", paid=paid, chunks=count)


def _wanted(connection: Connection, head: SettlementHead) -> Mapping[str, str] | None:
    """What the next revision of a closed period waits for, where late data or a person asked for one."""
    bounds = head.bounds
    place = (bounds.community_id, bounds.period_index, bounds.revision + 1)
    persons = len(Approvals(connection).of(place, Act.REVISE))
    if head.state is not SettlementState.CLOSED or not (persons or Gates(connection).find(*place)):
        return None
    return say("revision", revision=place[2], persons=persons, needed=REVISING_PERSONS)
