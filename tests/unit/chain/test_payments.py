"""Payments are read per wallet from the logs of a receipt, also when one transaction pays several chunks."""

from typing import Any, cast

import pytest
from eth_abi.abi import encode
from hexbytes import HexBytes
from web3 import Web3

from gettone.chain.client import ChainClient
from gettone.chain.community_token import CommunityToken
from gettone.chain.payments import WalletPayment, chunk_payments
from gettone.chain.settlement_ledger import SettlementLedger
from gettone.errors import CheckFailed
from tests.factories.community import throwaway_account

pytestmark = pytest.mark.unit

TX = HexBytes(b"\x77" * 32)
ALICE, BOB, CAROL, DAVE = (throwaway_account(name).address for name in ("alice", "bob", "carol", "dave"))
MINT = "0x" + "00" * 20


class RecordedClient(ChainClient):
    """A client that answers from recorded logs of one transaction."""

    __slots__ = ("recorded",)

    def logs(self, address: Any, topics: Any, from_block: int, to_block: int | None = None) -> list[Any]:
        recorded = cast(Any, self).recorded
        return [log for log in recorded if "0x" + log["topics"][0].hex() == topics[0]]

    def receipt(self, tx_hash: str) -> Any:
        return {"logs": cast(Any, self).recorded}


def gateways() -> tuple[SettlementLedger, CommunityToken]:
    client = RecordedClient(Web3(), "recorded", 1981, bytes(32), 30_000_000)
    ledger = SettlementLedger.at(client, throwaway_account("ledger").address)
    return ledger, CommunityToken.at(client, throwaway_account("token").address)


def log_of(contract: Any, event: str, indexed: list[int], data: bytes, index: int) -> dict[str, Any]:
    topics = [HexBytes(contract.topic(event)), *(HexBytes(one.to_bytes(32, "big")) for one in indexed)]
    return {
        "address": contract.address,
        "topics": topics,
        "data": HexBytes(data),
        "logIndex": index,
        "blockNumber": 5,
        "blockHash": HexBytes(bytes(32)),
        "transactionHash": TX,
        "transactionIndex": 0,
        "removed": False,
    }


def record(credited_in_second: int = 30) -> tuple[SettlementLedger, CommunityToken]:
    """One transaction that pays chunk 0 (alice 10, bob skipped 20) and chunk 1 (carol 30)."""
    ledger, token = gateways()

    def paid(chunk: int, credited: int, skipped: int, index: int) -> dict[str, Any]:
        data = encode(["uint256", "uint256"], [credited, skipped])
        return log_of(ledger.contract, "ChunkPaid", [3, 0, chunk], data, index)

    def minted(wallet: str, amount: int, index: int, sender: str = MINT) -> dict[str, Any]:
        places = [int(sender, 16), int(wallet, 16)]
        return log_of(token.contract, "Transfer", places, encode(["uint256"], [amount]), index)

    skipped = log_of(token.contract, "CreditSkipped", [int(BOB, 16)], encode(["uint256"], [20]), 1)
    object.__setattr__(
        ledger.contract.client,
        "recorded",
        [
            minted(ALICE, 10, 0),
            skipped,
            paid(0, 10, 20, 2),
            minted(BOB, 5, 3, sender=ALICE),
            minted(CAROL, 30, 4),
            paid(1, credited_in_second, 0, 5),
        ],
    )
    return ledger, token


def test_chunk_payments__two_chunks_in_one_transaction__each_with_its_own_wallets() -> None:
    first, second = chunk_payments(*record(), 3, 0)
    assert first.payments == (WalletPayment(ALICE, 10, False), WalletPayment(BOB, 20, True))
    assert second.payments == (WalletPayment(CAROL, 30, False),)
    assert (first.chunk, second.chunk, first.tx_hash) == (0, 1, "0x" + "77" * 32)


def record_with_fees(monkeypatch: pytest.MonkeyPatch, to_treasury: int = 3) -> tuple[SettlementLedger, CommunityToken]:
    """Alice has 20 with a fee of 3, Bob is skipped, Carol has 9 without fee, and Dave, the Treasury, the fees."""
    ledger, token = gateways()
    monkeypatch.setattr(CommunityToken, "treasury", lambda _: DAVE)

    def minted(wallet: str, amount: int, index: int) -> dict[str, Any]:
        return log_of(token.contract, "Transfer", [0, int(wallet, 16)], encode(["uint256"], [amount]), index)

    charged = encode(["uint256", "uint256", "uint8"], [20, 3, 2])
    recorded = [
        minted(ALICE, 17, 0),
        log_of(token.contract, "FeeCharged", [0, int(ALICE, 16)], charged, 1),
        log_of(token.contract, "CreditSkipped", [int(BOB, 16)], encode(["uint256"], [8]), 2),
        minted(CAROL, 9, 3),
        minted(DAVE, to_treasury, 4),
        log_of(ledger.contract, "ChunkPaid", [3, 0, 0], encode(["uint256", "uint256"], [29, 8]), 5),
    ]
    object.__setattr__(ledger.contract.client, "recorded", recorded)
    return ledger, token


def test_chunk_payments__fee_charged__payout_before_fee_and_the_fee(monkeypatch: pytest.MonkeyPatch) -> None:
    (chunk,) = chunk_payments(*record_with_fees(monkeypatch), 3, 0)
    assert chunk.payments == (
        WalletPayment(ALICE, 20, False, 3),
        WalletPayment(BOB, 8, True),
        WalletPayment(CAROL, 9, False),
    )
    assert (chunk.credited_units, chunk.fee_units, chunk.skipped_units) == (29, 3, 8)


def test_chunk_payments__treasury_has_another_sum__check_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CheckFailed, match="the fees of a chunk are 3 for the Treasury"):
        chunk_payments(*record_with_fees(monkeypatch, to_treasury=2), 3, 0)


def test_chunk_payments__sums_of_ledger_and_token_differ__check_failed() -> None:
    with pytest.raises(CheckFailed) as refusal:
        chunk_payments(*record(credited_in_second=31), 3, 0)
    assert refusal.value.code == "payments_differ"
    assert "30 credited" in refusal.value.message
    assert "31" in refusal.value.message
