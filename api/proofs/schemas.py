"""Bodies of proofs."""

from api.schemas import Address, Strict, Units


class ProofBody(Strict):
    """What a settlement committed to, and where on which chain; hashes are 0x hex.

    `root` and `size` are those of the assignment tree, whose leaves are members; nothing here tells who they are.
    """

    period_index: int
    revision: int
    period_start: str
    period_end: str
    root: str
    size: int
    roster_root: str
    aggregates_root: str
    ingest_root: str
    ingest_size: int
    payouts_root: str
    chunk_count: int
    params_digest: str
    total_units: Units
    model_version: int
    proposal_hash: str
    previous_settlement: str
    transaction: str | None
    block_number: int
    chain_id: int | None
    genesis_hash: str | None
    ledger: Address | None
