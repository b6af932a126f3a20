"""Who was paid what: the payout events of a settlement, read back per wallet from ledger and token."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from gettone.chain.community_token import CommunityToken
from gettone.chain.settlement_ledger import SettlementLedger
from gettone.errors import CheckFailed

_NOBODY = "0x" + "00" * 20


@dataclass(frozen=True, slots=True)
class WalletPayment:
    """One payout word as it took effect: base units credited, or skipped because the wallet is no member.

    `amount_units` is the payout before fee, of which `fee_units` went to the Treasury.
    """

    wallet: str
    amount_units: int
    skipped: bool
    fee_units: int = 0


@dataclass(frozen=True, slots=True)
class ChunkPayment:
    """One paid chunk with its sums in base units and its payments in the order of the chunk.

    `credited_units` are before fees; `fee_units` of them went to the Treasury.
    """

    chunk: int
    credited_units: int
    fee_units: int
    skipped_units: int
    payments: tuple[WalletPayment, ...]
    block_number: int
    tx_hash: str


def chunk_payments(
    ledger: SettlementLedger,
    token: CommunityToken,
    period_index: int,
    revision: int,
    *,
    from_block: int = 0,
    to_block: int | None = None,
) -> list[ChunkPayment]:
    """All paid chunks of one settlement, with every wallet's payment, by ascending chunk.

    Raises CheckFailed `payments_differ` when the token's events do not add up to the ledger's sums.
    """
    events = ledger.contract.events("ChunkPaid", period_index, revision, from_block=from_block, to_block=to_block)
    chunks = [_chunk_payment(ledger, token, event) for event in events]
    return sorted(chunks, key=lambda one: one.chunk)


def _chunk_payment(ledger: SettlementLedger, token: CommunityToken, event: Any) -> ChunkPayment:
    args, tx_hash = event["args"], "0x" + bytes(event["transactionHash"]).hex()
    receipt = ledger.contract.client.receipt(tx_hash)
    logs = [] if receipt is None else receipt["logs"]
    payments = _payments_before(ledger, token, logs, int(event["logIndex"]))
    fee_units = sum(one.fee_units for one in payments)
    if fee_units:
        payments = _without_treasury(token, payments, fee_units)
    found = ChunkPayment(
        int(args["chunk"]),
        int(args["credited"]),
        fee_units,
        int(args["skipped"]),
        payments,
        int(event["blockNumber"]),
        tx_hash,
    )
    _require_sums(found)
    return found


def _payments_before(
    ledger: SettlementLedger, token: CommunityToken, logs: Sequence[Any], log_index: int
) -> tuple[WalletPayment, ...]:
    """The token's credits that lead up to one ChunkPaid: somebody may pay several chunks in a transaction."""
    transfer, skip, fee = (token.contract.topic(name) for name in ("Transfer", "CreditSkipped", "FeeCharged"))
    payments: list[WalletPayment] = []
    for log in logs:
        if int(log["logIndex"]) >= log_index:
            break
        topic = "0x" + bytes(log["topics"][0]).hex()
        if log["address"] == ledger.address:
            payments.clear()
        elif log["address"] == token.contract.address and topic == skip:
            args = token.contract.decode_log("CreditSkipped", log)["args"]
            payments.append(WalletPayment(str(args["wallet"]), int(args["amount"]), skipped=True))
        elif log["address"] == token.contract.address and topic == transfer:
            args = token.contract.decode_log("Transfer", log)["args"]
            if args["from"] == _NOBODY:
                payments.append(WalletPayment(str(args["to"]), int(args["value"]), skipped=False))
        elif log["address"] == token.contract.address and topic == fee:
            args = token.contract.decode_log("FeeCharged", log)["args"]
            if args["from"] == _NOBODY and payments and payments[-1].wallet == args["to"]:
                # The transfer before it was what the fee left of the payout.
                payments[-1] = replace(payments[-1], amount_units=int(args["amount"]), fee_units=int(args["fee"]))
    return tuple(payments)


def _without_treasury(
    token: CommunityToken, payments: tuple[WalletPayment, ...], fee_units: int
) -> tuple[WalletPayment, ...]:
    """The payments without the last, which must be the credit of all fees to the Treasury."""
    expected, last = WalletPayment(token.treasury(), fee_units, skipped=False), payments[-1]
    if last != expected:
        raise CheckFailed(
            "payments_differ",
            f"the fees of a chunk are {fee_units} for the Treasury {expected.wallet}, and the token credited "
            f"{last.amount_units} to {last.wallet} instead",
        )
    return payments[:-1]


def _require_sums(found: ChunkPayment) -> None:
    credited = sum(one.amount_units for one in found.payments if not one.skipped)
    skipped = sum(one.amount_units for one in found.payments if one.skipped)
    if (credited, skipped) != (found.credited_units, found.skipped_units):
        raise CheckFailed(
            "payments_differ",
            f"chunk {found.chunk} in {found.tx_hash}: the token's events add up to {credited} credited and "
            f"{skipped} skipped, the ledger says {found.credited_units} and {found.skipped_units}",
        )
