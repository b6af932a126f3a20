"""Settlements as far as rights reach: roots for anybody, lines for who runs or audits the community, the own one."""

import json
from typing import Any

from fastapi import Response
from sqlalchemy import Connection

from api.access import Access
from api.context import ApiContext
from api.pages import Page, Paging
from api.refusals import NotFound
from api.settlements import repository
from api.settlements.schemas import (
    ChunkBody,
    ChunksBody,
    CompletenessBody,
    LineBody,
    RevisionsBody,
    SettlementBody,
)
from gettone.chain.chunks import pay_calldata
from gettone.chain.settlement_ledger import NAME as LEDGER
from gettone.db.columns import SLOT_S
from gettone.db.repositories.rights import Right
from gettone.db.repositories.settled_lines import hash_of_stored
from gettone.db.repositories.settlement_pages import ListedSettlement
from gettone.db.repositories.settlement_rows import ChunkRow, SettlementMemberRow
from gettone.db.repositories.settlement_states import ChunkState
from gettone.notary.payouts import chunk_hashes
from gettone.notary.tree import inclusion_paths
from gettone.periods import utc_text

ADMIN = "CA"


def list_settlements(context: ApiContext, access: Access, pages: Paging, response: Response) -> Page[SettlementBody]:
    """A page of settlements, the newest first."""
    before = None if pages.after is None else (int(pages.after[0]), int(pages.after[1]))
    with context.database.read() as connection:
        rows = repository.newest(connection, access.where.community_id, before, pages.fetch)
    keys = [(one.period_index, one.revision) for one in rows]
    return pages.page(response, [body_of(one, access) for one in rows], keys)


def read_settlement(context: ApiContext, access: Access, period_index: int, revision: int | None) -> SettlementBody:
    """One revision of a period, the latest where none is named."""
    with context.database.read() as connection:
        return body_of(found(connection, access, period_index, revision), access)


def list_revisions(context: ApiContext, access: Access, period_index: int) -> RevisionsBody:
    """Every revision of a period."""
    with context.database.read() as connection:
        rows = repository.revisions(connection, access.where.community_id, period_index)
    if not rows:
        raise _unknown(period_index)
    return RevisionsBody(items=[body_of(one, access) for one in rows])


def list_chunks(context: ApiContext, access: Access, period_index: int, revision: int | None) -> ChunksBody:
    """The payouts of a settlement with the calldata of each chunk: anybody may finish paying it."""
    with context.database.read() as connection:
        settlement = found(connection, access, period_index, revision)
        chunks = repository.chunks(connection, settlement)
    paths = inclusion_paths(chunk_hashes([one.payouts for one in chunks]), range(len(chunks)))
    items = [_chunk(settlement, one, path) for one, path in zip(chunks, paths, strict=True)]
    return ChunksBody(ledger=_ledger(context, access), items=items)


def read_completeness(context: ApiContext, access: Access, period_index: int, revision: int | None) -> CompletenessBody:
    """The five levels of a settlement; who was left out, to a member only as far as it is the member."""
    with context.database.read() as connection:
        settlement = visible(connection, access, period_index, revision)
        place = (settlement.period_index, settlement.revision)
        report = dict(context.reports.completeness(connection, access.where, *place))
    if not access.sees_everybody:
        report["left_out"] = [one for one in report["left_out"] if one["member_id"] == access.own_member_id]
    return CompletenessBody.model_validate(report)


def list_lines(
    context: ApiContext, access: Access, place: tuple[int, int | None], pages: Paging, response: Response
) -> Page[LineBody]:
    """Lines in the order of the roster; a member sees the own one."""
    after = -1 if pages.after is None else int(pages.after[0])
    with context.database.read() as connection:
        settlement = visible(connection, access, *place)
        if access.sees_everybody:
            here = access.where.community_id
            rows = repository.lines(connection, settlement, here, after, pages.fetch)
        else:
            own = repository.line(connection, settlement, access.own_member_id or "")
            rows = [own] if own is not None else []
    return pages.page(response, [line_of(one, access) for one in rows], [(one.computed.leaf_index,) for one in rows])


def found(connection: Connection, access: Access, period_index: int, revision: int | None = None) -> ListedSettlement:
    """A settlement of the community; NotFound where there is none."""
    settlement = repository.find(connection, access.where.community_id, period_index, revision)
    if settlement is None:
        raise _unknown(period_index)
    return settlement


def visible(connection: Connection, access: Access, period_index: int, revision: int | None) -> ListedSettlement:
    """As `found`, within the range that was granted: a period that is not wholly inside looks as if it were not."""
    settlement = found(connection, access, period_index, revision)
    if not any(_reaches(one, settlement) for one in access.rights):
        raise _unknown(period_index)
    return settlement


def body_of(row: ListedSettlement, access: Access) -> SettlementBody:
    """A settlement as a caller may see it."""
    is_staff = any(one.member_id is None for one in access.rights)
    proposal = json.loads(row.proposal_json) if row.proposal_json else {}
    digest = proposal.get("params_digest")
    names = ("period_index", "revision", "state", "origin", "timezone", "model_version", "leaf_count", "ingest_size")
    units = ("entitlement_units", "total_units", "carried_over_units", "credited_units", "fee_units", "skipped_units")
    roots = ("assignment_root", "roster_root", "aggregates_root", "ingest_root", "payouts_root")
    hashes = (*roots, "proposal_hash", "previous_settlement", "opened_tx")
    values: dict[str, Any] = {name: getattr(row, name) for name in (*names, *units, "chunk_count", "opened_block")}
    values |= {name: hex_of(getattr(row, name)) for name in hashes}
    values |= {"period_start": utc_text(row.period_start_s), "period_end": utc_text(row.period_end_s)}
    values |= {"reason": row.reason if is_staff else None, "result_digest": row.result_digest or None}
    values |= {"gate_report_sha256": hex_of(row.gate_report_sha256 or None)}
    values |= {"params_digest": None if digest is None else "0x" + digest}
    return SettlementBody.model_validate(values)


def line_of(row: SettlementMemberRow, access: Access) -> LineBody:
    """A member's line; the wallet is shown to the community admin and to its owner."""
    one, committed = row.computed, row.committed
    is_own = one.member_id == access.own_member_id
    is_admin = any(right.role == ADMIN for right in access.rights)
    return LineBody(
        leaf_index=one.leaf_index,
        member_id=one.member_id,
        member_class=one.member_class,
        wallet=one.wallet if is_own or is_admin else None,
        entitlement_units=str(one.entitlement_units),
        entitlement_before_units=str(one.entitlement_before_units),
        carried_before_units=str(one.carried_before_units),
        claimed_units=str(one.skipped_units),
        payout_units=str(one.payout_units),
        carried_after_units=str(one.carried_after_units),
        scores=json.loads(one.scores_json),
        assignment_leaf=None if committed is None else hex_of(hash_of_stored(committed.assignment_leaf)),
    )


def hex_of(digest: bytes | None) -> str | None:
    """Bytes as 0x hex."""
    return None if digest is None else "0x" + bytes(digest).hex()


def _chunk(settlement: ListedSettlement, one: ChunkRow, path: list[bytes]) -> ChunkBody:
    place = (settlement.period_index, settlement.revision, one.chunk)
    return ChunkBody(
        chunk=one.chunk,
        state="paid" if one.state is ChunkState.PAID else "waiting",
        payouts=["0x" + word.hex() for word in one.payouts],
        calldata="0x" + pay_calldata(*place, one.payouts, path).hex(),
        tx_hash=hex_of(one.tx_hash),
        block_number=one.block_number,
    )


def _ledger(context: ApiContext, access: Access) -> str | None:
    communities = {} if context.chain is None else context.chain.deployment.communities
    here = communities.get(access.where.slug)
    return None if here is None else here.address(LEDGER)


def _reaches(right: Right, settlement: ListedSettlement) -> bool:
    first = right.data_from is None or right.data_from * SLOT_S <= settlement.period_start_s
    return first and (right.data_to is None or settlement.period_end_s <= right.data_to * SLOT_S)


def _unknown(period_index: int) -> NotFound:
    return NotFound("not_found", f"there is no settlement of period {period_index} here")
