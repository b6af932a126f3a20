"""What members signed is carried to the chain by the relayer's key, and what they sent themselves is watched."""

from collections.abc import Mapping
from typing import Any

from gettone.chain.client import ChainClient
from gettone.chain.refused import ContractRefused
from gettone.db.repositories.member_acts import ActRow, ActState, MemberActs
from gettone.db.repositories.operations import OperationRow
from gettone.economy.acts import call_of
from gettone.errors import CheckFailed, Unreachable
from oracle.worker.job import Run

RELAYER = "relayer"
# A transaction that no node knows after an hour was never sent.
UNKNOWN_AFTER_MS = 3_600_000


def relay_act(run: Run, operation: OperationRow) -> Mapping[str, Any]:
    """Send a signed act once; the same operation again finds the transaction that was sent for it."""
    act = _act(run, operation)
    if act.state is ActState.DONE:
        return _result(act.tx_hash, act.block_number)
    contracts = run.place.open_contracts(run.community)
    try:
        call = call_of(contracts, act.kind, act.document)
        receipt = run.place.send(contracts.client, RELAYER, call, f"act/{act.act_id}")
    except ContractRefused:
        _end(run, act, ActState.FAILED, None, None)
        raise
    tx_hash = bytes.fromhex(receipt.tx_hash[2:])
    _end(run, act, ActState.DONE, tx_hash, receipt.block_number)
    return _result(tx_hash, receipt.block_number)


def watch_act(run: Run, operation: OperationRow) -> Mapping[str, Any]:
    """Wait until a transaction of the member's own wallet is mined; CheckFailed when it failed or never came."""
    act = _act(run, operation)
    if act.state is ActState.DONE:
        return _result(act.tx_hash, act.block_number)
    found = _receipt(run.place.open_contracts(run.community).client, act.once)
    if found is None:
        if run.place.clock() - act.created_at < UNKNOWN_AFTER_MS:
            raise Unreachable("transaction_pending", "the transaction is not mined yet")
        _end(run, act, ActState.FAILED, None, None)
        raise CheckFailed("transaction_unknown", "no node knows the transaction: send it again from your wallet")
    block = int(found["blockNumber"], 16)
    if int(found["status"], 16) != 1 or found["from"].lower() != act.wallet.lower():
        _end(run, act, ActState.FAILED, act.once, block)
        raise CheckFailed("transaction_failed", "the transaction is another wallet's, or it failed and moved nothing")
    _end(run, act, ActState.DONE, act.once, block)
    return _result(act.once, block)


def _act(run: Run, operation: OperationRow) -> ActRow:
    with run.place.database.read() as connection:
        return MemberActs(connection).get(operation.document["act"])


def _end(run: Run, act: ActRow, state: ActState, tx_hash: bytes | None, block: int | None) -> None:
    with run.place.database.write() as connection:
        MemberActs(connection).end(act.act_id, state, tx_hash, block)


def _receipt(client: ChainClient, tx_hash: bytes) -> dict[str, Any] | None:
    return client.receipts(["0x" + tx_hash.hex()])[0]


def _result(tx_hash: bytes | None, block: int | None) -> Mapping[str, Any]:
    return {"transaction": None if tx_hash is None else "0x" + tx_hash.hex(), "block_number": block}
