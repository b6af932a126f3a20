"""The published file of a settlement: proposal, signatures and every chunk, so that anybody can finish paying it."""

import json
from pathlib import Path
from typing import Any

from gettone.chain.contract_set import CommunityContracts
from gettone.chain.proposal import proposal_signer
from gettone.db.repositories.attestations import Attestations
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.restored_rows import RestoredRows
from gettone.db.repositories.settlement_heads import SettlementHead, SettlementHeads
from gettone.db.repositories.settlement_states import ChunkState, SettlementState
from gettone.db.repositories.settlements import Settlements
from gettone.errors import Conflict, InputError, MissingInput
from gettone.jcs import canonical
from gettone.notary.payouts import payouts_root, split_word
from gettone.notary.proposal import SettlementProposal
from oracle.settle.context import PeriodContext, SettlementContext, place_of
from oracle.settle.documents import proposal_of_text
from oracle.settle.periods import find_period

SCHEMA = "gettone.settlement/1"
_NAMES = frozenset({"schema", "community", "chain_id", "ledger", "proposal", "proposal_hash", "signatures", "chunks"})


def published_document(context: PeriodContext, community: str, period: str) -> bytes:
    """The canonical JSON of a settlement from `proposed` on; MissingInput `not_proposed` before.

    It holds what the chain will show anyway: wallets and amounts, no member and no reading.
    """
    key = find_period(context.database, context.contracts, community, period)
    with context.database.read() as connection:
        head = SettlementHeads(connection).find(*place_of(key))
        if head is None or head.proposal_json is None or head.proposal_hash is None:
            raise MissingInput(
                "not_proposed", f"period {period} has no proposal yet: run `gettone settle run --until proposed`"
            )
        chunks = Settlements(connection).chunks(head.settlement_id)
        signatures = Attestations(connection).of(head.settlement_id)
    return canonical(
        {
            "schema": SCHEMA,
            "community": community,
            "chain_id": context.contracts.client.chain_id,
            "ledger": context.contracts.ledger.address,
            "proposal": json.loads(head.proposal_json),
            "proposal_hash": head.proposal_hash.hex(),
            "signatures": [{"signer": one.signer, "signature": one.signature.hex()} for one in signatures],
            "chunks": [[word.hex() for word in one.payouts] for one in chunks],
        }
    )


def take_published(context: SettlementContext, community: str, path: Path) -> SettlementHead:
    """Store the chunks of a published file under the settlement that the chain has open.

    InputError `settlement_file` for a file that is not one or contradicts itself, Conflict `file_of_another` for one
    of another contract set, or of a settlement that the chain did not open so.
    """
    document = _document(path)
    proposal = proposal_of_text(json.dumps(document["proposal"]))
    chunks = [tuple(bytes.fromhex(word) for word in chunk) for chunk in document["chunks"]]
    _require_whole(path, document, proposal, chunks)
    _require_ours(context.contracts, community, path, document, proposal)
    with context.database.write() as connection:
        community_id = Communities(connection).get(community).community_id
        head = SettlementHeads(connection).find(community_id, proposal.period_index, proposal.revision)
        if head is None or head.proposal_hash != proposal.struct_hash():
            raise Conflict(
                "file_of_another",
                f"{path.name} is not of a settlement that this database knows: run `gettone settle resume` first, "
                "which restores what the chain holds",
            )
        joined = {number: b"".join(words) for number, words in enumerate(chunks)}
        # What a closed settlement never paid was voided.
        state = ChunkState.VOIDED if head.state is SettlementState.CLOSED else ChunkState.WAITING
        RestoredRows(connection).add_chunks(head.settlement_id, joined, state)
    return head


def _document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError):
        document = None
    if not isinstance(document, dict) or set(document) != _NAMES or document["schema"] != SCHEMA:
        raise InputError(
            "settlement_file",
            f"{path.name} is no published settlement: take the file that `gettone settle publish` wrote",
        )
    return document


def _require_whole(
    path: Path, document: dict[str, Any], proposal: SettlementProposal, chunks: list[tuple[bytes, ...]]
) -> None:
    total = sum(split_word(word)[1] for chunk in chunks for word in chunk)
    found = (proposal.struct_hash().hex(), payouts_root(chunks), len(chunks), total)
    stated = (document["proposal_hash"], proposal.payouts_root, proposal.chunk_count, proposal.total_units)
    if found != stated:
        raise InputError(
            "settlement_file",
            f"the chunks in {path.name} do not give the payouts root and total of its proposal: take the file as it "
            "was published",
        )


def _require_ours(
    contracts: CommunityContracts, community: str, path: Path, document: dict[str, Any], proposal: SettlementProposal
) -> None:
    ledger, chain_id = contracts.ledger, contracts.client.chain_id
    stated = (document["community"], document["chain_id"], document["ledger"])
    if stated != (community, chain_id, ledger.address) or proposal.deployment_id != ledger.deployment_id():
        raise Conflict(
            "file_of_another",
            f"{path.name} is of community {stated[0]} at ledger {stated[2]} on chain {stated[1]}, not of {community} "
            f"here ({ledger.address} on {chain_id}): give the deployment file of that set",
        )
    for one in document["signatures"]:
        signature = bytes.fromhex(one["signature"])
        if proposal_signer(signature, ledger.address, chain_id, proposal) != one["signer"]:
            raise InputError("settlement_file", f"{path.name} holds a signature that {one['signer']} did not make")
