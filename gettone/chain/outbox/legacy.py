"""Legacy transactions (EIP-155): what is signed, the bytes that go out, and what may be read back from them."""

from dataclasses import replace

from eth_utils.crypto import keccak
from rlp.codec import encode_raw  # type: ignore[import-untyped]  # the package ships no types

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
    content = [_number(nonce), _number(GAS_PRICE), _number(row.gas), to, b"", row.data]
    signature = sign_checked(signer, encode_raw([*content, _number(chain_id), b"", b""]))
    v = _V_BASE + 2 * chain_id + signature[64] - _SIGNER_V
    r, s = signature[:32].lstrip(b"\0"), signature[32:64].lstrip(b"\0")
    raw = bytes(encode_raw([*content, _number(v), r, s]))
    return replace(
        row,
        nonce=nonce,
        raw=raw,
        tx_hash="0x" + keccak(raw).hex(),
        head_number=head_number,
        state=TransactionState.SIGNED,
    )


def _number(value: int) -> bytes:
    """A number as RLP has it: big-endian without leading zeros."""
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def noop_row(sender: str, nonce: int) -> StoredTransaction:
    """A transaction that only uses up a nonce: nothing, from the key to itself."""
    return StoredTransaction(f"noop/{sender}/{nonce}", sender, sender, b"", NOOP_GAS)
