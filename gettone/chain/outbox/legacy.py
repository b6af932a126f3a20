"""Legacy transactions (EIP-155): what is signed, the bytes that go out, and what may be read back from them."""

from dataclasses import replace

import rlp  # type: ignore[import-untyped]  # the package ships no types
from eth_utils.crypto import keccak

from gettone.chain.signer import Signer, sign_checked
from gettone.chain.stored_transaction import StoredTransaction, TransactionState

GAS_PRICE = 0
"""Networks of communities charge no gas, and wallets hold nothing to pay with."""
NOOP_GAS = 21_000

# EIP-155: v = 35 + 2 x chain id + parity; a signer answers v = 27 + parity.
_V_BASE, _SIGNER_V = 35, 27


def signed_row(
    row: StoredTransaction, signer: Signer, chain_id: int, nonce: int, head_number: int
) -> StoredTransaction:
    """The row with nonce, bytes and hash; the signature is proven to be the signer's before anything is stored."""
    to = bytes.fromhex(row.to.removeprefix("0x")) if row.to else b""
    content = [nonce, GAS_PRICE, row.gas, to, 0, row.data]
    signature = sign_checked(signer, rlp.encode([*content, chain_id, 0, 0]))
    v = _V_BASE + 2 * chain_id + signature[64] - _SIGNER_V
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:64], "big")
    raw = bytes(rlp.encode([*content, v, r, s]))
    return replace(
        row,
        nonce=nonce,
        raw=raw,
        tx_hash="0x" + keccak(raw).hex(),
        head_number=head_number,
        state=TransactionState.SIGNED,
    )


def noop_row(sender: str, nonce: int) -> StoredTransaction:
    """A transaction that only uses up a nonce: nothing, from the key to itself."""
    return StoredTransaction(f"noop/{sender}/{nonce}", sender, sender, b"", NOOP_GAS)
