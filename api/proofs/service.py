"""Proofs: what a settlement committed to, read from its proposal."""

import json

from fastapi import Response

from api.access import Access
from api.context import ApiContext
from api.pages import Page, Paging
from api.proofs import repository
from api.proofs.schemas import ProofBody
from api.refusals import NotFound
from gettone.chain.settlement_ledger import NAME as LEDGER
from gettone.db.repositories.settlement_pages import ListedSettlement
from gettone.periods import utc_text


def list_proofs(context: ApiContext, access: Access, pages: Paging, response: Response) -> Page[ProofBody]:
    """A page of proofs, the newest first."""
    before = None if pages.after is None else (int(pages.after[0]), int(pages.after[1]))
    with context.database.read() as connection:
        rows = repository.newest(connection, access.where.community_id, before, pages.fetch)
    keys = [(one.period_index, one.revision) for one in rows]
    return pages.page(response, [_body(context, access, one) for one in rows], keys)


def read_proof(context: ApiContext, access: Access, period_index: int, revision: int | None) -> ProofBody:
    """One proof; NotFound for a settlement that is not open on chain."""
    with context.database.read() as connection:
        row = repository.find(connection, access.where.community_id, period_index, revision)
    if row is None:
        raise NotFound("not_found", f"the chain has no settlement of period {period_index}")
    return _body(context, access, row)


def _body(context: ApiContext, access: Access, row: ListedSettlement) -> ProofBody:
    # A row restored from the chain has its proposal alone, and every proposal has all of these fields.
    proposal = json.loads(row.proposal_json or "{}")
    chain = context.chain
    here = None if chain is None else chain.deployment.communities.get(access.where.slug)
    hashes = ("roster_root", "aggregates_root", "ingest_root", "payouts_root", "params_digest", "previous_settlement")
    return ProofBody.model_validate(
        {
            "period_index": row.period_index,
            "revision": row.revision,
            "period_start": utc_text(row.period_start_s),
            "period_end": utc_text(row.period_end_s),
            "root": "0x" + proposal["assignment_root"],
            "size": int(proposal["leaf_count"]),
            **{name: "0x" + proposal[name] for name in hashes},
            "ingest_size": int(proposal["ingest_size"]),
            "chunk_count": int(proposal["chunk_count"]),
            "total_units": int(proposal["total_units"]),
            "model_version": int(proposal["model_version"]),
            "proposal_hash": "0x" + bytes(row.proposal_hash or b"").hex(),
            "transaction": None if row.opened_tx is None else "0x" + bytes(row.opened_tx).hex(),
            "block_number": row.opened_block,
            "chain_id": None if chain is None else chain.client.chain_id,
            "genesis_hash": None if chain is None else "0x" + chain.client.genesis_hash.hex(),
            "ledger": None if here is None else here.address(LEDGER),
        }
    )
